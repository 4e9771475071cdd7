"""The output of `heloscope compare`: a diff of two conversations, or one JSON object.

Colour is used only on a terminal, and not if NO_COLOR is set.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TextIO

from ...session.comparison.diff import CHANGED, LEFT, RIGHT, SAME, counted, diff_lines
from ...session.comparison.differences import ComparedRow, count
from ...session.visible import visible
from .reporting import wants_colour

_COLOURS = {LEFT: "31", RIGHT: "32", CHANGED: "36"}


def print_rows(
    stream: TextIO, left: str, right: str, rows: Sequence[ComparedRow], *, everything: bool
) -> None:
    """Print each difference under its command. If `everything` is true, print equal parts too."""
    colour = wants_colour(stream)
    encoding = stream.encoding or "utf-8"

    def put(text: str, mark: str = SAME) -> None:
        text = text.rstrip().encode(encoding, "backslashreplace").decode(encoding)
        coloured = colour and mark in _COLOURS
        stream.write(f"\x1b[{_COLOURS[mark]}m{text}\x1b[m\n" if coloured else f"{text}\n")

    put(f"--- {left}", LEFT)
    put(f"+++ {right}", RIGHT)
    for mark, text in diff_lines(rows, everything=everything):
        put(f"{' ' if mark == CHANGED else mark} {text}", mark)
    put(counted(rows))


def print_json(stream: TextIO, left: str, right: str, rows: Sequence[ComparedRow]) -> None:
    """Print the JSON object described in the README."""
    differences = [
        {
            "kind": each.kind,
            "name": each.name,
            "verb": row.turn.verb,
            "command": visible(row.turn.line),
            "left": each.left,
            "right": each.right,
        }
        for row in rows
        for each in row.differences
    ]
    found = {"left": left, "right": right, "turns": len(rows), "equal": not differences,
             "counts": count(rows), "differences": differences,
             "not_in_log": [row.turn.verb for row in rows if row.unseen]}  # fmt: skip
    stream.write(json.dumps(found) + "\n")
