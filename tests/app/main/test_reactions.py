"""Reactions to events, without an app and without frames."""

from __future__ import annotations

from support import fixed_certificates as fixed
from support.servers import script_in_tls
from support.ui import connected, served

DELIVERY = """
    S: 220 ready
    C: EHLO
    S: 250 hello
    C: MAIL
    S: 250 ok
    C: RCPT
    S: 250 ok
    C: DATA
    S: 354 go on
    C: hi
    C: .
"""
TO_BOB = ("EHLO me", "MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>", "DATA")


async def test_354_opens_the_editor_with_the_draft():
    async with connected(DELIVERY + "S: 250 queued\nC: more") as desk:
        desk.sender.draft = "Subject: kept"
        await desk.type(*TO_BOB)
        assert desk.line.writing
        assert desk.line.draft == "Subject: kept"


async def test_a_message_that_is_accepted_ends_the_draft():
    async with connected(DELIVERY + "S: 250 queued\nC: more") as desk:
        await desk.type(*TO_BOB)
        desk.line.draft = desk.sender.draft = "hi"
        desk.router.send_message(b"hi\r\n")
        await desk.until(lambda: desk.sender.delivered)
        assert (desk.sender.draft, desk.line.draft) == ("", "")
        assert not desk.line.writing


async def test_a_message_that_is_refused_keeps_the_draft_and_says_so():
    async with connected(DELIVERY + "S: 554 no\nC: more") as desk:
        await desk.type(*TO_BOB)
        desk.line.draft = desk.sender.draft = "hi"
        desk.router.send_message(b"hi\r\n")
        await desk.until(lambda: desk.ui.told)
        assert desk.ui.told == [
            "The message was not accepted; the draft is kept for the next DATA."
        ]
        assert desk.sender.draft == "hi"
        assert not desk.sender.delivered


async def test_a_connection_that_ends_closes_the_editor_and_keeps_the_draft():
    async with connected(DELIVERY.partition("    C: hi")[0]) as desk:
        await desk.type(*TO_BOB)
        desk.line.draft = "half a mess"
        await desk.until(lambda: not desk.connections.connected)
        await desk.until(lambda: desk.ui.told)
        assert not desk.line.writing
        assert desk.sender.draft == "half a mess"
        assert desk.ui.told == ["The connection ended; the draft is kept for the next DATA."]


async def test_a_message_ended_by_hand_closes_the_editor():
    async with connected(DELIVERY + "S: 250 queued\nC: more") as desk:
        await desk.type(*TO_BOB)
        assert desk.line.writing
        await desk.sender.send_raw(b"hi\r\n.\r\n")
        await desk.until(lambda: desk.received[-1] == "250 queued")
        await desk.until(lambda: not desk.line.writing)


async def test_a_typed_starttls_begins_the_handshake():
    clear = "S: 220 ready\nC: EHLO\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go ahead"
    async with served(script_in_tls(clear, fixed.context("good"), "C: EHLO")) as desk:
        await desk.greeted()
        await desk.type("EHLO me", "STARTTLS")
        await desk.until(lambda: desk.connections.refused)  # its CA is not known here
        assert desk.ui.panel.page == "tls"


async def test_a_login_is_refused_until_the_next_reply():
    talk = """
        S: 220 ready
        C: EHLO
        S: 250-hello
        S: 250 AUTH CRAM-MD5
        C: AUTH
        S: 535 5.7.8 no
        C: NOOP
        S: 250 ok
        C: more
    """
    async with connected(talk) as desk:
        await desk.type("EHLO me")
        assert not desk.sender.login_refused
        await desk.type("AUTH CRAM-MD5")
        assert desk.sender.login_refused
        await desk.type("NOOP")
        assert not desk.sender.login_refused


async def test_another_session_is_followed_in_place_of_the_one_before():
    async with connected("S: 220 ready\nC: NOOP\nS: 250 ok\nC: more") as desk:
        first = desk.session
        desk.connections.reconnect()
        await desk.greeted(2)
        assert not first.connected
        assert desk.ui.told == []
        await desk.type("NOOP")
        assert desk.received[-1] == "250 ok"
