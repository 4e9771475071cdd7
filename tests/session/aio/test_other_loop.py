"""A session belongs to the event loop that it was connected on, and can be closed from any."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from heloscope.session import SMTP, Session, Stepper
from heloscope.session.events import CLIENT
from support.counting_server import CountingServer
from support.loops import loop_factories
from support.servers import serving

LOOPS = loop_factories()


@pytest.fixture
def port() -> Iterator[int]:
    """Run a server in a thread that outlives the test's event loops, and yield its port."""
    ready: list[int] = []
    started, stop = threading.Event(), threading.Event()

    async def serve() -> None:
        async with serving(CountingServer()) as number:
            ready.append(number)
            started.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    started.wait(10)
    yield ready[0]
    stop.set()
    thread.join(10)


def run(factory: Callable[[], asyncio.AbstractEventLoop], work: Awaitable[Any]) -> Any:
    async def main() -> Any:
        return await work

    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(main())


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.filterwarnings("ignore:unclosed")
def test_calls_on_another_loop_are_refused_at_once_and_close_works(loop: str, port: int):
    factory = LOOPS[loop]
    session = Session("127.0.0.1", port, timeout=20)
    run(factory, session.connect())
    stepper = Stepper(session, "noop")

    async def elsewhere() -> None:
        calls: list[Callable[[], Awaitable[Any]]] = [
            session.noop,
            session.ehlo,
            session.connect,
            session.open,
            session.news,
            session.handshake,
            session.greeting,
            stepper.send,
            lambda: session.send_raw(b"NOOP\r\n"),
            lambda: session.sendmail("a@example.org", "b@example.org", b"x"),
        ]
        for call in calls:
            if call == session.greeting:
                continue  # it has come
            with pytest.raises(RuntimeError, match="another event loop"):
                await asyncio.wait_for(call(), 1)
        with pytest.raises(RuntimeError, match="another event loop"):
            session.send_line(b"NOOP")
        await asyncio.wait_for(session.close(), 5)
        assert not session.connected
        await session.close()
        async with session:  # and it can be used here from now on
            assert (await session.noop()).code == 250

    run(factory, elsewhere())
    gc.collect(0)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_session_of_a_loop_that_runs_in_another_thread_is_closed_there(loop: str, port: int):
    session = Session("127.0.0.1", port, timeout=20)
    connected, go_on = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    async def owner() -> None:
        try:
            async with session:
                connected.set()
                await asyncio.to_thread(go_on.wait)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, args=(LOOPS[loop], owner()))
    thread.start()
    connected.wait(10)
    with pytest.raises(RuntimeError, match="another event loop"):
        asyncio.run(session.ehlo())
    asyncio.run(session.close())
    assert not session.connected
    go_on.set()
    thread.join(10)
    assert failures == []


@pytest.mark.parametrize("loop", LOOPS)
def test_a_session_of_a_stopped_loop_is_closed(loop: str, port: int):
    first = LOOPS[loop]()
    session = Session("127.0.0.1", port, timeout=20)
    first.run_until_complete(session.connect())
    asyncio.run(session.close())
    assert not session.connected
    first.run_until_complete(asyncio.sleep(0))
    first.close()
    gc.collect(0)


def test_close_before_connect_and_twice(port: int):
    async def main() -> None:
        session = Session("127.0.0.1", port, timeout=20)
        await session.close()
        await session.close()
        await session.connect()
        await session.close()
        await session.close()
        assert not session.connected

    asyncio.run(main())


def test_the_blocking_driver_needs_no_loop(port: int):
    with SMTP("127.0.0.1", port) as smtp:
        assert smtp.noop()[0] == 250


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.filterwarnings("ignore:unclosed")
def test_leaving_on_another_loop_only_closes(loop: str, port: int):
    factory = LOOPS[loop]
    session = Session("127.0.0.1", port, timeout=20)
    run(factory, session.connect())
    run(factory, session.leave())
    assert not session.connected
    assert b"QUIT" not in session.transcript.joined(CLIENT)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_stepper_continues_where_it_began_after_a_call_on_another_loop(loop: str, port: int):
    async def stepped() -> None:
        async with Session("127.0.0.1", port, timeout=20) as session:
            stepper = Stepper(session, "sendmail", "a@example.org", "b@example.org", b"x")
            await stepper.begin()
            with pytest.raises(RuntimeError, match="another event loop"):
                await asyncio.to_thread(asyncio.run, stepper.send())
            await stepper.run_to()
            assert stepper.result == {}

    run(LOOPS[loop], stepped())
