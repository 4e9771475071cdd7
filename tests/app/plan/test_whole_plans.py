"""Plans that go from connecting to QUIT, with TLS and login, and connecting step by step."""

from __future__ import annotations

import asyncio
from pathlib import Path
from unittest import mock

import pytest
from heloscope.app.connect.profile import REQUIRED, Profile
from heloscope.app.dialogs.connect import ConnectScreen
from heloscope.app.runtime.settings import Settings
from support.servers import VerbServer
from support.stage import NARROW, Stage, in_tls, played
from support.stage_plan import LETTER, done, letter, order, row
from textual.widgets import Checkbox, Input

__all__ = ["letter"]  # a fixture


def verbs(stage: Stage) -> list[str]:
    stepping = stage.main.plan
    return [
        *(each.planned.verb for each in stepping.status.done),
        *(planned.verb for planned in stepping.status.foreseen),
    ]


async def log_in(stage: Stage) -> None:
    """Log in as alice with the plan of :login."""
    await order(stage, ":login alice")
    await stage.until(lambda: stage.app.screen.query("#secret:focus"))
    await stage.write("wonderland")
    await stage.press("enter")
    await done(stage)
    await stage.press("f5")
    await done(stage)
    assert stage.session.conversation.authenticated


async def form(stage: Stage, letter: Path) -> None:
    """Fill in the form to send a message from a file over a new connection."""
    await stage.put(":send")
    await stage.until(lambda: stage.app.screen.query("#from:focus"))
    await stage.press("tab", "tab", "right")
    stage.app.screen.query_one("#file", Input).value = str(letter)
    stage.app.screen.query_one("#steps").focus()
    await stage.press("right")
    said = " ".join(stage.seen("SendScreen > Vertical").replace("│", " ").split())
    assert "connects, repeats TLS and login, and ends with QUIT" in said
    await stage.press("ctrl+d")
    if stage.session.connected:
        await agree(stage)
    await done(stage)


async def agree(stage: Stage) -> None:
    """Answer yes to the question whether to close the current connection."""
    assert "Close this connection?" in stage.screen
    assert stage.session.connected
    await stage.press("y")
    await done(stage)


WHOLE = ["connect", "EHLO", "STARTTLS", "TLS", "EHLO", "AUTH", "(auth)", "(auth)",
         "MAIL", "RCPT", "RCPT", "DATA", ".", "QUIT"]  # fmt: skip


async def test_a_delivery_is_one_plan_from_connecting_to_quit(letter: Path):
    async with Stage().run() as stage:
        stage.app.connections.choose(Profile(policy=REQUIRED))
        await stage.put(":reconnect")
        await stage.until(lambda: stage.session.tls and not stage.session.stage)
        await stage.quiet()
        await log_in(stage)
        await form(stage, letter)
        assert row(stage, "▶ connect to 127.0.0.1:2525")
        assert verbs(stage) == WHOLE  # all of it is foreseen, from what was offered before
        assert not stage.session.connected
        await stage.press("f5")
        await done(stage)
        assert verbs(stage) == WHOLE
        last = stage.main.plan.status.done[-1].reply
        assert last is not None and last.code == 221
        [message] = stage.practice.mailboxes.of["alice"]
        assert message.content == LETTER
        assert "wonderland" not in stage.screen


async def test_the_login_is_repeated_where_a_lost_connection_had_one(letter: Path):
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await log_in(stage)
        await order(stage, f":send {letter}", "")
        await stage.session.close()
        await stage.settle()
        await order(stage, ":restart")
        assert verbs(stage)[:5] == ["connect", "EHLO", "AUTH", "(auth)", "(auth)"]
        await stage.press("f5")
        await done(stage)
        [message] = stage.practice.mailboxes.of["alice"]
        assert message.content == LETTER
        assert stage.session.conversation.authenticated


