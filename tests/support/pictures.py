"""Reads the words and their colours from an SVG of the terminal."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

_CLASS = re.compile(r"\.([\w-]+-r\d+) \{ fill: (#[0-9a-f]{6})")
_TEXT = re.compile(r'<text class="([\w-]+-r\d+)" x="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>')
_COLUMN = 12.2  # units from one character to the next


class Text(NamedTuple):
    """A run of text in one colour."""

    row: float
    column: int
    text: str
    colour: str


def texts(svg: str) -> list[Text]:
    """Return all text within the terminal, from top to bottom."""
    colours = dict(_CLASS.findall(svg))
    found = [
        Text(float(y), round(float(x) / _COLUMN), html.unescape(text), colours[name])
        for name, x, y, text in _TEXT.findall(svg)
    ]
    return sorted(found)


def words(svg: str) -> str:
    """Return the visible text, line by line, with spaces instead of non-breaking spaces."""
    rows: dict[float, str] = {}
    for row, column, text, _ in texts(svg):
        rows[row] = rows.get(row, "").ljust(column) + text
    return "\n".join(line.rstrip() for line in rows.values()).replace("\xa0", " ")


def colours_of(svg: str, run: str) -> set[str]:
    """Return the colours of the texts that equal `run`, apart from surrounding spaces."""
    return {text.colour for text in texts(svg) if text.text.replace("\xa0", " ").strip() == run}
