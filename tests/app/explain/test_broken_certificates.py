"""The TLS tab explains each broken certificate, and nothing is sent unless the user accepts it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from support import made_certificates as made
from support.made_certificates import HOST, ISSUER_URL, Made
from support.servers import Serve, script
from support.stage import Stage
from support.stage_plan import done
from support.tls_servers import LIMIT, server_context

SECRET = "AGFsaWNlAHdvbmRlcmxhbmQ="
CLEAR = """
    S: 220 mail.example.org ESMTP
    C: EHLO
    S: 250-mail.example.org
    S: 250-AUTH PLAIN
    S: 250 STARTTLS
    C: STARTTLS
    S: 220 go ahead
"""
INSIDE = """
    C: EHLO
    S: 250-mail.example.org
    S: 250 AUTH PLAIN
    C: QUIT
"""


class Server:
    """A server that plays CLEAR and INSIDE for each connection.

    `heard` collects every byte that is received inside TLS.
    """

    def __init__(self, tls: ssl.SSLContext) -> None:
        self.tls = tls
        self.heard = b""
        self.handshakes = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script(CLEAR)(reader, writer)
        try:
            await writer.start_tls(self.tls)
            self.handshakes += 1
            while line := await reader.readline():
                self.heard += line
                reply = b"250 mail.example.org\r\n" if line.startswith(b"EHLO") else b"250 ok\r\n"
                writer.write(reply)
        except ssl.SSLError:
            pass  # the client does not like the certificate: that is the point


def staged(server: Server, trusted: Path) -> Stage:
    trusted.write_bytes(made.authority().cert_pem.bytes())
    return Stage(f"{HOST}:587", server, trusted=trusted)


async def refused(stage: Stage) -> str:
    """Type STARTTLS, wait until it fails, and return the text of the TLS tab as one line."""
    await stage.type("EHLO me")
    await stage.put("STARTTLS")
    await stage.until(lambda: not stage.session.connected)
    await stage.settle()
    await stage.press("f8", "escape")  # to the tab, and back to the command line
    return said_by(stage)


def said_by(stage: Stage) -> str:
    return shown_in(stage, "#tls")


def shown_in(stage: Stage, part: str) -> str:
    """Return the text in a part of the screen, without its border."""
    return " ".join(stage.seen(part).replace("│", " ").split())


WRONG = {
    "expired": (made.expired, f"The certificate of {HOST} expired on", "12 days ago"),
    "not-yet-valid": (
        made.not_yet_valid,
        "is not valid before",
        "was installed too early",
    ),
    "wrong-name": (
        made.wrong_name,
        f"The certificate is not valid for {HOST}, only for mx1.example.net.",
        f"have {HOST} added to",
    ),
    "self-signed": (made.self_signed, "is self-signed", "no authority vouches for it"),
    "incomplete": (made.incomplete, "The server did not send the certificate of", "fullchain.pem"),
    "incomplete-public": (
        made.incomplete_public,
        "Missing intermediate",
        f"The missing certificate is available from {ISSUER_URL}",
    ),
    "unknown-ca": (made.unknown_ca, "which is not trusted here", "not sent, and not trusted here"),
    "unknown-root": (made.unknown_ca_with_root, "which is not trusted here", "the CA file"),
    "weak-key": (made.weak, f"The key of {HOST} is too weak: RSA 1024.", "RSA 2048 or ECDSA"),
    "for-a-client": (made.for_a_client, "is not a server certificate", "serverAuth"),
}


async def test_the_plan_says_what_is_wrong_in_the_same_words(tmp_path: Path) -> None:
    make, what, _ = WRONG["wrong-name"]
    async with staged(Server(server_context(make())), tmp_path / "ca.pem").run((140, 60)) as stage:
        await stage.type("EHLO me")
        await stage.put(":starttls")
        await stage.until(lambda: not stage.main.plan.status.busy)
        await stage.press("f5")
        await stage.until(lambda: not stage.main.plan.status.busy)
        await stage.press("f11")
        said = shown_in(stage, "#plan")
        assert f"The plan failed: {what}" in said
        assert "_ssl.c" not in stage.screen


@pytest.mark.parametrize(
    ("make", "what", "more"), WRONG.values(), ids=WRONG
)  # fmt: skip
async def test_the_tab_says_what_is_wrong_and_nothing_was_sent(
    make: Callable[[], Made], what: str, more: str, tmp_path: Path
) -> None:
    server = Server(server_context(make()))
    async with staged(server, tmp_path / "ca.pem").run((140, 120)) as stage:
        said = await refused(stage)
        assert what in said
        assert more in said
        assert "Try" in said
        assert "SHA-256" in said
        assert (
            "Nothing was sent over TLS. :trust, or t here, continues despite this certificate."
            in said
        )
        assert "The certificate was not accepted: F8 shows why" in stage.hint
        await stage.put(f"AUTH PLAIN {SECRET}")
        await stage.put(":login")
        assert "Not connected" in stage.notices[-1]
        assert stage.sent == b"EHLO me\r\nSTARTTLS\r\n"
    assert server.heard == b""


def demanding(newest: ssl.TLSVersion) -> Serve:
    """Return a server that requires a client certificate and sends an alert if there is none.

    asyncio's own server would not send that alert.
    """
    tls = server_context(made.good())
    tls.maximum_version = newest
    tls.verify_mode = ssl.CERT_REQUIRED
    *before, last = CLEAR.strip().splitlines()

    def shake_hands(sock: socket.socket) -> None:
        sock.settimeout(LIMIT)
        with sock, contextlib.suppress(OSError):
            tls.wrap_socket(sock, server_side=True)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script("\n".join(before))(reader, writer)
        assert isinstance(writer.transport, asyncio.Transport)
        writer.transport.pause_reading()
        writer.write(f"{last.strip()[3:]}\r\n".encode())
        own = socket.socket(fileno=os.dup(writer.get_extra_info("socket").fileno()))
        await asyncio.to_thread(shake_hands, own)

    return serve


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_server_that_demands_a_client_certificate_is_told_apart(
    newest: ssl.TLSVersion, tmp_path: Path
) -> None:
    """In TLS 1.3, the server's alert arrives only after the handshake."""
    trusted = tmp_path / "ca.pem"
    trusted.write_bytes(made.authority().cert_pem.bytes())
    async with Stage(f"{HOST}:587", demanding(newest), trusted=trusted).run((140, 120)) as stage:
        said = await refused(stage)
        assert "requires a client certificate, but none was sent" in said
        assert "Configure a client certificate and its key." in said
        assert "no client certificate" in said
        assert f"▾ {HOST}" in said
        assert ":trust" not in said
        await stage.put(":trust")
        assert "No certificate has failed verification" in stage.notices[-1]
        assert stage.sent == b"EHLO me\r\nSTARTTLS\r\n"


