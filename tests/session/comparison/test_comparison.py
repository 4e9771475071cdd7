"""Two conversations compared: which turns are aligned, and what counts as a difference."""

from __future__ import annotations

import itertools
from typing import Any

from heloscope.session.comparison.alignment import Key, align
from heloscope.session.comparison.diff import diff_lines, side_by_side
from heloscope.session.comparison.differences import (
    PROBE_VERBS,
    Difference,
    Manner,
    compare,
    count,
)
from heloscope.session.comparison.volatile import steady
from heloscope.session.events import SERVER, Cause, Disconnected, Note, TlsStarted
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.dialogue import Turn, dialogue
from heloscope.session.record.unseen import BEGINNING
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each
from support.scripts import observe

GREETING = "S: 220 mx.example.org ESMTP\n"


def turns(script: str) -> list[Turn]:
    return dialogue(observe(script).transcript)


def differences(left: str, right: str, **how: Any) -> list[Difference]:
    rows = compare(turns(GREETING + left), turns(GREETING + right), Manner(**how))
    return [each for row in rows for each in row.differences]


# Alignment


def keys(text: str) -> list[Key]:
    """Return keys from a short notation: E is a verb, R1 a verb with a line."""
    return [Key(word[0], word) for word in text.split()]


@for_each(
    [
        ("", "", []),
        ("E M R", "E M R", [(0, 0), (1, 1), (2, 2)]),
        ("E M", "E S E M", [(0, 0), (None, 1), (None, 2), (1, 3)]),
        ("E M R D", "E M D", [(0, 0), (1, 1), (2, None), (3, 2)]),
        ("E X Q", "E Y Q", [(0, 0), (1, None), (None, 1), (2, 2)]),
        ("R1 R2 R3", "R2", [(0, None), (1, 0), (2, None)]),
        ("R1", "R2", [(0, 0)]),
        ("R1 R2", "R3 R2", [(0, 0), (1, 1)]),
        ("M", "", [(0, None)]),
    ]
)
def test_the_same_verb_is_a_pair_and_the_same_line_a_better_one(
    left: str, right: str, pairs: list[tuple[int | None, int | None]]
):
    assert align(keys(left), keys(right)) == pairs


some_keys = st.lists(st.builds(Key, st.sampled_from("EMRDQ"), st.sampled_from("123")), max_size=12)


@given(some_keys)
def test_a_conversation_is_aligned_with_itself(one: list[Key]):
    assert align(one, one) == [(number, number) for number in range(len(one))]


@given(some_keys, some_keys)
def test_the_alignment_is_the_same_from_both_sides(one: list[Key], other: list[Key]):
    there = align(one, other)
    back = align(other, one)
    assert sorted(map(str, there)) == sorted(str((a, b)) for b, a in back)


@given(some_keys, some_keys)
def test_each_turn_is_there_once_in_its_order_and_pairs_have_one_verb(
    one: list[Key], other: list[Key]
):
    pairs = align(one, other)
    assert [a for a, _ in pairs if a is not None] == list(range(len(one)))
    assert [b for _, b in pairs if b is not None] == list(range(len(other)))
    assert all(one[a].verb == other[b].verb for a, b in pairs if a is not None and b is not None)


def test_a_long_conversation_is_aligned_in_windows():
    one = [Key("N", number) for number in range(3000)]
    other = [Key("N", -number) for number in range(3000)]
    pairs = align(one, other)
    assert len([pair for pair in pairs if None not in pair]) >= 2900


# What is volatile


@for_each(
    [
        ("2.0.0 Message 2 delivered", "2.0.0 Message 13 delivered"),
        ("2.0.0 Ok: queued as 4F2A1B3C5D", "2.0.0 Ok: queued as 9C8B7A6F5E"),
        ("2.0.0 Ok: queued as ABCDEF", "2.0.0 Ok: queued as FEDCBA"),
        ("OK id=1uABcd-0003x2-Hk", "OK id=1vXYzz-000AbC-1Q"),
        (
            "2.0.0 OK 1764412345 a640c23a62f3a-abcd12 - gsmtp",
            "2.0.0 OK  1764499999 b7510d34b7340-wxyz98 - gsmtp",
        ),
        (
            "mx1.example.org ESMTP ready at Sun, 29 Nov 2026 10:43:29 +0000",
            "mx2.example.net ESMTP ready at Mon, 30 Nov 2026 01:02:03 +0100 (CET)",
        ),
        ("mx.google.com ESMTP a1b2c3d4e5.12 - gsmtp", "mx.google.com ESMTP z9y8x7w6v5.99 - gsmtp"),
        ("Hello [192.0.2.1]", "Hello [2001:db8::1]"),
        ("try again in 299 seconds", "try again in 12 seconds"),
        (
            "<20261129.1234@a.example> [InternalId=123456789, Hostname=x1.example.org]",
            "<20261130.9876@b.example> [InternalId=987654321, Hostname=y2.example.org]",
        ),
        ("closing connection 2026-11-29T10:43:29Z", "closing connection 2027-01-01T00:00:00Z"),
    ]
)
def test_volatile_parts_are_not_a_difference(one: str, other: str):
    assert steady(one) == steady(other)


