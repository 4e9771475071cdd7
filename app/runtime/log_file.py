"""The log: what the engine and the libraries report, in a file, as the screen is the app's."""

from __future__ import annotations

from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from ...session.private_file import append

LARGEST = 1_000_000  # octets, after which another file is begun; one old file is kept


class LogFile(RotatingFileHandler):
    """The log in a file for the user alone, which is opened when there is something to say."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=LARGEST, backupCount=1, encoding="utf-8", delay=True)

    def _open(self) -> TextIOWrapper:
        return open(append(Path(self.baseFilename)), "a", encoding="utf-8")
