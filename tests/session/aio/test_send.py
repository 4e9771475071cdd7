"""`send`: one message in one call, from connecting to QUIT."""

from __future__ import annotations

import asyncio
import inspect
import io
import smtplib
import ssl
import threading
from email.message import EmailMessage
from typing import Any

import pytest
from heloscope.session import DialError, SendResult, events, send, send_blocking
from heloscope.session.aio.send import SendOptions
from support.counting_server import CountingServer
from support.practice_server import practising
from support.servers import VerbServer, serving

pytestmark = pytest.mark.every_loop

A, B, C = "a@example.org", "b@example.org", "c@example.org"
ME = "me.example"


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"] = f"Anna <{A}>"
    made["To"] = f"Bob <{B}>"
    made["Bcc"] = C
    made["Subject"] = "hello"
    made.set_content("hello\n")
    return made


async def test_the_envelope_comes_from_the_header_and_bcc_is_not_sent():
    server = CountingServer()
    async with serving(server) as port:
        result = await send("127.0.0.1", message(), port=port, local_hostname=ME)
    assert isinstance(result, SendResult)
    assert result == {}
    assert result.accepted == (B, C)
    [(sender, recipients, text)] = server.queued
    assert (sender, recipients) == (A, (B, C))
    assert b"Bcc" not in text
    assert server.heard[0] == b"EHLO me.example\r\n"
    assert server.heard[-1] == b"QUIT\r\n"


RAW = (
    b"From: a@example.org\r\nTO: b@example.org\r\nbcc: x <c@example.org>,\r\n d@example.org\r\n"
    b"Subject: a very long subject that nobody is to fold again, whatever its length may be, as it "
    b"is signed\r\n\r\nBcc: this is text\r\n"
)


@pytest.mark.parametrize(
    "made", [bytes, bytearray, memoryview, lambda raw: raw.decode(), io.BytesIO]
)
async def test_octets_are_sent_as_they_are_but_for_bcc(made: Any):
    server = CountingServer()
    async with serving(server) as port:
        await send(f"127.0.0.1:{port}", made(RAW), local_hostname=ME)
    [(sender, recipients, text)] = server.queued
    assert (sender, recipients) == (A, (B, C, "d@example.org"))
    assert text == RAW.replace(b"bcc: x <c@example.org>,\r\n d@example.org\r\n", b"")


async def test_a_bcc_that_a_bare_cr_sets_off_is_not_sent_either():
    server = CountingServer()
    async with serving(server) as port:
        raw = b"From: a@example.org\r\nX: y\rBcc: c@example.org\n\ntext"
        await send(f"127.0.0.1:{port}", raw, local_hostname=ME)
    assert server.queued == [(A, (C,), b"From: a@example.org\r\nX: y\r\n\r\ntext\r\n")]


async def test_an_envelope_given_is_the_one_that_is_used():
    server = CountingServer()
    async with serving(server) as port:
        where = f"127.0.0.1:{port}"
        await send(where, message(), sender="x@example.org", recipients="y@example.org")
        await send(where, b"no header at all\r\n", sender="", recipients=[B])
        await send(where, message(), recipients=[C])
    assert [queued[:2] for queued in server.queued] == [
        ("x@example.org", ("y@example.org",)),
        ("", (B,)),
        (A, (C,)),
    ]
    assert server.queued[1][2] == b"no header at all\r\n"


async def test_a_message_without_sender_or_recipients_is_refused_before_anything_is_sent():
    for text in (b"To: b@example.org\r\n\r\n", b"From: a@example.org\r\n\r\n", b"", b"x"):
        with pytest.raises(ValueError, match=r"the message has no (sender|recipients)"):
            await send("127.0.0.1:1", text)
    for given in (message(), b"From: a@example.org\r\n\r\n"):
        with pytest.raises(ValueError, match="no recipients given"):
            await send("127.0.0.1:1", given, sender=A, recipients=[])
    no_sender = message()
    del no_sender["From"]
    with pytest.raises(ValueError, match="From and Sender contain no address"):
        await send("127.0.0.1:1", no_sender)


