"""Reads the files of a script, each only once, and splits them into lines."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from ..private_file import open_regular, reason
from .grammar import GrammarError

MOST = 64 << 20  # octets of all files together
LONGEST_LINE = 1 << 20  # octets
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Sources:
    """Reads and stores the files of one script, because a pipe can be read only once.

    `most` is the most octets that all files may have together.
    """

    def __init__(self, most: int = MOST) -> None:
        self._kept: dict[str, bytes] = {}
        self._left = self._most = most

    def script(self, path: str) -> bytes:
        """Return the content of the script itself: a file, or a pipe, which is read to its end.

        Raises GrammarError if it cannot be read, is too large, or is not in a supported encoding.
        """
        return self._read(path, lambda: os.open(path, os.O_RDONLY | os.O_CLOEXEC))

    def included(self, path: Path) -> bytes:
        """Return the content of a file that a script includes. Raises GrammarError."""
        return self._read(str(path), lambda: open_regular(path))

    def _read(self, path: str, opened: Callable[[], int]) -> bytes:
        if path in self._kept:
            return self._kept[path]
        try:
            with os.fdopen(opened(), "rb") as file:
                data = file.read(self._left + 1)
        except (OSError, ValueError) as error:
            why = reason(error, path) if isinstance(error, OSError) else str(error)
            raise GrammarError(f"cannot read the script: {why}.") from None
        if len(data) > self._left:
            raise GrammarError(
                f"the script is larger than {self._most >> 20} MiB; :message FILE sends a long "
                "message from a file of its own."
            )
        check_encoding(data)
        if b"\r" in data[:LONGEST_LINE] and b"\n" not in data:
            raise GrammarError(
                "its lines end with a bare CR; save it with LF or CRLF line endings."
            )
        self._left -= len(data)
        self._kept[path] = data
        return data


def check_encoding(data: bytes) -> None:
    """Raise GrammarError if the beginning of a script is UTF-16."""
    if data.startswith(_UTF16) or _every_other(data[:64]):
        raise GrammarError("this is UTF-16; save the script as UTF-8.")


def _every_other(data: bytes) -> bool:
    """Return whether every second octet is a NUL, as in ASCII text encoded as UTF-16."""
    half = len(data) // 2
    return half > 0 and half in (data[0::2].count(0), data[1::2].count(0))


def lines_of(data: bytes) -> Iterator[bytes]:
    """Yield the lines of a script, without their line endings or a leading byte order mark."""
    lines = io.BytesIO(data)
    lines.seek(len(_BOM) if data.startswith(_BOM) else 0)
    for line in lines:
        yield line.removesuffix(b"\n").removesuffix(b"\r")
