"""The content of an outgoing message: CRLF line endings, dot stuffing, and parts of limited size.

Messages need not fit in memory, because `parts` are read one at a time. See RFC 5321 sections 2.3.8
(line endings) and 4.5.2 (transparency).
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from ..private_file import open_regular
from ..protocol.message_syntax import MessageTraits, traits_of
from ..protocol.transparency import double_crlf_dots, normalise_line_ends

if TYPE_CHECKING:
    from pathlib import Path

PART = 256 * 1024  # octets


class Readable(Protocol):
    """A binary file open for reading."""

    def read(self, size: int = ..., /) -> bytes:
        """Return the next octets, at most `size` of them, or b"" at the end."""
        ...


class Content:
    """A message, given as str (sent as UTF-8), as bytes, or as a binary file open for reading.

    Line endings become CRLF, and the last line gets one if it has none. If `as_is` is true, the
    octets are not changed (but DATA ends even such a message with CRLF). A seekable file is read
    from its current position, as often as necessary; any other file is read once. Raises TypeError
    if the message is of any other type.
    """

    def __init__(
        self, message: str | bytes | bytearray | memoryview | Readable, *, as_is: bool = False
    ) -> None:
        if isinstance(message, str):
            message = message.encode("utf-8", "surrogateescape")
        self._file: Readable
        _check(message)
        if isinstance(message, bytes | bytearray | memoryview):
            self._file = io.BytesIO(message)
        else:
            self._file = message
        self._start = self._tell()
        self._as_is = as_is
        self._size: int | None = None
        self._traits: MessageTraits | None = None
        self._fixed = self._file is not message
        self._crlf = False  # a pass has found that every line end is CRLF, and will remain so

    def _tell(self) -> int | None:
        try:
            return self._file.tell()  # type: ignore[attr-defined]  # not every file has it
        except (AttributeError, OSError):
            return None

    def _reads(self) -> Iterator[bytes]:
        """Yield the file in parts.

        Each reader has its own position, so several can read the file at the same time.
        """
        place = self._start
        while True:
            if place is not None:
                self._file.seek(place, os.SEEK_SET)  # type: ignore[attr-defined]  # not every file has it
            data = self._file.read(PART)
            if not data:
                return
            if place is not None:
                place += len(data)
            yield data

    @property
    def size(self) -> int | None:
        """The size in octets, counting CRLF but not doubled dots (RFC 1870 section 3), or None.

        It is computed at the first use, and is None for a file that can be read only once.
        """
        if self._size is None and self._start is not None:
            self._size = sum(map(len, self.parts()))
        return self._size

    @property
    def traits(self) -> MessageTraits | None:
        """The properties of the message that matter before it is sent, including its faults.

        They are computed at the first use, and are None for a file that can be read only once.
        Raises OSError if the file cannot be read.
        """
        if self._traits is None and self._start is not None:
            octets = 0
            last = b""

            def counted() -> Iterator[bytes]:
                nonlocal octets, last
                for data in self._reads():
                    octets += len(data)
                    last = data
                    yield data

            found = traits_of(self._made(counted()))
            unended = bool(last) and not last.endswith((b"\r", b"\n"))
            self._traits = found._replace(source_octets=octets, unended=unended)
            self._size = found.octets
        return self._traits

    def short(self) -> bytes:
        """Return the whole message for a preview, or b"" if it has more than one part."""
        if self._start is None:
            return b""
        first = list(islice(self.parts(), 2))
        return first[0] if len(first) == 1 else b""

    def parts(self) -> Iterator[bytes]:
        """Yield the message from its beginning, in parts that end with a CRLF line ending.

        Only a line longer than a part is divided.
        """
        return self._made(self._reads())

    def _made(self, reads: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the parts of the message, converted from the parts of the source."""
        rest = ready = b""
        crlf = True
        for data in reads:
            if ready:
                yield ready
            data = rest + data
            rest = b""
            if data.endswith(b"\r"):  # its LF may follow
                data, rest = data[:-1], b"\r"
            cut = data.rfind(b"\n") + 1
            if cut < len(data) and len(data) - cut <= PART:
                data, rest = data[:cut], data[cut:] + rest
            ready = data if self._crlf or self._as_is else normalise_line_ends(data)
            crlf = crlf and ready is data
        end = rest if self._as_is else normalise_line_ends(rest)
        self._crlf = self._fixed and crlf and end is rest
        last = ready + end
        if last:
            yield last if self._as_is or last.endswith(b"\r\n") else last + b"\r\n"


def _check(message: object) -> None:
    if isinstance(message, str | bytes | bytearray | memoryview):
        return
    if isinstance(message, io.TextIOBase):
        raise TypeError("a message file must be open in binary mode, not in text mode")
    if not callable(getattr(message, "read", None)):
        hint = (
            "; use send_message() for an email message"
            if type(message).__module__.startswith("email.")
            else ""
        )
        raise TypeError(
            f"a message must be text, bytes or a binary file, not {type(message).__name__}{hint}"
        )


class FileContent(Content):
    """A message in a file that is open only while a part of it is read.

    Data added to the file while it is being read is ignored, so that reading ends. Reading raises
    OSError if the file has been shortened or replaced in the meantime.
    """

    def __init__(
        self, path: Path, *, as_is: bool = False, header: Callable[[bytes], bytes] | None = None
    ) -> None:
        """Use the message in the file at `path`.

        `header` receives the first PART of the file, and returns the octets to send instead.
        """
        self._path = path
        self._header = header
        super().__init__(b"", as_is=as_is)
        self._fixed = False  # it may change from one pass to the next

    def _reads(self) -> Iterator[bytes]:
        reads = self._read_file()
        if self._header is not None:
            for first in reads:
                yield self._header(first)
                break
        yield from reads

    def _read_file(self) -> Iterator[bytes]:
        place = end = 0
        first: os.stat_result | None = None
        while first is None or place < end:
            with os.fdopen(open_regular(self._path), "rb") as file:
                found = os.fstat(file.fileno())
                if first is None:
                    first, end = found, found.st_size
                file.seek(place)
                data = file.read(min(PART, end - place))
            if not os.path.samestat(first, found) or (place < end and not data):
                raise OSError(errno.EIO, "it was changed while it was being read", str(self._path))
            place += len(data)
            if data:
                yield data


class Stuffing:
    """Doubles dots at the beginning of lines, across successive parts."""

    def __init__(self) -> None:
        self._at_line = True

    def __call__(self, part: bytes) -> bytes:
        stuffed = double_crlf_dots(part)
        if self._at_line and part.startswith(b"."):
            stuffed = b"." + stuffed
        self._at_line = part.endswith(b"\r\n")
        return stuffed

    @property
    def end(self) -> bytes:
        """The end of the message: the final dot, preceded by CRLF if one is missing."""
        return b".\r\n" if self._at_line else b"\r\n.\r\n"
