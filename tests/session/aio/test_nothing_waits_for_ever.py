"""Every call ends, whatever the server does, and with the server's reply if it sent one.

The servers are slow, refuse in the middle, stop reading or close the connection; calls are
cancelled anywhere.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from smtplib import SMTPDataError, SMTPServerDisconnected
from typing import Any

import pytest
from heloscope.session import SMTP, SMTP_SSL, Session
from heloscope.session.errors import ConnectionLost, ReplyTimedOut
from heloscope.session.events import ReplyReceived
from heloscope.session.sync import socket_reader as wire
from heloscope.session.target import Target
from heloscope.session.timeouts import Timeouts
from heloscope.session.tls.handshake import TlsSettings
from support.made_certificates import Made, authority
from support.servers import Serve, serving
from support.tls_servers import server_context

A, B = "a@example.org", "b@example.org"
LONG = (b"x" * 998 + b"\r\n") * 15_600  # more than the buffers of both sides hold
HOST = "127.0.0.1"
PATIENCE = Timeouts.all(20)


# A body that is refused in the middle

Then = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
NEVER = asyncio.Event  # one of these, waited for, lasts as long as the test


async def reads_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read up to the dot without replying to it, then accept commands again."""
    while (line := await reader.readline()) not in (b".\r\n", b""):
        pass
    while line and await reader.readline():
        writer.write(b"250 ok\r\n")


async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(1 << 16):
        pass


async def stops_reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await NEVER().wait()


async def resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await writer.drain()
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


