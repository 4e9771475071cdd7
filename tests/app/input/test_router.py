"""The input router, without an app: what a typed line is recognised as."""

from __future__ import annotations

from heloscope.app.plan.status import Plan
from support.ui import Desk, connected

HELLO = """
    S: 220 ready
    C: EHLO
    S: 250-hello
    S: 250-CHUNKING
    S: 250 AUTH PLAIN
"""
ENVELOPE = """
    C: MAIL
    S: 250 ok
    C: RCPT
    S: 250 ok
"""
TO_BOB = ("EHLO me", "MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>")


async def test_a_command_goes_to_the_server():
    async with connected(HELLO + "C: more") as desk:
        await desk.type("EHLO me")
        assert desk.sent == b"EHLO me\r\n"
        assert desk.orders == []


async def test_an_order_goes_to_heloscope_and_into_the_history():
    async with connected("S: 220 ready\nC: more") as desk:
        desk.enter(":save  a file.txt")
        assert desk.orders == [("save", "a file.txt")]
        assert desk.sent == b""
        assert desk.sender.history.lines == [":save  a file.txt"]


async def test_two_colons_send_one():
    async with connected("S: 220 ready\nC: x\nS: 500 what\nC: more") as desk:
        await desk.type("::help")
        assert desk.sent == b":help\r\n"


async def test_an_empty_line_sends_nothing_without_a_plan_and_steps_with_one():
    async with connected(HELLO + "C: more") as desk:
        desk.enter("")
        assert desk.sent == b""
        desk.plan.begin(Plan("Greeting", "hello", ("me.example",)))
        await desk.stepped()
        assert desk.sent == b""
        desk.enter("")
        await desk.stepped()
        assert desk.sent == b"EHLO me.example\r\n"


async def test_a_line_that_cannot_be_sent_stands_there_again():
    desk = Desk()
    desk.enter("NOOP")
    assert desk.line.text == "NOOP"
    [told] = desk.ui.troubles
    assert told.startswith("Not connected, so nothing was sent.")


async def test_bdat_without_a_size_opens_the_editor():
    async with connected(HELLO + ENVELOPE + "C: BDAT\nC: hi\nS: 250 queued\nC: more") as desk:
        await desk.type(*TO_BOB)
        desk.enter("BDAT")
        assert desk.line.writing
        assert desk.line.chunk
        desk.router.send_message(b"hi")
        await desk.until(lambda: b"BDAT" in desk.sent)
        await desk.quiet()
        assert not desk.line.writing
        assert desk.sent.endswith(b"BDAT 4 LAST\r\nhi\r\n")


async def test_pasted_lines_wait_for_their_replies():
    slow = HELLO + ENVELOPE + "C: DATA\nS: 354 go on\nC: hi\nC: .\nS: 250 queued\nC: more"
    async with connected(slow) as desk:
        desk.router.type_lines([*TO_BOB, "DATA", ":no order", "."])
        await desk.until(lambda: desk.router.pasted is None)
        await desk.quiet()
        assert desk.sent.endswith(b"DATA\r\n:no order\r\n.\r\n")
        assert desk.orders == []
        assert desk.received[-1] == "250 queued"
        assert not desk.line.writing  # the paste goes on with the message, not a person


async def test_pasted_lines_can_be_stopped():
    async with connected("S: 220 ready\nC: NOOP\nC: more") as desk:
        desk.router.type_lines(["NOOP", "NOOP"])
        await desk.until(lambda: desk.sent)
        assert desk.router.stop()
        await desk.until(lambda: desk.router.pasted is None)
        assert desk.sent == b"NOOP\r\n"
        assert not desk.router.stop()


async def test_pasted_lines_stop_where_the_connection_ends():
    async with connected("S: 220 ready\nC: NOOP") as desk:
        desk.router.type_lines(["NOOP", "NOOP"])
        await desk.until(lambda: desk.router.pasted is None)
        assert desk.ui.troubles == ["The connection has ended; the rest was not sent."]