@pytest.mark.parametrize("ways", [(":starttls", ":run"), ("STARTTLS",)], ids=["led", "typed"])
async def test_what_was_inside_tls_is_inside_tls_again(ways: tuple[str, ...], letter: Path):
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await order(stage, *ways)
        await stage.until(lambda: stage.session.tls)
        await stage.type("EHLO me")
        await log_in(stage)
        await order(stage, f":send {letter}", "")
        await stage.session.close()
        await stage.settle()
        await order(stage, ":restart")
        assert verbs(stage) == WHOLE[:-1]
        await stage.press("f5")
        await done(stage)
        assert verbs(stage) == WHOLE[:-1]
        assert stage.session.tls


async def test_where_tls_is_gone_nothing_goes_on_in_clear(letter: Path):
    clear = """
        S: 220 hi
        C: EHLO
        S: 250-hi
        S: 250 AUTH CRAM-MD5
    """
    async with Stage().run() as stage:
        await stage.type("EHLO me", "STARTTLS")
        await stage.until(lambda: stage.session.tls)
        await stage.type("EHLO me")
        await log_in(stage)
        await order(stage, f":send {letter}", "")
        await stage.session.close()
        await stage.settle()
        stage.serve = played(clear).serve
        with mock.patch.object(stage.practice, "connection", stage.playing):
            await order(stage, ":restart")
            await stage.press("f5")
            await done(stage)
        assert "STARTTLS" in stage.main.plan.status.end()
        assert stage.sent.startswith(b"EHLO ") and stage.sent.count(b"\r\n") == 1


async def test_nobody_is_logged_in_at_another_server(letter: Path):
    other = "S: 220 hi\nC: EHLO\nS: 250-hi\nS: 250 AUTH SCRAM-SHA-256 CRAM-MD5\nC: MAIL"
    stage = Stage()
    stage.serve = played(other).serve
    async with stage.run() as stage:
        await stage.type("EHLO me")
        await log_in(stage)
        await order(stage, ":connect mail.example.org")
        await stage.greeted(2)
        await order(stage, f":send {letter}")
        await stage.session.close()
        await stage.settle()
        await order(stage, ":restart")
        await stage.press("f5")
        await done(stage)
        assert b"AUTH" not in stage.sent
        assert b"MAIL FROM" in stage.sent


async def test_connecting_is_stepped(letter: Path):
    async with Stage().run() as stage:
        await stage.put(":dial practice")
        await agree(stage)
        assert not stage.session.connected
        assert row(stage, "▶ connect to 127.0.0.1:2525")
        await order(stage, "")
        assert stage.session.connected
        assert row(stage, "✓ connect to").split()[-3] == "220"
        assert stage.sent == b""


async def test_connecting_is_stepped_up_to_tls_where_the_dialog_says_so():
    async with Stage().run() as stage:
        await stage.press("ctrl+o")
        await stage.write("practice")
        await stage.press("tab", "tab", "right", "right", "f10")
        await agree(stage)
        assert stage.app.screen is stage.main
        assert verbs(stage) == ["connect", "EHLO", "STARTTLS", "TLS", "EHLO"]
        await stage.press("f5")
        await done(stage)
        assert stage.session.tls
        assert stage.session.has_extn("AUTH")


async def test_a_recent_server_is_stepped_to_from_the_list():
    async with Stage().run() as stage:
        await stage.put(":dial")
        assert isinstance(stage.app.screen, ConnectScreen)
        said = stage.seen("ConnectScreen > FormFields")
        assert "Connect, step by step" in said and "Enter creates the plan" in said
        await stage.press("down", "enter")
        await agree(stage)
        assert row(stage, "▶ connect to 127.0.0.1:2525")


async def test_connecting_that_fails_says_why_in_the_plan():
    async with Stage().run() as stage:
        await stage.put(":dial mail.example.org")
        await agree(stage)
        await order(stage, "")
        assert row(stage, "✗ connect to mail.example.org:25")
        said = " ".join(stage.seen("#facts").replace("│", " ").split())
        assert "refused the connection. Check the port: 25 between servers, 587 or 465" in said


