"""A reply has the same value whether it arrives at once, by the fast path, or in parts."""

from __future__ import annotations

import asyncio

import pytest
from heloscope.session import Session
from heloscope.session.reply import Reply
from support.servers import serving

pytestmark = [pytest.mark.asyncio, pytest.mark.every_loop]

REPLIES = {
    b"250 2.0.0 Ok\r\n": (250, b"2.0.0 Ok"),
    b"250 Ok \r\n": (250, b"Ok"),
    b"250  Ok\r\n": (250, b"Ok"),
    b"250 \r\n": (250, b""),
    b"250\r\n": (250, b""),
    b"250 Ok\n": (250, b"Ok"),
    b"250-two\r\n250 lines\r\n": (250, b"two\nlines"),
    b"550 5.1.1 no\r\n": (550, b"5.1.1 no"),
    b"nonsense\r\n": (-1, b"ense"),
}


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 ready\r\n")
    await reader.read()


async def answered(session: Session, *parts: bytes) -> Reply:
    """Send NOOP and return the reply, which the server sends in these parts."""
    waiting = asyncio.ensure_future(session.noop())
    await asyncio.sleep(0)
    for part in parts:
        session.connection.receiver.received(part)
    return await asyncio.wait_for(waiting, 5)


async def test_replies_at_once_and_in_parts():
    async with serving(silent) as port:
        session = Session("127.0.0.1", port, timeout=20)
        await session.connect()
        for said, wanted in REPLIES.items():
            for parts in ((said,), (said,), (said[:2], said[2:])):
                reply = await answered(session, *parts)
                event = reply.event
                assert reply == wanted, parts
                assert (event.code, event.verb) == (wanted[0], "NOOP")
                assert event.answers == event.row - 1
                assert session.transcript.marks_after(0).count(event) == 1
        await session.close()
