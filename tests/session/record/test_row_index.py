"""The index that leads from a row to its reply, what the reply answers, and its violations."""

from __future__ import annotations

from heloscope.session.events import SERVER, ReplyReceived, Violation
from heloscope.session.record.row_index import RowIndex
from support.scripts import observe

TALK = """
    S: 220-one
    S: 220 two
    C: EHLO me
    S: 250-server
    S: 250-PIPELINING
    S: 250 SIZE
    C: FROB
    C: RCPT TO:<a@example.org>
    S: 500 what
    S: 503 no
"""


def test_every_row_of_a_reply_leads_to_it_and_a_command_to_none():
    index = RowIndex(observe(TALK).transcript)
    found = [index.reply_at(row) for row in range(10)]
    assert [reply and (reply.row, reply.last) for reply in found] == [
        (0, 1), (0, 1), None, (3, 5), (3, 5), (3, 5), None, None, (8, 8), (9, 9),
    ]  # fmt: skip
    assert index.reply_at(10) is None


def test_a_command_leads_to_its_replies():
    index = RowIndex(observe(TALK).transcript)
    assert [reply.code for row in (2, 6, 7) for reply in index.replies_to(row)] == [250, 500, 503]
    assert index.replies_to(0) == []


def test_the_end_of_a_message_has_several_replies_in_lmtp():
    index = RowIndex(
        observe(
            """
            S: 220 lmtp
            C: LHLO me
            S: 250 ok
            C: MAIL FROM:<a@example.org>
            S: 250 ok
            C: RCPT TO:<b@example.org>
            S: 250 ok
            C: RCPT TO:<c@example.org>
            S: 250 ok
            C: DATA
            S: 354 go
            C: .
            S: 250 ok
            S: 550 no
            """
        ).transcript
    )
    assert [(reply.code, reply.recipient) for reply in index.replies_to(11)] == [(250, 5), (550, 7)]


def test_one_steps_from_reply_to_reply():
    index = RowIndex(observe(TALK).transcript)

    def rows(by: int) -> list[int | None]:
        found = [index.reply_beside(row, by) for row in range(10)]
        return [None if reply is None else reply.row for reply in found]

    assert rows(1) == [3, 3, 3, 8, 8, 8, 8, 8, 9, None]
    assert rows(-1) == [None, 0, 0, 0, 3, 3, 3, 3, 3, 8]


def test_a_row_leads_to_what_was_wrong_with_it():
    index = RowIndex(observe(TALK).transcript)
    assert [found.rule for found in index.violations_at(6)] == ["unknown-command"]
    assert [found.rule for found in index.violations_at(7)] == ["out-of-order", "pipelined-past"]
    assert index.violations_at(2) == []


def test_it_follows_a_conversation_that_continues():
    talk = observe(TALK)
    index = RowIndex(talk.transcript)
    assert index.reply_at(10) is None
    talk.feed(SERVER, b"421 off", 9.0)
    assert index.reply_at(10) is None
    talk.feed(SERVER, b"\r\n", 9.0)
    assert index.reply_at(10) is not None
    events = list(talk.transcript.events())
    assert sum(isinstance(event, ReplyReceived) for event in events) == 5
    assert [found for row in range(11) for found in index.violations_at(row)] == sorted(
        (event for event in events if isinstance(event, Violation)), key=lambda event: event.row
    )


def test_a_greeting_that_ends_after_a_command_leads_to_its_own_rows():
    # Postfix's postscreen does not end its greeting when the client speaks first.
    index = RowIndex(observe("S: 220-wait\nC: NOOP\nS: 521 no").transcript)
    found = [index.reply_at(row) for row in range(3)]
    assert [reply and reply.code for reply in found] == [220, None, 521]
    assert [reply.code for reply in index.replies_to(1)] == [521]
    assert index.reply_beside(2, -1) == found[0]
