"""Text in a column to the right of a heading, wrapped within that column."""

from __future__ import annotations

from itertools import zip_longest
from textwrap import wrap

from textual.content import Content


def beside(
    head: str, words: str, *, column: int, width: int, bold: str = "bold", style: str = ""
) -> list[Content]:
    """Lay out `head` with `words` to its right, in a total of `width` cells.

    `words` start at cell `column` and wrap there. If `head` is too long, they start on the next
    line. Both texts must be safe to show: either they have been through `visible` or they come from
    one of our own tables.
    """
    lines = wrap(words, max(8, width - column)) or [""]
    if len(head) >= column:
        lines.insert(0, "")
    return [
        Content.assemble((left.ljust(column), bold), (line, style)).rstrip()
        for left, line in zip_longest([head], lines, fillvalue="")
    ]
