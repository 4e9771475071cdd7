"""Replies that break the rules, lines that are too long, and lines that are not complete yet."""

from __future__ import annotations

from heloscope.session.events import (
    CLIENT,
    SERVER,
    Cause,
    Disconnected,
)
from heloscope.session.protocol.states import State
from support.rows import for_each
from support.scripts import OPENED, observe, replies, violations


@for_each(
    [
        ("hello", "no-number", -1),
        ("25", "no-number", 25),
        ("250ok", "no-separator", 250),
        ("099 low", "code-out-of-range", 99),
        ("700 high", "code-out-of-range", 700),
        ("299 second digit", "code-out-of-range", 299),
        ("460 second digit", "code-out-of-range", 460),
        ("250 5.0.0 unlike", "enhanced-class", 250),
    ]
)
def test_a_malformed_reply_is_a_violation_and_still_a_reply(line: str, rule: str, code: int):
    talk = observe(OPENED + f"    C: NOOP\n    S: {line}\n    C: NOOP\n    S: 250 ok")
    assert rule in violations(talk)
    assert [r.code for r in replies(talk)][-2:] == [code, 250]


def test_the_last_code_of_a_mixed_reply_counts():
    talk = observe(OPENED + "    C: NOOP\n    S: 250-a\n    S: 550-b\n    S: 550 c")
    assert replies(talk)[-1].code == 550
    assert violations(talk) == ["mixed-codes"]


def test_a_reply_without_text_is_a_reply():
    talk = observe(OPENED + "    C: NOOP\n    S: 250")
    assert replies(talk)[-1].code == 250
    assert violations(talk) == []


def test_a_long_line_comes_as_marked_pieces_and_nothing_is_dropped():
    talk = observe(OPENED)
    data = b"250 " + b"x" * 200_000 + b"\r\n"
    for start in range(0, len(data), 1000):
        talk.feed(SERVER, data[start : start + 1000], 5.0)
    rows = talk.transcript[4:]
    assert [row.piece for row in rows] == [True, True, True, False]
    assert b"".join(row.data for row in rows) == data
    assert max(len(row.data) for row in rows) == 65536
    assert len(replies(talk)) == 3


def test_what_has_come_and_is_not_a_line_yet_is_pending_and_becomes_a_piece_at_the_end():
    talk = observe(OPENED)
    talk.feed(SERVER, b"250 hal", 5.0)
    assert talk.pending(SERVER) == b"250 hal"
    talk.note(Disconnected(6.0, Cause.RESET, "reset"))
    assert talk.pending(SERVER) == b""
    assert talk.transcript[-1].piece
    assert talk.state is State.CLOSED


def test_a_pending_secret_is_not_shown():
    talk = observe(OPENED)
    talk.feed(CLIENT, b"AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=", 5.0)
    assert b"AGFs" not in talk.pending_masked(CLIENT)
    assert talk.pending(CLIENT).endswith(b"Q=")


def test_a_command_typed_in_pieces_is_one_command():
    talk = observe(OPENED)
    talk.feed(CLIENT, b"NO", 5.0)
    talk.flush(CLIENT, 5.0)
    talk.feed(CLIENT, b"OP\r\n", 6.0)
    talk.feed(SERVER, b"250 ok\r\n", 7.0)
    assert replies(talk)[-1].verb == "NOOP"
    assert [row.piece for row in talk.transcript[4:6]] == [True, False]


def test_a_client_that_speaks_before_the_greeting_is_reported():
    talk = observe("C: EHLO me\nS: 220 x\nS: 250 ok")
    assert violations(talk) == ["before-greeting"]
    assert talk.state is State.READY
