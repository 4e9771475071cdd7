"""If a server that does not support BDAT refuses it, what follows is read as commands.

A server that supports BDAT reads the octets of a chunk even if it refuses the chunk (RFC 3030
section 2).
"""

from __future__ import annotations

from itertools import product

import pytest
from heloscope.session.events import CLIENT, SERVER, Kind
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.states import State, reads_chunk
from support.rows import for_each
from support.scripts import observe, replies, violations

ENVELOPE = """
    C: MAIL FROM:<a@example.org>
    S: 250 ok
    C: RCPT TO:<b@example.org>
    S: 250 ok
"""
PLAIN = "S: 220 ready\nC: EHLO me\nS: 250-server\nS: 250 PIPELINING\n" + ENVELOPE
CHUNKING = "S: 220 ready\nC: EHLO me\nS: 250-server\nS: 250 CHUNKING\n" + ENVELOPE
HELO = "S: 220 ready\nC: HELO me\nS: 250 server\n" + ENVELOPE


def answered(talk: Conversation) -> list[tuple[int, bytes]]:
    """Return the code of each reply from BDAT on, with the line that it answers."""
    found = [
        (reply.code, b"" if reply.answers is None else talk.transcript[reply.answers].data)
        for reply in replies(talk)
    ]
    first = next(at for at, (_, line) in enumerate(found) if line.startswith(b"BDAT"))
    return found[first:]


@for_each([
        ("250 ok", True, True), ("250 ok", False, True), ("250 ok", None, True),
        ("500 no", True, True),
        ("502 no", True, False), ("500 no", False, False), ("500 no", None, False),
        ("500 5.5.1 unknown command", True, False), ("500 5.6.0 line too long", True, True),
        ("503 no", True, True), ("503 no", None, True), ("503 no", False, False),
        ("451 no", True, True), ("552 no", True, True), ("550 no", False, False),
        ("421 bye", None, True),
    ])  # fmt: skip
def test_what_shows_that_a_server_reads_the_octets_of_a_chunk(
    reply: str, offered: bool | None, read: bool
):
    code, text = reply.split(" ", 1)
    assert reads_chunk(int(code), text.encode(), offered=offered) is read


def test_a_500_before_the_chunk_is_complete_is_not_about_a_line_of_it():
    assert not reads_chunk(500, b"no", offered=True, complete=False)


@for_each(product([PLAIN, CHUNKING, HELO], ["", " LAST"]))
def test_after_a_bdat_that_is_not_known_the_next_line_is_a_command(begins: str, last: str):
    talk = observe(begins + f"C: BDAT 12{last}\nS: 500 unrecognized")
    assert (talk.mode, talk.chunk_left) == (Kind.COMMAND, 0)
    assert talk.state is State.RCPT  # no chunk failed: DATA may follow
    assert len(talk.recipients) == 1
    observe("C: DATA\nS: 354 go on\nC: text\nC: .\nS: 250 queued", talk)
    assert answered(talk)[1:] == [(354, b"DATA\r\n"), (250, b".\r\n")]
    assert talk.state is State.READY
    assert violations(talk) == []


@pytest.mark.parametrize(
    ("begins", "code"), [(CHUNKING, 503), (CHUNKING, 451), (HELO, 503), (CHUNKING, 554)]
)
def test_a_server_that_knows_bdat_still_reads_the_chunk_that_it_refuses(begins: str, code: int):
    talk = observe(begins + f"C: BDAT 6 LAST\nS: {code} no")
    assert (talk.mode, talk.chunk_left) == (Kind.CHUNK, 6)
    observe("C: QUIT\nC: RSET\nS: 250 ok", talk)
    assert answered(talk) == [(code, b"BDAT 6 LAST\r\n"), (250, b"RSET\r\n")]
    assert "chunk-unread" not in violations(talk)


