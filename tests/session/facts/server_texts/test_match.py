"""Wordings that servers use are recognised by the right rule in the tables, and by no other."""

from __future__ import annotations

import re

import pytest
from heloscope.session.facts.server_texts.match import (
    GROUPS,
    LONGEST,
    recognise,
    rules,
    verbs_of,
)
from heloscope.session.facts.server_texts.readings import READINGS
from heloscope.session.facts.server_texts.row import TextRule
from heloscope.session.facts.server_texts.topics import TOPICS
from hypothesis import given
from hypothesis import strategies as st
from support.real_replies import LINES
from support.rows import for_each

BY_KEY = {row.key: row for row in rules()}


def said(line: str) -> tuple[int, str | None, bytes]:
    """Split a reply line into its code, its enhanced code and its text, as a conversation does."""
    found = re.match(r"(\d\d\d)[ -](?:#?(\d\.\d+\.\d+)\b)?", line)
    assert found is not None
    text = "\n".join(part[4:] for part in line.split("\n"))
    return int(found[1]), found[2], text.encode()


def known_as(line: str, verb: str) -> str:
    """Return the key of the rule that recognises a line as a reply to `verb`, or "" if none."""
    found = recognise(*said(line), verb)
    return found.key if found is not None else ""


@for_each(LINES)
def test_a_line_of_a_real_server_is_known_by_its_own_row_after_its_own_command(key: str):
    commands = [one for one in verbs_of(BY_KEY[key].after) if one != "command"] or ["NOOP"]
    assert key in {known_as(LINES[key], verb) for verb in commands}


@for_each([
        ("500 5.5.2 Line too long", {"VRFY": "any-line-too-long", ".": "any-body-line",
                                     "AUTH": "login-line"}, "greeting"),
        ("530 5.7.0 Must issue a STARTTLS command first",
         {"MAIL": "starttls-first", "AUTH": "postfix-over-tls"}, "greeting"),
        ("553 5.1.3 malformed address",
         {"MAIL": "any-sender-syntax", "RCPT": "any-recipient-syntax"}, "AUTH"),
        ("452 4.7.1 Too many recipients per hour", {"RCPT": "any-recipients-period"}, "EHLO"),
        ("550 5.1.1 no such user", {"RCPT": "any-user", "VRFY": "any-user"}, "AUTH"),
    ])  # fmt: skip
def test_the_same_words_mean_something_else_after_another_command(
    line: str, after: dict[str, str], never_after: str
):
    assert {verb: known_as(line, verb) for verb in after} == after
    assert known_as(line, never_after) not in after.values()


@for_each(rules(), lambda row: row.key)
def test_a_row_names_existing_commands_and_an_existing_topic(row: TextRule):
    assert row.topic in TOPICS or (not row.topic and row.means)
    for word in row.after.split():
        assert word in GROUPS or word.isupper() or word in ("greeting", "(tls)", "command"), word


def test_every_topic_is_that_of_a_row_or_of_a_reading():
    named = {row.topic for row in rules() if row.topic} | {one.topic for one in READINGS}
    assert named == set(TOPICS)


@for_each(TOPICS)
def test_a_topic_is_written_in_sentences_under_a_title_without_a_stop(topic: str):
    found = TOPICS[topic]
    assert not found.title.endswith(".")
    for text in (found.means, found.try_next):
        assert not text or text.endswith((".", "}"))


def test_every_row_has_a_line_that_it_recognises():
    assert set(BY_KEY) == set(LINES)


@for_each(rules(), lambda row: row.key)
def test_a_row_is_written_in_sentences_and_looks_for_small_letters(row: TextRule):
    assert row.says == row.says.lower()
    assert not row.means or row.means.endswith((".", "}"))
    assert not row.try_next or row.try_next.endswith((".", "}"))
    assert all(len(part.strip()) >= 2 for part in row.says.replace(" … ", " | ").split(" | "))


def test_the_lines_of_a_reply_are_read_as_one():
    text = (
        b"5.1.1 The email account that you tried to reach does\n5.1.1 not exist. Please try\n"
        b"5.1.1 double-checking the address. - gsmtp"
    )
    found = recognise(550, "5.1.1", text)
    assert found is not None
    assert found.key == "gmail-bad-user"


@for_each(["250 ok", "550 no", "354 go on", "250 2.1.5 Alice Smith <alice@practice.test>",
     "550 5.7.1 no, thank you", "220 mail.example.org ESMTP"])  # fmt: skip
def test_a_text_without_a_meaning_of_its_own_is_not_recognised(line: str):
    assert recognise(*said(line)) is None


@given(st.integers(-1, 999), st.none() | st.text(max_size=20), st.binary(max_size=500))
def test_any_reply_is_accepted(code: int, enhanced: str | None, text: bytes):
    recognise(code, enhanced, text)


@pytest.mark.parametrize("piece", [b"client host [ ", b"[ph ", b"permanent failure ( ", b"5.7.1 "])
def test_only_the_beginning_of_an_endless_reply_is_examined(piece: bytes):
    assert recognise(554, "5.7.1", piece * LONGEST) is None
    assert recognise(554, "5.7.1", b"x" * LONGEST + b" spam message rejected") is None
