"""A session whose lines come from a pipe: what is written, what is sent, and the exit status."""

from __future__ import annotations

import asyncio
import socket

import pytest
from heloscope.app.connect.floods import LEAST
from heloscope.session import flood
from support.plain import Run, spoken
from support.servers import script, serving


async def test_each_line_of_either_side_is_a_line_that_begins_with_who_says_it():
    said = await spoken("NOOP", "QUIT", server=script("""
        S: 220 old.example ready
        C: NOOP
        S: 250-fine
        S: 250 really
        C: QUIT
        S: 221 bye
    """))  # fmt: skip
    assert said.begun("C: ", "S: ") == [
        "S: 220 old.example ready", "C: NOOP", "S: 250-fine", "S: 250 really", "C: QUIT",
        "S: 221 bye",
    ]  # fmt: skip
    assert said.lines[-1] == "note: the server closed the connection"
    assert said.status == 0


@pytest.mark.parametrize(
    "lines",
    [
        ("AUTH LOGIN YWxpY2U=", "d29uZGVybGFuZA=="),  # held back: anyone can read it
        (":auth LOGIN", "alice", "wonderland"),  # not listed outside TLS
        (":login alice", "", "wonderland"),
        (":auth XYZ", "wonderland", "wonderland"),
        (":auth XYZ", ":answer alice", "wonderland"),
    ],
)
async def test_the_answers_to_a_login_that_did_not_begin_are_not_sent(lines: tuple[str, ...]):
    said = await spoken(*lines, "NOOP", "QUIT", server=script("""
        S: 220 old.example ready
        C: NOOP
        S: 250 fine
        C: QUIT
        S: 221 bye
    """))  # fmt: skip
    assert said.begun("C: ") == ["C: NOOP", "C: QUIT"]
    assert any("Not sent, and not kept: this may be a password" in line for line in said.lines)
    assert not any("wonderland" in line or "d29uZGVy" in line for line in said.lines)


async def test_a_message_is_typed_up_to_the_dot_and_arrives_as_it_was_typed():
    said = await spoken(
        "EHLO me", "MAIL FROM:<you@example.org>", "RCPT TO:<alice@practice.test>", "DATA",
        "Subject: dots", "", ".hidden", ":q is no order here", ".", ":mailbox alice", "QUIT",
    )  # fmt: skip
    assert "note: type the message; a line with only a dot ends it" in said.lines
    assert said.after("C: DATA")[2:5] == [
        "C: (message, 4 lines, 48 bytes)", "C: .", "S: 250 2.0.0 Message 1 delivered",
    ]  # fmt: skip
    shown = [line.strip() for line in said.after("Message 1 as received:")]
    assert shown[3:7] == ["| Subject: dots", "|", "| .hidden", "| :q is no order here"]
    assert said.status == 0


async def test_what_follows_a_refused_data_is_not_taken_for_commands():
    said = await spoken(
        "EHLO me", "DATA", "MAIL FROM:<this@is.text>", ".", "NOOP", "QUIT",
    )  # fmt: skip
    assert said.begun("C: ") == ["C: EHLO me", "C: DATA", "C: NOOP", "C: QUIT"]
    assert any("DATA was refused, so the lines that follow" in line for line in said.lines)
    assert said.status == 1


async def test_data_that_was_not_sent_was_not_refused():
    said = await spoken("QUIT", "DATA", "MAIL FROM:<this@is.text>", ".", "NOOP")
    [told] = [line for line in said.lines if "the lines that follow" in line]
    assert told == (
        "error: DATA was not sent, so the lines that follow, up to one with only a dot, are not "
        "sent."
    )


