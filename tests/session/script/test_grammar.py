"""What is typed: a line for the wire, an order, or nothing; and bytes written with escapes."""

from __future__ import annotations

import pytest
from heloscope.session.script.grammar import (
    GrammarError,
    Nothing,
    Order,
    Typed,
    WireLine,
    parse_typed,
    raw_bytes,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("", Nothing()),
        ("NOOP", WireLine("NOOP")),
        (" NOOP ", WireLine(" NOOP ")),
        (".", WireLine(".")),
        ("# no comment here", WireLine("# no comment here")),
        ("::x", WireLine(":x")),
        (":::x", WireLine("::x")),
        ("::", WireLine(":")),
        (" :x", WireLine(" :x")),
        (":", Order("")),
        (":  ", Order("")),
        (":connect", Order("connect")),
        (":Connect  mail.example.org ", Order("connect", "mail.example.org")),
        (":connect\tmail.example.org", Order("connect", "mail.example.org")),
        (": raw a  b", Order("raw", "a  b")),
        (":raw \\r\\n", Order("raw", "\\r\\n")),
    ],
)
def test_what_a_typed_line_is(text: str, typed: Typed):
    assert parse_typed(text) == typed


@given(st.text())
def test_any_line_can_be_sent(text: str):
    match parse_typed(text if not text.startswith(":") else ":" + text):
        case WireLine(sent):
            assert sent == text
        case other:
            assert (other, text) == (Nothing(), "")


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", b""),
        (r"EHLO me\r\n", b"EHLO me\r\n"),
        (r"\a\b\f\t\v\\\'\"", b"\a\b\f\t\v\\'\""),
        (r"\0 \00 \101 \3779", b"\0 \0 A \xff9"),
        (r"\x00\xfF", b"\x00\xff"),
        ("\u00e9", b"\xc3\xa9"),
        (r"\u00e9\U0001F600", b"\xc3\xa9\xf0\x9f\x98\x80"),
        ("\udcff", b"\xff"),
    ],
)
def test_escapes_are_those_of_pythons_bytes(text: str, data: bytes):
    assert raw_bytes(text) == data


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\\", "ends in an incomplete escape"),
        (r"ab\q", r"Unknown escape \q at character 3"),
        (r"\x4", r"Unknown escape \x"),
        (r"\400", r"\400 is not an octet"),
        (r"\ud800", r"\ud800 is not a character"),
        (r"\U00110000", r"\U00110000 is not a character"),
        ("\ud800", "'\\ud800' is not a character"),
    ],
)
def test_what_is_no_escape_is_told_in_one_sentence(text: str, said: str):
    with pytest.raises(GrammarError) as error:
        raw_bytes(text)
    assert said in str(error.value)
    assert str(error.value).endswith(".")
    assert str(error.value).isprintable()


@given(st.binary())
def test_what_python_writes_is_read_back(data: bytes):
    assert raw_bytes(repr(data)[2:-1]) == data


@given(st.text())
def test_nothing_that_is_typed_raises_anything_else(text: str):
    try:
        raw_bytes(text)
    except GrammarError:
        pass
