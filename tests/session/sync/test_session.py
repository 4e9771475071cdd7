"""`BlockingSession`: what one-shot commands do without an event loop, and how it ends."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from heloscope.session.driver.login import login_procedure
from heloscope.session.errors import ConnectionLost, PeerFlood, ReplyTimedOut
from heloscope.session.events import (
    CLIENT,
    FLOOD,
    TRIED,
    Cause,
    Disconnected,
    Note,
    TlsFailed,
    TlsStarted,
)
from heloscope.session.net.dial_error import DialError
from heloscope.session.secret import Secret
from heloscope.session.sync import dial as dialling
from heloscope.session.sync.session import BlockingSession, at_once
from heloscope.session.sync.within import within
from heloscope.session.target import Target
from heloscope.session.timeouts import Timeouts
from heloscope.session.tls.settings import TlsSettings
from support.made_certificates import HOST, authority, good
from support.servers import VerbServer, script, serving
from support.tls_servers import server_context

A, B = "a@example.org", "b@example.org"
Task = Callable[[BlockingSession], Awaitable[Any]]


async def done(port: int, task: Task, **how: Any) -> tuple[Any, BlockingSession]:
    """Run a task in a thread. Return what it returns or raises, and its session."""
    how = {"timeout": 10, "local_hostname": "me.example", **how}
    target = how.pop("target", Target("127.0.0.1", port))

    async def run(session: BlockingSession) -> Any:
        try:
            return await task(session)
        except Exception as error:
            return error
        finally:
            await session.close()

    session = BlockingSession(target, **how)
    return await asyncio.to_thread(at_once, run(session)), session


async def connecting(session: BlockingSession) -> Any:
    return await session.connect()


async def sending(session: BlockingSession) -> Any:
    await session.connect()
    return await session.run("sendmail", A, [B], b"Subject: x\r\n\r\ntext\r\n")


def ending(session: BlockingSession) -> tuple[Cause, str]:
    *_, last = (e for e in session.transcript.marks_after(0) if isinstance(e, Disconnected))
    return last.cause, last.detail


def notes(session: BlockingSession) -> list[tuple[str, str]]:
    return [(e.kind, e.text) for e in session.transcript.marks_after(0) if isinstance(e, Note)]


# A message


async def test_a_group_is_sent_in_one_write_and_each_reply_finds_its_command():
    server = VerbServer("PIPELINING", RCPT="550 no such user")
    async with serving(server) as port:
        error, session = await done(port, sending)
    assert type(error).__name__ == "SMTPRecipientsRefused"
    assert error.recipients == {B: (550, b"no such user")}
    assert ending(session) == (Cause.CLOSED_BY_CLIENT, "closed by us")


async def test_after_a_procedure_that_was_aborted_the_transaction_is_reset():
    event = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def task(session: BlockingSession) -> Any:
        with pytest.raises(ReplyTimedOut):
            await sending(session)
        session.timeouts = Timeouts()
        loop.call_soon_threadsafe(event.set)
        return await session.run("noop")

    server = VerbServer(RCPT=(event, "250 late"))
    async with serving(server) as port:
        reply, _ = await done(port, task, timeout=0.2)
    assert reply == (250, b"ok")
    assert server.heard[-2:] == [b"RSET\r\n", b"NOOP\r\n"]


async def test_a_reply_within_a_message_is_read_although_the_server_reads_no_more():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script("S: 220 hi\nC: EHLO\nS: 250 x\nC: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\n"
                     "C: DATA\nS: 354 go on")(reader, writer)  # fmt: skip
        await reader.read(1000)
        writer.write(b"552 too big\r\n")
        await reader.read()

    async def task(session: BlockingSession) -> Any:
        await session.connect()
        return await session.run("sendmail", A, [B], b"x" * 76 + b"\r\n" * 4_000_000)

    async with serving(serve) as port:
        error, session = await done(port, task)
    assert (error.smtp_code, error.smtp_error) == (552, b"too big")
    assert len(session.transcript.joined(CLIENT)) < 6_000_000


# Limits of time


async def test_a_reply_that_does_not_come_leaves_the_connection_open():
    async def task(session: BlockingSession) -> Any:
        await session.connect()
        with pytest.raises(ReplyTimedOut):
            await session.run("noop")
        return session.connected, notes(session)

    never = asyncio.Event()
    async with serving(VerbServer(NOOP=(never, "250 late"))) as port:
        (connected, said), _ = await done(port, task, timeout=0.05)
    assert connected
    assert said == [("timeout", "no reply to NOOP within 0.05 seconds; the connection stays open")]


async def test_a_late_reply_is_awaited_before_the_next_procedure():
    event = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def task(session: BlockingSession) -> Any:
        await session.connect()
        with pytest.raises(ReplyTimedOut):
            await session.run("noop")
        session.timeouts = Timeouts()
        loop.call_soon_threadsafe(event.set)
        return await session.run("verify", "ann")

    async with serving(VerbServer(NOOP=(event, "250 late"), VRFY="252 perhaps")) as port:
        reply, session = await done(port, task, timeout=0.05)
    assert reply == (252, b"perhaps")
    assert session.conversation.unanswered == ()


async def test_all_that_is_done_within_a_limit_ends_with_it():
    async def task(session: BlockingSession) -> Any:
        limit = session.within(0.05)
        try:
            async with limit:
                await session.connect()
        except TimeoutError as error:
            return type(error) is TimeoutError, limit.expired(), ending(session)

    async with serving(script("C: waits for ever")) as port:
        found, _ = await done(port, task)
    assert found == (True, True, (Cause.CANCELLED, "cancelled"))


def test_what_hangs_is_not_waited_for():
    with pytest.raises(TimeoutError):
        within(0.01, lambda: time.sleep(1))
    assert within(10, lambda: "done") == "done"
    with pytest.raises(socket.gaierror):
        within(10, lambda: socket.getaddrinfo("no host", 1))


# No connection, and its end


async def test_a_server_that_disconnects_is_a_lost_connection():
    async with serving(script("S: 220 hi\nC: EHLO")) as port:
        error, session = await done(port, sending)
    assert isinstance(error, ConnectionLost)
    assert error.cause is Cause.CLOSED_BY_SERVER
    assert ending(session) == (Cause.CLOSED_BY_SERVER, "the server closed the connection")


async def test_a_greeting_that_refuses_is_answered_by_quit():
    server = VerbServer(greeting="554 no")
    async with serving(server) as port:
        error, _ = await done(port, connecting)
    assert error.smtp_code == 554
    assert server.heard == [b"QUIT\r\n"]


async def test_a_peer_that_sends_endlessly_is_disconnected():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hi\r\n")
        await reader.readline()
        while not writer.is_closing():
            writer.write(b"250-more\r\n" * 1000)
            await writer.drain()

    async def task(session: BlockingSession) -> Any:
        session.flood_limit = 100_000
        return await sending(session)

    async with serving(serve) as port:
        error, session = await done(port, task)
    assert isinstance(error, PeerFlood)
    assert [kind for kind, _ in notes(session)] == [FLOOD]


def test_a_port_where_nobody_listens_is_reported_with_every_address(
    monkeypatch: pytest.MonkeyPatch,
):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        where = unused.getsockname()
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", where)] * 2
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        session = BlockingSession(Target("mail.example", where[1]))
        with pytest.raises(DialError) as error:
            at_once(session.connect())
    assert error.value.cause is Cause.REFUSED
    assert [attempt.outcome for attempt in error.value.attempts] == ["refused", "refused"]
    assert [kind for kind, _ in notes(session)] == [TRIED, TRIED]


async def test_the_next_address_is_tried_while_the_first_is_silent(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(dialling, "EYEBALLS", 0.01)
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        queue = [socket.socket() for _ in range(3)]  # whoever comes now is not answered
        for each in queue:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        async with serving(VerbServer()) as port:
            places = (full.getsockname(), ("127.0.0.1", port))
            found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
            reply, session = await done(0, connecting, target=Target("mail.example", 25))
        for each in queue:
            each.close()
    assert reply.code == 220
    ((kind, text),) = notes(session)
    assert kind == TRIED
    assert "no answer" in text


async def test_a_name_that_is_no_host_name_is_not_looked_up():
    error, _ = await done(0, connecting, target=Target("a" * 64 + ".example", 25))
    assert error.cause is Cause.NOT_A_NAME


async def test_a_unix_socket_is_connected_to(tmp_path: Path):
    path = tmp_path / "s"
    async with serving(VerbServer(LHLO="250 server"), path=path):
        reply, _ = await done(0, sending, target=Target(path=str(path), lmtp=True))
    assert reply == {}


# TLS and login


async def test_starttls_that_is_refused_is_done_without_where_it_is_not_required():
    server = script(
        "S: 220 hi\nC: EHLO\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 not now\nC: NOOP\n"
        "S: 250 ok"
    )

    async def task(session: BlockingSession) -> Any:
        await session.connect()
        await session.run("secure", required=False)
        return await session.run("noop")

    async with serving(server) as port:
        reply, _ = await done(port, task)
    assert reply == (250, b"ok")


async def test_a_message_goes_through_tls_from_the_first_byte(tmp_path: Path):
    authority().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = TlsSettings(ca_file=str(tmp_path / "ca.pem"), server_name=HOST)
    async with serving(VerbServer(), tls=server_context(good())) as port:
        target = Target("127.0.0.1", port, implicit=True)
        reply, session = await done(port, sending, target=target, tls=lambda: tls)
    assert reply == {}
    (fact,) = (e for e in session.transcript.marks_after(0) if isinstance(e, TlsStarted))
    assert (fact.verified, fact.server_name) == (True, HOST)


async def test_a_long_message_goes_through_tls():
    message = b"Subject: x\r\n\r\n" + b"x" * 76 + b"\r\n" * 1_000_000
    server = VerbServer()

    async def task(session: BlockingSession) -> Any:
        await session.connect()
        return await session.run("sendmail", A, [B], message)

    async with serving(server, tls=server_context(good())) as port:
        target = Target("127.0.0.1", port, implicit=True)
        reply, session = await done(port, task, target=target, tls=TlsSettings(verify=False))
    assert reply == {}
    assert message in session.transcript.joined(CLIENT)
    assert len(b"".join(server.heard)) > len(message)


async def test_a_certificate_that_is_not_trusted_ends_the_connection():
    async with serving(VerbServer(), tls=server_context(good())) as port:
        target = Target("127.0.0.1", port, implicit=True)
        error, session = await done(port, sending, target=target, tls=TlsSettings())
    assert isinstance(error, OSError)
    (fact,) = (e for e in session.transcript.marks_after(0) if isinstance(e, TlsFailed))
    assert fact.chain
    assert ending(session) == (Cause.TLS_FAILED, fact.detail)


async def test_a_handshake_that_takes_too_long_is_aborted():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with serving(serve) as port:
        target = Target("127.0.0.1", port, implicit=True)
        error, session = await done(port, sending, target=target, timeout=0.05)
    assert isinstance(error, OSError)
    (fact,) = (e for e in session.transcript.marks_after(0) if isinstance(e, TlsFailed))
    assert fact.reason == "timed-out"


async def test_a_login_masks_the_password():
    server = VerbServer("AUTH PLAIN", AUTH="235 welcome")

    async def task(session: BlockingSession) -> Any:
        await session.connect()
        await session.run("ehlo")
        name, arguments = login_procedure(session, "ann", Secret("opensesame"), in_clear=True)
        return await session.run(name, *arguments)

    async with serving(server) as port:
        reply, session = await done(port, task)
    assert reply == (235, b"welcome")
    assert "opensesame" not in session.transcript.to_text()


def test_what_would_need_an_event_loop_is_refused():
    async def task() -> None:
        await asyncio.sleep(1)

    with pytest.raises(RuntimeError):
        at_once(task())
