"""Reads a message, accepting an invalid end of the message, so that SMTP smuggling is possible.

Some servers accepted invalid ends in 2023 (CVE-2023-51764 to 51766). RFC 5321 section 4.1.1.4
allows only CRLF.CRLF.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Collection
from typing import Any, cast

from . import limits
from .message_reader import READ_AT_ONCE, TURN, Received, Room

_CR_DOT_CR = re.compile(rb"\r\.\r(?=[^\n])")  # the next octet has arrived
_LF_MAY_COME = 0.2  # seconds
_STUFFED = re.compile(rb"(\A|\n)\.")
_ENDS = {
    (b"\n", b".\n"): "LF.LF",
    (b"\n", b".\r\n"): "LF.CRLF",
    (b"\r\n", b".\n"): "CRLF.LF",
    (b"\r\n", b".\r\n"): "CRLF.CRLF",
}
"""The name of each message end, keyed by the preceding line's ending and the line with the dot."""


class _Lines:
    """The lines of a message, read ahead. `rest` holds the octets not yet divided into lines."""

    def __init__(self, reader: asyncio.StreamReader, *, at_cr: bool) -> None:
        self._reader = reader
        self.at_cr = at_cr
        """Whether CR . CR also ends a line."""
        self.rest = bytearray()

    async def next(self) -> bytes:
        """Return the next line with its ending, or part of a line that is too long.

        Raises TimeoutError if the client stops sending, IncompleteReadError if it has left.
        """
        while True:
            size = self._size()
            if size:
                line = bytes(self.rest[:size])
                del self.rest[:size]
                return line
            # If an LF follows CR . CR, it is not such an end; it may still be on its way.
            last = self.at_cr and self.rest.endswith(b"\r.\r")
            try:
                async with asyncio.timeout(_LF_MAY_COME if last else limits.MESSAGE_TIMEOUT):
                    part = await self._reader.read(READ_AT_ONCE)
            except TimeoutError:
                if not last:
                    raise
                part = b""
            self.rest += part
            if not part and last:
                line, self.rest = bytes(self.rest), bytearray()
                return line
            if not part:
                raise asyncio.IncompleteReadError(bytes(self.rest), None)

    def _size(self) -> int:
        """Return the size of the next line in octets, or 0 if more must be read first."""
        lf = self.rest.find(b"\n") + 1
        if self.at_cr:
            end = _CR_DOT_CR.search(self.rest, 0, lf or len(self.rest))
            if end is not None:
                return end.end()
        return lf or (len(self.rest) - 3 if len(self.rest) > READ_AT_ONCE else 0)


async def read_data(
    reader: asyncio.StreamReader, ends: Collection[str], limit: int, room: Room
) -> Received:
    """Read the message after DATA, up to CRLF.CRLF or one of `ends`.

    Data after the end stays in the reader. Raises TimeoutError if the client stops sending,
    IncompleteReadError if it has left.
    """
    kept: bytearray | None = bytearray()
    size, count, before, whole = 0, 0, b"\r\n", True
    allowed = {*ends, "CRLF.CRLF"}
    lines = _Lines(reader, at_cr="CR.CR" in allowed)
    for number in itertools.count(1):
        if not number % TURN:
            await asyncio.sleep(0)
        line = await lines.next()
        if whole and _ENDS.get((before, line)) in allowed:
            break
        ended = lines.at_cr and line.endswith(b"\r.\r")
        if ended:
            line = line[:-2]
        size += len(line)
        count += line.count(b"\n")
        if kept is not None:
            if size <= limit and count <= limits.LINES + 1 and room(len(line)):
                kept += line
            else:
                kept = None
        if ended:
            break
        whole = line.endswith(b"\n")
        before = b"\r\n" if line.endswith(b"\r\n") else b"\n"
    cast(Any, reader)._buffer[:0] = lines.rest  # a private name, as in wire
    content = None if kept is None else _STUFFED.sub(rb"\1", bytes(kept))
    return Received(content, size, count)
