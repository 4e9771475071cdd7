"""What the screen says about the connection is true.

Before the connection ends, nothing says that it has ended; afterwards, nothing says that it is
open.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from support.stage import NARROW, WIDE, Stage, played

AT_RCPT = """
    S: 220 ready
    C: EHLO
    S: 250-hello
    S: 250 CHUNKING
    C: MAIL
    S: 250 ok
    C: RCPT
"""
DELIVERY = AT_RCPT + "    S: 250 ok\n"
ENVELOPE = ("EHLO me", "MAIL FROM:<a@b.example>", "RCPT TO:<b@b.example>")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_greeting_of_451_is_no_closed_connection(size: tuple[int, int]):
    async with played("S: 451 4.7.1 later\nC: QUIT\nS: 221 bye\nC: x").run(size) as stage:
        assert "refused: only QUIT is left" in stage.lines[0]
        assert "QUIT" in stage.hint
        assert "Not connected" not in stage.screen
        await stage.type("QUIT")
        assert "goodbye: the server is closing" in stage.lines[0]
        assert "closed" not in stage.lines[0]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_server_that_says_421_and_stays_is_still_connected(size: tuple[int, int]):
    talk = AT_RCPT + "S: 421 4.7.0 too fast\nC: NOOP\nS: 250 ok\nC: x"
    async with played(talk).run(size) as stage:
        await stage.type(*ENVELOPE)
        assert "421: the server is about to close" in stage.lines[0]
        assert "421: the server will close the connection" in stage.hint
        assert "Not connected" not in stage.screen
        await stage.type("NOOP")
        assert "after MAIL, no recipient yet" in stage.lines[0]
        assert "RCPT TO:" in stage.hint


async def test_when_the_connection_has_ended_neither_tls_nor_a_user_is_named():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "STARTTLS")
        await stage.until(lambda: stage.session.tls)
        await stage.type("EHLO me", "AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=")
        assert "TLS 1.3" in stage.lines[0]
        assert "as alice" in stage.lines[0]
        await stage.type("QUIT")
        await stage.until(lambda: not stage.session.connected)
        await stage.settle()
        assert "closed" in stage.lines[0]
        assert "TLS" not in stage.lines[0]
        assert "alice" not in stage.lines[0]
        assert "as listed before the connection ended" in stage.seen("#facts")


TWICE = (
    "It is not known whether the server accepted the message: if sent again, it may arrive twice."
)


async def lost(stage: Stage) -> None:
    await stage.until(lambda: not stage.session.connected)
    await stage.settle()


async def test_a_typed_message_lost_at_its_end_may_arrive_twice():
    async with played(DELIVERY + "C: DATA\nS: 354 go\nC: hi\nC: .").run() as stage:
        await stage.type(*ENVELOPE, "DATA")
        await stage.until(lambda: stage.composer.writing)
        await stage.write("hi")
        await stage.press("ctrl+d")
        await lost(stage)
        assert any(TWICE in notice for notice in stage.notices)
        assert "it may arrive twice" in " ".join(stage.seen("#reply").split())


async def test_a_pasted_message_lost_at_its_end_may_arrive_twice():
    async with played(DELIVERY + "C: DATA\nS: 354 go\nC: hi\nC: .").run() as stage:
        await stage.type(*ENVELOPE)
        stage.main.router.type_lines(["DATA", "hi", "."])
        await lost(stage)
        assert any(TWICE in notice for notice in stage.notices)


async def test_a_message_in_chunks_lost_at_its_end_may_arrive_twice():
    async with played(DELIVERY + "C: BDAT\nC: hi").run() as stage:
        await stage.type(*ENVELOPE)
        await stage.put("BDAT 4 LAST")
        await stage.put("hi")
        await lost(stage)
        assert any(TWICE in notice for notice in stage.notices)


async def test_a_message_lost_in_its_middle_is_not_said_to_arrive():
    async with played(DELIVERY + "C: DATA\nS: 354 go").run() as stage:
        await stage.type(*ENVELOPE, "DATA")
        await lost(stage)
        assert not any(TWICE in notice for notice in stage.notices)


async def test_a_reply_to_the_message_that_is_overdue_is_told_once():
    async with played(DELIVERY + "C: BDAT\nC: hi\nC: x").run() as stage:
        await stage.type(*ENVELOPE)
        await stage.put("BDAT 4 LAST")
        await stage.put("hi")
        await stage.until(lambda: stage.session.conversation.in_doubt is not None)
        stage.clock.now += 100_000
        await stage.settle()
        await stage.settle()
        assert sum(TWICE in notice for notice in stage.notices) == 1


async def test_meaning_explains_the_refusal_and_not_the_reset_that_followed(tmp_path: Path):
    file = tmp_path / "letter.eml"
    file.write_bytes(b"From: a@b.example\r\nTo: b@b.example\r\n\r\nhi\r\n")
    talk = AT_RCPT + "S: 550 5.1.1 no such user\nC: RSET\nS: 250 reset\nC: x"
    async with played(talk).run() as stage:
        await stage.put(f":send {file}")
        await stage.until(lambda: stage.main.plan.status.active)  # the file is read in a thread
        await stage.put(":run")
        await stage.until(lambda: stage.main.plan.status.end())
        await stage.settle()
        assert stage.wire[-1] == "S: 250 reset"
        assert "550 5.1.1" in stage.seen("#reply")
        assert "n goes on" not in stage.seen("#facts")
