"""Text in a column beside a heading; it wraps within that column."""

from __future__ import annotations

from itertools import zip_longest
from textwrap import wrap

from textual.content import Content


def beside(
    head: str, words: str, *, column: int, width: int, bold: str = "bold", style: str = ""
) -> list[Content]:
    """Return `head` in the style `bold` and `words` in `style` from cell `column` on, in `width`
    cells.

    The column begins below a head that is too long for its place. Both are safe to show: they
    have been through `visible`, or come from a table of ours.
    """
    lines = wrap(words, max(8, width - column)) or [""]
    if len(head) >= column:
        lines.insert(0, "")
    return [
        Content.assemble((left.ljust(column), bold), (line, style)).rstrip()
        for left, line in zip_longest([head], lines, fillvalue="")
    ]
