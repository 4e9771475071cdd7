"""Nothing that reaches the terminal can move its cursor."""

from __future__ import annotations

from heloscope.session.visible import _SHOWN, visible, visible_text
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each


@given(st.binary())
def test_all_that_is_shown_can_be_seen(data: bytes):
    shown = visible(data)
    assert all(char.isprintable() or char == "\u3000" for char in shown)
    shown.encode("utf-8")


@given(st.text())
def test_text_is_made_visible_as_well(text: str):
    shown = visible_text(text)
    assert all(char.isprintable() or char == "\u3000" for char in shown)


@for_each(
    [
        (b"plain text", "plain text"),
        ("Grüße 你好".encode(), "Grüße 你好"),
        (b"\x1b[31mred", r"\x1b[31mred"),
        (b"a\tb\r\n", r"a\tb\r\n"),
        (b"\xff\x80", r"\xff\x80"),
        ("\u202eabc".encode(), r"\u202eabc"),
        ("zero\u200bwidth".encode(), r"zero\u200bwidth"),
        (b"\x7f\xc2\x9b", r"\x7f\u009b"),
        ("\ufe0f\u3164\u2800".encode(), r"\ufe0f\u3164\u2800"),
        ("\u0301a\u0301".encode(), "\\u0301a\u0301"),
        (
            ("a" + 10 * "\u0301" + "b\u0301").encode(),
            "a" + 8 * "\u0301" + 2 * r"\u0301" + "b\u0301",
        ),
        ("각".encode() + 9 * "\u1161".encode(), "각" + 8 * "\u1161" + r"\u1161"),
        (12 * "🦊".encode(), 12 * "🦊"),
        ("👍🏽🇩🇪".encode(), r"👍\U0001f3fd\U0001f1e9\U0001f1ea"),
        ("नमस्ते दुनिया".encode(), "नमस्ते दुनिया"),
    ]
)
def test_what_cannot_be_seen_is_escaped(data: bytes, shown: str):
    assert visible(data) == shown


def test_the_cache_for_characters_stays_small():
    every = "".join(map(chr, range(0x110000)))
    assert len(visible_text(every)) > 0x110000
    assert len(_SHOWN) <= 20_001
