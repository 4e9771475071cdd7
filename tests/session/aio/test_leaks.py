"""A connection that fails, is refused, times out or is cancelled leaves no socket open."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import threading
from collections.abc import AsyncIterator
from smtplib import SMTPConnectError, SMTPException
from typing import Any

import pytest
from heloscope.session import Session, Target, Timeouts, TlsSettings
from heloscope.session.errors import ConnectionLost, ReplyTimedOut
from heloscope.session.events import CLIENT, SERVER, Cause, Disconnected
from support.counting_server import CountingServer
from support.servers import Serve, VerbServer, connected, script, serving

pytestmark = [pytest.mark.asyncio, pytest.mark.every_loop]


def session_at(port: int, **how: Any) -> Session:
    options: dict[str, Any] = {"timeout": 20} | how
    return Session("127.0.0.1", port, local_hostname="me.example", **options)


def sockets() -> int:
    found = 0
    for each in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            found += os.readlink(f"/proc/self/fd/{each}").startswith("socket:")
    return found


@contextlib.asynccontextmanager
async def leaving_no_socket(serve: Serve) -> AsyncIterator[int]:
    """Run a server and yield its port. Check that as many sockets are open afterwards as before."""
    async with serving(serve) as port:
        before = sockets()
        yield port
        for _ in range(100):
            if sockets() == before:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{sockets() - before} sockets were left open")


async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize("greeting", ["554 5.7.1 not you", "451 later", "250 what", "hello there"])
async def test_a_greeting_other_than_220_is_raised_and_answered_with_quit(greeting: str):
    server = VerbServer(greeting=greeting)
    async with leaving_no_socket(server) as port:
        session = session_at(port)
        with pytest.raises(SMTPConnectError):
            await session.connect()
        assert not session.connected
        with pytest.raises(SMTPConnectError):
            async with session:
                raise AssertionError("it is not entered")
    assert server.heard == [b"QUIT\r\n", b"QUIT\r\n"]


async def test_the_error_of_a_greeting_contains_its_code_and_text():
    async with serving(VerbServer(greeting="554-no\r\n554 not you")) as port:
        with pytest.raises(SMTPConnectError) as error:
            await session_at(port).connect()
    assert (error.value.smtp_code, error.value.smtp_error) == (554, b"no\nnot you")


async def test_a_greeting_of_421_needs_no_quit():
    async with leaving_no_socket(VerbServer(greeting="421 busy")) as port:
        session = session_at(port)
        with pytest.raises(SMTPConnectError):
            await session.connect()
    assert session.transcript.joined(CLIENT) == b""


async def test_the_connection_is_closed_even_if_quit_is_not_answered(
    monkeypatch: pytest.MonkeyPatch,
):
    async with connected(VerbServer(QUIT=(asyncio.Event(), "221 bye"))) as session:
        await asyncio.wait_for(session.leave(0.05), 5)
        assert not session.connected
        assert session.transcript.joined(CLIENT) == b"QUIT\r\n"


async def test_a_late_greeting_closes_the_connection():
    async with leaving_no_socket(says_nothing) as port:
        session = session_at(port, timeout=None, timeouts=Timeouts(greeting=0.3))
        with pytest.raises(ReplyTimedOut):
            await session.connect()
        assert not session.connected
        with pytest.raises(ReplyTimedOut):
            async with session:
                raise AssertionError("it is not entered")


async def test_a_server_that_disconnects_before_its_greeting():
    async with leaving_no_socket(script("")) as port:
        with pytest.raises(ConnectionLost):
            async with session_at(port):
                raise AssertionError("it is not entered")


async def test_the_bytes_of_a_greeting_that_was_aborted_are_rows():
    begun = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220-one\r\n220-tw")
        await writer.drain()
        begun.set()
        await reader.read()

    async with leaving_no_socket(serve) as port:
        session = session_at(port)
        task = asyncio.ensure_future(session.__aenter__())
        await begun.wait()
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert session.transcript.joined(SERVER) == b"220-one\r\n220-tw"
        assert [row.data for row in session.transcript] == [b"220-one\r\n", b"220-tw"]
        ends = [e for e in session.transcript.events() if isinstance(e, Disconnected)]
        assert [end.cause for end in ends] == [Cause.CANCELLED]


async def turns_of_the_loop(session: Session, count: int) -> bool:
    """Enter the session, and cancel the attempt after `count` loop iterations.

    Return whether the attempt had been completed by then.
    """
    task = asyncio.ensure_future(session.__aenter__())
    for _ in range(count):
        if task.done():
            break
        await asyncio.sleep(0)
    done = task.done()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, SMTPException):
        await task
    return done


@pytest.mark.parametrize(
    "serve", [script("S: 220 ready\nC: QUIT\nS: 221 bye"), VerbServer(greeting="554 no")]
)
async def test_entering_can_be_cancelled_at_every_await(serve: Serve):
    async with leaving_no_socket(serve) as port:
        count, done = 0, False
        while not done:
            session = session_at(port)
            done = await turns_of_the_loop(session, count)
            if not done:
                assert not session.connected, count
            await session.close()
            count += 1
    assert count > 3


async def test_entering_in_tls_can_be_cancelled_at_every_await():
    """The server does not answer the ClientHello."""
    async with leaving_no_socket(says_nothing) as port:
        for count in range(30):
            target = Target("127.0.0.1", port, implicit=True)
            session = Session(target, timeout=20, tls=TlsSettings(verify=False))
            await turns_of_the_loop(session, count)
            assert not session.connected, count


async def test_a_handshake_that_fails_leaves_no_socket():
    async def speaks_clear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 plain\r\n")
        await reader.read()

    async with leaving_no_socket(speaks_clear) as port:
        session = Session(Target("127.0.0.1", port, implicit=True), timeout=5)
        with pytest.raises(ssl.SSLError, match=r"WRONG_VERSION_NUMBER|wrong version"):
            async with session:
                raise AssertionError("it is not entered")
        assert not session.connected


@pytest.mark.parametrize("within", [asyncio.CancelledError, RuntimeError, None])
async def test_leaving_the_block_closes_whatever_it_was_left_by(within: Any):
    async with leaving_no_socket(CountingServer()) as port:
        session = session_at(port)
        with contextlib.suppress(asyncio.CancelledError, RuntimeError):
            async with session:
                if within is not None:
                    raise within
        assert not session.connected


async def test_leaving_the_block_can_be_cancelled_while_quit_is_not_answered():
    async with leaving_no_socket(script("S: 220 ready\nC: QUIT\nC: the end")) as port:
        session = session_at(port)

        async def use() -> None:
            async with session:
                pass

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await use()
        assert not session.connected


async def test_a_block_left_within_a_message_does_not_send_quit_into_its_text():
    from heloscope.session import Stepper, parse_breakpoint

    server = CountingServer()
    async with leaving_no_socket(server) as port, session_at(port) as session:
        stepper = Stepper(session, "sendmail", "a@example.org", "b@example.org", b"x")
        await stepper.run_to(parse_breakpoint("before message"))
    assert server.heard[-1] == b"DATA\r\n"
    assert server.queued == []


async def test_a_connected_session_is_entered_as_it_is():
    server = CountingServer()
    async with serving(server) as port:
        session = session_at(port)
        await session.connect()
        async with session:
            assert (await session.noop()).code == 250
    assert server.connections == 1


async def test_a_second_connect_is_refused_and_the_connection_stays():
    async with connected(VerbServer()) as session:
        with pytest.raises(RuntimeError, match="is connected; close it first"):
            await session.connect()
        assert (await session.noop()).code == 250


async def test_after_a_failed_connect_the_next_one_works():
    server = VerbServer(greeting="554 no")
    async with serving(server) as port:
        session = session_at(port)
        with pytest.raises(SMTPConnectError):
            await session.connect()
        server.says["greeting"] = "220 ready"
        async with session:
            assert (await session.noop()).code == 250


async def test_open_and_greeting_leave_the_connection_to_the_caller():
    async with serving(VerbServer(greeting="554 no")) as port:
        session = session_at(port)
        await session.open()
        assert await session.greeting() == (554, b"no")
        assert session.connected
        await session.close()


@pytest.mark.parametrize("rounds", range(12))
async def test_close_at_any_moment_of_connect_ends_it(rounds: int):
    async with serving(CountingServer()) as port:
        session = Session("127.0.0.1", port, timeout=5)
        connecting = asyncio.ensure_future(session.connect())
        for _ in range(rounds + 1):  # at the first, connect has not begun
            await asyncio.sleep(0)
        if connecting.done():
            return
        await session.close()
        [outcome] = await asyncio.gather(connecting, return_exceptions=True)
        assert isinstance(outcome, ConnectionLost) or outcome == (220, b"ready")
        assert not session.connected
        assert [type(event) for event in session.transcript.events()].count(Disconnected) == 1
        assert (await session.connect()).code == 220
        await session.close()


async def test_close_ends_a_connect_whose_look_up_hangs(
    monkeypatch: pytest.MonkeyPatch,
):
    never = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: never.wait(10) and [])
    session = Session("mail.example.org", 25)
    connecting = asyncio.ensure_future(session.connect())
    await asyncio.sleep(0.02)
    await session.close()
    with pytest.raises(ConnectionLost, match="closed while connecting") as raised:
        await connecting
    assert raised.value.cause is Cause.CLOSED_BY_CLIENT
    assert session.transcript.to_text() == "-- disconnected: closed while connecting\n"
    never.set()