def refusing(then: Then, reply: bytes = b"552 5.3.4 too much\r\n") -> Serve:
    """Return a server that reads part of a message, sends `reply`, and then runs `then`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while not (line := await reader.readline()).upper().startswith(b"DATA"):
            writer.write(b"250 ok\r\n")
            if not line:
                return
        writer.write(b"354 go on\r\n")
        await reader.readexactly(100_000)
        writer.write(reply)
        await then(reader, writer)

    return serve


AFTER_552 = [reads_on, stops_reading, resets, hangs_up]


def heard(session: Any) -> list[int]:
    return [e.code for e in session.transcript.events() if isinstance(e, ReplyReceived)]


@pytest.mark.every_loop
@pytest.mark.parametrize("tls", [False, True], ids=["clear", "TLS"])
@pytest.mark.parametrize("then", AFTER_552)
async def test_session_reads_a_refusal_in_the_middle_of_a_message(
    then: Then, tls: bool, good: Made, ca_file: str
):
    async with serving(refusing(then), server_context(good) if tls else None) as port:
        session = Session(
            Target(HOST, port, implicit=tls), timeouts=PATIENCE, local_hostname="me.example",
            tls=TlsSettings(ca_file=ca_file),
        )  # fmt: skip
        await session.connect()
        with pytest.raises((SMTPDataError, ConnectionLost)) as error:
            await session.sendmail(A, B, LONG)
        assert not session.connected
        if then in (reads_on, stops_reading):
            assert isinstance(error.value, SMTPDataError)
        if isinstance(error.value, SMTPDataError):
            assert (error.value.smtp_code, error.value.smtp_error) == (552, b"5.3.4 too much")
        if not tls:  # what a reset leaves of TLS is for OpenSSL to say
            assert heard(session)[-1] == 552


@pytest.mark.parametrize("tls", [False, True], ids=["clear", "TLS"])
@pytest.mark.parametrize("then", AFTER_552)
async def test_smtp_ends_when_a_message_is_refused_in_the_middle(
    then: Then, tls: bool, good: Made, monkeypatch: pytest.MonkeyPatch
):
    """The client keeps sending, as smtplib does, but not for ever if the server stops reading."""
    if then is stops_reading:
        monkeypatch.setattr(wire, "REFUSAL_GRACE", 0.05)

    def send(port: int) -> Any:
        if tls:
            context = ssl.create_default_context()
            authority().configure_trust(context)
            smtp: SMTP = SMTP_SSL(HOST, port, "me.example", timeout=None, context=context)
        else:
            smtp = SMTP(HOST, port, "me.example", timeout=None)
        with pytest.raises((SMTPDataError, SMTPServerDisconnected)) as error:
            smtp.sendmail(A, B, LONG)
        smtp.close()
        return smtp, error.value

    async with serving(refusing(then), server_context(good) if tls else None) as port:
        smtp, error = await asyncio.to_thread(send, port)
    if then is reads_on:
        assert isinstance(error, SMTPDataError)
        assert error.smtp_code == 552
    elif not tls:
        assert heard(smtp)[-1] == 552, "what it said is in the transcript all the same"


# A server that stops reading, and one that says nothing


@pytest.mark.parametrize("chunking", [False, True])
async def test_session_gives_a_server_that_stops_reading_its_timeout(chunking: bool):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            if line.startswith(b"EHLO"):
                writer.write(b"250-server\r\n250 CHUNKING\r\n")
            elif line.startswith(b"BDAT"):
                return await NEVER().wait() and None
            else:
                writer.write(b"354 go on\r\n" if line.startswith(b"DATA") else b"250 ok\r\n")
            if line.startswith(b"DATA"):
                await NEVER().wait()

    async with serving(serve) as port:
        session = Session(HOST, port, timeouts=Timeouts(block=0.05), local_hostname="me.example")
        await session.connect()
        with pytest.raises(ReplyTimedOut):
            await session.sendmail(A, B, LONG, chunking=chunking)
        assert session.connected, "a timeout closes nothing"
        await session.close()
        assert not session.connected


async def test_smtp_gives_a_server_that_stops_reading_its_timeout():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        for reply in (b"250 ok", b"250 ok", b"250 ok", b"354 go on"):
            await reader.readline()
            writer.write(reply + b"\r\n")
        await NEVER().wait()

    def send(port: int) -> SMTP:
        smtp = SMTP(HOST, port, "me.example")
        smtp.ehlo()
        smtp.mail(A)
        smtp.rcpt(B)
        assert smtp.sock is not None
        smtp.sock.settimeout(0.05)
        with pytest.raises(SMTPServerDisconnected):
            smtp.data(LONG)
        return smtp

    async with serving(serve) as port:
        smtp = await asyncio.to_thread(send, port)
        assert smtp.sock is None


def small_send_buffer(session: Session) -> None:
    transport = session.connection._protocol.transport
    assert transport is not None
    with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)


async def test_a_server_that_reads_slowly_does_not_time_out():
    """The whole message takes many times the limit for a block, but no single block exceeds it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        for reply in (b"250 ok", b"250 ok", b"250 ok", b"354 go on"):
            await reader.readline()
            writer.write(reply + b"\r\n")
        rest = b""
        while not rest.endswith(b"\r\n.\r\n"):
            data = await reader.read(1 << 16)
            rest = (rest + data)[-5:]
        writer.write(b"250 queued\r\n")
        await reader.readline()

    class Clock:
        """A clock that ends each wait for a block early, as if its full time had passed."""

        def __init__(self) -> None:
            self.waits = 0

        async def __call__(self, limit: float) -> None:
            assert limit == PATIENCE.block + 1
            self.waits += 1
            protocol = session.connection._protocol
            before = protocol.unsent
            protocol.wake.clear()
            woken = asyncio.ensure_future(protocol.wake.wait())
            while protocol.unsent >= before and not woken.done():
                await asyncio.wait({woken}, timeout=0.001)
            woken.cancel()
            if not protocol.wake.is_set():
                raise TimeoutError

    clock = Clock()
    async with serving(serve) as port:
        session = Session(
            HOST, port, timeouts=Timeouts(block=PATIENCE.block + 1), local_hostname="me.example"
        )
        await session.connect()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(session.connection._protocol, "woken", clock)
            small_send_buffer(session)
            assert await session.sendmail(A, B, LONG) == {}
        assert clock.waits
        await session.close()


