"""What the terminal sends, in one read or in several, becomes keys."""

from __future__ import annotations

import pytest
from heloscope.app.runtime.key_parser import KeyParser
from textual import events


def keys(*reads: str) -> list[str]:
    """Return the keys from all reads, before anything times out; for a paste, its text."""
    parser = KeyParser()
    found: list[str] = []
    for read in reads:
        for event in parser.feed(read):
            if isinstance(event, events.Key):
                found.append(event.key)
            elif isinstance(event, events.Paste):
                found.append(f"paste {event.text!r}")
    return found


@pytest.mark.parametrize(
    ("reads", "found"),
    [
        pytest.param(["\x1b[19~\x0f\x1b:q\r"],
                     ["f8", "ctrl+o", "escape", "colon", "q", "enter"], id="esc-then-an-order"),
        pytest.param(["\x1bNOOP\x1b[19~"], ["escape", *"NOOP", "f8"], id="esc-text-f8"),
        pytest.param(["\x1bOK\r"], ["escape", *"OK", "enter"], id="esc-then-O"),
        pytest.param(["\x1b\r\x1b\x1bx\r"],
                     ["escape", "enter", "escape", "escape", "x", "enter"], id="esc-esc"),
        pytest.param(["\x1b", ":q"], ["escape", "colon", "q"], id="esc-at-the-end-of-a-read"),
        pytest.param(["\x1b", "[A"], ["up"], id="up-in-two-reads"),
        pytest.param(["x\x1bOQy"], ["x", "f2", "y"], id="f2-between-letters"),
        pytest.param(["\x1b" + "a" * 60 + "\r"], ["escape", *"a" * 60, "enter"], id="a-long-text"),
        pytest.param(["\x1b[200~one\x1btwo\x1b[201~\x1b:"],
                     ["paste 'one\\x1btwo'", "escape", "colon"], id="esc-in-a-paste"),
        pytest.param(["\x1b[200~a\x1bb", "c\x1b[20", "1~\x1bxy"],
                     ["paste 'a\\x1bbc'", "escape", "x", "y"], id="a-paste-in-three-reads"),
    ],
)  # fmt: skip
def test_esc_is_a_key_unless_it_begins_a_sequence(reads: list[str], found: list[str]) -> None:
    assert keys(*reads) == found


def test_alt_and_a_letter_alone_are_no_esc() -> None:
    assert "escape" not in keys("\x1bd", "x")


def test_an_lf_is_enter_as_the_system_makes_one_of_an_enter_that_is_typed_ahead() -> None:
    assert keys("a\nb\n") == ["a", "enter", "b", "enter"]
    assert keys("\n\x1b\n\x1b[A\n") == ["enter", "escape", "enter", "up", "enter"]
    assert keys("\n\x1b[200~one\ntwo\x1b[201~\n") == ["enter", r"paste 'one\ntwo'", "enter"]
