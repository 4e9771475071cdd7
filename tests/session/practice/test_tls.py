"""TLS at the practice server, after STARTTLS (RFC 3207) and from the first byte (RFC 8314)."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import smtplib
import ssl
import subprocess
import sys
import warnings

import pytest
from heloscope.session.aio.session import Session
from heloscope.session.events import TlsFailed, TlsStarted
from heloscope.session.practice.server import PracticeServer
from heloscope.session.sync.smtp import SMTP
from heloscope.session.sync.smtp_ssl import SMTP_SSL
from heloscope.session.target import parse_target
from heloscope.session.tls.handshake import HandshakeRecord, TlsSettings, make_context
from support.practice_server import Client, practising, talking, unverified

GREETED = "EHLO me.example"


async def start_tls(client: Client, context: ssl.SSLContext | None = None) -> None:
    """Perform the handshake after the reply to STARTTLS; the state is reset (RFC 3207 4.2)."""
    await client.writer.start_tls(context or unverified())


def implicit(server: PracticeServer, tls: TlsSettings | None = None) -> Session:
    target = parse_target(f"smtps://{server.host}:{server.tls_port}")
    return Session(target, timeout=10, tls=tls if tls else server.trusted)


async def test_after_starttls_all_is_forgotten_and_it_is_not_offered_again():
    async with practising() as server, talking(server, GREETED) as client:
        await client.say("MAIL FROM:<a@example.org>")
        assert await client.code("STARTTLS") == "220 2.0.0"
        await start_tls(client)
        assert await client.code("MAIL FROM:<a@example.org>") == "503 5.5.1"
        listed = await client.say(GREETED)
        assert b"250-STARTTLS" not in listed
        assert b"250-AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256" in listed
        assert await client.code("RCPT TO:<alice@practice.test>") == "503 5.5.1"
        assert await client.code("STARTTLS") == "503 5.5.1"


@pytest.mark.parametrize("injected", [b"NOOP\r\n", b"MAIL FROM:<evil@example.org>\r\nNO",
                                      b"NOOP " + b"x" * 60_000])  # fmt: skip
async def test_what_is_injected_after_starttls_is_thrown_away(injected: bytes):
    async with practising() as server, talking(server, GREETED) as client:
        await client.send(b"STARTTLS\r\n" + injected)
        assert (await client.reply())[0].startswith(b"220 ")
        async with asyncio.timeout(10):
            try:
                await start_tls(client)
            except OSError:
                return  # some of it came later, and was no TLS: then there is no connection
            assert await client.code("QUIT") == "221 2.0.0"


async def test_a_handshake_that_fails_ends_the_connection_and_nothing_is_logged(
    caplog: pytest.LogCaptureFixture,
):
    async with practising() as server:
        before = asyncio.all_tasks()
        async with talking(server, GREETED) as client:
            await client.say("STARTTLS")
            await client.send(b"this is no TLS\r\n")
            assert await client.reader.read() != b"220"
        reader, writer = await asyncio.open_connection(server.host, server.tls_port)
        writer.write(b"EHLO me.example\r\n")
        assert b"250" not in await reader.read()
        writer.close()
        await asyncio.wait_for(asyncio.gather(*(c.gone for c in server._connections)), 10)
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == before
    assert [r for r in caplog.records if r.levelname in ("WARNING", "ERROR")] == []


async def test_the_certificate_is_trusted_by_its_fingerprint_and_by_nothing_else():
    async with practising() as server:
        async with implicit(server) as session:
            [fact] = [e for e in session.transcript.events() if isinstance(e, TlsStarted)]
            assert (fact.pinned, fact.problem, fact.verified) == (True, "self-signed", False)
        stranger = implicit(server, TlsSettings())
        with pytest.raises(ssl.SSLCertVerificationError):
            await stranger.connect()
        [failed] = [e for e in stranger.transcript.events() if isinstance(e, TlsFailed)]
        assert failed.reason == "self-signed"
        async with practising() as other:
            assert other.trusted().pinned != server.trusted().pinned


async def test_the_certificate_names_the_server():
    async with practising() as server:
        server.trusted()
        async with implicit(server) as session:
            [fact] = [e for e in session.transcript.events() if isinstance(e, TlsStarted)]
    from heloscope.session.tls.certificates import parse

    made = parse(fact.chain[0])
    assert made.names == ("practice.test", "localhost", "127.0.0.1")
    assert made.key == "ECDSA P-256"
    assert made.self_signed


def test_nothing_of_tls_is_imported_or_made_before_it_is_wanted():
    done = subprocess.run(
        [sys.executable, "-c", (
            "import asyncio, sys\n"
            "from heloscope.session.practice.server import PracticeServer\n"
            "async def main():\n"
            "    server = PracticeServer(); await server.start(); await server.stop()\n"
            "asyncio.run(main())\n"
            "print([m for m in ('cryptography', 'pysasl', 'scramp') if m in sys.modules])"
        )],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "[]\n"


async def test_smtplib_and_ours_send_over_both_kinds_of_tls():
    text = b"Subject: hi\r\n\r\n.\r\n..dots\r\n8-bit: \xc3\xa9\r\n"

    def send(client: smtplib.SMTP | SMTP, *, upgrade: bool) -> None:
        with client:
            if upgrade:
                client.starttls(context=unverified())
            client.login("alice", "wonderland")
            client.sendmail("j\u00fcrgen@example.org", "alice@practice.test", text,
                            ["SMTPUTF8", "BODY=8BITMIME"])  # fmt: skip

    async with practising() as server:
        plain, tls = (server.host, server.port, "me"), (server.host, server.tls_port, "me")
        for upgrade, make in (
            (True, lambda: smtplib.SMTP(*plain, timeout=10)),
            (True, lambda: SMTP(*plain, timeout=10)),
            (False, lambda: smtplib.SMTP_SSL(*tls, timeout=10, context=unverified())),
            (False, lambda: SMTP_SSL(*tls, timeout=10, context=unverified())),
        ):
            await asyncio.to_thread(lambda make=make, up=upgrade: send(make(), upgrade=up))
        kept = server.mailboxes.of["alice"]
        assert [message.content for message in kept] == [text] * 4
        assert {message.sender for message in kept} == {"j\u00fcrgen@example.org"}


async def test_stopping_leaves_no_task_and_no_warning_inside_tls_and_within_a_handshake():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        before = asyncio.all_tasks()
        server = PracticeServer()
        await server.start()
        session = implicit(server)
        await session.connect()
        async with talking(server, GREETED) as client:
            await client.say("STARTTLS")
            _, silent = await asyncio.open_connection(server.host, server.tls_port)
            await server.stop()
            assert asyncio.all_tasks() == before
            silent.close()
        await session.close()
        del session, server
        await asyncio.sleep(0)
        gc.collect(0)
    assert [str(w.message) for w in caught] == []


async def test_a_client_that_wants_an_old_version_learns_it_only_from_tls():
    async with practising() as server:
        context = make_context(TlsSettings(verify=False, maximum="TLSv1.2"), HandshakeRecord())
        _, writer = await asyncio.open_connection(server.host, server.tls_port, ssl=context)
        assert writer.get_extra_info("ssl_object").version() == "TLSv1.2"
        writer.close()
        await writer.wait_closed()


async def test_quit_inside_tls_ends_in_good_order():
    mistakes: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: mistakes.append(context["message"]))
    async with (
        practising() as server,
        Session(server.host, server.port, tls=server.trusted) as session,
    ):
        await session.ehlo("me.example")
        await session.starttls()
        await session.quit()
    assert mistakes == []


async def test_ehlo_in_one_segment_with_the_end_of_the_handshake_is_within_tls():
    """Node's clients do this, so the server reads both before its handshake returns."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = unverified().wrap_bio(incoming, outgoing)
    async with asyncio.timeout(10), practising() as server, talking(server, GREETED) as client:
        assert await client.code("STARTTLS") == "220 2.0.0"
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                await client.send(outgoing.read())
                incoming.write(await client.reader.read(65536))
        tls.write(b"EHLO inside.example\r\n")
        await client.send(outgoing.read())
        reply = b""
        while b"\r\n" not in reply:
            incoming.write(await client.reader.read(65536))
            with contextlib.suppress(ssl.SSLWantReadError):
                reply += tls.read(65536)
        assert reply.startswith(b"250-practice.test greets inside.example\r\n")
        summary = server.clients.summaries[-1]
        assert summary.name == "inside.example"
        assert summary.tls.startswith("TLSv1")
        assert summary.diagnoses == []
