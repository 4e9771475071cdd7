"""TLS policies start TLS automatically, or the user is told why not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from heloscope.app.connect.profile import IMPLICIT, OFFERED, REQUIRED, Profile
from heloscope.session.events import Note
from support import fixed_certificates as fixed
from support.servers import Serve, script, script_in_tls
from support.stage import Stage, played

OFFERING = """
    S: 220 mail.example.org ESMTP
    C: EHLO
    S: 250-mail.example.org
    S: 250 STARTTLS
    C: STARTTLS
    S: 220 go ahead
"""
REFUSING = OFFERING.replace("220 go ahead", "454 4.7.0 not now") + "    C: QUIT"
WITHOUT = """
    S: 220 mail.example.org ESMTP
    C: EHLO
    S: 250-mail.example.org
    S: 250 SIZE
    C: QUIT
"""
INSIDE = """
    C: EHLO
    S: 250-mail.example.org
    S: 250 AUTH PLAIN
    C: QUIT
"""


async def connected(stage: Stage, way: Profile) -> None:
    """Connect with this profile, and wait until it is the user's turn."""
    stage.app.connections.connect(way)
    await stage.until(lambda: stage.app.connections.attempt is None)
    await stage.settle()


def staged(serve: Serve) -> Stage:
    stage = Stage(now=fixed.NOW, trusted=fixed.CA)
    stage.serve = serve
    return stage


@pytest.mark.parametrize("policy", [OFFERED, REQUIRED])
async def test_where_it_is_offered_the_conversation_is_led_into_tls(policy: str):
    serve = script_in_tls(OFFERING, fixed.context("good"), INSIDE)
    async with staged(serve).run() as stage:
        await connected(stage, Profile("mail.example.org:587", policy=policy, hello="me.example"))
        assert stage.wire == [
            "S: 220 mail.example.org ESMTP",
            "C: EHLO me.example",
            "S: 250-mail.example.org",
            "S: 250 STARTTLS",
            "C: STARTTLS",
            "S: 220 go ahead",
            "C: EHLO me.example",
            "S: 250-mail.example.org",
            "S: 250 AUTH PLAIN",
        ]
        assert stage.session.tls
        assert stage.notices == []
        assert "TLS 1.3  ready for MAIL" in stage.lines[0]


@pytest.mark.parametrize(
    ("server", "why"),
    [
        (WITHOUT, "the server does not offer STARTTLS"),
        (REFUSING, "the server refused STARTTLS"),
    ],
    ids=["not offered", "refused"],
)
async def test_if_offered_goes_on_in_clear_with_a_remark(server: str, why: str):
    async with staged(script(server)).run() as stage:
        await connected(stage, Profile("mail.example.org", policy=OFFERED, hello="me"))
        assert stage.session.connected
        assert not stage.session.tls
        assert f"{why}: continuing without TLS" in stage.seen("#transcript")
        (notice,) = stage.notices
        assert notice.startswith(f"Unencrypted: {why}. Anyone on the network path can read")
        await stage.type("QUIT")


@pytest.mark.parametrize(
    ("server", "why"),
    [
        (WITHOUT, "the server does not offer STARTTLS"),
        (REFUSING, "the server answered 454 4.7.0 not now"),
    ],
    ids=["not offered", "refused"],
)
async def test_required_hangs_up_and_says_why(server: str, why: str):
    async with staged(script(server)).run() as stage:
        await connected(stage, Profile("mail.example.org", policy=REQUIRED, hello="me"))
        assert not stage.session.connected
        (notice,) = stage.notices
        assert notice.startswith(
            f"No TLS: {why}. STARTTLS was required, so heloscope closed the connection"
        )
        assert "AUTH" not in stage.sent.decode()
        assert "closed by us" in stage.seen("#transcript")


async def test_required_says_quit_where_ehlo_and_helo_are_refused():
    refusing = "S: 220 hi\nC: EHLO\nS: 502 no\nC: HELO\nS: 502 no\nC: QUIT\nS: 221 bye\nC: the end"
    async with staged(script(refusing)).run() as stage:
        await connected(stage, Profile("mail.example.org", policy=REQUIRED, hello="me"))
        assert not stage.session.connected
        assert stage.sent == b"EHLO me\r\nHELO me\r\nQUIT\r\n"
        (notice,) = stage.notices
        assert notice.startswith("No TLS: the server answered 502 no. STARTTLS was required")


