"""Commands typed between the steps of a plan, and plans that are restarted."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from heloscope.app.connect.profile import REQUIRED, Profile
from support.servers import VerbServer, script
from support.stage import Stage
from support.stage_plan import LETTER, begun, by_hand, done, letter, order, plan, row, wide

NOT_YET = "Not yet: the server is waiting for the message. :message (F7) opens the editor."

__all__ = ["letter"]  # a fixture
REFUSES = {"MAIL FROM:<you@example.org>": "550 5.7.1 not you", "EHLO": "250 mail.example.org"}


# Pausing


async def test_a_run_is_paused_at_the_next_step_by_p_and_by_ctrl_c(letter: Path):
    for key in ("p", "ctrl+c"):
        gate = asyncio.Event()
        server = VerbServer(EHLO="250 me", MAIL=(gate, "250 ok"))
        async with wide(server).run() as stage:
            await begun(stage, letter)
            await stage.press("c")
            assert "Running. Waiting: MAIL" in plan(stage)
            await stage.press(key)
            assert "Pausing." in plan(stage)
            gate.set()
            await done(stage)
            assert "▶ RCPT" in plan(stage)
            assert not stage.main.plan.status.busy
            await order(stage, ":pause")
            assert stage.notices[-1] == "Nothing to pause: no run is in progress."


async def test_ctrl_c_twice_gives_up_what_waits_for_ever(letter: Path):
    server = VerbServer(EHLO="250 me", MAIL=(asyncio.Event(), "250 ok"))
    async with wide(server).run() as stage:
        await begun(stage, letter)
        await stage.press("c", "ctrl+c", "ctrl+c")
        await done(stage)
        assert stage.notices[-1].startswith("The procedure was cancelled.")
        assert not stage.main.plan.status.active


# Restarting


async def test_it_begins_again_with_what_was_edited_and_rset_where_one_is_open(letter: Path):
    async with Stage().run() as stage:
        await begun(stage, letter, "e")
        stage.composer.text = "MAIL FROM:<other@example.org>"
        await stage.press("enter", "f10")
        await done(stage)
        await stage.press("f11", "r")
        await done(stage)
        assert "▶ RSET" in plan(stage)
        assert "edited" in row(stage, "MAIL FROM:<other@")
        await stage.press("c")
        await done(stage)
        [message] = stage.practice.mailboxes.of["alice"]
        assert message.sender == "other@example.org"


async def test_what_was_given_up_begins_again(letter: Path):
    async with Stage().run() as stage:
        await order(stage, ":restart")
        assert stage.notices[-1].startswith("No plan to restart.")
        await begun(stage, letter, "n", "q")
        assert "r  starts again: Send letter.eml" in plan(stage)
        await stage.press("r")
        await done(stage)
        assert "▶ RSET" in plan(stage)


async def test_over_a_connection_that_was_lost_it_begins_from_the_start(letter: Path):
    async with Stage().run() as stage:
        await begun(stage, letter, "n")
        await order(stage, ":disconnect")
        await stage.press("y")
        await stage.until(lambda: not stage.session.connected)
        await stage.settle()
        assert "The connection has ended. r reconnects" in plan(stage)
        await stage.press("f11", "r")
        await done(stage)
        assert row(stage, "▶ connect to 127.0.0.1:2525")
        assert not stage.session.connected
        verbs = [planned.verb for planned in stage.main.plan.status.foreseen]
        assert verbs == ["connect", "EHLO", "MAIL", "RCPT", "RCPT", "DATA", "."]
        await stage.press("k")
        await done(stage)
        assert stage.notices[-1].startswith(
            "connect cannot be skipped: nothing can be sent without"
        )
        stage.main.ui.clear_notices()
        await stage.press("n")
        await done(stage)
        assert stage.wire == ["S: 220 practice.test ESMTP heloscope practice server"]
        assert row(stage, "✓ connect to").split()[-3] == "220"
        await stage.press("f5")
        await done(stage)
        assert row(stage, "✓ EHLO")
        [message] = stage.practice.mailboxes.of["alice"]
        assert message.content == LETTER


async def test_without_a_connection_a_plan_begins_with_connecting(letter: Path):
    async with Stage().run() as stage:
        await stage.type("QUIT")
        await stage.until(lambda: not stage.session.connected)
        await order(stage, f":send {letter}")
        assert row(stage, "▶ connect to 127.0.0.1:2525")
        assert "connect to 127.0.0.1:2525   Enter does it" in stage.hint
        await order(stage, "", ":run")
        [message] = stage.practice.mailboxes.of["alice"]
        assert message.content == LETTER


async def test_from_the_start_goes_over_to_tls_where_the_way_says_so(letter: Path):
    async with Stage().run() as stage:
        stage.app.connections.profile = Profile(policy=REQUIRED)
        await begun(stage, letter, "n")
        await stage.session.close()
        await stage.settle()
        await order(stage, ":restart")
        await stage.press("f5")
        await done(stage)
        verbs = [each.planned.verb for each in stage.main.plan.status.done]
        assert verbs[:6] == ["connect", "EHLO", "STARTTLS", "TLS", "EHLO", "MAIL"]
        assert stage.session.tls
        [message] = stage.practice.mailboxes.of["alice"]
        assert message.content == LETTER


async def test_a_server_that_cannot_be_reached_any_more_is_told_in_the_plan(letter: Path):
    talk = """
        S: 220 hi
        C: EHLO
        S: 250 me
        C: MAIL
        S: 421 4.3.2 going down
    """
    stage = Stage("mail.example.org", script(talk))
    async with stage.run() as stage:
        await begun(stage, letter, "n")
        await stage.until(lambda: not stage.session.connected)
        stage.serve = None
        await stage.press("r")
        await done(stage)
        await stage.press("n")
        await done(stage)
        assert "✗ connect to mail.example.org:25" in plan(stage)
        said = " ".join(part.strip(" │") for part in plan(stage).split("\n"))
        assert "The plan failed: mail.example.org:25 refused the connection." in said
        assert "r reconnects and starts from the beginning" in said


async def test_a_login_begins_again_in_another_session():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.put(":login")
        await stage.settle()
        await stage.write("alice")
        await stage.press("enter")
        await stage.write("wonderland")
        await stage.press("enter")
        await done(stage)
        await stage.press("f9")
        await stage.greeted(2)
        assert "No plan is in progress." in plan(stage)
        await order(stage, ":restart")
        await stage.press("f5")
        await done(stage)
        assert stage.wire[-1] == "S: 235 2.7.0 Welcome, Alice Smith"
        assert stage.session.transcript.secrets.known


# Typed in between


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("RSET", "the server has discarded"),
        ("EHLO other", "a greeting ends the transaction"),
        ("HELO other", "a greeting ends the transaction"),
    ],
)
async def test_what_changed_the_transaction_is_told_and_it_begins_again_from_mail(
    letter: Path, line: str, words: str
):
    async with Stage().run() as stage:
        await begun(stage, letter, "n")
        await by_hand(stage, "NOOP")
        assert "in between" not in plan(stage)
        await by_hand(stage, line)
        said = " ".join(part.strip(" │") for part in plan(stage).split("\n"))
        assert f"{line.split()[0]} was typed in between: {words}" in said
        assert "r starts again from MAIL" in said
        assert ":restart starts again from MAIL" in stage.hint
        await order(stage, ":restart")
        assert "▶ MAIL" in plan(stage)
        await stage.press("f5")
        await done(stage)
        assert [message.content for message in stage.practice.mailboxes.of["alice"]] == [LETTER]


async def test_data_that_was_typed_opens_the_editor_in_the_middle_of_a_plan(letter: Path):
    async with Stage().run() as stage:
        await begun(stage, letter, "n", "n")
        await by_hand(stage, "DATA")
        assert stage.composer.writing
        await stage.paste("Subject: by hand")
        await stage.press("ctrl+d")
        await stage.quiet()
        [message] = stage.practice.mailboxes.of["alice"]
        assert message.content == b"Subject: by hand\r\n"
        assert "A message was typed in between" in plan(stage)


async def test_starttls_that_was_typed_goes_on_into_tls_in_the_middle_of_a_plan(letter: Path):
    async with Stage().run() as stage:
        await begun(stage, letter)
        await by_hand(stage, "STARTTLS")
        await stage.until(lambda: stage.session.tls)
        await stage.settle()
        said = " ".join(part.strip(" │") for part in plan(stage).split("\n"))
        assert "STARTTLS was typed in between" in said
        assert "r starts again from EHLO" in said
        await order(stage, ":restart")
        assert "▶ EHLO" in plan(stage)
        await stage.press("f5")
        await done(stage)
        assert [message.content for message in stage.practice.mailboxes.of["alice"]] == [LETTER]


async def test_the_typed_answer_to_auth_is_hidden_in_the_middle_of_a_plan(letter: Path):
    async with Stage().run() as stage:
        await begun(stage, letter)
        await by_hand(stage, "AUTH CRAM-MD5")
        await stage.write("alice")
        await stage.press("enter")
        assert stage.composer.secret
        await stage.write("wonderland")
        assert "wonderland" not in stage.screen
        await stage.press("enter")
        await stage.quiet()
        assert not stage.composer.secret
        assert stage.wire[-1] == "S: 235 2.7.0 Welcome, Alice Smith"


async def test_a_plan_does_not_begin_while_the_server_waits_for_a_message(letter: Path):
    async with Stage().run() as stage:
        await stage.type(
            "EHLO me", "MAIL FROM:<a@example.org>", "RCPT TO:<alice@practice.test>", "DATA"
        )
        sent = stage.sent
        for order in ("hello", "login", "send"):
            stage.main.commands.run(order, "")
            await stage.settle()
            assert stage.notices.count(NOT_YET) == 1
            assert stage.notices[-1] == NOT_YET
            assert stage.app.screen is stage.main
            stage.main.ui.clear_notices()
        assert stage.sent == sent
