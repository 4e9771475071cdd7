"""The escapes of `:raw`: the bytes that they stand for, and bytes written with them."""

from __future__ import annotations

import pytest
from heloscope.session.script.escapes import raw_bytes, raw_text
from heloscope.session.script.grammar import GrammarError
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each


@for_each(
    [
        ("", b""),
        (r"EHLO me\r\n", b"EHLO me\r\n"),
        (r"\a\b\f\t\v\\\'\"", b"\a\b\f\t\v\\'\""),
        (r"\0 \00 \101 \3779", b"\0 \0 A \xff9"),
        (r"\x00\xfF", b"\x00\xff"),
        ("\u00e9", b"\xc3\xa9"),
        (r"\u00e9\U0001F600", b"\xc3\xa9\xf0\x9f\x98\x80"),
        ("\udcff", b"\xff"),
    ]
)
def test_escapes_are_those_of_pythons_bytes(text: str, data: bytes):
    assert raw_bytes(text) == data


@for_each(
    [
        ("a\\", "ends with an incomplete escape"),
        (r"ab\q", r"Unknown escape \q at character 3"),
        (r"\x4", r"Unknown escape \x"),
        (r"\400", r"\400 is not an octet"),
        (r"\ud800", r"\ud800 is not a valid character"),
        (r"\U00110000", r"\U00110000 is not a valid character"),
        ("\ud800", "'\\ud800' is not a valid character"),
    ]
)
def test_what_is_not_an_escape_is_reported_in_one_sentence(text: str, said: str):
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


@for_each(
    [
        (b"", ""),
        (b"NOOP\r\n", r"NOOP\r\n"),
        (b"a\tb\\c", r"a\tb\\c"),
        (b"\0\x1b[m\x7f\xff", r"\x00\x1b[m\x7f\xff"),
        (b" a b ", r"\x20a b\x20"),
        (b" ", r"\x20"),
        ("é".encode(), r"\xc3\xa9"),
    ]
)
def test_bytes_are_written_with_escapes(data: bytes, text: str):
    assert raw_text(data) == text


@given(st.binary())
def test_what_is_written_is_printable_ascii_and_reads_as_the_same_bytes(data: bytes):
    text = raw_text(data)
    assert text.isascii() and (text.isprintable() or not text)
    assert raw_bytes(text) == data
