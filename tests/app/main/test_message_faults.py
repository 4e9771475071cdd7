"""The faults of a message are reported before it is sent, and marked in the transcript."""

from __future__ import annotations

from pathlib import Path

from support.servers import VerbServer
from support.stage import NARROW, Stage
from support.stage_plan import done, order

PLAIN = {"EHLO": "250 mail.example.org"}
ASKS = {"EHLO": "250-mail.example.org\r\n250-8BITMIME\r\n250 SMTPUTF8"}
HEAD = "From: you@example.org\r\nTo: alice@example.org\r\nSubject: x\r\n\r\n"


def file(tmp_path: Path, message: bytes) -> Path:
    path = tmp_path / "m.eml"
    path.write_bytes(message)
    return path


def stage_with(answers: dict[str, str]) -> Stage:
    return Stage("mail.example.org", VerbServer(**answers))


async def test_the_plan_says_what_the_message_needs_and_the_server_lacks(tmp_path: Path):
    letter = file(tmp_path, (HEAD + "größer\r\n" + "x" * 1200 + "\r\n").encode())
    async with stage_with(PLAIN).run() as stage:
        await stage.type("EHLO me")
        await order(stage, f":send {letter}")
        await stage.press("f11", "n")
        await done(stage)
        await stage.press("n")
        await done(stage)
        await stage.press("n")
        await done(stage)
        said = stage.seen("#facts")
        assert "1 line longer than 1,000 octets." in said
        assert "8BITMIME is not offered" in " ".join(said.replace("│", "").split())
        assert "line longer than 1,000 octets, and 1 more" in stage.hint
        await stage.press("n")
        await done(stage)
        assert any("!" in line and "▸ message" in line for line in stage.screen.splitlines())


async def test_mail_is_told_what_it_lacks_before_it_is_sent(tmp_path: Path):
    letter = file(tmp_path, (HEAD + "größer\r\n").encode())
    async with stage_with(ASKS).run() as stage:
        await stage.type("EHLO me")
        await order(stage, f":send {letter}")
        assert stage.hint.startswith("MAIL FROM:<you@example.org> BODY=8BITMIME")
        await order(stage, ":edit")
        stage.composer.text = "MAIL FROM:<you@example.org>"
        await stage.press("enter")
        assert "8-bit characters in the message: MAIL lacks BODY=8BITMIME" in stage.hint


async def test_a_folded_message_has_the_mark_and_the_meaning_of_its_lines():
    async with stage_with(ASKS).run() as stage:
        for line in ("EHLO me", "MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>", "DATA"):
            await stage.type(line)
        await stage.press("escape")
        await stage.type("Subject: x")
        await stage.type(".lost")
        await stage.type(".")
        fold = next(line for line in stage.screen.splitlines() if "▸ message" in line)
        assert "C! " in fold


async def test_the_editor_says_it_while_the_message_is_written():
    async with stage_with(ASKS).run(NARROW) as stage:
        for line in ("EHLO me", "MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>", "DATA"):
            await stage.type(line)
        await stage.press(*"Subject:", "ü")
        assert "UTF-8 in the header: MAIL lacks SMTPUTF8" in stage.screen


async def test_a_typed_line_that_will_lose_its_dot_is_told_before_it_is_sent():
    async with stage_with(PLAIN).run() as stage:
        for line in ("EHLO me", "MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>", "DATA"):
            await stage.type(line)
        await stage.press("escape", *".profile")
        assert "the server removes the first dot: ..profile keeps it" in stage.hint


async def test_a_file_goes_out_with_its_own_line_ends(tmp_path: Path):
    message = HEAD.replace("\r\n", "\n").encode() + b"one\ntwo"
    letter = file(tmp_path, message)
    server = VerbServer(**PLAIN)
    async with Stage("mail.example.org", server).run() as stage:
        await stage.type("EHLO me")
        await order(stage, f":send --as-is {letter}")
        await stage.press("f5")
        await done(stage)
        assert message + b"\r\n.\r\n" in b"".join(
            row.data for row in stage.session.transcript if row.sent
        )


async def test_a_greeting_within_a_transaction_is_told_before_and_after():
    async with stage_with(PLAIN).run() as stage:
        await stage.type("EHLO me")
        await stage.type("MAIL FROM:<a@example.org>")
        await stage.press(*"EHLO")
        assert "acts as RSET: the sender and recipients will be discarded" in stage.hint


async def test_a_plan_that_greets_within_a_transaction_says_so_first():
    async with stage_with(PLAIN).run() as stage:
        await stage.type("EHLO me")
        await stage.type("MAIL FROM:<a@example.org>")
        await order(stage, ":hello")
        assert "acts as RSET: the sender and recipients will be discarded" in stage.hint


async def test_a_folded_message_is_explained_with_what_is_wrong_in_it():
    async with stage_with(PLAIN).run() as stage:
        for line in ("EHLO me", "MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>", "DATA"):
            await stage.type(line)
        await stage.press("escape")
        await stage.type("Subject: x")
        await stage.type("größer")
        await stage.type(".")
        stage.app.main.view.focus()
        await stage.press("up", "up")  # from the reply, past the dot, to the message
        said = " ".join(stage.seen("#reply").replace("│", "").split())
        assert "8-bit characters in the message" in said
        assert "8BITMIME is not offered" in said
