"""Passwords in a log are masked, whether their place after AUTH or their form reveals them."""

from __future__ import annotations

import base64

import pytest
from heloscope.session.events import Note
from heloscope.session.foreign.cut_logins import _may_be_response
from heloscope.session.foreign.entries import CLIENT, MASKED, Entry
from heloscope.session.foreign.log import open_log, read_log
from heloscope.session.foreign.logged_errors import masked
from heloscope.session.foreign.settled import settle
from heloscope.session.protocol.replay import replay
from heloscope.session.record.responses import looks_like_a_response
from support.foreign_samples import NAMES, SAMPLES
from support.rows import for_each

SECRETS = ("wonderland", "looking-glass")
HIDDEN = [
    *(word.encode() for word in SECRETS),
    *(base64.b64encode(word.encode()) for word in SECRETS),
    base64.b64encode(b"\0alice@example.org\0wonderland"),
    base64.b64encode(b"alice@example.org\0alice@example.org\0wonderland"),
]


@for_each(NAMES)
def test_no_secret_is_shown(name: str):
    for talk in open_log(SAMPLES / name).conversations:
        transcript = replay(talk).transcript
        shown = b"".join(transcript.mask(line) for line in transcript)
        told = [e.text.encode() for e in transcript.marks_after(0) if isinstance(e, Note)]
        for secret in HIDDEN:
            assert secret not in shown + b"\n".join(told)


@for_each(
    [
        ("Auth not attempted, requested type not available",) * 2,
        ("AUTH PLAIN failed: 535 5.7.8 Incorrect", "AUTH PLAIN failed: 535 5.7.8 Incorrect"),
        ("User & Password command failed: 535 5.7.8 Wrong user or password",) * 2,
        ("Auth failed for alice with wonderland", "Auth failed for ******** ******** ********"),
        ("AUTH LOGIN YWxpY2U= d29uZGVybGFuZA==", "AUTH LOGIN ********"),
        ("AUTH PLAIN wonderland", "AUTH PLAIN ********"),
        ("login error: wonderland", "login error: ********"),
        ("PASS wonderland rejected", "PASS ******** rejected"),
    ]
)
def test_an_error_of_a_login_is_shown_without_what_may_be_a_secret(told: str, shown: str):
    assert masked(told) == shown


LOGIN = [
    "<-  220 mx.example.org ESMTP", " -> EHLO me.example", "<-  250 AUTH LOGIN", " -> AUTH LOGIN",
    "<-  334 VXNlcm5hbWU6", " -> YWxpY2U=", "<-  334 UGFzc3dvcmQ6", " -> d29uZGVybGFuZA==",
    "<** 535 5.7.8 Wrong", " -> QUIT", "<-  221 Bye",
]  # fmt: skip


@for_each(range(len(LOGIN)))
def test_no_password_is_shown_wherever_a_log_begins(first: int):
    lines = LOGIN[first:]
    log = read_log("\n".join(["=== Connected to mx.example.org.", *lines]).encode())
    shown = replay(log.conversations[0]).transcript.to_text(masked=False)
    assert ("AUTH LOGIN" in shown) == (first < 4)
    if first > 3:
        assert "d29uZGVybGFuZA" not in shown
    assert "d29uZGVybGFuZA" not in replay(log.conversations[0]).transcript.to_text()


@for_each(range(3, 9))
def test_no_password_is_shown_where_a_line_of_a_login_is_lost(lost: int):
    lines = LOGIN[:lost] + LOGIN[lost + 1 :]
    log = read_log("\n".join(["=== Connected to mx.example.org.", *lines]).encode())
    assert "d29uZGVybGFuZA" not in replay(log.conversations[0]).transcript.to_text()


@pytest.mark.parametrize("word", ["AGFubgB3b25kZXJsYW5k", "d29uZGVybGFuZA=="])
def test_a_response_that_a_log_attributes_to_the_server_is_hidden(word: str):
    lines = (
        f"S: 220 x\nC: EHLO me\nS: 250 AUTH PLAIN\nC: AUTH LOGIN\nS: 334 \nS: {word}\nS: 235 ok\n"
    )
    shown = replay(read_log(lines.encode()).conversations[0]).transcript.to_text(masked=False)
    assert word not in shown
    assert "235 ok" in shown


def test_a_word_that_is_not_a_response_is_shown():
    lines = [*LOGIN[:3], " -> FROBNICATE", "<** 500 What?", " -> STARTTLS", "<** 454 Not now"]
    log = read_log("\n".join(lines).encode())
    shown = replay(log.conversations[0]).transcript.to_text()
    assert "C: FROBNICATE" in shown
    assert "C: STARTTLS" in shown


@for_each([
    "AUTH PLAIN ***", "[credentials hidden]", "<Credentials Hidden>", "AUTH Provided_But_Removed",
    "AUTH LOGIN /* secret */", "/* SECRETED */", "/* secured */", "logging suppressed",
    "<Authentication Response>", "<hidden>", "[redacted]",
    f"AUTH PLAIN {base64.b64encode(b'/* secret */').decode()}",
])  # fmt: skip
def test_a_placeholder_in_any_letter_case_marks_the_line(shown: str):
    assert settle([Entry(CLIENT, shown)]) == [Entry(CLIENT, shown, marks=frozenset({MASKED}))]


@for_each(["**", "RCPT TO:<hidden@example.org>", "/*", "[RED]", "Logging"])
def test_words_that_are_not_a_placeholder_do_not_mark_the_line(shown: str):
    assert settle([Entry(CLIENT, shown)]) == [Entry(CLIENT, shown)]


@pytest.mark.parametrize(
    "text", ["RCPT TO:<a@b.example>", "abcdefgh:", "<abcdefgh", "a:b\0abcdefgh"]
)
def test_a_word_with_a_bracket_or_a_colon_is_not_a_response(text: str):
    assert not looks_like_a_response(text.encode())
    assert not _may_be_response(text)
