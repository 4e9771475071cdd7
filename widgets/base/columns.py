"""Text in a column to the right of a heading, wrapped within that column."""

from __future__ import annotations

from itertools import zip_longest
from textwrap import wrap

from textual.content import Content


def beside(
    head: str, words: str, *, column: int, width: int, bold: str = "bold", style: str = ""
) -> list[Content]:
    """Lay out `head`, and to its right `words`, wrapped from cell `column` to a total of `width`
    cells.

    If `head` is too long for the space before the column, the column starts on the next line. Both
    texts must be safe to show: they have been through `visible` or come from one of our own tables.
    """
    lines = wrap(words, max(8, width - column)) or [""]
    if len(head) >= column:
        lines.insert(0, "")
    return [
        Content.assemble((left.ljust(column), bold), (line, style)).rstrip()
        for left, line in zip_longest([head], lines, fillvalue="")
    ]