async def test_a_greeting_that_refuses_service_is_explained_in_the_plan():
    async with played("S: 554 no service\nC: more").run() as stage:
        await stage.put(":dial mail.example.org")
        if stage.session.connected:
            await agree(stage)
        await order(stage, "")
        assert stage.main.plan.status.done[0].refused
        said = " ".join(stage.seen("#facts").replace("│", " ").split())
        assert "Cannot be sent again" in said and ":reconnect (F9) reconnects." in said


async def test_a_plan_that_connects_is_begun_again_by_r():
    async with Stage().run() as stage:
        await stage.put(":dial practice")
        await agree(stage)
        await order(stage, "")
        await stage.press("f11", "r")
        await agree(stage)
        assert row(stage, "▶ connect to 127.0.0.1:2525")


async def test_without_a_connection_the_form_is_filled_all_the_same(letter: Path):
    async with Stage().run() as stage:
        await stage.type("EHLO me", "QUIT")
        await stage.until(lambda: not stage.session.connected)
        await stage.put(":send")
        await stage.until(lambda: stage.app.screen.query("#from:focus"))
        await stage.write("a@example.org")
        await stage.press("enter")
        await stage.write("alice@practice.test")
        await stage.press("ctrl+d")
        await done(stage)
        assert row(stage, "▶ connect to 127.0.0.1:2525")
        await stage.press("f5")
        await done(stage)
        assert len(stage.practice.mailboxes.of["alice"]) == 1


async def test_what_was_inside_tls_by_hand_is_inside_tls_again_after_a_lost_connection(
    letter: Path,
):
    async with Stage().run() as stage:
        await stage.type("EHLO me", "STARTTLS")
        await stage.until(lambda: stage.session.tls)
        await stage.type("EHLO me")
        await log_in(stage)
        await order(stage, f":send {letter}", "")
        await stage.session.close()
        await stage.settle()
        await order(stage, ":restart")
        assert verbs(stage) == WHOLE[:-1]
        await stage.press("f5")
        await done(stage)
        assert [message.content for message in stage.practice.mailboxes.of["alice"]] == [LETTER]
        clear = [row.data for row in stage.session.transcript if row.sent and not row.tls]
        assert [line.split()[0] for line in clear] == [b"EHLO", b"STARTTLS"]


async def test_a_connection_of_its_own_has_tls_as_the_one_that_it_is_begun_in(letter: Path):
    async with Stage().run() as stage:
        await stage.type("EHLO me", "STARTTLS")
        await stage.until(lambda: stage.session.tls)
        await stage.type("EHLO me")
        await log_in(stage)
        await form(stage, letter)
        assert verbs(stage) == WHOLE


async def test_where_tls_stood_and_is_not_offered_any_more_nothing_goes_out_in_clear(
    letter: Path, monkeypatch: pytest.MonkeyPatch
):
    bare = "S: 220 hi\nC: EHLO\nS: 250-hi\nS: 250 SIZE\nC: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok"
    stage = Stage()
    async with stage.run() as stage:
        await stage.type("EHLO me", "STARTTLS")
        await stage.until(lambda: stage.session.tls)
        await stage.type("EHLO me")
        await order(stage, f":send {letter}", "")
        await stage.session.close()
        await stage.settle()
        stage.serve = played(bare).serve

        def another() -> asyncio.Protocol:
            return asyncio.StreamReaderProtocol(asyncio.StreamReader(), stage._play)

        monkeypatch.setattr(stage.practice, "connection", another)
        await order(stage, ":restart")
        await stage.press("f5")
        await done(stage)
        assert b"MAIL" not in stage.sent
        said = " ".join(stage.seen("#facts").replace("│", " ").split())
        assert "STARTTLS extension not supported by server" in said


