"""Dots at the beginning of lines arrive unchanged."""

from __future__ import annotations

from heloscope.session.protocol.transparency import (
    count_lines,
    count_stuffed,
    double_dots,
    normalise_line_ends,
    stuff,
    unstuff,
)
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each


@for_each(
    [
        (b".", b".."),
        (b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n"),
        (b"..two\r\n", b"...two\r\n"),
        (b"a\n.\nb", b"a\n.\nb"),
        (b"", b""),
    ]
)
def test_a_leading_dot_is_doubled(message: bytes, stuffed: bytes):
    assert stuff(message) == stuffed


@given(st.lists(st.sampled_from([b".", b"\r\n", b"\n", b"\r", b"x"])).map(b"".join))
def test_what_was_stuffed_comes_back_and_holds_no_end_of_data(message: bytes):
    stuffed = stuff(message)
    assert unstuff(stuffed) == message
    assert b"\r\n.\r\n" not in b"\r\n" + stuffed
    assert len(stuffed) - len(message) == count_stuffed(message)


@given(st.binary())
def test_normal_line_endings_are_crlf_and_stay_so(message: bytes):
    normal = normalise_line_ends(message)
    assert b"\n" not in normal.replace(b"\r\n", b"")
    assert b"\r" not in normal.replace(b"\r\n", b"")
    assert normalise_line_ends(normal) == normal


PIECES = st.lists(st.sampled_from([b"\r\n", b"\r\n", b"\n", b"\r", b".", b"x", b"\0"])).map(
    b"".join
)


@given(PIECES)
def test_lines_are_counted_where_every_line_ending_is_crlf(message: bytes):
    rest = message.replace(b"\r\n", b"")
    clean = not any(octet in rest for octet in b"\r\n\0")
    assert count_lines(message) == (message.count(b"\r\n") if clean else -1)


@given(PIECES)
def test_dots_are_doubled_after_any_lf_as_smtplib_does_it(message: bytes):
    assert double_dots(message) == message.replace(b"\n.", b"\n..")
