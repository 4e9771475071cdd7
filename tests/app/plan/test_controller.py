"""Procedures in the app: each step is shown before it is sent, and Enter sends it."""

from __future__ import annotations

from pathlib import Path

from support.servers import script
from support.stage import Stage
from support.stage_plan import LETTER, done, order, row


async def test_hello_is_shown_first_and_enter_sends_it():
    async with Stage().run() as stage:
        await order(stage, ":hello me.example")
        assert stage.sent == b""
        assert "▶ EHLO me.example" in stage.seen("#facts")
        assert "EHLO me.example   Enter sends it" in stage.hint
        await order(stage, "")
        assert stage.sent == b"EHLO me.example\r\n"
        assert row(stage, "✓ EHLO me.example").split()[-3:-1] == ["250", "12"]  # milliseconds
        assert "Done." in stage.seen("#facts")
        await order(stage, "")
        assert stage.sent == b"EHLO me.example\r\n"


async def test_starttls_goes_step_by_step_into_tls():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await order(stage, ":starttls")
        assert "▶ STARTTLS" in stage.seen("#facts")
        assert "the TLS handshake" in stage.seen("#facts")
        await order(stage, "")
        assert not stage.session.tls
        assert "▶ the TLS handshake" in stage.seen("#facts")
        await stage.press("f10")
        await done(stage)
        assert stage.session.tls
        assert "Done." in stage.seen("#facts")
        assert "TLS 1.3" in stage.seen("#status")


async def test_login_asks_who_and_takes_the_strongest():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.put(":login")
        await stage.settle()
        assert "This connection is not encrypted." in stage.screen
        await stage.write("alice")
        await stage.press("enter")
        await stage.write("wonderland")
        await stage.press("enter")
        await done(stage)
        assert "AUTH SCRAM-SHA-256" in stage.seen("#facts")
        await stage.press("f5")
        await done(stage)
        assert stage.wire[-1] == "S: 235 2.7.0 Welcome, Alice Smith"
        assert "as alice" in stage.seen("#status")
        assert "wonderland" not in "\n".join([stage.screen, *stage.app.main.sender.history.lines])


async def test_a_wrong_password_ends_it_in_words():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.put(":login")
        await stage.settle()
        await stage.write("alice")
        await stage.press("enter")
        await stage.write("looking-glass")
        await stage.press("enter")
        await done(stage)
        await stage.press("ctrl+r")
        await done(stage)
        assert "The plan failed: 535 5.7.8 Wrong user" in stage.seen("#facts")
        assert not stage.notices
        await stage.press("f2")  # where the plan is not seen
        await order(stage, ":restart")
        await stage.press("ctrl+r")
        await done(stage)
        assert "535 5.7.8 Wrong user name or password" in stage.notices[-1]


async def test_send_lists_its_steps_and_a_recipient_may_be_skipped(tmp_path: Path):
    file = tmp_path / "letter.eml"
    file.write_bytes(LETTER)
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await order(stage, f":send {file}")
        plan = stage.seen("#facts")
        assert "▶ MAIL FROM:<you@example.org>" in plan
        assert "  RCPT TO:<x@practice.test>" in plan
        assert "the message, and the dot that ends it" in plan
        await order(stage, "", "")
        await order(stage, ":skip")
        assert "skipped" in stage.seen("#facts")
        await stage.press("f5")
        await done(stage)
        [message] = stage.practice.mailboxes.of["alice"]
        assert message.content == LETTER
        assert message.recipients == ("alice@practice.test",)


async def test_commands_typed_in_between_go_their_own_way(tmp_path: Path):
    file = tmp_path / "letter.eml"
    file.write_bytes(LETTER)
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await order(stage, f":send {file} <me@example.org> <bob@practice.test>", "")
        await stage.type("NOOP")
        await order(stage, "")
        assert stage.wire[-2:] == [
            "C: RCPT TO:<bob@practice.test>", "S: 250 2.1.5 Recipient accepted",
        ]  # fmt: skip
        await order(stage, ":abandon")
        assert "No plan is in progress." in stage.seen("#facts")
        assert stage.main.plan.status.next is None


async def test_what_cannot_be_sent_is_said(tmp_path: Path):
    bare = tmp_path / "bare.eml"
    bare.write_bytes(b"Subject: nobody\r\n\r\nhi\r\n")
    async with Stage().run() as stage:
        await order(stage, ":send /no/such/file")
        assert stage.notices[-1] == "File not found: /no/such/file."
        await order(stage, f":send {bare}")
        assert stage.notices[-1].startswith("Enter a sender address, or <> for none")
        await order(stage, ":step")
        assert stage.notices[-1].startswith("No step to take")
        await order(stage, ":skip")
        assert stage.notices[-1] == "No step to skip."


async def test_verify_and_giving_up_with_ctrl_c():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await order(stage, ":verify alice")
        assert "▶ VRFY alice" in stage.seen("#facts")
        await stage.press("ctrl+c")
        await done(stage)
        assert stage.notices[-1].startswith("The procedure was cancelled.")
        assert b"VRFY" not in stage.sent


async def test_a_message_cannot_leave_out_its_data(tmp_path: Path):
    file = tmp_path / "letter.eml"
    file.write_bytes(LETTER)
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await order(stage, f":send {file}", "", "", "", ":skip")
        assert "DATA cannot be skipped" in stage.notices[-1]
        assert "▶ DATA" in stage.seen("#facts")


async def test_without_auth_in_clear_login_says_what_to_try():
    talk = """
        S: 220 mail.example.org ready
        C: EHLO
        S: 250-mail.example.org
        S: 250 STARTTLS
        C: QUIT
    """
    async with Stage("mail.example.org", script(talk)).run() as stage:
        await order(stage, ":login")
        assert stage.notices[-1].startswith("Send EHLO first")
        await stage.type("EHLO me")
        await order(stage, ":login")
        assert "Many servers offer it only over TLS: use :starttls" in stage.notices[-1]


async def test_on_a_narrow_terminal_the_next_step_stands_above_the_command_line():
    async with Stage().run((80, 24)) as stage:
        await order(stage, ":hello me")
        assert stage.hint.strip().startswith("EHLO me   Enter sends it, F5 runs the rest")
        await order(stage, ":break on 5xx")
        await stage.until(lambda: "Enter sends it, F5 runs to a breakpoint" in stage.hint)
