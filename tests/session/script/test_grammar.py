"""A typed line is a line for the wire, an order, or nothing."""

from __future__ import annotations

from heloscope.session.script.grammar import (
    Nothing,
    Order,
    Typed,
    WireLine,
    parse_typed,
)
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each


@for_each(
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
    ]
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
