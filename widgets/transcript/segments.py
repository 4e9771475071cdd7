"""The text of a transcript line as styled segments, cut to the available width."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ...session.visible import visible
from .lines import LineText

MOST_HITS = 100  # hits of a search that are highlighted in one line
_BOLD = Style(bold=True)
_NONE = Style()


def text_segments(
    text: LineText,
    base: Style,
    style_of: Callable[[str], Style],
    *,
    needle: str = "",
    span: tuple[int, int] | None = None,
    selected: Style = _NONE,
) -> list[Segment]:
    """Split a text into segments, styled for its head, its tail, search matches and the selection.

    `style_of` returns the style for a component class. `needle` is the search text. The characters
    in `span` are drawn in `selected`; an end of -1 means the end of the line.
    """
    own = style_of(text.style)
    words = text.text
    sent = text.style == "transcript--sent"
    rest = base + own
    if text.style in ("transcript--2yz", "transcript--3yz"):
        rest = base
    cuts = {0, len(words), text.head, len(words) - text.tail}
    hits = _hits(words, needle)
    for start, end in hits:
        cuts |= {start, min(len(words), end)}
    if span is not None:
        end = len(words) if span[1] == -1 else span[1]
        span = (max(0, min(span[0], len(words))), max(0, min(end, len(words))))
        cuts |= set(span)
    segments: list[Segment] = []
    for start, end in pairwise(sorted(cut for cut in cuts if 0 <= cut <= len(words))):
        style = rest
        if start < text.head and text.style == "transcript--body":
            style = base + style_of("transcript--mark")
        elif start < text.head:
            style = base + own + (_BOLD if sent or text.style != "transcript--odd" else _NONE)
        elif start >= len(words) - text.tail:
            style = base + style_of("transcript--mark")
        if any(first <= start < last for first, last in hits):
            style += style_of("transcript--found")
        if span is not None and span[0] <= start < span[1]:
            style += selected
        segments.append(Segment(words[start:end], style))
    return segments


def _hits(words: str, needle: str) -> list[tuple[int, int]]:
    """Return the start and end of each occurrence of `needle` in a text, ignoring case."""
    hits: list[tuple[int, int]] = []
    if needle:
        low, needle = words.lower(), visible(needle.encode(errors="replace")).lower()
        at = low.find(needle)
        while at >= 0 and len(hits) < MOST_HITS:
            hits.append((at, at + len(needle)))
            at = low.find(needle, at + len(needle))
    return hits


def visible_part(
    text: LineText, segments: list[Segment], line: int, *, shift: int, room: int, mark: Style
) -> list[Segment]:
    """Return the segments of `text` that fit into `room` cells, starting at cell `shift`.

    Cuts are marked in the style `mark`. The segments contain the offsets by which Textual finds the
    characters of line `line` for a selection.
    """
    whole = Strip(segments)
    cells = whole.cell_length
    shift = min(shift, max(0, cells - 1)) if cells > room else 0
    first = shift
    before: list[Segment] = []
    after: list[Segment] = []
    if (cells - shift > room or text.cut) and room > 1:
        after = [Segment("›", mark)]
    if shift:
        before = [Segment("‹", mark)]
        first += 1
    if shift or after:
        whole = whole.crop(first, max(first, shift + room - len(after)))
    return [*before, *whole.apply_offsets(_characters(text.text, first), line), *after]


def _characters(text: str, cells: int) -> int:
    """Return how many characters at the start of `text` fill this many cells."""
    if text.isascii():
        return min(cells, len(text))
    from rich.cells import cell_len

    count = width = 0
    for char in text:
        if width >= cells:
            break
        width += cell_len(char)
        count += 1
    return count