async def test_a_refusal_is_raised_and_the_connection_is_closed():
    gone = asyncio.Event()
    server = VerbServer(RCPT="550 no")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server(reader, writer)
        gone.set()

    async with serving(serve) as port:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            await send(f"127.0.0.1:{port}", message(), local_hostname=ME)
        await asyncio.wait_for(gone.wait(), 10)
    assert server.heard[-1] == b"RSET\r\n"


async def test_a_server_that_refuses_at_once_is_a_connection_error():
    async with serving(VerbServer(greeting="554 no mail here")) as port:
        with pytest.raises(smtplib.SMTPConnectError, match="no mail here"):
            await send(f"127.0.0.1:{port}", message())
    with pytest.raises(DialError):
        await send(f"127.0.0.1:{port}", message())


async def test_an_answer_to_quit_is_not_needed():
    server = VerbServer(QUIT="")
    async with serving(server) as port:
        result = await send(f"127.0.0.1:{port}", message(), local_hostname=ME)
    assert result.accepted == (B, C)


async def test_tls_that_is_required_and_not_offered_sends_nothing():
    server = CountingServer()
    async with serving(server) as port:
        with pytest.raises(smtplib.SMTPNotSupportedError, match="STARTTLS"):
            await send(f"127.0.0.1:{port}", message(), starttls=True)
    assert server.queued == []
    assert not any(line.startswith(b"MAIL") for line in server.heard)


async def test_no_password_is_sent_in_cleartext():
    server = VerbServer("AUTH PLAIN LOGIN")
    async with serving(server) as port:
        with pytest.raises(smtplib.SMTPException, match="PLAIN"):
            await send(f"127.0.0.1:{port}", message(), login=("alice", "wonderland"))
    assert not any(line.startswith(b"AUTH") for line in server.heard)


@pytest.mark.parametrize("implicit", [False, True])
async def test_tls_and_a_login(implicit: bool):
    to = ["alice@practice.test", "nobody@practice.test"]
    async with practising() as server:
        where = f"smtps://127.0.0.1:{server.tls_port}" if implicit else f"127.0.0.1:{server.port}"
        with pytest.raises(ssl.SSLError):
            await send(where, RAW, sender=A, recipients=to)
        result = await send(
            where,
            RAW,
            sender=A,
            recipients=to,
            starttls=True,
            tls=server.trusted(),
            login=("alice", "wonderland"),
        )
    assert result.accepted == ("alice@practice.test",)
    assert list(result) == ["nobody@practice.test"]


async def test_the_subscriber_receives_everything():
    heard: list[Any] = []
    async with serving(CountingServer()) as port:
        await send(f"127.0.0.1:{port}", message(), subscriber=heard.append)
    kinds = {type(event) for event in heard}
    assert {events.Connected, events.Line, events.Disconnected} <= kinds


async def serve_in_thread(server: CountingServer, ready: Any, done: asyncio.Event) -> None:
    async with serving(server) as port:
        ready(port)
        await done.wait()


def test_the_blocking_one_does_the_same_and_leaves_the_event_loop_of_the_thread_alone():
    server, ports, started = CountingServer(), [], threading.Event()
    loop = asyncio.new_event_loop()
    done = asyncio.Event()

    def ready(port: int) -> None:
        ports.append(port)
        started.set()

    thread = threading.Thread(
        target=lambda: loop.run_until_complete(serve_in_thread(server, ready, done))
    )
    thread.start()
    assert started.wait(10)
    own = asyncio.new_event_loop()
    asyncio.set_event_loop(own)
    try:
        result = send_blocking(f"127.0.0.1:{ports[0]}", message(), local_hostname=ME)
        assert asyncio.get_event_loop() is own
    finally:
        asyncio.set_event_loop(None)
        own.close()
        loop.call_soon_threadsafe(done.set)
        thread.join(10)
        loop.close()
    assert result.accepted == (B, C)
    assert [queued[:2] for queued in server.queued] == [(A, (B, C))]


async def test_the_blocking_one_is_refused_within_an_event_loop():
    with pytest.raises(RuntimeError, match=r"await send\(\) instead"):
        send_blocking("127.0.0.1:1", message())


def test_both_accept_the_same_options():
    options = [
        name
        for name, parameter in inspect.signature(send).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    assert list(SendOptions.__annotations__) == options
