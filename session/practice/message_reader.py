"""Reads messages up to the final dot (RFC 5321 section 4.5.2), or by size (RFC 3030 section 2).

protocol/transparency.py decides which line is the final dot. A message that is too large, or for
which there is no room, is read to its end and discarded.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeVar

from ..protocol.transparency import BODY_END, ends_body, unstuff
from . import limits

READ_AT_ONCE = 64 * 1024  # octets per read
TURN = 64  # parts of a message before other tasks get a turn
Result = TypeVar("Result")
Room = Callable[[int], bool]
"""Reserves room for this many more octets, and returns whether there is room."""


class Received(NamedTuple):
    """A message (None if discarded), its size without the final dot, and its number of lines."""

    content: bytes | None
    size: int
    lines: int


async def read_data(reader: asyncio.StreamReader, limit: int, room: Room) -> Received:
    """Read the message after DATA. Raises TimeoutError if the client stops sending.

    The message is discarded if it is larger than `limit` octets, or if `room` finds no room for it.
    """
    kept: bytearray | None = bytearray()
    size, lines, tail = 0, 0, b"\r\n"
    for number in itertools.count(1):
        if not number % TURN:  # data read ahead is taken without waiting
            await asyncio.sleep(0)
        try:
            part = await in_time(reader.readuntil(BODY_END))
        except asyncio.LimitOverrunError as overrun:
            part = await reader.readexactly(overrun.consumed)
        size += len(part)
        lines += part.count(b"\n")
        tail = (tail + part)[-2 - len(BODY_END) :]
        if kept is not None:
            if size <= limit + len(BODY_END) and lines <= limits.LINES + 1 and room(len(part)):
                kept += part
            else:
                kept = None
        if ends_body(tail[2:], tail.startswith(b"\r\n")):
            size -= len(BODY_END)
            if kept is None or size > limit:
                return Received(None, size, lines - 1)
            whole, kept = bytes(kept[: -len(BODY_END)]), None
            return Received(unstuff(whole), size, lines - 1)
    raise AssertionError("a count has no end")


async def read_chunk(reader: asyncio.StreamReader, size: int, keep: Room | None) -> bytes | None:
    """Read the next `size` octets. Raises TimeoutError if the client stops sending.

    Return None if they were discarded because `keep` is None or there is no room for them.
    """
    kept = bytearray() if keep is not None else None
    while size:
        part = await in_time(reader.read(min(size, READ_AT_ONCE)))
        if not part:
            raise asyncio.IncompleteReadError(b"", size)
        size -= len(part)
        if kept is not None:
            if keep is not None and keep(len(part)):
                kept += part
            else:
                kept = None
    return bytes(kept) if kept is not None else None


async def read_line(reader: asyncio.StreamReader) -> bytes | None:
    """Read the next line without its ending. Raises TimeoutError if the client stops sending.

    Return None if the line is longer than the reader's limit.
    """
    whole = True
    while True:
        try:
            found = await in_time(reader.readuntil(b"\n"))
        except asyncio.LimitOverrunError as overrun:
            await reader.readexactly(overrun.consumed)
            whole = False
        else:
            return found.rstrip(b"\r\n") if whole else None


async def read_command(reader: asyncio.StreamReader) -> bytes | None:
    """Read the next line with its ending. Raises IncompleteReadError if the client has left.

    Return None if the line is longer than the reader's limit.
    """
    whole = True
    while True:
        try:
            found = await reader.readuntil(b"\n")
        except asyncio.LimitOverrunError as overrun:
            await reader.readexactly(overrun.consumed)
            whole = False
        else:
            return found if whole else None


async def in_time(reading: Awaitable[Result]) -> Result:
    """Return the result of a read. Raises TimeoutError if the read takes too long."""
    async with asyncio.timeout(limits.MESSAGE_TIMEOUT):
        return await reading