def test_a_chunk_that_is_out_already_is_answered_line_by_line():
    talk = observe(
        PLAIN
        + """
        C: BDAT 18 LAST
        C: Subject: x
        C:
        C: Hi
        S: 502 not implemented
        S: 500 what?
        S: 500 bad syntax
        S: 500 Hi?
        """
    )
    assert answered(talk) == [
        (502, b"BDAT 18 LAST\r\n"),
        (500, b"Subject: x\r\n"),
        (500, b"\r\n"),
        (500, b"Hi\r\n"),
    ]
    assert {line.kind for line in talk.transcript if line.sent} == {Kind.COMMAND}
    assert violations(talk) == ["chunk-unread"]
    assert talk.transcript.bodies == []
    assert talk.unanswered == ()


def test_a_command_in_a_chunk_that_is_read_as_commands_takes_effect():
    talk = observe(PLAIN + "C: BDAT 6 LAST\nC: RSET\nS: 500 no\nS: 250 reset")
    assert talk.state is State.READY
    assert talk.recipients == []


def test_what_was_sent_after_the_chunk_is_answered_after_its_lines():
    talk = observe(
        PLAIN + "C: BDAT 4\nC: Hi\nC: BDAT 5 LAST\nC: you\nC: RSET\n"
        "S: 500 BDAT?\nS: 500 Hi?\nS: 500 BDAT?\nS: 500 you?\nS: 250 reset"
    )
    assert answered(talk) == [
        (500, b"BDAT 4\r\n"),
        (500, b"Hi\r\n"),
        (500, b"BDAT 5 LAST\r\n"),
        (500, b"you\r\n"),
        (250, b"RSET\r\n"),
    ]
    assert talk.state is State.READY


def test_a_chunk_without_a_line_ending_is_one_command_with_what_follows_it():
    talk = observe(PLAIN + "C: BDAT 3 LAST\nC: abc\\\nS: 500 no")
    assert talk.unanswered == ()
    observe("C: RSET\nS: 500 abcRSET?", talk)
    assert answered(talk)[1:] == [(500, b"RSET\r\n")]
    assert talk.state is State.RCPT
    assert replies(talk)[-1].verb == "ABCRSET"


def test_data_in_the_chunk_opens_a_message_where_the_server_asks_for_one():
    talk = observe(
        PLAIN + "C: BDAT 13 LAST\nC: DATA\nC: Hi\nC: .\nS: 500 no\nS: 354 go on\nS: 250 queued"
    )
    assert answered(talk)[1:] == [(354, b"DATA\r\n"), (250, b".\r\n")]
    assert talk.state is State.READY


def test_in_lmtp_a_bdat_that_is_not_known_has_one_reply():
    talk = observe(
        PLAIN.replace("EHLO", "LHLO")
        + "C: RCPT TO:<c@example.org>\nS: 250 ok\nC: BDAT 4 LAST\nS: 500 no\nC: NOOP\nS: 250 ok"
    )
    assert answered(talk) == [(500, b"BDAT 4 LAST\r\n"), (250, b"NOOP\r\n")]
    assert len(talk.recipients) == 2


def test_what_is_still_to_come_of_the_chunk_is_read_as_commands_too():
    talk = observe(PLAIN + "C: BDAT 16 LAST\nC: one\nS: 500 no")
    observe("C: two\nS: 500 one?\nS: 500 two?\nC: NOOP\nS: 250 ok", talk)
    assert answered(talk)[1:] == [(500, b"one\r\n"), (500, b"two\r\n"), (250, b"NOOP\r\n")]


def test_of_a_long_chunk_the_first_thousand_lines_await_a_reply():
    talk = observe(PLAIN)
    talk.feed(CLIENT, b"BDAT 20000 LAST\r\n" + b"12345678\r\n" * 2000, 9.0)
    talk.feed(SERVER, b"500 no\r\n", 9.0)
    assert len(talk.unanswered) == 1000
    assert talk.transcript.bodies == []
