"""AUTH at the practice server, with smtplib and raw lines as clients, over real sockets."""

from __future__ import annotations

import asyncio
import base64
import hmac
import smtplib
from collections.abc import Callable
from typing import Any

import pytest
from heloscope.session.aio.session import Session
from heloscope.session.practice.server import PracticeServer
from support.practice_server import Client, practising, talking, unverified

GREETED = "EHLO me.example"


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


async def in_thread(server: PracticeServer, lead: Callable[[smtplib.SMTP], Any]) -> Any:
    def run() -> Any:
        with smtplib.SMTP(server.host, server.port, "me.example", timeout=10) as client:
            return lead(client)

    return await asyncio.to_thread(run)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
@pytest.mark.parametrize("initial", [True, False])
@pytest.mark.parametrize(("password", "code"), [("wonderland", 235), ("Wonderland", 535)])
async def test_smtplib_logs_in_inside_tls(mechanism: str, initial: bool, password: str, code: int):
    def lead(client: smtplib.SMTP) -> int:
        client.starttls(context=unverified())
        client.ehlo()
        client.user, client.password = "alice", password
        respond = getattr(client, "auth_" + mechanism.lower().replace("-", "_"))
        try:
            return client.auth(mechanism, respond, initial_response_ok=initial)[0]
        except smtplib.SMTPAuthenticationError as error:
            return error.smtp_code

    async with practising() as server:
        assert await in_thread(server, lead) == code


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"])
@pytest.mark.parametrize(("password", "code"), [("wonderland", 235), ("wrong", 535)])
async def test_session_logs_in_by_each_mechanism(mechanism: str, password: str, code: int):
    async with (
        practising() as server,
        Session(server.host, server.port, timeout=10, tls=server.trusted) as session,
    ):
        await session.starttls()
        try:
            reply = await session.login("alice", password, mechanism=mechanism)
        except smtplib.SMTPAuthenticationError as error:
            assert error.smtp_code == code
        else:
            assert reply == (code, b"2.7.0 Welcome, Alice Smith")


async def test_without_tls_only_mechanisms_that_hide_the_password_are_offered():
    async with practising() as server, talking(server) as client:
        assert b"250-AUTH CRAM-MD5 SCRAM-SHA-256" in await client.say(GREETED)
        [line] = await client.say("AUTH PLAIN " + b64("\0alice\0wonderland"))
        assert line == b"504 5.5.4 PLAIN exposes the password: send STARTTLS first"
        [challenge] = await client.say("AUTH CRAM-MD5")
        assert await client.code(cram(challenge)) == "235 2.7.0"


def cram(challenge: bytes, password: bytes = b"wonderland") -> str:
    """Return the CRAM-MD5 response to a challenge (RFC 2195 section 2)."""
    digest = hmac.new(password, base64.b64decode(challenge[4:]), "md5").hexdigest()
    return b64(f"alice {digest}")


async def test_a_client_that_is_logged_in_cannot_log_in_again():
    async with practising() as server, talking(server, GREETED) as client:
        [challenge] = await client.say("AUTH CRAM-MD5")
        assert await client.code(cram(challenge)) == "235 2.7.0"
        assert await client.code("AUTH CRAM-MD5") == "503 5.5.1"
        assert await client.code(GREETED, "NOOP") == "250 2.0.0"
        assert await client.code("AUTH CRAM-MD5") == "503 5.5.1"


