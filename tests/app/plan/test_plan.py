"""The plan as a debugger: keys, editing, repeating, restarting, and typing in between."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.plan.status import Plan
from heloscope.widgets.plan.list import PlanList
from support.servers import VerbServer, script
from support.stage import NARROW, Stage
from support.stage_plan import LETTER, begun, done, letter, order, plan, row, wide

NOT_YET = "Not yet: the server is waiting for the message. :message (F7) opens the editor."

__all__ = ["letter"]  # a fixture
REFUSES = {"MAIL FROM:<you@example.org>": "550 5.7.1 not you", "EHLO": "250 mail.example.org"}


# A newcomer's three ways


async def test_the_reason_is_found_by_stepping_alone(letter: Path):
    async with wide(VerbServer(**REFUSES)).run() as stage:
        await begun(stage, letter)
        await stage.press("escape")
        await order(stage, "")
        assert row(stage, "✗ MAIL FROM:<you@").split()[-3:] == ["550", "12", "ms"]
        said = plan(stage)
        assert "550 5.7.1  not you" in said
        assert "Refused permanently: one of the server's rules" in said
        assert "e changes it and a sends it again" in said
        assert ":edit changes it" in stage.hint


async def test_the_reverse_path_is_changed_in_the_middle_and_the_delivery_goes_on(letter: Path):
    server = VerbServer(**REFUSES)
    async with wide(server).run() as stage:
        await begun(stage, letter, "n", "e")
        assert stage.composer.text == "MAIL FROM:<you@example.org>"
        assert "Edit the step: Enter accepts it, Esc leaves it unchanged" in stage.screen
        stage.composer.text = "MAIL FROM:<other@example.org>"
        await stage.press("enter")
        await done(stage)
        assert "▶ MAIL FROM:<other@example.org>" in plan(stage)
        assert "edited" in row(stage, "▶ MAIL")
        await stage.press("f5")
        await done(stage)
        assert "Done." in plan(stage)
        assert "✓ the message" in plan(stage)
        heard = [line for line in server.heard if line.startswith(b"MAIL")]
        assert heard == [b"MAIL FROM:<you@example.org>\r\n", b"MAIL FROM:<other@example.org>\r\n"]


async def test_a_breakpoint_on_5xx_stops_right_behind_the_refusal(letter: Path):
    async with Stage().run() as stage:
        await order(stage, ":break on 5xx")
        await stage.type("EHLO me")
        await order(
            stage, f":send {letter} <me@example.org> alice@practice.test nobody@practice.test"
        )
        await stage.press("f5")
        await done(stage)
        said = plan(stage)
        assert "Stopped  by breakpoint 1, on 5xx: 550 5.1.1 to" in said
        assert "✗ RCPT TO:<nobody@practice.test>" in said
        assert "▶ DATA" in said
        assert "No such mailbox" in said
        assert stage.wire[-1].startswith("S: 550 5.1.1")
        assert stage.main.sender.in_transaction
        assert "refused permanently" in stage.seen("#reply")


async def test_after_a_run_that_was_refused_the_step_is_changed_too(letter: Path):
    server = VerbServer(**REFUSES)
    async with wide(server).run() as stage:
        await begun(stage, letter, "c")
        assert "The plan failed: 550" in plan(stage)
        assert server.heard[-1] == b"RSET\r\n"
        await order(stage, ":edit MAIL FROM:<other@example.org>")
        await stage.press("f5")
        await done(stage)
        assert "Done." in plan(stage)


# Keys of the list


async def test_letters_step_run_skip_and_give_up(letter: Path):
    async with Stage().run() as stage:
        await begun(stage, letter, "n", "s", "k")
        assert "– RCPT TO:<x@practice.test>" in plan(stage)
        await stage.press("enter")
        await done(stage)
        assert "✓ DATA" in plan(stage)
        await stage.press("k")
        await done(stage)
        assert stage.notices[-1].startswith(". cannot be skipped: the server is waiting")
        await stage.press("c")
        await done(stage)
        [message] = stage.practice.mailboxes.of["alice"]
        assert message.content == LETTER
        await order(stage, ":verify alice")
        await stage.press("f11", "q")
        await done(stage)
        assert "No plan is in progress." in plan(stage)
        assert b"VRFY" not in stage.sent


async def test_the_cursor_chooses_the_step_that_is_told_of_and_edited(letter: Path):
    async with Stage().run() as stage:
        await begun(stage, letter, "down", "down")
        assert "Foreseen  RCPT TO:<x@practice.test>" in plan(stage)
        await stage.press("e")
        assert stage.composer.text == "RCPT TO:<x@practice.test>"
        stage.composer.text = "RCPT TO:<bob@practice.test>"
        await stage.press("enter", "f5")
        await done(stage)
        [message] = stage.practice.mailboxes.of["bob"]
        assert message.recipients == ("alice@practice.test", "bob@practice.test")


@pytest.mark.parametrize("keys", [("escape",), ("enter",), ("ctrl+u", "enter")])
async def test_what_is_not_changed_stays_as_it_was_and_the_line_comes_back(
    letter: Path, keys: tuple[str, ...]
):
    async with Stage().run() as stage:
        await begun(stage, letter)
        stage.composer.text = "NOOP half a li"
        await stage.press("e", *keys)
        assert stage.composer.text == "NOOP half a li"
        assert stage.main.plan.status.editing is None
        assert stage.main.plan.status.next is not None
        assert not stage.main.plan.status.next.edited
        assert "Command" in stage.screen
        assert stage.app.focused is stage.main.query_one(PlanList)
        await stage.press("escape")
        await stage.write("ne")
        await stage.press("enter")
        await stage.quiet()
        assert stage.wire[-2] == "C: NOOP half a line"


async def test_the_exact_bytes_that_were_edited_go_out(letter: Path):
    server = VerbServer(EHLO="250 me")
    async with wide(server).run() as stage:
        await begun(stage, letter, "e")
        stage.composer.text = ":mail  from:<Grüße\\r>"  # no order, and no escapes
        await stage.press("enter", "f10")
        await done(stage)
        assert server.heard[-1] == ":mail  from:<Grüße\\r>\r\n".encode()


async def test_a_step_of_bytes_that_cannot_be_seen_is_edited_with_escapes(letter: Path):
    server = VerbServer(EHLO="250 me")
    async with wide(server).run() as stage:
        await begun(stage, letter)
        stage.main.plan.edit()
        stage.main.plan.edited(b"MAIL FROM:<\xff\\>\n")
        await stage.press("e")
        assert stage.composer.text == "MAIL FROM:<\\xff\\\\>\\n"
        stage.composer.text = "MAIL FROM:<\\q>"
        await stage.press("enter")
        assert "Unknown escape" in stage.notices[-1]
        assert stage.composer.text == "MAIL FROM:<\\q>"
        stage.composer.text = "MAIL FROM:<>\\x00\\n"
        await stage.press("enter", "f10")
        await done(stage)
        assert server.heard[-1] == b"MAIL FROM:<>\x00\n"


async def test_the_message_is_edited_in_the_editor_and_goes_out_as_it_stands_there(letter: Path):
    async with Stage().run() as stage:
        await begun(stage, letter, "n", "k", "k")
        assert stage.main.plan.give_up()
        await begun(stage, letter, "end", "e")
        assert stage.composer.writing
        assert stage.editor.draft == LETTER.decode().replace("\r\n", "\n")
        await stage.write("more")
        await stage.press("ctrl+d")
        assert not stage.composer.writing
        await stage.press("f5")
        await done(stage)
        [message] = stage.practice.mailboxes.of["alice"]
        assert message.content == LETTER + b"more\r\n"


async def test_a_draft_outlives_the_editing_of_another_message(letter: Path):
    async with Stage().run() as stage:
        stage.editor.put("my own draft")
        await begun(stage, letter, "end", "e", "escape")
        assert not stage.composer.writing
        assert stage.editor.draft == "my own draft"
        assert "the message, and the dot" in plan(stage)
        assert "edited" not in row(stage, "the message, and")


async def test_a_message_that_no_editor_can_hold_is_not_edited(tmp_path: Path):
    odd = tmp_path / "latin.eml"
    odd.write_bytes(LETTER + b"caf\xe9\r\n")
    async with Stage().run() as stage:
        await begun(stage, odd, "end", "e")
        assert "not UTF-8" in stage.notices[-1]
        assert not stage.composer.writing


async def test_a_secret_is_not_shown_when_it_is_edited():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "STARTTLS")
        await stage.until(lambda: stage.session.tls)
        await stage.type("EHLO me")
        await stage.put(":login")
        await stage.settle()
        await stage.write("alice")
        await stage.press("enter")
        await stage.write("wonderland")
        await stage.press("enter")
        await done(stage)
        await stage.press("f10")
        await done(stage)
        await stage.press("f11", "e")
        assert stage.composer.text == ""
        assert stage.composer.secret
        await stage.write("c2VjcmV0cw==")
        assert "c2VjcmV0" not in stage.screen
        await stage.press("enter")
        assert not stage.composer.secret
        assert "c2VjcmV0" not in stage.screen
        await stage.press("f10")
        await done(stage)
        assert b"c2VjcmV0cw==\r\n" in stage.sent
        assert "c2VjcmV0" not in stage.screen
        assert not any("c2VjcmV0" in line for line in stage.app.main.sender.history.lines)


async def test_what_sends_no_line_is_not_edited(letter: Path):
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await order(stage, ":starttls", "", ":edit")
        assert stage.notices[-1] == "The TLS handshake does not send a line."
        await order(stage, ":abandon", ":edit")
        assert stage.notices[-1] == "No step to edit."


async def test_why_a_step_cannot_be_sent_again_is_told(letter: Path):
    async with Stage().run() as stage:
        await begun(stage, letter, "n", "n", "n", "n", "up", "up")
        await stage.press("a")
        await done(stage)
        assert stage.notices[-1].startswith("RCPT cannot be sent again: the server is waiting")
        assert "Not again from here" in plan(stage) or "✓" in plan(stage)
        await order(stage, "")
        await stage.press("f11", "home", "a")
        await done(stage)
        assert "▶ MAIL" in plan(stage)


# The handshake


async def test_the_handshake_is_told_once():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await order(stage, ":starttls", "")
        rows = [line for line in plan(stage).split("\n") if "the TLS handshake" in line]
        assert len(rows) == 1
        await order(stage, "")
        assert row(stage, "✓ the TLS handshake").endswith("ms")
        assert "TLS is on" in plan(stage)


# Many recipients


async def test_thousands_of_recipients_are_listed_and_only_what_is_seen_is_drawn(
    letter: Path, monkeypatch: pytest.MonkeyPatch
):
    drawn: list[int] = []
    segments = PlanList._segments

    def counted(self: PlanList, *arguments):
        drawn.append(1)
        return segments(self, *arguments)

    monkeypatch.setattr(PlanList, "_segments", counted)
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        addresses = [f"u{number}@practice.test" for number in range(3000)]
        stage.main.plan.begin(Plan("Many", "sendmail", ("a@b.example", addresses, b"x")))
        await done(stage)
        assert "Many  0 of 3,003" in plan(stage)
        await stage.press("f11", "n")
        await done(stage)
        assert "Many  1 of 3,003" in plan(stage)
        drawn.clear()
        await stage.press("end", "up", "up")
        assert "RCPT TO:<u2999@practice.test>" in plan(stage)
        assert 0 < len(drawn) < 1000


async def test_at_80_columns_the_plan_tells_the_same(letter: Path):
    async with Stage("mail.example.org", VerbServer(**REFUSES)).run(NARROW) as stage:
        await begun(stage, letter, "n")
        said = plan(stage)
        assert "✗ MAIL FROM:<you@example.org>" in said
        assert "does not allow this sender" in " ".join(said.split())
        assert "e changes it and a sends it again; n continues." in said
        assert "n step" in stage.lines[-1]
        assert "q drop" in stage.lines[-1]
        await stage.press("e")
        assert "MAIL FROM:<you@example.org>" in stage.seen("#command")
        assert "Transcript" in stage.screen
        stage.composer.text = "MAIL FROM:<other@example.org>"
        await stage.press("enter")
        await done(stage)
        assert "▶ MAIL FROM:<other@example.org>" in plan(stage)
        await stage.press("n")
        await done(stage)
        assert "✓ MAIL FROM:<other@example.org>" in plan(stage)


async def test_no_word_from_the_wire_reaches_the_terminal_unseen(letter: Path):
    talk = """
        S: 220 hi
        C: EHLO
        S: 250 me
        C: MAIL
        S: 550 5.7.1 \\x1b]0;title\\x07 [b]no[/b] \\xe2\\x80\\xae
        C: QUIT
    """
    async with Stage("mail.example.org", script(talk)).run(NARROW) as stage:
        await begun(stage, letter, "n")
        assert "\\x1b]0;title\\x07 [b]no[/b]" in plan(stage)
        assert "\x1b" not in stage.screen


async def test_in_lmtp_each_reply_to_the_message_stands_with_its_recipient(letter: Path):
    server = VerbServer(LHLO="250 me", **{".": "250 2.1.5 kept\r\n452 4.2.2 full"})
    async with Stage("lmtp://mail.example.org", server).run() as stage:
        await stage.type("LHLO me")
        await order(stage, f":send {letter}", ":run")
        assert row(stage, "✗ the message").split()[-3] == "452"
        said = " ".join(part.strip(" │") for part in plan(stage).split("\n"))
        assert (
            "For <alice@practice.test> 250 2.1.5  kept For <x@practice.test> 452 4.2.2  full"
            in said
        )
