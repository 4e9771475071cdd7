"""Turns for a projector are set apart, at most 60 columns wide, with the last one in bold."""

from __future__ import annotations

from heloscope.widgets.transcript.lines import LineText
from heloscope.widgets.transcript.turns import COLUMNS, TurnLine, drawn
from rich.cells import cell_len


def turn(side: str, text: str, style: str = "transcript--sent") -> TurnLine:
    return TurnLine(side, LineText(text, 0, 0, style))


def test_turns_are_set_apart_and_name_their_side_once():
    lines = [turn("C", "EHLO me"), turn("S", "250-one"), turn("S", "250 two"), turn("C", "QUIT")]
    assert drawn(lines, "What will the server answer?", "Space").plain.split("\n") == [
        "C   EHLO me",
        "",
        "S   250-one",
        "    250 two",
        "",
        "C   QUIT",
        "",
        "What will the server answer?  Space",
    ]


def test_a_long_line_is_broken_at_blanks_and_nothing_of_it_is_lost():
    text = "550 5.1.1 " + "word " * 40 + "x" * 150 + " " + "漢" * 50
    rows = drawn([turn("S", text)]).plain.split("\n")
    assert all(cell_len(row) <= COLUMNS + 4 for row in rows)
    said = "".join(row[4:] for row in rows)
    assert said.replace(" ", "") == text.replace(" ", "")
    assert rows[0].endswith("word")


def test_the_last_turn_is_bold():
    content = drawn([turn("C", "EHLO me"), turn("S", "250 ok", "transcript--2yz")])
    spans = [span for span in content.spans if "bold" in str(span.style)]
    bold = [content.plain[span.start : span.end] for span in spans]
    assert "250 ok" in bold
    assert "EHLO me" not in bold


def test_nothing_can_be_drawn():
    assert drawn([]).plain == ""
