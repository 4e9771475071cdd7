"""The end of a connection, announced or actual, and a message whose end gets no reply."""

from __future__ import annotations

import pytest
from heloscope.session.events import (
    CLIENT,
    SERVER,
    Cause,
    Disconnected,
)
from heloscope.session.protocol.states import State
from support.rows import for_each
from support.scripts import observe, violations

# The end of the connection, announced and real


ANNOUNCED = """
    S: 220 ready
    C: EHLO me
    S: 250 hello
    C: MAIL FROM:<a@example.org>
    S: 250 ok
    C: RCPT TO:<b@example.org>
"""


def test_after_421_the_connection_stays_open_until_it_ends():
    talk = observe(ANNOUNCED + "S: 421 4.3.2 going down")
    assert (talk.state, talk.closing) == (State.MAIL, 421)
    talk.note(Disconnected(99.0, Cause.CLOSED_BY_SERVER))
    assert (talk.state, talk.closing) == (State.CLOSED, 0)


@pytest.mark.parametrize("line", ["NOOP", "RCPT TO:<c@example.org>", "QUIT"])
def test_a_reply_after_421_cancels_the_announcement(line: str):
    talk = observe(ANNOUNCED + f"S: 421 later\nC: {line}\nS: 250 ok")
    assert talk.closing == 0
    assert violations(talk) == []


def test_a_greeting_that_refuses_temporarily_leaves_quit():
    talk = observe("S: 451 4.7.1 try again later")
    assert (talk.state, talk.closing) == (State.REFUSED, 0)
    talk.feed(CLIENT, b"QUIT\r\n", 9.0)
    talk.feed(SERVER, b"221 bye\r\n", 9.5)
    assert violations(talk) == []
    assert (talk.state, talk.closing) == (State.CLOSING, 221)


def test_221_to_noop_announces_the_end_too():
    talk = observe(ANNOUNCED + "S: 250 ok\nC: NOOP\nS: 250 ok\nC: NOOP\nS: 221 goodbye")
    assert (talk.state, talk.closing) == (State.RCPT, 221)


# A message whose end has no reply (RFC 1047)

AT_DATA = ANNOUNCED + "S: 250 ok\nC: DATA\nS: 354 go\nC: hi\n"
IN_CHUNKS = """
    S: 220 ready
    C: EHLO me
    S: 250-hello
    S: 250 CHUNKING
    C: MAIL FROM:<a@example.org>
    S: 250 ok
    C: RCPT TO:<b@example.org>
    S: 250 ok
"""
TO_TWO = """
    S: 220 ready
    C: LHLO me
    S: 250 hello
    C: MAIL FROM:<a@example.org>
    S: 250 ok
    C: RCPT TO:<b@example.org>
    S: 250 ok
    C: RCPT TO:<c@example.org>
    S: 250 ok
    C: DATA
    S: 354 go
    C: hi
    C: .
    S: 250 for b
"""


@for_each(
    (*row, cause)
    for row in [
        (AT_DATA, False),
        (AT_DATA + "C: .", True),
        (AT_DATA + "C: .\nS: 250 queued", False),
        (AT_DATA + "C: .\nS: 421 later", False),
        (IN_CHUNKS + "C: BDAT 4", False),
        (IN_CHUNKS + "C: BDAT 4\nC: hi", False),
        (IN_CHUNKS + "C: BDAT 8 LAST\nC: hi", False),
        (IN_CHUNKS + "C: BDAT 4 LAST\nC: hi", True),
        (IN_CHUNKS + "C: BDAT 0 LAST", True),
        (IN_CHUNKS + "C: BDAT 4 LAST\nC: hi\nS: 250 queued", False),
        (TO_TWO, True),
        (TO_TWO + "S: 250 for c", False),
    ]
    for cause in [Cause.CLOSED_BY_SERVER, Cause.RESET, Cause.CLOSED_BY_CLIENT]
)
def test_a_message_whose_end_has_no_reply_is_in_doubt(said: str, in_doubt: bool, cause: Cause):
    talk = observe(said)
    assert (talk.in_doubt is not None) is in_doubt
    talk.note(Disconnected(99.0, cause))
    assert ("no-verdict" in violations(talk)) is in_doubt
