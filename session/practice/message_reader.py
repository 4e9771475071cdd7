"""Reads messages: up to the final dot (RFC 5321 section 4.5.2), or by size (RFC 3030 section 2).

A message that is too large is read to its end and discarded.
"""

from __future__ import annotations

import asyncio

from ..protocol.transparency import unstuff

READ_AT_ONCE = 64 * 1024  # octets per read


async def read_data(reader: asyncio.StreamReader, limit: int) -> tuple[bytes | None, int]:
    """(the message, or None if it is larger than `limit`; its size without the final dot)."""
    parts: list[bytes] = []
    size, tail = 0, b"\r\n"
    while True:
        try:
            part = await reader.readuntil(b".\r\n")
        except asyncio.LimitOverrunError as overrun:
            part = await reader.readexactly(overrun.consumed)
        size += len(part)
        tail = (tail + part)[-5:]
        if size <= limit + 3:
            parts.append(part)
        else:
            parts.clear()
        if tail == b"\r\n.\r\n":
            size -= 3
            return unstuff(b"".join(parts)[:-3]) if size <= limit else None, size


async def read_chunk(reader: asyncio.StreamReader, size: int, *, keep: bool) -> bytes:
    """The next `size` octets; an empty result if they are read only to be discarded."""
    parts: list[bytes] = []
    while size:
        part = await reader.readexactly(min(size, READ_AT_ONCE))
        size -= len(part)
        if keep:
            parts.append(part)
    return b"".join(parts)


async def read_line(reader: asyncio.StreamReader) -> bytes | None:
    """The next line without its end; None if it is longer than the reader's limit."""
    whole = True
    while True:
        try:
            found = await reader.readuntil(b"\n")
        except asyncio.LimitOverrunError as overrun:
            await reader.readexactly(overrun.consumed)
            whole = False
        else:
            return found.rstrip(b"\r\n") if whole else None
