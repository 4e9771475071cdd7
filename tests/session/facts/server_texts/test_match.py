"""What servers say in their own words is recognised, row by row, and told apart."""

from __future__ import annotations

import re

import pytest
from heloscope.session.facts.server_texts.match import LONGEST, recognise, rules
from heloscope.session.facts.server_texts.row import TextRule
from hypothesis import given
from hypothesis import strategies as st
from support.real_replies import LINES

BY_KEY = {row.key: row for row in rules()}


def said(line: str) -> tuple[int, str | None, bytes]:
    """A reply as the conversation hands it out: code, enhanced code, text."""
    found = re.match(r"(\d\d\d)[ -](?:(\d\.\d+\.\d+)\b)?", line)
    assert found is not None
    text = "\n".join(part[4:] for part in line.split("\n"))
    return int(found[1]), found[2], text.encode()


@pytest.mark.parametrize("key", LINES)
def test_a_line_of_a_real_server_is_known_by_its_own_row(key: str):
    found = recognise(*said(LINES[key]))
    assert found is not None
    assert found.key == key


def test_every_row_has_a_line_that_it_is_for():
    assert set(BY_KEY) == set(LINES)


@pytest.mark.parametrize("row", rules(), ids=lambda row: row.key)
def test_a_row_is_written_in_sentences_and_looks_for_small_letters(row: TextRule):
    assert row.says == row.says.lower()
    assert row.means.endswith((".", "!"))
    assert not row.try_next or row.try_next.endswith(".")
    assert all(len(part.strip()) >= 2 for part in row.says.replace(" … ", " | ").split(" | "))


def test_the_lines_of_a_reply_are_read_as_one():
    text = (
        b"5.1.1 The email account that you tried to reach does\n5.1.1 not exist. Please try\n"
        b"5.1.1 double-checking the address. - gsmtp"
    )
    found = recognise(550, "5.1.1", text)
    assert found is not None
    assert found.key == "gmail-bad-user"


@pytest.mark.parametrize(
    "line",
    ["250 ok", "550 no", "354 go on", "250 2.1.5 Alice Smith <alice@practice.test>",
     "550 5.7.1 administrative prohibition", "220 mail.example.org ESMTP"],
)  # fmt: skip
def test_what_says_nothing_of_its_own_is_not_recognised(line: str):
    assert recognise(*said(line)) is None


@given(st.integers(-1, 999), st.none() | st.text(max_size=20), st.binary(max_size=500))
def test_any_reply_is_taken(code: int, enhanced: str | None, text: bytes):
    recognise(code, enhanced, text)


@pytest.mark.parametrize("piece", [b"client host [ ", b"[ph ", b"permanent failure ( ", b"5.7.1 "])
def test_a_reply_without_end_is_looked_at_in_its_beginning_only(piece: bytes):
    assert recognise(554, "5.7.1", piece * LONGEST) is None
    assert recognise(554, "5.7.1", b"x" * LONGEST + b" spam message rejected") is None
