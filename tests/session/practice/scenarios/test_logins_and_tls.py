"""Scenarios about AUTH and TLS, greylisting and delays, with raw sockets, smtplib and ssl."""

from __future__ import annotations

import asyncio
import base64
import smtplib
import ssl
import time

import pytest
from heloscope.session.practice.scenarios.table import named, with_fields
from heloscope.session.practice.server import PracticeServer
from support.practice_server import Client, practising, talking, unverified
from support.practice_talk import QUICK, converse, play, play_on

GREETED = "EHLO me.example"


def plain(user: str, password: str) -> str:
    return base64.b64encode(f"\0{user}\0{password}".encode()).decode()


async def in_tls(client: Client) -> None:
    """Send STARTTLS, and perform the handshake."""
    assert await client.code("STARTTLS") == "220 2.0.0"
    await client.writer.start_tls(unverified())


async def test_logins_fail_by_user_name_and_the_sixth_is_disconnected():
    async with practising() as server:
        server.use("auth-fails")
        async with talking(server, GREETED) as client:
            await in_tls(client)
            await client.say(GREETED)
            for user, code in (("later", "454 4.7.0"), ("weak", "534 5.7.9"),
                               ("other", "504 5.5.4"), ("expired", "432 4.7.12"),
                               ("alice", "535 5.7.8")):  # fmt: skip
                assert await client.code(f"AUTH PLAIN {plain(user, 'x')}") == code
            assert await client.code(f"AUTH PLAIN {plain('alice', 'x')}") == "421 4.7.0"
            assert await client.reply() == []
        async with talking(server, GREETED) as client:
            await in_tls(client)
            await client.say(GREETED)
            assert await client.code(f"AUTH PLAIN {plain('alice', 'wonderland')}") == "235 2.7.0"


async def test_a_login_is_known_by_its_user_in_every_mechanism():
    def attempt(server: PracticeServer, mechanism: str) -> int:
        with smtplib.SMTP(server.host, server.port, timeout=10) as client:
            client.starttls(context=unverified())
            client.ehlo("me.example")
            client.user, client.password = "weak", "x"
            call = {"LOGIN": client.auth_login, "CRAM-MD5": client.auth_cram_md5}[mechanism]
            with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
                client.auth(mechanism, call)
            return caught.value.smtp_code

    async with practising() as server:
        server.use("auth-fails")
        for mechanism in ("LOGIN", "CRAM-MD5"):
            assert await asyncio.to_thread(attempt, server, mechanism) == 534


async def test_two_faced_lists_other_keywords_without_tls_within_tls_and_after_the_login():
    async with practising() as server:
        server.use("two-faced")
        async with talking(server) as client:
            listed = [await client.say(GREETED)]
            await in_tls(client)
            listed.append(await client.say(GREETED))
            assert await client.code("EXPN friends") == "502 5.5.1"
            assert await client.code(f"AUTH PLAIN {plain('alice', 'wonderland')}") == "235 2.7.0"
            listed.append(await client.say(GREETED))
            assert await client.code("EXPN friends") == "250 2.1.5"
    keywords = [[line[4:].decode() for line in lines[1:]] for lines in listed]
    found = [[k for k in ("STARTTLS", "AUTH PLAIN", "EXPN") if k in lines] for lines in keywords]
    assert found == [["STARTTLS"], ["AUTH PLAIN"], ["AUTH PLAIN", "EXPN"]]


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [
        ("friendly", ""),
        ("tls", ""),
        ("tls-expired", "certificate has expired"),
        ("tls-other-name", "IP address mismatch"),
        ("tls-self-signed", "self-signed certificate"),
        ("tls-no-intermediate", "unable to get local issuer certificate"),
    ],
)
async def test_the_certificate_is_as_the_scenario_says(scenario: str, reason: str):
    def handshake(server: PracticeServer, *, implicit: bool) -> str:
        context = ssl.create_default_context(cafile=server.ca_file())
        try:
            if implicit:
                with smtplib.SMTP_SSL(server.host, server.tls_port, timeout=10, context=context):
                    return ""
            with smtplib.SMTP(server.host, server.port, timeout=10) as client:
                client.starttls(context=context)
                client.ehlo("me.example")
                return ""
        except ssl.SSLCertVerificationError as error:
            return error.verify_message

    async with practising() as server:
        server.use(scenario)
        assert reason in await asyncio.to_thread(handshake, server, implicit=False)
        found = await asyncio.to_thread(handshake, server, implicit=True)
        assert reason in found and bool(found) == bool(reason)
        trusted = server.trusted()
        assert bool(trusted.pinned) != bool(reason)


