"""The content of a message on its way out: line ends, transparency, parts of a bearable size.

Made for messages that do not fit in memory as well as for those that do: `parts` are read one
after the other. RFC 5321 sections 2.3.8 (line ends) and 4.5.2 (transparency).
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol

from ..protocol.transparency import double_crlf_dots, normalise_line_ends

PART = 256 * 1024  # octets


class Readable(Protocol):
    """A binary file, open for reading."""

    def read(self, size: int = ..., /) -> bytes: ...


class Content:
    """A message, given as str (sent as UTF-8), as bytes, or as a binary file open for reading.

    Line ends are made CRLF; the last line gets one if it has none. A file that can seek is read
    from where it stands, as often as need be; one that cannot is read once.
    """

    def __init__(self, message: str | bytes | bytearray | memoryview | Readable) -> None:
        if isinstance(message, str):
            message = message.encode("utf-8", "surrogateescape")
        self._file: Readable
        if isinstance(message, bytes | bytearray | memoryview):
            self._file = io.BytesIO(message)
        else:
            self._file = message
        self._start = self._tell()
        self._size: int | None = None

    def _tell(self) -> int | None:
        try:
            return self._file.tell()  # type: ignore[attr-defined]
        except (AttributeError, OSError):
            return None

    def _reads(self) -> Iterator[bytes]:
        """The file in parts; several may read at once, so each keeps its own place."""
        place = self._start
        while True:
            if place is not None:
                self._file.seek(place, os.SEEK_SET)  # type: ignore[attr-defined]
            data = self._file.read(PART)
            if not data:
                return
            if place is not None:
                place += len(data)
            yield data

    @property
    def size(self) -> int | None:
        """Octets with CRLF line ends and without doubled dots (RFC 1870 section 3).

        Counted when first asked for; None for a file that can be read only once.
        """
        if self._size is None and self._start is not None:
            self._size = sum(map(len, self.parts()))
        return self._size

    def short(self) -> bytes:
        """The whole message when it is one part, else nothing: to show what would be sent."""
        if self._start is None:
            return b""
        first = list(islice(self.parts(), 2))
        return first[0] if len(first) == 1 else b""

    def parts(self) -> Iterator[bytes]:
        """The message with CRLF line ends, each part whole lines as far as lines are that short.

        From its beginning, each time.
        """
        rest = ready = b""
        for data in self._reads():
            if ready:
                yield ready
            data = rest + data
            rest = b""
            if data.endswith(b"\r"):  # its LF may follow
                data, rest = data[:-1], b"\r"
            cut = data.rfind(b"\n") + 1
            if cut < len(data) and len(data) - cut <= PART:
                data, rest = data[:cut], data[cut:] + rest
            ready = normalise_line_ends(data)
        last = ready + normalise_line_ends(rest)
        if last:
            yield last if last.endswith(b"\r\n") else last + b"\r\n"


class FileContent(Content):
    """A message in a file, which is open only while a part of it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        super().__init__(b"")

    def _reads(self) -> Iterator[bytes]:
        place = 0
        while True:
            with self._path.open("rb") as file:
                file.seek(place)
                data = file.read(PART)
            if not data:
                return
            place += len(data)
            yield data


class Stuffing:
    """Doubles the dots at the beginnings of lines, part after part."""

    def __init__(self) -> None:
        self._at_line = True

    def __call__(self, part: bytes) -> bytes:
        stuffed = double_crlf_dots(part)
        if self._at_line and part.startswith(b"."):
            stuffed = b"." + stuffed
        self._at_line = part.endswith(b"\r\n")
        return stuffed