async def test_a_login_is_not_possible_within_a_transaction_or_before_ehlo():
    async with practising() as server, talking(server) as client:
        assert await client.code("AUTH CRAM-MD5") == "503 5.5.1"
        assert await client.code("HELO me.example", "AUTH CRAM-MD5") == "503 5.5.1"
        assert await client.code(GREETED, "MAIL FROM:<a@b>", "AUTH CRAM-MD5") == "503 5.5.1"
        assert (await client.say("RSET", "AUTH CRAM-MD5"))[0].startswith(b"334 ")


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (("AUTH CRAM-MD5", "*"), "501 5.7.0"),
        (("AUTH CRAM-MD5", "not base64!"), "501 5.5.2"),
        (("AUTH CRAM-MD5", "YWxpY2U"), "501 5.5.2"),
        (("AUTH CRAM-MD5", "\u00e9"), "501 5.5.2"),
        (("AUTH CRAM-MD5", ""), "501 5.5.2"),
        (("AUTH CRAM-MD5", b64("alice")), "501 5.5.2"),
        (("AUTH CRAM-MD5", b64("bob " + "0" * 32)), "535 5.7.8"),
        (("AUTH CRAM-MD5", b64(b"\xff 0")), "501 5.5.2"),
        (("AUTH CRAM-MD5", "x" * 12289), "500 5.5.6"),
        (("AUTH CRAM-MD5", "x" * 40000), "500 5.5.6"),
        (("AUTH SCRAM-SHA-256 !",), "501 5.5.2"),
        (("AUTH SCRAM-SHA-256 =",), "501 5.5.2"),
        (("AUTH SCRAM-SHA-256", "", "*"), "501 5.5.2"),
        (("AUTH SCRAM-SHA-256 " + b64("hello"),), "501 5.5.2"),
        (("AUTH SCRAM-SHA-256 " + b64(b"\xff"),), "501 5.5.2"),
        (("AUTH SCRAM-SHA-256 " + b64("p=tls-unique,,n=alice,r=abc"),), "501 5.5.2"),
        (("AUTH SCRAM-SHA-256 " + b64("n,,n=alice,r=abc"), "*"), "501 5.7.0"),
        (("AUTH SCRAM-SHA-256 " + b64("n,,n=alice,r=abc"), b64("c=biws,r=x,p=eA==")), "501 5.5.2"),
    ],
)
async def test_an_exchange_that_fails_is_answered_and_the_next_command_is_read(
    lines: tuple[str, ...], answer: str
):
    async with practising() as server, talking(server, GREETED) as client:
        first = await client.say(lines[0])
        for line in lines[1:]:
            assert first[0][:3] == b"334"
            first = await client.say(line)
            if first[0][:3] != b"334":
                break
        assert " ".join(first[-1].decode().split()[:2]) == answer
        assert await client.code("NOOP") == "250 2.0.0"


@pytest.mark.parametrize("user", ["nobody", "bob"])
async def test_scram_does_not_reveal_whether_a_user_exists(user: str):
    async with (
        practising() as server,
        Session(server.host, server.port, timeout=10) as session,
    ):
        with pytest.raises(smtplib.SMTPAuthenticationError) as error:
            await session.login(user, "wonderland", mechanism="SCRAM-SHA-256")
        assert error.value.smtp_code == 535
        challenges = [row.data for row in session.transcript if row.data.startswith(b"334 ")]
        assert len(challenges) == 1  # refused at the proof, not at the name


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("\0alice\0wonderland", "235 2.7.0"),
        ("alice\0alice\0wonderland", "235 2.7.0"),
        ("bob\0alice\0wonderland", "535 5.7.8"),
        ("\0bob\0wonderland", "535 5.7.8"),
        ("\0alice\0", "535 5.7.8"),
        ("\0alice\0wonder\u00adland", "235 2.7.0"),  # SASLprep: a soft hyphen counts for nothing
        ("\0alice\0wonder\u0007land", "535 5.7.8"),
        ("alice wonderland", "501 5.5.2"),
        (b"\0alice\0\xff", "501 5.5.2"),
        ("", "501 5.5.2"),
    ],
)
async def test_plain_is_three_parts(response: str | bytes, answer: str):
    async with practising() as server:
        client = await inside_tls(server)
        try:
            assert await client.code(GREETED, f"AUTH PLAIN {b64(response) or '='}") == answer
            assert await client.code("NOOP") == "250 2.0.0"
        finally:
            await client.close()


async def inside_tls(server: PracticeServer) -> Client:
    reader, writer = await asyncio.open_connection(server.host, server.tls_port, ssl=unverified())
    client = Client(reader, writer)
    await client.reply()
    return client
