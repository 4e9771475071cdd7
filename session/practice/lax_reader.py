"""Reads a message whose end is also taken where there is none: how SMTP smuggling becomes possible.

Servers of 2023 did so (CVE-2023-51764 to 51766). RFC 5321 section 4.1.1.4 allows CRLF.CRLF only.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Collection
from typing import Any, cast

from . import limits
from .message_reader import TURN, Received, Room, in_time

_CR_DOT_CR = re.compile(rb"\r\.\r(?!\n)")
_STUFFED = re.compile(rb"(\A|\n)\.")
_ENDS = {
    (b"\n", b".\n"): "LF.LF",
    (b"\n", b".\r\n"): "LF.CRLF",
    (b"\r\n", b".\n"): "CRLF.LF",
    (b"\r\n", b".\r\n"): "CRLF.CRLF",
}
"""The end of the line before, and the line itself -> the end of the message that they make."""


async def read_data(
    reader: asyncio.StreamReader, ends: Collection[str], limit: int, room: Room
) -> Received:
    """The message after DATA, up to CRLF.CRLF or one of `ends`.

    What comes behind the end stays in the reader. Raises TimeoutError if the client stops sending.
    """
    kept: bytearray | None = bytearray()
    size, lines, before, whole = 0, 0, b"\r\n", True
    allowed = {*ends, "CRLF.CRLF"}
    for number in itertools.count(1):
        if not number % TURN:
            await asyncio.sleep(0)
        try:
            line = await in_time(reader.readuntil(b"\n"))
        except asyncio.LimitOverrunError as overrun:
            line = await reader.readexactly(overrun.consumed)
        if whole and _ENDS.get((before, line)) in allowed:
            break
        end = _CR_DOT_CR.search(line) if "CR.CR" in allowed else None
        if end is not None:
            rest = line[end.end() :]
            cast(Any, reader)._buffer[:0] = rest  # a private name, as in wire
            line = line[: end.start() + 1]
        size += len(line)
        lines += line.count(b"\n")
        if kept is not None:
            if size <= limit and lines <= limits.LINES + 1 and room(len(line)):
                kept += line
            else:
                kept = None
        if end is not None:
            break
        whole = line.endswith(b"\n")
        before = b"\r\n" if line.endswith(b"\r\n") else b"\n"
    content = None if kept is None else _STUFFED.sub(rb"\1", bytes(kept))
    return Received(content, size, lines)
