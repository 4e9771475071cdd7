"""The sender, without an app: what is sent, what is not, and why."""

from __future__ import annotations

import asyncio

import pytest
from heloscope.app.input.sender import NotSent
from support.ui import Desk, connected

MESSAGE = """
    S: 220 ready
    C: EHLO
    S: 250-hello
    S: 250 CHUNKING
    C: MAIL
    S: 250 ok
    C: RCPT
    S: 250 ok
"""
DATA = (
    MESSAGE
    + """
    C: DATA
    S: 354 go on
"""
)
ENVELOPE = ("EHLO me", "MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>")


async def say(desk: Desk, *lines: str) -> None:
    for line in lines:
        desk.sender.send_line(line)
        await desk.sender.quiet()


async def test_a_line_goes_out_as_it_was_typed_and_is_recalled():
    async with connected("S: 220 ready\nC: noop\nS: 250 ok\nC: more") as desk:
        await say(desk, "noop  x")
        assert desk.sent == b"noop  x\r\n"
        assert desk.sender.history.lines == ["noop  x"]


async def test_without_a_connection_a_line_is_kept_and_the_reason_told():
    desk = Desk()
    with pytest.raises(NotSent) as error:
        desk.sender.send_line("NOOP")
    assert str(error.value) == (
        "Not connected, so nothing was sent. "
        ":connect (Ctrl+O) connects; :reconnect (F9) reconnects."
    )
    assert desk.sender.history.lines == ["NOOP"]


async def test_raw_bytes_have_no_line_end_added():
    async with connected("S: 220 ready\nC: noop\nS: 250 ok\nC: more") as desk:
        await desk.sender.send_raw(b"NO")
        await desk.sender.send_raw(b"OP\r\n")
        await desk.sender.quiet()
        assert desk.sent == b"NOOP\r\n"
        assert desk.received[-1] == "250 ok"


async def test_nothing_is_sent_into_a_handshake():
    clear = "S: 220 ready\nC: EHLO\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nC: more"
    async with connected(clear) as desk:
        await say(desk, "EHLO me")
        desk.sender.send_line("STARTTLS")
        await desk.until(lambda: desk.session.handshake_left is not None)
        with pytest.raises(NotSent, match="nothing was sent"):
            desk.sender.send_line("NOOP")
        assert desk.sent == b"EHLO me\r\nSTARTTLS\r\n"


async def test_a_message_has_its_dots_doubled_and_its_end():
    async with connected(DATA + "C: .a\nC: .\nS: 250 queued\nC: more") as desk:
        await say(desk, *ENVELOPE)
        assert desk.sender.in_transaction
        assert not desk.sender.in_message
        await say(desk, "DATA")
        assert desk.sender.in_message
        await desk.sender.send_message(b".a")
        await desk.sender.quiet()
        assert desk.sent.endswith(b"DATA\r\n..a\r\n.\r\n")
        assert desk.received[-1] == "250 queued"
        assert not desk.sender.in_transaction


async def test_without_354_no_message_is_sent():
    async with connected(MESSAGE + "C: more") as desk:
        await say(desk, *ENVELOPE)
        with pytest.raises(NotSent) as error:
            await desk.sender.send_message(b"hi\r\n")
        assert str(error.value) == (
            "The server is not waiting for a message (354). The draft is kept."
        )


async def test_a_chunk_is_counted_and_its_dots_are_left_alone():
    async with connected(MESSAGE + "C: BDAT\nC: .a\nS: 250 queued\nC: more") as desk:
        await say(desk, *ENVELOPE)
        assert desk.sender.chunk_begins("bdat last")
        assert not desk.sender.chunk_begins("BDAT 3 LAST")
        await desk.sender.send_chunk(b".a")
        await desk.sender.quiet()
        assert desk.sent.endswith(b"BDAT 4 LAST\r\n.a\r\n")


async def test_no_editor_opens_for_a_server_that_would_read_the_message_as_commands():
    async with connected(MESSAGE.replace("CHUNKING", "SIZE") + "C: more") as desk:
        await say(desk, *ENVELOPE)
        assert not desk.sender.chunk_begins("BDAT")


async def test_behind_a_bdat_that_is_not_known_the_next_line_is_a_command_again():
    script = MESSAGE.replace("CHUNKING", "SIZE") + "C: BDAT 12\nS: 500 what?\nC: RSET\nS: 250 ok"
    async with connected(script + "\nC: more") as desk:
        await say(desk, *ENVELOPE, "BDAT 12")
        assert desk.sender.chunk_left == 0
        await say(desk, "RSET")
        assert not desk.sender.in_transaction
        assert desk.sender.history.lines[-2:] == ["BDAT 12", "RSET"]


async def test_a_chunk_out_of_order_is_not_sent():
    async with connected("S: 220 ready\nC: more") as desk:
        with pytest.raises(NotSent, match="BDAT is out of order"):
            await desk.sender.send_chunk(b"hi\r\n")
        assert desk.sent == b""


async def test_a_message_can_be_given_up_in_the_middle():
    async with connected(DATA + "C: one\nC: two\nC: three\nC: four") as desk:
        await say(desk, *ENVELOPE, "DATA")
        sending = asyncio.ensure_future(
            desk.sender.send_message(b"x" * 62 + b"\r\n" + b"y\r\n" * 9**7)
        )
        await desk.until(lambda: desk.sender.progress)
        assert desk.sender.give_up()
        with pytest.raises(NotSent, match="Stopped in the middle of the message"):
            await sending
        assert desk.sender.progress is None
        assert not desk.sender.give_up()


async def test_waiting_ends_when_the_connection_does():
    async with connected("S: 220 ready\nC: NOOP") as desk:
        desk.sender.send_line("NOOP")
        with pytest.raises(NotSent, match="The connection has ended"):
            await desk.sender.quiet()
