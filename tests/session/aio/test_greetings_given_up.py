"""The received part of a greeting becomes a row, however the connection ends."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

import pytest
from heloscope.session import SMTP, DialError, ReplyTimedOut, Session
from heloscope.session.events import PIECE, SERVER, Disconnected
from support.servers import serving

pytestmark = pytest.mark.every_loop


async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 half a gree")
    await reader.read(-1)


async def test_half_a_greeting_that_timed_out():
    async with serving(half) as port:
        session = Session("127.0.0.1", port, timeout=0.5)
        with pytest.raises(ReplyTimedOut):
            await session.connect()
        await session.close()
        [row] = session.transcript
        assert (row.data, bool(row.flags & PIECE)) == (b"220 half a gree", True)


async def test_half_a_greeting_that_was_aborted():
    async with serving(half) as port:
        session = Session("127.0.0.1", port)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.3):
                await session.connect()
        await session.close()
        assert session.transcript.joined(SERVER) == b"220 half a gree"


@pytest.mark.parametrize("steps", range(14))
async def test_a_connection_that_is_refused_as_it_is_cancelled_has_one_end(steps: int):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    session = Session("127.0.0.1", port, timeout=5)
    task = asyncio.ensure_future(session.connect())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled() or isinstance(task.exception(), DialError)
    assert sum(isinstance(e, Disconnected) for e in session.transcript.events()) <= 1


async def test_a_greeting_that_refuses():
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554-no\r\n554 service\r\nand mo")

    async with serving(refuse) as port:
        session = Session("127.0.0.1", port)
        with contextlib.suppress(OSError):
            await session.connect()
        await session.close()
        assert session.transcript.joined(SERVER).startswith(b"554-no\r\n554 service\r\n")


def test_half_a_greeting_of_the_drop_in():
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        peer = listener.accept()[0]
        with listener, peer:
            peer.sendall(b"220 half a gree")
            peer.recv(10)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    smtp = SMTP(timeout=0.5)
    with pytest.raises(OSError):
        smtp.connect("127.0.0.1", listener.getsockname()[1])
    smtp.close()
    thread.join(10)
    [row] = smtp.transcript
    assert row.data == b"220 half a gree"
