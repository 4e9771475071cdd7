"""Large amounts of data are processed in portions, in order, and without loss."""

from __future__ import annotations

import asyncio
import time

import pytest
from heloscope.session import Session
from heloscope.session.aio.portions import BUSY, Portions
from heloscope.session.events import INJECTED, SERVER
from support.servers import serving

pytestmark = pytest.mark.every_loop

ONE_READ = 256_000  # octets that an event loop reads at a time, at most: uvloop's buffer
TEXT = b"".join(b"%07d\n" % n for n in range(20_000))


class Taker:
    """Accepts portions as slowly as the test demands."""

    def __init__(self, slow: float = 0.0) -> None:
        self.came = b""
        self.most = 0.0  # seconds in one go
        self.stands = ""
        self.may_wait = True
        self.resumed = asyncio.Event()
        self.portions = Portions(self.take, self.pause, self.resume)
        self._slow = slow

    def take(self, portion: bytes) -> bool:
        self.came += portion
        if self._slow:
            time.sleep(self._slow)
        return self.may_wait

    def pause(self) -> None:
        self.stands += "paused "

    def resume(self) -> None:
        self.stands += "resumed "
        self.resumed.set()


async def test_quick_portions_are_processed_at_once():
    taker = Taker()
    taker.portions.received(b"250 ok\r\n")
    taker.portions.received(TEXT[:50_000])
    assert taker.came == b"250 ok\r\n" + TEXT[:50_000]
    assert taker.stands == ""


async def test_slow_portions_leave_the_loop_to_others():
    taker = Taker(slow=BUSY)
    taker.portions.received(TEXT[:5_000])
    assert 0 < len(taker.came) < 2_000
    assert taker.stands == "paused "
    taker.portions.received(TEXT[5_000:5_500])  # was under way when reading was paused
    turns = 0
    while len(taker.came) < 5_500:
        turns += 1
        await asyncio.sleep(0)
    assert taker.came == TEXT[:5_500]
    assert turns > 20
    await asyncio.wait_for(taker.resumed.wait(), 5)
    assert taker.stands == "paused resumed "


async def test_the_rest_is_processed_at_once_at_the_end():
    taker = Taker(slow=BUSY)
    taker.portions.received(TEXT[:5_000])
    taker.portions.finish()
    assert taker.came == TEXT[:5_000]
    await asyncio.sleep(3 * BUSY)
    assert taker.came == TEXT[:5_000]


async def test_urgent_data_does_not_wait():
    taker = Taker(slow=BUSY)
    taker.may_wait = False
    taker.portions.received(TEXT[:5_000])
    assert taker.came == TEXT[:5_000]
    assert taker.stands == ""


async def test_reading_resumed_at_once_continues_only_after_what_waits():
    """`read_on` may be called while the flood is still being reported."""
    taker = Taker(slow=BUSY)
    asked: list[bool] = []
    taker.portions._take = lambda portion: (
        asked.append(taker.portions.resumes()) or taker.take(portion)
    )
    taker.portions.received(TEXT[:5_000])
    assert asked == [True]
    await asyncio.wait_for(taker.resumed.wait(), 5)
    assert taker.came == TEXT[:5_000]
    assert not taker.portions.resumes()
    assert taker.stands == "resumed "


async def test_reading_is_not_resumed_before_the_last_portion_has_been_processed():
    """Reading was paused for the earlier portions; new data would pile up behind the last one."""
    taker = Taker(slow=BUSY)
    asked: list[bool] = []

    def take(portion: bytes) -> bool:
        if len(taker.came) + len(portion) == 5_000:
            asked.append(taker.portions.resumes())
        return taker.take(portion)

    taker.portions._take = take
    taker.portions.received(TEXT[:5_000])
    await asyncio.wait_for(taker.resumed.wait(), 5)
    assert asked == [True]
    assert taker.stands == "paused resumed "


async def test_a_flood_that_is_read_on_at_once_is_never_read_ahead_of_what_waits():
    went = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        while not writer.is_closing():
            went.extend(b"250-more and more\r\n" * 500)
            writer.write(b"250-more and more\r\n" * 500)
            await writer.drain()

    async with serving(serve) as port:
        session = Session("127.0.0.1", port, flood_limit=100_000)
        session.connection.leaves_time = True
        asked: list[int] = []

        def ask() -> None:
            asked.append(len(session.transcript.joined(SERVER)))
            if len(asked) < 5:
                session.read_on()

        session.ask_on_flood = ask
        await session.connect()
        try:
            session.send_line(b"NOOP")
            async with asyncio.timeout(20):
                while len(asked) < 5:
                    await session.news()
            assert session.flooded
            waits = session.connection.receiver._portions
            assert waits is not None and len(waits._left) <= 2 * ONE_READ
            heard = session.transcript.joined(SERVER)[len(b"220 ready\r\n") :]
            assert bytes(went).startswith(heard)
        finally:
            await session.close()


async def test_a_session_that_leaves_time_records_the_same():
    said = b"250-more and more\r\n" * 20_000 + b"250 end\r\n"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        writer.write(said)

    async with serving(serve) as port:
        session = Session("127.0.0.1", port)
        session.connection.leaves_time = True
        await session.connect()
        reply = await session.docmd("HELP")
        assert reply.text == b"more and more\n" * 20_000 + b"end"
        while session.connected:
            await session.news()
        assert session.transcript.joined(SERVER) == b"220 ready\r\n" + said


async def test_what_comes_after_the_220_to_starttls_is_recorded_before_the_handshake():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        writer.write(b"220 go\r\n" + b"250 injected\r\n" * 500)
        await reader.read(1)

    async with serving(serve) as port:
        session = Session("127.0.0.1", port)
        session.connection.leaves_time = True
        await session.connect()
        reply = await session.docmd("STARTTLS")
        rows = list(session.transcript)[-500:]
        assert reply.code == 220
        assert all(row.flags & INJECTED for row in rows)
        assert b"".join(row.data for row in rows) == b"250 injected\r\n" * 500
        await session.close()
