"""The log: what the engine and the libraries report, in a file, as the screen is the app's."""

from __future__ import annotations

import logging
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from ...session.private_file import append

if TYPE_CHECKING:
    from logging.handlers import RotatingFileHandler

LARGEST = 1_000_000  # octets, after which another file is begun; one old file is kept


class LogFile(logging.Handler):
    """The log in a file for the user alone, which is opened when there is something to say."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._path = file
        self._file: RotatingFileHandler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        if self._file is None:
            self._file = _rotating(self._path)
        self._file.setFormatter(self.formatter)
        self._file.emit(record)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
        super().close()


def _rotating(file: Path) -> RotatingFileHandler:
    """The handler that writes; it is imported when it is needed, as most sessions log nothing."""
    from logging.handlers import RotatingFileHandler

    class PrivateFile(RotatingFileHandler):
        def _open(self) -> TextIOWrapper:
            return open(append(Path(self.baseFilename)), "a", encoding="utf-8")

    return PrivateFile(file, maxBytes=LARGEST, backupCount=1, encoding="utf-8", delay=True)