async def test_a_reply_is_injected_in_cleartext_before_tls():
    async with practising() as server:
        server.use("tls-inject")
        async with talking(server, GREETED) as client:
            await client.send(b"STARTTLS\r\n")
            both = await client.reader.read(1000)  # one segment: nothing of it is the handshake's
            assert both == (b"220 2.0.0 Ready to start TLS\r\n250 2.0.0 OK, injected in clear\r\n")
            await client.writer.start_tls(unverified())
            assert await client.code("NOOP") == "250 2.0.0"


async def test_tls_begins_at_once_after_a_220_that_came_in_pieces():
    rule = {"on": "STARTTLS", "carry-out": True, "pieces": [10, 19, 1], "gap": 0.1}
    async with practising() as server:
        server.use(with_fields(named("friendly"), {"rule": [rule]}))
        async with asyncio.timeout(10), talking(server, GREETED) as client:
            await in_tls(client)
            assert await client.code("NOOP") == "250 2.0.0"


@pytest.mark.parametrize(("scenario", "kept"), [("tls-glued", True), ("tls", False)])
async def test_a_broken_server_executes_what_follows_starttls_in_the_same_packet(
    scenario: str, kept: bool
):
    async with practising() as server:
        server.use(scenario)
        async with talking(server, GREETED) as client:
            await client.send(b"STARTTLS\r\nEHLO glued.example\r\n")
            assert (await client.reply())[0].startswith(b"220 2.0.0")
            await client.writer.start_tls(unverified())
            if kept:
                assert (await client.reply())[0] == b"250-practice.test greets glued.example"
            assert await client.code("NOOP") == "250 2.0.0"


async def test_masked_starttls_and_the_others_are_seen_by_smtplib():
    def features(server: PracticeServer) -> set[str]:
        with smtplib.SMTP(server.host, server.port, timeout=10) as client:
            client.ehlo("me.example")
            return set(client.esmtp_features)

    async with practising() as server:
        server.use("tls-masked")
        found = await asyncio.to_thread(features, server)
        assert "xxxxxxxa" in found and "starttls" not in found


TRIPLE = """
S: 220
C: EHLO me.example
S: 250
C: MAIL FROM:<{}>
S: 250
C: RCPT TO:<alice@practice.test>
S: {}
"""


async def test_a_new_triple_waits_and_each_port_remembers_for_itself():
    async with practising() as server:
        # 60 lesson seconds are 0.3 seconds
        server.use(with_fields(named("greylist-two"), {"clock": 200}))
        await play_on(server, TRIPLE.format("a@client.example", "451 4.7.1"))
        await play_on(server, TRIPLE.format("a@client.example", "451 4.7.1"))
        await asyncio.sleep(0.31)
        await play_on(server, TRIPLE.format("b@client.example", "451 4.7.1"))
        second = TRIPLE.format("a@client.example", "451")
        second = second.replace("S: 220", "S: 220 mx2.practice.test", 1)
        await play_on(server, second, server.second_port)
        await play_on(server, TRIPLE.format("a@client.example", "250")
                      + "C: RCPT TO:<bob@practice.test>\nS: 250\n")  # fmt: skip
        server.use("friendly")
        await play_on(server, TRIPLE.format("z@client.example", "250"))


async def test_the_hundred_and_first_recipient_waits():
    async with practising() as server:
        server.use("too-many")
        async with talking(server, GREETED, "MAIL FROM:<>") as client:
            rcpt = "RCPT TO:<bob@practice.test>"
            assert await client.code(*[rcpt] * 100) == "250 2.1.5"
            assert await client.code(rcpt) == "452 4.5.3"


async def test_a_distant_server_sends_the_replies_to_a_group_at_once():
    async with practising() as server:
        server.use(with_fields(named("far-pipelining"), {"clock": 2}))
        async with talking(server, GREETED) as client:
            began = time.monotonic()
            await client.send(b"MAIL FROM:<>\r\nRCPT TO:<bob@practice.test>\r\nDATA\r\n")
            data = await client.reader.read(1000)
            assert [line[:3] for line in data.splitlines()] == [b"250", b"250", b"354"]
            assert 0.1 <= time.monotonic() - began < 5


async def test_a_client_that_speaks_before_the_greeting_is_refused():
    async with practising() as server:
        server.use(with_fields(named("slow-greeting"), {"clock": 20}))
        reader, writer = await asyncio.open_connection(server.host, server.port)
        client = Client(reader, writer)
        await client.send(b"EHLO me.example\r\n")
        script = "S: 554 practice.test\nS: 503\nC: NOOP\nS: 503 5.5.1\nC: QUIT\nS: 221\nEND"
        await converse(client, script)
        await client.close()


async def test_the_time_of_a_scenario_is_scaled_by_its_clock():
    began = time.monotonic()
    await play("tarpit", "S: 220\nC: NOOP\nS: 250\n", clock=QUICK)
    assert 0.02 <= time.monotonic() - began < 5