@for_each(
    [
        ("5.1.1 User unknown", "5.1.2 User unknown"),
        ("4.7.1 Greylisted", "4.7.1 Blocked"),
        ("message limit 100", "message limit 200"),
        ("use 8BITMIME", "use SMTPUTF8"),
        ("Ok", "Ok: queued as 4F2A1B3C5D"),
        ("accepted for a.smith", "rejected for a.smith"),
        ("2.1.0 Ok", "2.1.5 Ok"),
    ]
)
def test_a_different_meaning_is_a_difference(one: str, other: str):
    assert steady(one) != steady(other)


@given(st.text())
def test_removing_volatile_parts_is_idempotent(text: str):
    assert isinstance(steady(text), str)


# Differences


SAID = """
C: EHLO me
S: 250-mx.example.org
S: 250-SIZE 1000
S: 250 PIPELINING
C: MAIL FROM:<a@example.org>
S: 250 2.1.0 Ok
C: RCPT TO:<b@example.org>
S: 250 2.1.5 Ok
C: QUIT
S: 221 2.0.0 Bye
"""


def test_equal_conversations_have_no_differences():
    assert differences(SAID, SAID) == []
    assert differences(SAID, SAID, exact=True, times=0.0) == []


def test_extensions_added_removed_and_with_other_parameters():
    other = SAID.replace("SIZE 1000", "SIZE 2000").replace("PIPELINING", "AUTH PLAIN")
    assert differences(SAID, other) == [
        Difference("extension", "PIPELINING", "PIPELINING", ""),
        Difference("extension", "SIZE", "SIZE 1000", "SIZE 2000"),
        Difference("extension", "AUTH", "", "AUTH PLAIN"),
    ]


def test_the_order_of_extensions_is_not_a_difference():
    other = (
        SAID.replace("SIZE 1000", "x")
        .replace("PIPELINING", "SIZE 1000")
        .replace("250-x", "250-PIPELINING")
    )
    assert differences(SAID, other) == []


def test_codes_enhanced_codes_and_texts_are_distinguished():
    other = SAID.replace("250 2.1.5 Ok", "550 5.1.1 No such user")
    assert differences(SAID, other) == [
        Difference("code", "", "250", "550"),
        Difference("enhanced", "", "2.1.5", "5.1.1"),
        Difference("text", "", "Ok", "No such user"),
    ]


def test_names_and_ids_count_only_if_all_is_to_be_exact():
    other = SAID.replace("EHLO me", "EHLO you").replace("250-mx.example.org", "250-mx2.example.org")
    assert differences(SAID, other) == []
    assert differences(SAID, other, exact=True) == [
        Difference("command", "", "EHLO me", "EHLO you"),
        Difference("text", "", "mx.example.org", "mx2.example.org"),
    ]


def test_a_command_with_another_argument():
    other = SAID.replace("b@example.org", "c@example.org")
    assert differences(SAID, other) == [
        Difference("command", "", "RCPT TO:<b@example.org>", "RCPT TO:<c@example.org>")
    ]
    assert differences(SAID, SAID.replace("RCPT TO:", "rcpt to:")) == []


def test_a_command_that_one_side_lacks():
    other = SAID + "C: NOOP\n"
    assert differences(SAID, other) == [Difference("command", "", "", "NOOP: no reply")]
    assert differences(other, SAID) == [Difference("command", "", "NOOP: no reply", "")]


def test_a_challenge_always_differs():
    one = "C: AUTH CRAM-MD5\nS: 334 PDEyMzQ1Ng==\nC: *\nS: 501 5.7.0 cancelled\n"
    assert differences(one, one.replace("PDEyMzQ1Ng==", "PDk4NzY1NA==")) == []


def test_a_message_is_compared_only_if_all_is_to_be_exact():
    one = "C: DATA\nS: 354 go\nC: Subject: x\nC: .\nS: 250 ok\n"
    other = one.replace("Subject: x", "Subject: other")
    assert differences(one, other) == []
    assert [each.kind for each in differences(one, other, exact=True)] == ["message"]


def test_tls_is_compared_as_far_as_both_sides_show_it():
    def secured(version: str, cipher: str) -> list[Turn]:
        talk = observe(f"{GREETING}C: STARTTLS\nS: 220 go ahead")
        talk.note(TlsStarted(9.0, version, cipher))
        return dialogue(talk.transcript)

    one, other = secured("TLSv1.3", "TLS_AES_256_GCM_SHA384"), secured("TLSv1.2", "")
    found = [each for row in compare(one, other) for each in row.differences]
    assert found == [Difference("tls", "protocol", "TLSv1.3", "TLSv1.2")]
    assert not any(row.differences for row in compare(one, secured("TLSv1.3", "")))