async def test_what_is_pasted_behind_starttls_stays_here_when_the_handshake_fails(
    tmp_path: Path,
) -> None:
    server = Server(server_context(made.expired()))
    async with staged(server, tmp_path / "ca.pem").run() as stage:
        await stage.type("EHLO me")
        stage.main.router.type_lines(["STARTTLS", "EHLO me", f"AUTH PLAIN {SECRET}"])
        await stage.until(lambda: not stage.session.connected)
        await stage.until(lambda: stage.main.router.pasted is None)
        assert stage.sent == b"EHLO me\r\nSTARTTLS\r\n"
    assert server.heard == b""


async def test_what_is_pasted_behind_starttls_goes_out_in_tls(tmp_path: Path) -> None:
    server = Server(server_context(made.good()))
    async with staged(server, tmp_path / "ca.pem").run() as stage:
        await stage.type("EHLO me")
        stage.main.router.type_lines(["STARTTLS", "EHLO me", f"AUTH PLAIN {SECRET}"])
        await stage.until(lambda: b"AUTH" in server.heard)
    assert server.heard == f"EHLO me\r\nAUTH PLAIN {SECRET}\r\n".encode()


async def test_a_line_that_is_typed_into_the_handshake_is_kept(tmp_path: Path) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script(CLEAR)(reader, writer)
        await reader.read(5)
        await asyncio.Event().wait()

    async with Stage(f"{HOST}:587", silent).run() as stage:
        await stage.type("EHLO me")
        await stage.put("STARTTLS")
        await stage.until(lambda: stage.session.stage == "the TLS handshake")
        await stage.put(f"AUTH PLAIN {SECRET}")
        assert "The TLS handshake has begun, so nothing was sent" in stage.notices[-1]
        assert stage.sent == b"EHLO me\r\nSTARTTLS\r\n"
        assert re.search("TLS handshake, 2[0-9] s left, Esc cancels", stage.lines[0])
        await stage.press("escape", "escape")
        await stage.until(lambda: not stage.session.connected)
        assert "cancelled" in stage.seen("#transcript")


# Going on in spite of it


