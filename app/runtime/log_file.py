"""The log of heloscope and its libraries, kept in a file because the app occupies the screen."""

from __future__ import annotations

import logging
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from ...session.private_file import append

if TYPE_CHECKING:
    from logging.handlers import RotatingFileHandler

LARGEST = 1_000_000  # octets after which a new file is begun; one old file is kept


class LogFile(logging.Handler):
    """Logs to a file that only the user can read; it is opened for the first record."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._path = file
        self._file: RotatingFileHandler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, opening the file if necessary."""
        if self._file is None:
            self._file = _rotating(self._path)
        self._file.setFormatter(self.formatter)
        self._file.emit(record)

    def close(self) -> None:
        """Close the file, if it is open."""
        if self._file is not None:
            self._file.close()
        super().close()


def _rotating(file: Path) -> RotatingFileHandler:
    """Create the handler that writes. It is imported here, since most sessions log nothing."""
    from logging.handlers import RotatingFileHandler

    class PrivateFile(RotatingFileHandler):
        def _open(self) -> TextIOWrapper:
            return open(append(Path(self.baseFilename)), "a", encoding="utf-8")

    return PrivateFile(file, maxBytes=LARGEST, backupCount=1, encoding="utf-8", delay=True)
