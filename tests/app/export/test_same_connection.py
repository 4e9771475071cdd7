"""The program made by `:copy` connects in the same way, for each TLS policy, socket or greeting."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
from heloscope.app.export.smtplib_program import smtplib_program
from heloscope.session.aio.session import Session
from heloscope.session.secret import Secret
from heloscope.session.target import Target
from heloscope.session.tls.settings import TlsSettings
from support import made_certificates as made
from support.copied_program import (
    SECRETS,
    again,
    end_of,
    of_its_kind,
    one_message,
    replay_of_session,
    run,
)
from support.servers import VerbServer, serving
from support.tls_servers import server_context
from support.witness_server import WitnessServer, normal, witnessing


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the server's CA, and a client certificate with its encrypted private key."""
    from cryptography.hazmat.primitives import serialization

    folder = tmp_path_factory.mktemp("certificates")
    made.authority().cert_pem.write_to_path(str(folder / "ca.pem"))
    own = made.by(made.authority(), "client.example")
    key = serialization.load_pem_private_key(own.key, None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(SECRETS["key"].encode()),
    )
    (folder / "client.pem").write_bytes(b"".join(own.certificates) + own.key)
    (folder / "locked.pem").write_bytes(locked)
    return folder


def by_ca() -> ssl.SSLContext:
    """Return the TLS context of a server whose certificate the CA has issued."""
    return server_context(made.by(made.authority(), "localhost"))


def asks_for_a_certificate() -> ssl.SSLContext:
    context = by_ca()
    context.verify_mode = ssl.CERT_REQUIRED
    made.authority().configure_trust(context)
    return context


POLICIES = ["none", "offered", "required", "implicit"]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("how", ["ca", "any", "pinned"])
async def test_each_tls_policy(policy: str, how: str, files: Path):
    if policy == "none" and how != "any":
        return
    async with witnessing(by_ca() if how == "ca" else None) as server:
        tls = {
            "ca": lambda: TlsSettings(ca_file=str(files / "ca.pem")),
            "any": lambda: TlsSettings(verify=False),
            "pinned": server.trusted,
        }[how]
        session = Session(_target(server, policy), timeout=10, tls=tls())
        await session.connect()
        if policy in ("offered", "required"):
            await session.run("secure", "me.example", required=policy == "required")
        assert session.tls is (policy != "none")
        await one_message(session)
        program = await again(server, session)
        assert ("wrap" in program or "context=CONTEXT" in program) is (policy != "none")
        assert [len(server.mailboxes.of[name]) for name in ("alice", "bob")] == [2, 2]


def _target(server: WitnessServer, policy: str) -> str:
    implicit = policy == "implicit"
    port = server.tls_port if implicit else server.port
    return f"{'smtps' if implicit else 'smtp'}://localhost:{port}"


@pytest.mark.parametrize("policy", ["required", "implicit"])
@pytest.mark.parametrize("locked", [False, True], ids=["", "with a password"])
async def test_a_client_certificate(policy: str, locked: bool, files: Path):
    async with witnessing(asks_for_a_certificate()) as server:
        tls = TlsSettings(
            ca_file=str(files / "ca.pem"),
            certfile=str(files / "client.pem"),
            keyfile=str(files / "locked.pem") if locked else "",
            key_password=Secret(SECRETS["key"]) if locked else None,
        )
        session = Session(_target(server, policy), timeout=10, tls=tls)
        await session.connect()
        if policy == "required":
            await session.run("secure", "me.example", required=True)
        await session.ehlo("me.example")
        await session.quit()
        program = await again(server, session)
        assert ("KEY_PASSWORD" in program) is locked
        assert b"(TLS, with a certificate, for localhost)\r\n" in server.conversations()[1]


@pytest.mark.parametrize("policy", ["required", "implicit"])
async def test_a_certificate_that_is_not_the_accepted_one_ends_it(policy: str, files: Path):
    async with witnessing() as server, witnessing() as other:
        session = Session(_target(server, policy), timeout=10, tls=server.trusted())
        await session.connect()
        if policy == "required":
            await session.run("secure", "me.example", required=True)
        await session.ehlo("me.example")
        await session.quit()
        port = other.tls_port if policy == "implicit" else other.port
        ended = await end_of(session, port=port)
        assert ended.startswith("the server has a different certificate, SHA-256 ")


async def test_a_certificate_of_a_ca_that_is_not_known_ends_it(files: Path):
    async with witnessing(by_ca()) as server:
        tls = TlsSettings(ca_file=str(files / "ca.pem"))
        session = Session(_target(server, "implicit"), timeout=10, tls=tls)
        await session.connect()
        await session.quit()
        ended = await end_of(session, replay_of_session(session).with_tls(TlsSettings()))
        assert ended.startswith("SSLCertVerificationError: ")


async def test_a_handshake_that_failed_fails_again():
    async with witnessing() as server:
        session = Session(_target(server, "none"), timeout=10)
        await session.connect()
        await session.ehlo("me.example")
        with pytest.raises(ssl.SSLCertVerificationError):
            await session.starttls()
        ended = await end_of(session)
        assert ended.startswith("SSLCertVerificationError: ")


async def test_a_server_name_of_its_own_is_sent_and_verified(files: Path):
    async with witnessing(server_context(made.good())) as server:
        tls = TlsSettings(ca_file=str(files / "ca.pem"), server_name=made.HOST)
        session = Session(_target(server, "implicit"), timeout=10, tls=tls)
        await session.connect()
        await session.ehlo("me.example")
        await session.quit()
        await again(server, session)
        assert f"(TLS, without one, for {made.HOST})\r\n".encode() in server.conversations()[1]


async def heard_twice(
    server: VerbServer, session: Session, lines: Sequence[str]
) -> tuple[list[bytes], str]:
    """Send lines, then run the program, and check that the server receives the same again.

    Return what it received, and the program.
    """
    await session.open()
    while session.waiting is not None:  # for the greeting
        await session.news()
    for line in lines:
        await session.docmd(line)
    heard, server.heard = server.heard, []
    await session.close()
    program = smtplib_program(replay_of_session(session))
    ended = await asyncio.wait_for(asyncio.to_thread(run, program, of_its_kind), 30)
    assert ended == "", f"{ended}\n{program}"
    again = [line for heard in server.heard for line in normal(heard)]
    assert again == heard
    return heard, program


@pytest.mark.parametrize("greeting", ["554 go away", "220 ready", "250 odd"])
async def test_every_greeting_is_waited_for(greeting: str):
    server = VerbServer(greeting=greeting)
    async with serving(server) as port:
        session = Session("127.0.0.1", port, timeout=10)
        _, program = await heard_twice(server, session, ["NOOP", "QUIT"])
        assert ('smtplib.SMTP("127' in program) is (greeting == "220 ready")


@pytest.mark.parametrize("way", ["tcp", "tls", "unix"])
async def test_lmtp(way: str, files: Path, tmp_path: Path):
    server = VerbServer(LHLO="250 server")
    path = tmp_path / "lmtp" if way == "unix" else None
    async with serving(server, by_ca() if way == "tls" else None, path) as port:
        target = Target(path=str(path), lmtp=True)
        if path is None:
            target = Target("localhost", port, lmtp=True, implicit=way == "tls")
        session = Session(target, timeout=10, tls=TlsSettings(ca_file=str(files / "ca.pem")))
        lines = ["LHLO me.example", "MAIL FROM:<a@b>", "RCPT TO:<c@d>", "NOOP", "QUIT"]
        heard, program = await heard_twice(server, session, lines)
        assert heard == [line.encode() + b"\r\n" for line in lines]
        assert "smtplib.LMTP(" in program