async def test_trust_asks_and_accepts_exactly_this_certificate(tmp_path: Path) -> None:
    server = Server(server_context(made.expired()))
    async with staged(server, tmp_path / "ca.pem").run() as stage:
        await refused(stage)
        first = stage.session
        await stage.put(":trust")
        asked = shown_in(stage, "QuestionScreen > Vertical")
        for words in (
            f"Server {HOST}",
            f"Name {HOST}",
            "Problem Expired",
            "SHA-256",
            "accepts exactly this",
        ):
            assert words in asked
        await stage.press("escape")
        assert stage.session is first
        await stage.put(":trust")
        await stage.press("y")
        await stage.until(lambda: stage.session is not first and stage.session.tls)
        await stage.settle()
        assert stage.sent == b"EHLO me\r\nSTARTTLS\r\n"  # what was said up to there
        assert "TLS 1.3 not verified  accepted by you" in stage.lines[0]
        await stage.type("EHLO me", "NOOP")
        assert "TLS 1.3 not verified  accepted by you" in stage.lines[0]
        said = said_by(stage)
        assert "certificate NOT verified but accepted by you" in said
        assert "✗ Expired" in said
        await stage.put(":reconnect")
        await stage.greeted(3)
        await stage.type("EHLO me", "STARTTLS")
        await stage.until(lambda: stage.session.tls)
        await stage.settle()
        assert "not verified" in stage.lines[0]
        await stage.put(f":connect {HOST}:587")  # the decision was about the connection before
        await stage.greeted(4)
        assert "not verified" not in stage.lines[0]
        await refused(stage)
    assert server.heard == b"EHLO me\r\nNOOP\r\n"


async def test_a_plan_that_ended_in_the_handshake_is_repeated_up_to_there(tmp_path: Path) -> None:
    server = Server(server_context(made.expired()))
    async with staged(server, tmp_path / "ca.pem").run() as stage:
        await stage.put(":starttls")
        stepping = stage.main.plan
        await stage.until(lambda: stepping.status.next)
        await stage.press("f5")
        await stage.until(lambda: stepping.status.end())
        first = stage.sent
        assert first.endswith(b"STARTTLS\r\n")
        await stage.put(":trust")
        await stage.press("y")
        await stage.until(lambda: stage.session.tls and stepping.status.end())
        await stage.settle()
        assert stage.sent == first
        taken = [done.planned.verb for done in stepping.status.done]
        assert taken == ["connect", "EHLO", "STARTTLS", "TLS"]
        assert "not verified" in stage.lines[0]
    assert server.heard == b""


async def test_another_certificate_than_the_accepted_one_is_refused(tmp_path: Path) -> None:
    server = Server(server_context(made.expired()))
    async with staged(server, tmp_path / "ca.pem").run((140, 120)) as stage:
        await refused(stage)
        server.tls = server_context(made.self_signed())
        await stage.put(":trust")
        await stage.press("y")
        await stage.until(lambda: len(stage.view.sections) == 2 and not stage.session.connected)
        await stage.press("escape")
        said = said_by(stage)
        assert "The server's certificate is not the one that you accepted" in said
        assert "✗ Self-signed" in said
        assert "not verified" not in stage.lines[0]
    assert server.heard == b""


async def test_where_nothing_has_failed_there_is_nothing_to_trust() -> None:
    async with Stage().run() as stage:
        await stage.put(":trust")
        assert "there is none to accept" in stage.notices[-1]
        await stage.put(":fingerprint")
        await stage.put(":pem")
        assert "the server has not presented one" in stage.notices[-1]
        assert stage.app.screen is stage.main


async def test_the_login_dialog_says_whose_decision_the_certificate_was(tmp_path: Path) -> None:
    server = Server(server_context(made.self_signed()))

    async def auth(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script(CLEAR)(reader, writer)
        try:
            await writer.start_tls(server.tls)
            await script(INSIDE)(reader, writer)
        except ssl.SSLError:
            pass

    async with Stage(f"{HOST}:587", auth, trusted=tmp_path / "none").run() as stage:
        await refused(stage)
        await stage.put(":trust")
        await stage.press("y")
        await stage.until(lambda: stage.session.tls)
        await stage.type("EHLO me")
        await stage.put(":login")
        await stage.until(lambda: stage.app.screen.query("#user:focus"))
        said = shown_in(stage, "LoginScreen > Vertical")
        assert "This server's certificate failed verification, and you accepted it" in said
        assert "the password to the holder of this server's key" in said
        await stage.write("alice")
        await stage.press("enter")
        await stage.write("wonderland")
        await stage.press("enter")
        await done(stage)
        await stage.press("f5")
        await done(stage)
        end = stage.main.plan.status.end()
        assert "No suitable authentication method found" in end
        assert end.endswith(
            "the holder of this server's key. To send it anyway, use :login and choose that there."
        )
        await stage.put(":login alice")
        await stage.until(lambda: stage.app.screen.query("#secret:focus"))
        await stage.press("tab", "space", "shift+tab")
        await stage.write("wonderland")
        await stage.press("enter")
        await done(stage)
        assert stage.main.plan.status.next is not None
        assert stage.main.plan.status.next.verb == "AUTH"
        await stage.press("ctrl+c")
        # By hand it is a second Enter that insists.
        await stage.type("AUTH PLAIN", "alice", "wonderland", "")
        assert "You accepted a certificate that failed verification: the holder of" in stage.screen
        assert b"AUTH" not in stage.sent