TAKES = """
    S: 220 hi
    C: EHLO
    S: 250 hi
    C: MAIL
    S: 250 ok
    C: RCPT
    S: 250 ok
    C: RCPT
    S: 250 ok
    C: DATA
    S: 354 go on
"""
MESSAGE = "".join(f"C: {line}\n" for line in (LETTER + b"..\r\n").decode().split("\r\n")[:-1])


async def cut_off(stage: Stage, letter: Path) -> str:
    """Run a whole plan until the server closes the connection. Return the text of the plan."""
    await stage.type("NOOP")
    await form(stage, letter)
    await stage.press("f5")
    await done(stage)
    return " ".join(stage.seen("#facts").replace("│", " ").split())


async def test_a_server_that_hangs_up_in_place_of_the_answer_to_quit_has_taken_the_message(
    letter: Path,
):
    talk = f"{TAKES}{MESSAGE}S: 250 taken\nC: QUIT"
    async with played(talk).run() as stage:
        said = await cut_off(stage, letter)
        assert "QUIT\r\n" in stage.sent.decode()
        assert stage.main.plan.status.end() == "Done."
        assert "r reconnects" not in said


async def test_a_message_that_had_no_reply_may_have_been_taken_and_the_plan_says_so(letter: Path):
    async with played(TAKES + MESSAGE).run() as stage:
        said = await cut_off(stage, letter)
        assert (
            "It is not known whether the server accepted the message: if sent again, it may" in said
        )


async def test_a_handshake_that_is_cut_off_is_told_in_words():
    talk = "S: 220 hi\nC: EHLO\nS: 250-hi\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go on\nC: hello"
    async with played(talk).run() as stage:
        await stage.put(":starttls")
        await done(stage)
        await stage.press("f5")
        await done(stage)
        assert "TLS handshake" in stage.main.plan.status.end()


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
async def test_a_password_that_the_server_repeats_is_not_shown_in_the_plan(verb: str, letter: Path):
    echo = "550 5.7.1 wonderland, or d29uZGVybGFuZA=="
    server = VerbServer("AUTH LOGIN", AUTH="334 UGFzc3dvcmQ6", answer="235 ok", **{verb: echo})
    async with Stage("mail.example.org", server).run() as stage:
        await stage.type("EHLO me")
        await order(stage, ":login alice")
        await stage.until(lambda: stage.app.screen.query("#secret:focus"))
        stage.app.screen.query_one("#in-clear", Checkbox).toggle()
        await stage.settle()
        await stage.write("wonderland")
        await stage.press("enter")
        await done(stage)
        await stage.press("f5")
        await done(stage)
        assert stage.session.conversation.authenticated
        await order(stage, f":send {letter}")
        await stage.press("f5")
        await done(stage)
        assert "5.7.1" in stage.seen("#facts")
        for key in ("f11", "up", "up", "up"):
            assert "wonderland" not in stage.screen
            assert "d29uZGVybGFuZA" not in stage.screen
            await stage.press(key)


async def test_a_plan_that_ends_for_a_certificate_says_what_to_do_as_by_hand():
    told = []
    for begin in (("STARTTLS",), (":starttls", "", "", "")):
        async with in_tls("expired", Settings()).run(NARROW) as stage:
            await stage.type("EHLO me")
            for line in begin:
                await stage.put(line)
                await stage.until(lambda stage=stage: not stage.main.plan.status.busy)
            await stage.until(lambda stage=stage: stage.notices)
            told.append(stage.notices[-1])
    assert all(words.endswith(":tls (F8) shows why; :trust accepts the certificate.")
               for words in told), told  # fmt: skip


async def test_a_long_secret_does_not_push_out_what_enter_does():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", "STARTTLS")
        await stage.until(lambda: stage.session.tls)
        await stage.type("EHLO me")
        await stage.put(":login alice")
        await stage.until(lambda: stage.app.screen.query("#secret:focus"))
        await stage.press(*"wonderland", "enter")
        await stage.until(lambda: stage.main.plan.status.next)
        await stage.settle()
        assert stage.hint.startswith("AUTH SCRAM-SHA-256 ********   Enter sends it, F5")