async def test_a_command_after_one_that_timed_out_times_out_too():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await says_nothing(reader, writer)

    async with serving(serve) as port:
        session = Session(HOST, port, timeouts=Timeouts(other=0.03), local_hostname="me.example")
        await session.connect()
        for _ in range(2):
            with pytest.raises(ReplyTimedOut) as error:
                await session.docmd("NOOP")
            assert error.value.verb == "NOOP"
        both = await asyncio.gather(session.noop(), session.rset(), return_exceptions=True)
        assert [type(each) for each in both] == [ReplyTimedOut, ReplyTimedOut]
        assert [each.verb for each in both if isinstance(each, ReplyTimedOut)] == ["NOOP", "RSET"]
        await session.close()


async def test_a_command_to_a_server_that_has_not_greeted_times_out_too():
    async with serving(says_nothing) as port:
        session = Session(
            HOST, port, timeouts=Timeouts(greeting=0.03, other=0.03), local_hostname="me.example"
        )
        await session.open()
        with pytest.raises(ReplyTimedOut) as error:
            await session.greeting()
        assert error.value.verb == "greeting"
        with pytest.raises(ReplyTimedOut):
            await session.ehlo()
        await session.close()


async def test_a_command_in_the_middle_of_a_message_is_not_a_command_and_times_out():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        writer.write(b"354 go on\r\n")
        await says_nothing(reader, writer)

    async with serving(serve) as port:
        session = Session(HOST, port, timeouts=Timeouts(other=0.03), local_hostname="me.example")
        await session.connect()
        await session.docmd("DATA")
        with pytest.raises(ReplyTimedOut) as error:
            await session.docmd("NOOP")
        assert str(error.value) == "no reply within 0.03 seconds"
        await session.close()


# Many recipients


async def test_a_long_group_to_a_server_that_reads_slowly():
    """The server reads little at a time, and its replies fill the buffers in the meantime."""
    count = 3000

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        writer.write(b"220 ready\r\n")
        rest = b""
        in_message = False
        while data := await reader.read(700):
            lines = (rest + data).split(b"\n")
            rest = lines.pop()
            for line in lines:
                if in_message:
                    if line == b".\r":
                        in_message = False
                        writer.write(b"250 queued\r\n")
                    continue
                verb = line[:4].upper()
                if verb == b"EHLO":
                    writer.write(b"250-server\r\n250 PIPELINING\r\n")
                elif verb == b"DATA":
                    writer.write(b"354 go on\r\n")
                    in_message = True
                else:
                    writer.write(b"250 " + b"y" * 500 + b"\r\n")
                await writer.drain()

    async with serving(serve) as port:
        session = Session(HOST, port, timeouts=PATIENCE, local_hostname="me.example")
        await session.connect()
        recipients = [f"{number}@example.org" for number in range(count)]
        assert await session.sendmail(A, recipients, b"text") == {}
        assert len(heard(session)) == count + 5
        assert session.conversation.unanswered == ()
        await session.close()


async def test_a_reply_within_one_message_does_not_affect_the_next():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            writer.write(b"354 go on\r\n" if line.startswith(b"DATA") else b"250 ok\r\n")
            if line.startswith(b"DATA"):
                if (await reader.readline()) == b"by hand\r\n":
                    writer.write(b"250 too early\r\n")
                while (await reader.readline()) not in (b".\r\n", b""):
                    pass
                writer.write(b"250 queued\r\n")

    async with serving(serve) as port:
        session = Session(HOST, port, timeouts=PATIENCE, local_hostname="me.example")
        await session.connect()
        await session.ehlo()
        for line in ("MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>", "DATA"):
            await session.docmd(line)
        await session.send_raw(b"by hand\r\n")
        while heard(session)[-1] != 250:
            await session.news()
        await session.send_raw(b".\r\n")
        while session.conversation.waiting_for:
            await session.news()
        assert await session.sendmail(A, B, b"text\r\n") == {}
        await session.close()
