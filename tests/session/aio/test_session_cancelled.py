"""A Session whose connect or command is cancelled, at any step."""

from __future__ import annotations

import asyncio
import socket

import pytest
from heloscope.session import Session
from heloscope.session.events import CLIENT, Cause, Disconnected
from support.servers import serving

pytestmark = pytest.mark.every_loop


async def test_connecting_can_be_cancelled(monkeypatch: pytest.MonkeyPatch):
    def hangs(*args: object, **kwargs: object) -> object:
        release.wait(5)
        raise OSError

    import threading

    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    session = Session("slow.example", 25)
    task = asyncio.ensure_future(session.connect())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    release.set()
    assert causes(session)[-1] is Cause.CANCELLED


def causes(session: Session) -> list[Cause]:
    return [e.cause for e in session.transcript.events() if isinstance(e, Disconnected)]


@pytest.mark.parametrize("steps", range(14))
async def test_cancelling_connect_at_any_step_leaves_a_session_that_can_connect_again(steps: int):
    greet = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await greet.wait()
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            writer.write(b"250 " + line)

    async with serving(serve) as port:
        session = Session("127.0.0.1", port, timeout=5)
        task = asyncio.ensure_future(session.connect())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await session.close()
        assert not session.connected
        assert causes(session) in ([], [Cause.CANCELLED], [Cause.CLOSED_BY_CLIENT])
        greet.set()
        assert await session.connect() == (220, b"ready")
        assert await session.docmd("NOOP 1") == (250, b"NOOP 1")
        await session.close()
        assert causes(session) == [Cause.CLOSED_BY_CLIENT]


@pytest.mark.parametrize("steps", range(8))
async def test_cancelling_docmd_at_any_step_leaves_each_reply_to_its_own_command(steps: int):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            writer.write(b"250 " + line)

    async with serving(serve) as port:
        session = Session("127.0.0.1", port, timeout=5)
        await session.connect()
        task = asyncio.ensure_future(session.docmd("NOOP 1"))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        try:
            assert await task == (250, b"NOOP 1")
        except asyncio.CancelledError:
            pass
        assert await session.docmd("NOOP 2") == (250, b"NOOP 2")
        assert session.connected
        assert session.waiting is None
        said = session.transcript.joined(CLIENT)
        assert said in (b"NOOP 2\r\n", b"NOOP 1\r\nNOOP 2\r\n")
        await session.close()
