"""How the drivers use TLS: the name that they check, and a refusal after the handshake."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import ssl
import threading
from typing import Any

import pytest
from heloscope.session.aio import connection
from heloscope.session.aio.session import Session
from heloscope.session.errors import ConnectionLost
from heloscope.session.events import Cause, Disconnected, TlsFailed, TlsStarted
from heloscope.session.net import dial
from heloscope.session.record.transcript import Transcript
from heloscope.session.sync.smtp_ssl import SMTP_SSL
from heloscope.session.target import Target
from heloscope.session.tls.handshake import HandshakeRecord, TlsSettings, make_context
from support import made_certificates as made
from support import servers
from support.tls_servers import LIMIT, server_context, serving

pytestmark = pytest.mark.every_loop


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    made.authority().cert_pem.write_to_path(str(path))
    return str(path)


def demanding() -> ssl.SSLContext:
    context = server_context(made.by(made.authority(), "localhost"))
    context.verify_mode = ssl.CERT_REQUIRED
    made.authority().configure_trust(context)
    return context


def greeting(context: ssl.SSLContext):
    def peer(sock: socket.socket) -> None:
        with context.wrap_socket(sock, server_side=True) as tls:
            tls.sendall(b"220 hello\r\n")
            tls.recv(100)

    return peer


def facts(transcript: Transcript, kind: type) -> list:
    return [event for event in transcript.events() if isinstance(event, kind)]


def over(port: int, host: str = "localhost") -> Target:
    return Target(host, port, implicit=True)


def is_explained(transcript: Transcript) -> None:
    [started] = facts(transcript, TlsStarted)
    [failed] = facts(transcript, TlsFailed)
    [end] = facts(transcript, Disconnected)
    assert failed.reason == "client-certificate-wanted"
    assert failed.chain == started.chain != ()
    assert (end.cause, end.detail) == (Cause.TLS_FAILED, failed.detail)


async def test_a_client_certificate_that_is_asked_for_after_the_handshake_session(trusted: str):
    settings = TlsSettings(ca_file=trusted, minimum="TLSv1.3")
    with serving(greeting(demanding())) as server:
        session = Session(over(server.port), timeout=10, tls=settings)
        with pytest.raises(ConnectionLost, match="requires a client certificate"):
            await session.connect()
    is_explained(session.transcript)


def test_a_client_certificate_that_is_asked_for_after_the_handshake_blocking(
    trusted: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", trusted)  # the system's list of CAs
    with serving(greeting(demanding())) as server:
        smtp = SMTP_SSL()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            smtp.connect("localhost", server.port)
    is_explained(smtp.transcript)


def greeting_with_the_handshake(context: ssl.SSLContext):
    """Send the greeting in the same packet as the end of the handshake, and reply to EHLO."""

    def peer(sock: socket.socket) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                if said := outgoing.read():
                    sock.sendall(said)
                incoming.write(sock.recv(4096))
        for reply in (b"220 hello\r\n", b"250 hello\r\n"):
            tls.write(reply)
            sock.sendall(outgoing.read())
            incoming.write(sock.recv(4096))

    return peer


async def test_a_greeting_that_comes_with_the_end_of_the_handshake_is_not_the_last_to_be_read():
    context = server_context(made.by(made.authority(), "localhost"))
    settings = TlsSettings(verify=False, minimum="TLSv1.2", maximum="TLSv1.2")
    with serving(greeting_with_the_handshake(context)) as server:
        session = Session(over(server.port), timeout=10, tls=settings)
        assert await session.connect() == (220, b"hello")
        assert await session.ehlo("me.example") == (250, b"hello")
        await session.close()


# A final dot belongs to no name in a certificate (RFC 6066 section 3).


@pytest.fixture
def dotted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make "localhost." resolve to the loopback address, which it does not do on every system."""
    connect = socket.create_connection

    def found(address: tuple[str, int], *rest: Any) -> socket.socket:
        return connect((address[0].rstrip("."), address[1]), *rest)

    def dialled(target: Target, *rest: Any, **more: Any) -> Any:
        return dial.dial(over(target.port), *rest, **more)

    monkeypatch.setattr(socket, "create_connection", found)
    monkeypatch.setattr(connection, "dial", dialled)


@pytest.mark.usefixtures("dotted")
async def test_a_name_with_its_dot_is_found_in_the_certificate_session(trusted: str):
    context = server_context(made.by(made.authority(), "localhost"))
    with serving(greeting(context)) as server:
        settings = TlsSettings(ca_file=trusted)
        session = Session(over(server.port, "localhost."), timeout=10, tls=settings)
        assert await session.connect() == (220, b"hello")
        await session.close()
    assert facts(session.transcript, TlsStarted)[0].server_name == "localhost"


@pytest.mark.usefixtures("dotted")
def test_a_name_with_its_dot_is_found_in_the_certificate_blocking(trusted: str):
    context = server_context(made.by(made.authority(), "localhost"))
    with serving(greeting(context)) as server:
        client = make_context(TlsSettings(ca_file=trusted), HandshakeRecord())
        smtp = SMTP_SSL("localhost.", server.port, "me", timeout=10, context=client)
        assert smtp.transcript[0].data == b"220 hello\r\n"
        smtp.close()


async def test_settings_given_as_a_function_are_asked_for_at_the_handshake():
    asked: list[bool] = []

    def later() -> TlsSettings:
        asked.append(True)
        return TlsSettings(verify=False)

    context = server_context(made.self_signed())
    with serving(greeting(context)) as server:
        session = Session(over(server.port), timeout=10, tls=later)
        assert not asked
        await session.connect()
        assert session.tls_settings == TlsSettings(verify=False)
        assert asked == [True]
        await session.close()


async def test_what_a_server_without_tls_says_is_kept_and_recognised():
    said = b"220 plain.example.org ESMTP\r\n"

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await reader.read()

    async with servers.serving(greet) as port:
        session = Session(over(port), timeout=10, tls=TlsSettings(verify=False))
        with pytest.raises(ssl.SSLError):
            await session.connect()
    [failed] = facts(session.transcript, TlsFailed)
    assert (failed.reason, failed.received) == ("plain-smtp", said)


async def test_a_connection_in_tls_is_closed_twice_although_the_peer_does_not_answer(trusted: str):
    closed = threading.Event()

    def peer(sock: socket.socket) -> None:
        context = server_context(made.by(made.authority(), "localhost"))
        with context.wrap_socket(sock, server_side=True) as tls:
            tls.sendall(b"220 hello\r\n")
            closed.wait(LIMIT)

    with serving(peer) as server:
        session = Session(over(server.port), timeout=10, tls=TlsSettings(ca_file=trusted))
        await session.connect()
        try:
            async with asyncio.timeout(LIMIT):
                await asyncio.gather(session.close(), session.close())
        finally:
            closed.set()
        assert not session.connected
