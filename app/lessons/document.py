"""The Markdown of a lesson, split into sections with prose and machine-readable blocks."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from markdown_it.token import Token

BLOCKS = ("lesson", "step", "question")
"""The kinds of fenced blocks that heloscope reads. Any other block is treated as prose."""


class Block(msgspec.Struct, frozen=True):
    """A fenced block: its kind, its text, and the line on which the text begins."""

    kind: str
    text: str
    line: int


class Section(msgspec.Struct):
    """A heading and everything up to the next heading, divided into prose and blocks."""

    level: int
    title: str
    line: int
    prose: str
    blocks: list[Block]


def sections(text: str) -> list[Section]:
    """Split a document into sections.

    The first section has level 0 if the text does not begin with a heading. Headings of level 4 and
    below are prose.
    """
    lines = text.splitlines(keepends=True)
    found = [Section(0, "", 1, "", [])]
    cut: list[tuple[int, int]] = []  # of the present section, lines that are not prose
    begins = 0
    tokens = _tokens(text)
    for place, token in enumerate(tokens):
        if token.level or token.map is None:
            continue
        start, end = token.map
        if token.type == "heading_open" and int(token.tag[1]) <= 3:
            found[-1].prose = _prose(lines, begins, start, cut)
            title = tokens[place + 1].content
            found.append(Section(int(token.tag[1]), title, start + 1, "", []))
            begins, cut = end, []
        elif token.type == "fence" and (words := token.info.split()) and words[0] in BLOCKS:
            found[-1].blocks.append(Block(words[0], token.content, start + 2))
            cut.append((start, end))
    found[-1].prose = _prose(lines, begins, len(lines), cut)
    if not found[0].prose and not found[0].blocks and len(found) > 1:
        del found[0]
    return found


def unclosed(text: str) -> int | None:
    """Return the line on which the last block begins if the block is not closed, or None."""
    lines = text.splitlines()
    for token in reversed(_tokens(text)):
        if token.type == "fence" and not token.level and token.map is not None:
            start, end = token.map
            last = lines[min(end, len(lines)) - 1].strip() if end - start > 1 else ""
            closed = len(last) >= len(token.markup) and not last.strip(token.markup[0])
            return None if closed else start + 1
    return None


@lru_cache(maxsize=1)
def _tokens(text: str) -> list[Token]:
    """Parse the block structure of a document, but not its inline markup."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").disable(["inline", "text_join"]).parse(text)


def _prose(lines: list[str], begins: int, end: int, cut: list[tuple[int, int]]) -> str:
    kept: list[str] = []
    for start, stop in cut:
        kept += lines[begins:start]
        begins = stop
    kept += lines[begins:end]
    return "".join(kept).strip()