def test_an_end_is_a_difference_only_if_it_is_not_orderly():
    def ended(cause: Cause) -> list[Turn]:
        talk = observe(GREETING)
        talk.note(Disconnected(9.0, cause))
        return dialogue(talk.transcript)

    orderly = ended(Cause.CLOSED_BY_CLIENT)
    assert not any(row.differences for row in compare(orderly, ended(Cause.CLOSED_BY_SERVER)))
    (_, last) = compare(orderly, ended(Cause.RESET))
    assert last.differences == (Difference("end", "", "", "reset"),)


def test_a_greeting_that_a_log_lacks_is_not_a_difference():
    said = "C: EHLO me\nS: 250-x\nS: 250 SIZE 1000"
    log = Conversation()
    log.note(Note(0.0, BEGINNING, ""))
    later = dialogue(observe(said, log).transcript)
    whole = turns(f"S: 220 mx.example.org\n{said}")
    for rows, column in ((compare(later, whole), 2), (compare(whole, later), 1)):
        assert count(rows) == {}
        assert [row.unseen for row in rows] == [True, False]
        assert list(diff_lines(rows)) == [
            (" ", "greeting: 220 mx.example.org (not in the other log)"), (" ", "(1 the same)"),
        ]  # fmt: skip
        assert side_by_side(rows[0])[0][column] == "greeting"
        assert side_by_side(rows[0])[0][3 - column] == "not in the other log"


def test_a_server_that_sends_no_greeting_differs_from_one_that_does():
    (row,) = compare([], turns("S: 220 mx.example.org"))
    assert [each.kind for each in row.differences] == ["command"]


def test_times_count_only_if_they_are_asked_for():
    def said(seconds: float) -> list[Turn]:
        from heloscope.session.events import CLIENT

        talk = Conversation()
        talk.feed(SERVER, b"220 x\r\n", 0.0)
        talk.feed(CLIENT, b"NOOP\r\n", 1.0)
        talk.feed(SERVER, b"250 ok\r\n", 1.0 + seconds)
        return dialogue(talk.transcript)

    one, other = said(0.5), said(3.0)
    assert not any(row.differences for row in compare(one, other))
    assert not any(row.differences for row in compare(one, other, Manner(times=2.6)))
    last = compare(one, other, Manner(times=1.0))[-1]
    assert last.differences == (Difference("time", "", "0.500 s", "3.000 s"),)


def test_only_what_a_probe_and_a_delivery_have_in_common_can_be_compared():
    asked = SAID[: SAID.index("C: MAIL")] + "C: VRFY postmaster\nS: 252 x\n"
    assert differences(SAID, asked, only=PROBE_VERBS) == []


def test_differences_are_counted_by_kind():
    other = SAID.replace("250 2.1.5 Ok", "550 5.1.1 No such user").replace("SIZE 1000", "SIZE 1")
    rows = compare(turns(GREETING + SAID), turns(GREETING + other))
    assert count(rows) == {"code": 1, "enhanced": 1, "text": 1, "extension": 1}


PARTS = st.sampled_from(
    [
        b"220 mx ESMTP\r\n", b"250-x\r\n250-SIZE 1\r\n250 \xff\x00\r\n", b"\x1b[2J\r\n", b"25",
        b"EHLO x\r\n", b"MAIL FROM:<>\r\n", b"DATA\r\n", b"354 go\r\n", b".\r\n", b"RCPT\n",
        b"AUTH PLAIN AGEAYg==\r\n", b"334 \r\n", b"535 5.7.8 no\r\n", b"BDAT 3 LAST\r\nabc",
    ]
)  # fmt: skip
TALKS = st.lists(st.tuples(st.booleans(), PARTS), max_size=14)


def heard(parts: list[tuple[bool, bytes]]) -> list[Turn]:
    from heloscope.session.events import CLIENT

    talk = Conversation()
    for at, (sent, data) in enumerate(parts):
        talk.feed(CLIENT if sent else SERVER, data, float(at))
    return dialogue(talk.transcript)


@given(TALKS, TALKS)
def test_anything_can_be_compared_and_from_both_sides_alike(
    one: list[tuple[bool, bytes]], other: list[tuple[bool, bytes]]
):
    left, right = heard(one), heard(other)
    manners = (Manner(), Manner(exact=True, times=0.0))
    for manner, same in itertools.product(manners, (left, right)):
        assert not any(row.differences for row in compare(same, same, manner))
    for manner in manners:
        there, back = compare(left, right, manner), compare(right, left, manner)
        assert count(there) == count(back)
        swapped = {(d.kind, d.name, d.right, d.left) for row in back for d in row.differences}
        assert {tuple(d) for row in there for d in row.differences} == swapped
        shown = [text for row in there for each in row.differences for text in each]
        assert all(text.isprintable() for text in shown)