async def test_required_ends_with_the_certificate_that_failed_and_trust_goes_on_to_the_end():
    serve = script_in_tls(OFFERING, fixed.context("expired"), INSIDE)
    async with staged(serve).run() as stage:
        await connected(stage, Profile("mail.example.org", policy=REQUIRED, hello="me"))
        assert not stage.session.connected
        assert "No TLS: expired" in stage.seen("#tls")
        await stage.put(":trust")
        await stage.press("y")
        await stage.until(lambda: stage.session.conversation.greeted_with and stage.session.tls)
        await stage.quiet()
        assert stage.sent == b"EHLO me\r\nSTARTTLS\r\nEHLO me\r\n"
        assert "not verified" in stage.lines[0]


async def test_a_greeting_that_refuses_ends_it_there():
    async with staged(script("S: 554 5.7.1 not you\nC: QUIT")).run() as stage:
        await connected(stage, Profile("mail.example.org", policy=REQUIRED))
        assert stage.wire == ["S: 554 5.7.1 not you", "C: QUIT"]  # RFC 5321 section 3.1


async def test_implicit_is_tls_from_the_first_byte():
    serve = script_in_tls("", fixed.context("good"), "S: 220 ready\n" + INSIDE)
    async with staged(serve).run() as stage:
        await connected(stage, Profile("mail.example.org", policy=IMPLICIT))
        await stage.until(lambda: stage.wire)
        assert stage.session.tls
        assert stage.session.target is not None
        assert stage.session.target.port == 465
        await stage.settle()
        assert "mail.example.org:465  TLS 1.3" in stage.lines[0]


async def test_a_bad_certificate_on_465_can_be_trusted_too():
    serve = script_in_tls("", fixed.context("expired"), "S: 220 ready\n" + INSIDE)
    async with staged(serve).run() as stage:
        await connected(stage, Profile("smtps://mail.example.org"))
        assert "No TLS: expired" in stage.seen("#tls")
        assert stage.sent == b""
        await stage.put(":trust")
        await stage.press("y")
        await stage.until(lambda: stage.session.tls and stage.wire)
        await stage.settle()
        assert stage.wire == ["S: 220 ready"]
        assert "not verified" in stage.lines[0]


async def test_an_own_ca_file_is_trusted_in_place_of_the_systems(tmp_path: Path):
    serve = script_in_tls(OFFERING, fixed.context("good"), INSIDE)
    stage = Stage(now=fixed.NOW, trusted=tmp_path / "none")
    stage.serve = serve
    async with stage.run() as stage:
        await connected(stage, Profile("mail.example.org", policy=REQUIRED))
        assert "No TLS: unknown authority" in stage.seen("#tls")
        await connected(stage, Profile("mail.example.org", policy=REQUIRED, ca_file=str(fixed.CA)))
        assert stage.session.tls


async def test_the_practice_server_knows_every_policy():
    async with Stage().run() as stage:
        for policy in (OFFERED, REQUIRED, IMPLICIT):
            await connected(stage, Profile("practice", policy=policy))
            assert stage.session.tls
        assert "not verified" not in stage.lines[0]


async def test_esc_gives_up_while_it_is_led_into_tls():
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        await asyncio.Event().wait()

    async with staged(slow).run() as stage:
        stage.app.connections.connect(Profile("mail.example.org", policy=REQUIRED, hello="me"))
        await stage.until(lambda: stage.sent)
        stage.clock.now += 5
        await stage.settle()
        assert "no reply to EHLO yet, 04:54 left" in stage.lines[0]
        await stage.press("escape")
        await stage.until(lambda: not stage.session.connected)
        assert "Connecting was cancelled." in stage.notices
        assert stage.sent == b"EHLO me\r\n"


async def test_esc_gives_up_waiting_for_the_greeting():
    async with staged(script("C: never")).run() as stage:
        stage.app.connections.connect("mail.example.org")
        await stage.until(lambda: len(stage.view.sections) == 2 and stage.session.connected)
        stage.clock.now += 2.5
        await stage.settle()
        assert "waiting for the greeting  04:57 left, Esc cancels" in stage.lines[0]
        await stage.press("escape")
        await stage.until(lambda: not stage.session.connected)
        assert "Connection closed: the server has not sent a greeting." in stage.notices