async def test_in_a_pipe_each_message_has_its_own_text_also_after_one_that_was_refused():
    envelope = ("MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA")
    said = await spoken(*envelope, "first", ".", *envelope, "second", ".", "QUIT", server=script("""
        S: 220 ready
        C: MAIL FROM:<a@b.example>
        S: 250 ok
        C: RCPT TO:<c@d.example>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: first
        C: .
        S: 451 not now
        C: MAIL FROM:<a@b.example>
        S: 250 ok
        C: RCPT TO:<c@d.example>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: second
        C: .
        S: 250 ok
        C: QUIT
        S: 221 bye
    """))  # fmt: skip
    sizes = ["C: (message, 1 line, 7 bytes)", "C: (message, 1 line, 8 bytes)"]
    assert said.begun("C: (message") == sizes
    assert not [line for line in said.lines if "draft" in line]


async def test_a_message_that_does_not_end_is_not_sent():
    said = await spoken(
        "EHLO me", "MAIL FROM:<a@example.org>", "RCPT TO:<bob@practice.test>", "DATA", "Subject: x",
    )  # fmt: skip
    assert "C: ." not in said.lines
    assert "error: The input ended in the middle of the message, which was not sent." in said.lines
    assert said.status == 1


async def test_what_is_wrong_with_a_command_is_written_before_it_is_sent_and_once():
    said = await spoken("EHLO me", "RCPT TO:<alice@practice.test>", "QUIT")
    at = said.lines.index("C: RCPT TO:<alice@practice.test>")
    assert said.lines[at - 1] == "warning: out of order: ready for MAIL; sent anyway"
    assert said.lines[at + 1].startswith("S: 503")


async def test_an_empty_line_takes_the_next_step_of_a_plan():
    said = await spoken("EHLO me", ":starttls", "", "", "EHLO again", "QUIT")
    assert "next: step 1: STARTTLS; an empty line performs it" in said.lines
    assert "next: step 2: the TLS handshake; an empty line performs it" in said.lines
    assert said.after("next: step 2")[0].startswith("note: TLS 1.3")
    assert "note: plan: Done." in said.lines
    assert said.status == 0


async def test_a_step_is_edited_by_the_line_that_follows():
    said = await spoken("EHLO me", ":verify alice", ":edit", "VRFY bob", "", "QUIT")
    at = said.lines.index("C: VRFY bob")
    assert said.lines[at + 1] == "S: 250 2.1.5 Bob Smith <bob@practice.test>"
    assert "C: VRFY alice" not in said.lines


async def test_auth_asks_for_its_parts_and_the_password_is_never_written():
    run = Run(("EHLO me", ":starttls", "", "", "EHLO me", "AUTH PLAIN", "alice", "wonderland", "",
               "", "QUIT"))  # fmt: skip
    said = await run.at("practice")
    asked = [line.partition(";")[0] for line in said.begun("asked: ")]
    assert asked[:3] == [
        "asked: user: the user to log in as", "asked: password: the user's password, not shown",
        "asked: act as: optional, Enter alone omits it: a user to act as",
    ]  # fmt: skip
    assert any(line.startswith("S: 235 ") for line in said.lines)
    assert "wonderland" not in "\n".join(said.lines)
    assert "wonderland" in run.reader.hidden
    assert said.status == 0


async def test_login_asks_for_what_its_order_does_not_say():
    run = Run(("EHLO me", ":login", "alice", "wonderland", ":run", "QUIT"))
    said = await run.at("practice")
    assert said.begun("asked: ") == ["asked: the user name", "asked: the password, not shown"]
    assert any(line.startswith("S: 235 ") for line in said.lines)
    assert run.reader.hidden == ["wonderland"]
    assert said.status == 0


async def test_a_password_whose_exchange_is_over_is_not_sent_as_a_command():
    said = await spoken("EHLO me", "AUTH CRAM-MD5", "nobody", "hunter2hunter2", "hunter2again",
                        "QUIT")  # fmt: skip
    assert "hunter2" not in "\n".join(said.lines)
    assert any("Not sent, and not kept" in line for line in said.lines)
    assert said.status == 5


async def test_the_last_reply_is_explained_or_the_line_that_was_found():
    said = await spoken("EHLO me", "MAIL FROM:<x@example.org>", ":explain", ":find 220", ":explain",
                        "QUIT")  # fmt: skip
    explained = said.begun("explain: ")
    assert explained[0].startswith("explain: 250 2.1.0 ")
    assert explained[1].startswith("explain: 220 ")


