"""`Session.events`: an iterator over the events of one connection, even one not made yet."""

from __future__ import annotations

import asyncio
from smtplib import SMTPConnectError

import pytest
from heloscope.session import DialError, Session
from heloscope.session.events import Connected, Disconnected, Event, Line
from support.servers import VerbServer, serving

pytestmark = [pytest.mark.asyncio, pytest.mark.every_loop]


async def gathered(session: Session) -> list[Event]:
    return [event async for event in session.events()]


def lines(events: list[Event]) -> list[bytes]:
    return [event.data for event in events if isinstance(event, Line)]


async def test_an_iterator_created_before_connect_yields_what_follows():
    async with serving(VerbServer()) as port:
        session = Session("127.0.0.1", port, timeout=20)
        task = asyncio.ensure_future(gathered(session))
        await asyncio.sleep(0)
        async with session:
            await session.noop()
        events = await asyncio.wait_for(task, 5)
    assert isinstance(events[0], Connected)
    assert any(isinstance(event, Disconnected) for event in events)
    assert lines(events) == [
        b"220 ready\r\n", b"NOOP\r\n", b"250 ok\r\n", b"QUIT\r\n", b"250 ok\r\n",
    ]  # fmt: skip


async def test_each_iterator_is_about_one_connection():
    async with serving(VerbServer()) as port:
        session = Session("127.0.0.1", port, timeout=20)
        for text in (b"VRFY a", b"VRFY b"):
            await session.connect()
            task = asyncio.ensure_future(gathered(session))
            await session.docmd(text)
            await session.close()
            assert lines(await asyncio.wait_for(task, 5))[1:2] == [text + b"\r\n"]
        assert lines(await gathered(session))[1:2] == [b"VRFY b\r\n"]  # the last one, once more


async def test_a_slow_iterator_misses_nothing_of_its_connection():
    async with serving(VerbServer()) as port:
        session = Session("127.0.0.1", port, timeout=20)
        await session.connect()
        slow = session.events()
        seen = [await anext(slow)]
        await session.docmd("VRFY first")
        await session.close()
        await session.connect()
        await session.docmd("VRFY second")
        seen += [event async for event in slow]
        await session.close()
    assert lines(seen) == [b"220 ready\r\n", b"VRFY first\r\n", b"250 ok\r\n"]


async def test_a_failed_connection_ends_the_iterator():
    session = Session("127.0.0.1", 1, timeout=5)
    task = asyncio.ensure_future(gathered(session))
    await asyncio.sleep(0)
    with pytest.raises(DialError):
        await session.connect()
    events = await asyncio.wait_for(task, 5)
    assert any(isinstance(event, Disconnected) for event in events)
    async with serving(VerbServer(greeting="554 no")) as port:
        session = Session("127.0.0.1", port, timeout=5)
        task = asyncio.ensure_future(gathered(session))
        await asyncio.sleep(0)
        with pytest.raises(SMTPConnectError):
            await session.connect()
        assert lines(await asyncio.wait_for(task, 5))[0] == b"554 no\r\n"


async def test_closing_without_a_connection_ends_the_iterator():
    session = Session("127.0.0.1", 25)
    task = asyncio.ensure_future(gathered(session))
    await asyncio.sleep(0)
    await session.close()
    assert await asyncio.wait_for(task, 5) == []