async def test_what_is_waited_for_is_told_with_how_long_yet():
    async with Stage().run() as stage:
        await stage.put(":connect silent.example.org")
        await stage.until(lambda: "connecting, 30 s left, Esc cancels" in stage.lines[0]
                          or "connecting, 29 s left, Esc cancels" in stage.lines[0])  # fmt: skip
        await stage.press("escape")
        await stage.until(lambda: "cancelled" in stage.seen("#transcript"))
        assert "Connecting was cancelled." in stage.notices


async def test_esc_with_a_greeted_server_hangs_up_nothing():
    async with Stage().run() as stage:
        await stage.press("escape", "escape")
        assert stage.session.connected


async def test_the_remark_is_kept_with_the_conversation():
    async with staged(script(WITHOUT)).run() as stage:
        await connected(stage, Profile("mail.example.org", policy=OFFERED, hello="me"))
        notes = [event for event in stage.session.transcript.events() if isinstance(event, Note)]
        assert [note.kind for note in notes] == ["in-clear"]


async def test_a_password_goes_in_clear_only_when_one_insists():
    conversation = """
        S: 220 mail.example.org ESMTP
        C: EHLO
        S: 250-mail.example.org
        S: 250 AUTH PLAIN LOGIN
        C: AUTH
        S: 235 welcome
        C: QUIT
    """
    for insisting in (False, True):
        async with played(conversation).run() as stage:
            await stage.type("EHLO me")
            await stage.put(":login")
            await stage.until(lambda: stage.app.screen.query("#user:focus"))
            said = " ".join(stage.seen("LoginScreen > Vertical").replace("│", " ").split())
            assert "would expose the password to anyone on the network path: use TLS first" in said
            if insisting:
                await stage.press("tab", "tab", "space", "shift+tab", "shift+tab")
            await stage.write("alice")
            await stage.press("enter")
            await stage.write("sesame4711")
            await stage.press("enter")
            await stage.until(lambda: stage.main.plan.status.next or stage.main.plan.status.end())
            await stage.press("f5")
            if insisting:
                await stage.until(lambda: stage.session.conversation.authenticated)
            else:
                await stage.until(lambda: stage.main.plan.status.end())
                assert b"AUTH" not in stage.sent
            assert "sesame" not in stage.screen


async def test_the_mechanism_is_chosen_in_the_dialog_and_no_other_is_tried():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.put(":login")
        await stage.until(lambda: stage.app.screen.query("#user:focus"))
        await stage.press(*"alice", "tab", "tab", "right", "right")  # after SCRAM-SHA-256
        said = " ".join(stage.seen("LoginScreen > Vertical").replace("│", " ").split())
        assert "CRAM-MD5 strength: weak" in said
        assert "SCRAM-SHA-256 CRAM-MD5 was requested" in said
        await stage.press("shift+tab")
        await stage.write("wonderland")
        await stage.press("enter")
        await stage.until(lambda: stage.main.plan.status.next)
        await stage.press("f5")
        await stage.until(lambda: stage.session.conversation.authenticated)
        assert b"AUTH CRAM-MD5\r\n" in stage.sent
        assert b"SCRAM" not in stage.sent


async def test_the_mechanism_that_an_order_names_stands_in_the_dialog_and_a_token_is_called_one():
    talk = "S: 220 hi\nC: EHLO\nS: 250-hi\nS: 250 AUTH XOAUTH2 PLAIN\nC: QUIT"
    async with played(talk).run() as stage:
        await stage.type("EHLO me")
        await stage.put(":auth xoauth2")
        await stage.until(lambda: stage.app.screen.query("#user:focus"))
        said = stage.seen("LoginScreen > Vertical")
        assert "‹ XOAUTH2 ›" in said and "Token, not shown" in said
        await stage.press("tab", "tab", "tab", "left", "left")
        assert "Password, not shown" in stage.seen("LoginScreen > Vertical")


async def test_a_mechanism_that_heloscope_does_not_speak_is_said_before_anything_is_asked():
    talk = "S: 220 hi\nC: EHLO\nS: 250-hi\nS: 250 AUTH DIGEST-MD5 PLAIN\nC: QUIT"
    async with played(talk).run() as stage:
        await stage.type("EHLO me")
        await stage.put(":auth digest-md5")
        assert stage.app.screen is stage.main
        assert stage.notices[-1].startswith(
            "heloscope does not support DIGEST-MD5. It supports SCRAM"
        )