async def test_explaining_again_goes_to_the_line_before():
    said = await spoken("EHLO me", "NOOP", ":explain", ":explain", ":explain", "VRFY bob",
                        ":explain", "QUIT")  # fmt: skip
    heads = [line.removeprefix("explain: ").split()[0] for line in said.begun("explain: ")]
    assert heads == ["250", "NOOP", "250", "250"]
    assert said.after("C: VRFY bob")[0].startswith("S: 250")


async def test_what_needs_a_screen_says_so():
    said = await spoken(":theme", ":ladder", "QUIT")
    assert "error: :theme needs a screen. Run heloscope without --plain to use it." in said.lines
    assert said.begun("error: :ladder needs a screen")


async def test_leaving_within_a_transaction_is_asked_about():
    said = await spoken("EHLO me", "MAIL FROM:<x@example.org>", ":q", "n", "RSET", ":q", "NOOP")
    assert "Leave heloscope?:" in said.lines
    assert "C: RSET" in said.lines
    assert "C: NOOP" not in said.lines


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (("NOOP",), 0),
        (("EHLO me", "VRFY nobody"), 1),
        ((":nonsense",), 2),
        ((":connect 127.0.0.1:1",), 3),
        ((":practice tls-expired", "EHLO me", "STARTTLS"), 4),
        (("EHLO me", "AUTH CRAM-MD5", "alice", "wrong password"), 5),
    ],
    ids=["nothing", "refused", "bad order", "no connection", "no TLS", "no login"],
)
async def test_the_exit_status_is_that_of_the_first_thing_that_went_wrong(
    lines: tuple[str, ...], status: int
):
    assert (await spoken(*lines, "QUIT", ":q")).status == status


@pytest.mark.parametrize(
    "lines", [("EHLO me", "STARTTLS"), (":starttls", "", "", ""), ("EHLO me", ":starttls", "", "")]
)
async def test_why_there_is_no_tls_is_told_once(lines: tuple[str, ...]):
    said = await spoken(":practice tls-expired", *lines, ":q")
    assert len([line for line in said.lines if "expired on" in line]) == 1
    assert not said.begun("error: closed")


async def test_a_server_that_is_not_there_ends_with_3():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    said = await Run(("NOOP",)).at(f"127.0.0.1:{port}")
    assert said.begun("error: ")
    assert said.status == 3


async def test_a_server_that_hangs_up_ends_with_3():
    said = await spoken("NOOP", server=script("""
        S: 220 ready
        C: NOOP
    """))  # fmt: skip
    assert said.status == 3


async def test_what_the_server_sends_moves_no_cursor():
    async def serve(reader: object, writer: object) -> None:
        writer.write(b"220 \x1b[2Jcleared\x07\r\n")  # type: ignore[attr-defined]
        await reader.readline()  # type: ignore[attr-defined]

    async with serving(serve) as port:
        said = await Run(("QUIT",)).at(f"127.0.0.1:{port}")
    assert all(line.isprintable() for line in said.lines)
    assert said.begun("S: 220 ")


class EndlessGreeting:
    """A server whose greeting does not end: more than 1 MiB, and then nothing else."""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((b"220-" + b"z" * 900 + b"\r\n") * 1500)
        await reader.read()
        writer.close()


@pytest.mark.parametrize("order", [":disconnect", ":q"])
async def test_a_flood_of_greeting_leaves_the_next_line_to_say_what_becomes_of_it(
    order: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(flood, "FLOOD_LIMIT", LEAST)
    async with asyncio.timeout(20):
        said = await spoken(order, server=EndlessGreeting())
    [told] = said.begun("error: Flood: ")
    assert ":more reads" in told and ":disconnect closes" in told
    assert said.begun("note: closed") == ["note: closed by us"] * (order == ":disconnect")
