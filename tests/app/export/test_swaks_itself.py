"""If swaks is installed, the command made by `:copy` makes it send the same again."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
from pathlib import Path

import pytest
from heloscope.app.export.replay import replay_of
from heloscope.app.export.swaks import swaks
from heloscope.session.aio.session import Session
from heloscope.session.protocol.transparency import stuff
from heloscope.session.tls.settings import TlsSettings
from support import made_certificates as made
from support.tls_servers import server_context
from support.witness_server import WitnessServer, offer_all, witnessing

pytestmark = pytest.mark.skipif(shutil.which("swaks") is None, reason="swaks is not installed")

MESSAGE = b"Subject: %DATE% it's\r\n\r\n.\r\n..dots\\n\r\nbare\n.LF\r\n\xff\x00\xe4\t\r\n"
TO = ("alice@practice.test", "nobody@practice.test", "bob@practice.test")


async def again(server: WitnessServer, session: Session) -> str:
    """Run the command for a session, check that the server receives the same, and return it."""
    await session.close()
    replay = replay_of(session.transcript, session.target).with_tls(session.tls_settings)
    command = swaks(replay)
    assert "# Not included" not in command
    assert "wonderland" not in command
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "PASSWORD": "wonderland"},
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(), 30)
    await server.all_gone()
    first, second = server.conversations()
    assert second == first, f"{command}\n{out.decode('utf-8', 'replace')}"
    return command


async def deliver(session: Session) -> None:
    """Send the message to all recipients, without parameters."""
    await session.mail("a@example.org")
    for to in TO:
        await session.rcpt(to)
    await session.docmd("DATA")
    await session.send_raw(stuff(MESSAGE) + b".\r\n")  # its bare LF too
    while session.waiting is not None:
        await session.news()
    await session.quit()


def asks_for_a_certificate() -> ssl.SSLContext:
    context = server_context(made.by(made.authority(), "localhost"))
    context.verify_mode = ssl.CERT_REQUIRED
    made.authority().configure_trust(context)
    return context


@pytest.mark.parametrize("policy", ["none", "required", "implicit"])
@pytest.mark.parametrize("how", ["client certificate", "pinned"])
async def test_tls_as_it_was(policy: str, how: str, tmp_path: Path):
    if policy == "none" and how != "pinned":
        return
    ca, own = tmp_path / "ca.pem", tmp_path / "own.pem"
    made.authority().cert_pem.write_to_path(str(ca))
    client = made.by(made.authority(), "client.example")
    own.write_bytes(b"".join(client.certificates) + client.key)
    async with witnessing(asks_for_a_certificate() if how != "pinned" else None) as server:
        implicit = policy == "implicit"
        port = server.tls_port if implicit else server.port
        session = Session(
            f"{'smtps' if implicit else 'smtp'}://localhost:{port}",
            timeout=10,
            tls=server.trusted()
            if how == "pinned"
            else TlsSettings(ca_file=str(ca), certfile=str(own)),
        )
        await session.connect()
        if policy == "required":
            await session.run("secure", "me.example", required=True)
        else:
            await session.ehlo("me.example")
        await deliver(session)
        await again(server, session)
        one, two = server.mailboxes.of["alice"]
        assert one.content == two.content == MESSAGE


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
async def test_each_mechanism_that_swaks_has(mechanism: str, monkeypatch: pytest.MonkeyPatch):
    offer_all(monkeypatch)
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        await session.ehlo("me.example")
        await session.login(
            "alice",
            "wonderland",
            mechanism=mechanism,
            in_clear=True,
            initial_response_ok=mechanism == "PLAIN",
        )
        await deliver(session)
        await again(server, session)


async def test_a_unix_socket(tmp_path: Path):
    async with witnessing() as server:
        await server.listen_at(tmp_path / "socket")
        session = Session(f"smtp+unix:{tmp_path}/socket", timeout=10)
        await session.connect()
        await session.ehlo("me.example")
        await deliver(session)
        await again(server, session)


async def test_where_the_only_recipient_is_refused():
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        for line in ("EHLO me.example", "MAIL FROM:<>", "RCPT TO:<alice@example.org>", "QUIT"):
            await session.docmd(line)
        await again(server, session)


async def test_a_message_that_was_broken_off_is_not_delivered():
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        for line in ("EHLO me", "MAIL FROM:<>", "RCPT TO:<alice@practice.test>", "DATA"):
            await session.docmd(line)
        await again(server, session)
        assert not server.mailboxes.of["alice"]


async def test_commands_without_waiting():
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        await session.ehlo("me.example")
        await session.send_raw(
            b"MAIL FROM:<a@example.org>\r\nRCPT TO:<alice@practice.test>\r\nDATA\r\n"
        )
        while session.waiting is not None:
            await session.news()
        await session.send_raw(b"x\r\n.\r\n")
        while session.waiting is not None:
            await session.news()
        await session.quit()
        assert "--pipeline" in await again(server, session)
