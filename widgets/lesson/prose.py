"""Markdown as lines of text: paragraphs, lists, tables and code, wrapped to a width.

Textual's Markdown widget is not used because it mounts a widget for each block and separates blocks
with empty rows. A lesson has to fit into seven rows, and its text changes with each line that is
sent. Nothing in the text is active: a link is plain text, HTML is shown as source, and control
characters are made visible.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from textual.content import Content

from ...session.visible import visible_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LEAST = 8  # the fewest cells for text, however deep a list is nested
_GAP = Content("")
_STYLES = {"strong_open": "bold", "em_open": "italic", "link_open": "underline"}
_CODE = "$text-accent"


@lru_cache(maxsize=64)
def prose(markdown: str, width: int) -> tuple[Content, ...]:
    """Lay out a Markdown text as lines of at most `width` cells."""
    text = "\n".join(visible_text(line) for line in markdown.split("\n"))
    return tuple(_Layout(width).lay_out(_parser().parse(text)))


@lru_cache(maxsize=64)
def phrase(markdown: str) -> Content:
    """Return inline Markdown (code and emphasis), as in a question or an answer, as styled text."""
    return _inline(_parser().parseInline(visible_text(markdown))[0])


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").disable("autolink")  # <user@host> is a path


class _Layout:
    """A converter from Markdown tokens to lines of text."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._lines: list[Content] = []
        self._indents: list[tuple[str, str]] = []  # of open lists: first line, others
        self._numbers: list[int | None] = []  # of open lists: the next number
        self._rows: list[list[Content]] = []  # of an open table
        self._style = ""

    def lay_out(self, tokens: Sequence[Token]) -> list[Content]:
        for token in tokens:
            self._token(token)
        while self._lines and not self._lines[-1].plain.strip():
            self._lines.pop()
        return self._lines

    def _token(self, token: Token) -> None:
        match token.type:
            case "inline" if self._rows:
                self._rows[-1].append(_inline(token))
            case "inline":
                self._add(_inline(token))
            case "heading_open":
                self._style = "bold"
            case "heading_close" | "paragraph_close":
                self._style = ""
                if not token.hidden:
                    self._gap()
            case "bullet_list_open":
                self._numbers.append(None)
            case "ordered_list_open":
                self._numbers.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
                self._gap()
            case "list_item_open":
                self._open_item()
            case "list_item_close" | "blockquote_close":
                self._indents.pop()
            case "blockquote_open":
                self._indents.append(("│ ", "│ "))
            case "fence" | "code_block" | "html_block":
                for line in token.content.rstrip("\n").split("\n"):
                    self._add(Content.styled(line or " ", _CODE), indent="  ", hang="  ")
                self._gap()
            case "hr":
                self._add(Content.styled("─" * self._room(""), "dim"))
                self._gap()
            case "tr_open":
                self._rows.append([])
            case "table_close":
                self._table()
            case _:
                pass

    def _open_item(self) -> None:
        number = self._numbers[-1]
        mark = "• "
        if number is not None:
            mark = f"{number}. "
            self._numbers[-1] = number + 1
        self._indents.append((mark, " " * len(mark)))

    def _room(self, indent: str) -> int:
        taken = sum(len(others) for _, others in self._indents) + len(indent)
        return max(LEAST, self._width - taken)

    def _gap(self) -> None:
        if self._lines and self._lines[-1].plain.strip():
            self._lines.append(_GAP)

    def _add(self, content: Content, indent: str = "", hang: str = "") -> None:
        """Add a paragraph or a line of code, wrapped.

        `indent` precedes each of the wrapped lines, and `hang` follows `indent` on every line but
        the first.
        """
        if self._style:
            content = content.stylize(self._style)
        for line in content.wrap(self._room(indent + hang)):
            before = "".join(first for first, _ in self._indents)
            self._indents = [(others, others) for _, others in self._indents]
            self._lines.append(Content(before + indent) + line)
            indent = indent + hang
            hang = ""

    def _table(self) -> None:
        """Lay out a table in columns if they fit, or else each row as a paragraph."""
        rows, self._rows = self._rows, []
        widths = [
            max(row[place].cell_length for row in rows if place < len(row))
            for place in range(max(map(len, rows)))
        ]
        fits = sum(widths) + 2 * (len(widths) - 1) <= self._room("")
        for number, row in enumerate(rows):
            style = "" if number else "bold"
            cells = [cell.stylize(style) if style else cell for cell in row]
            if fits:
                padded = [
                    cell.pad_right(widths[place] - cell.cell_length)
                    for place, cell in enumerate(cells)
                ]
                self._add(Content("  ").join(padded).rstrip())
            else:
                self._add(Content(": ").join(cells))
        self._gap()


def _inline(token: Token) -> Content:
    """Return the text of a paragraph, with its emphasis as styles."""
    parts: list[Content] = []
    styles: list[str] = []
    for child in token.children or ():
        text = child.content
        match child.type:
            case "softbreak":
                text = " "
            case "hardbreak":
                text = "\n"
            case "code_inline":
                parts.append(Content.styled(text, " ".join([*styles, _CODE])))
                continue
            case kind if kind in _STYLES:
                styles.append(_STYLES[kind])
                continue
            case "strong_close" | "em_close" | "link_close":
                styles.pop()
                continue
            case _:
                pass
        parts.append(Content.styled(text, " ".join(styles)) if styles else Content(text))
    return Content("").join(parts)
