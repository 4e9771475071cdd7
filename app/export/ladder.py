"""Saves the transcript as a ladder, either as text or as an SVG picture.

Both contain what the pane shows, with each message folded or unfolded as in the pane. In the text,
a line that is too long continues on the next one. In the picture it is cut, and is shown in full
when the mouse hovers over it. Secrets in the text are masked, and the text has been through
`visible`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape

import msgspec
from rich.cells import cell_len, chop_cells

from ...widgets.transcript.ladder import AROUND, Rung, around, rungs
from ...widgets.transcript.lines import LineText
from ...widgets.transcript.section import TranscriptSection

MOST_DRAWN = 20_000  # lines of a picture: no viewer accepts many more
WIDTH = 100  # cells of the ladder itself
TIME = 10  # cells of the time in front of it
ROOM = WIDTH - AROUND
_CHAR, _LINE = 8, 20  # units of a cell and of a line in the picture
_MARGIN = 16
_TOP = 3 * _LINE  # the names of the two sides are above the first line
_LEFT = _MARGIN + TIME * _CHAR  # the client's lifeline
_RIGHT = _LEFT + (WIDTH - 1) * _CHAR
_COLOURS = {
    "transcript--2yz": "#1a7f37",
    "transcript--3yz": "#0550ae",
    "transcript--4yz": "#9a6700",
    "transcript--5yz": "#cf222e",
    "transcript--odd": "#cf222e",
    "transcript--tls": "#8250df",
    "transcript--trouble": "#9a6700",
    "transcript--sent": "#24292f",
}
_DIM = "#57606a"
_TLS = _COLOURS["transcript--tls"]


def as_text(sections: Sequence[TranscriptSection]) -> Iterator[str]:
    """Yield the lines of a text file that shows the conversations as ladders."""
    for section in sections:
        for rung in rungs(section, section.layout.height):
            for part in _wrapped(rung):
                before, behind = around(part, cell_len(part.text.text), WIDTH)
                yield f"{part.time:>8}".ljust(TIME) + before + part.text.text + behind


def as_svg(sections: Sequence[TranscriptSection]) -> Iterator[str]:
    """Yield the lines of an SVG file that shows the conversations as ladders on white."""
    heights = [section.layout.height for section in sections]
    height = _TOP + sum(heights) * _LINE + _MARGIN
    width = _RIGHT + _MARGIN + 4 * _CHAR
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="monospace" font-size="13" '
        'style="white-space: pre">'
    )
    yield f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    for x, name in ((_LEFT, "client"), (_RIGHT, "server")):
        where = f'x="{x}" y="{_TOP - _LINE}"'
        yield f'<text {where} text-anchor="middle" font-weight="bold">{name}</text>'
    top = _TOP
    for section, lines in zip(sections, heights, strict=True):
        for rung in rungs(section, lines):
            yield from _drawn(rung, top)
            top += _LINE
    yield "</svg>"


LADDERS: dict[str, Callable[[Sequence[TranscriptSection]], Iterator[str]]] = {
    ".svg": as_svg,
    ".txt": as_text,
}
"""Functions that yield the lines of a file, keyed by the suffix of its name."""


def _wrapped(rung: Rung) -> Iterator[Rung]:
    """Yield a rung, followed by rungs without an arrow if its text has to be continued."""
    if cell_len(rung.text.text) <= ROOM:
        yield rung
        return
    for number, part in enumerate(chop_cells(rung.text.text, ROOM)):
        part += " " * (ROOM - cell_len(part))  # as far to the left as the first
        piece = msgspec.structs.replace(rung, text=LineText(part, 0, 0, rung.text.style))
        yield msgspec.structs.replace(piece, time="", arrow=False, ends=False) if number else piece


# The picture


def _drawn(rung: Rung, top: int) -> Iterator[str]:
    """Yield the SVG elements for one line."""
    middle, bottom = top + _LINE // 2, top + _LINE
    colour = _COLOURS.get(rung.text.style, _DIM)
    for x in (_LEFT, _RIGHT):
        for line in (x - 1.5, x + 1.5) if rung.tls else (x,):
            yield (
                f'<path d="M{line} {top}V{bottom}" stroke="{_TLS if rung.tls else _DIM}" '
                f'stroke-width="1"/>'
            )
    if rung.time:
        yield _text(_MARGIN + (8 - len(rung.time)) * _CHAR, middle, rung.time, _DIM)
    whole = rung.text.text.strip("─ ") if not rung.side else rung.text.text
    text = whole if cell_len(whole) <= ROOM else f"{chop_cells(whole, ROOM - 1)[0]}…"
    cells = cell_len(text)
    if not rung.side:
        start = (_LEFT + _RIGHT - cells * _CHAR) // 2
        yield from _shaft(_LEFT, _RIGHT, middle, colour, start, start + cells * _CHAR, dash=True)
        yield _text(start, middle, text, colour, whole)
        return
    before, _ = around(rung, cells, WIDTH)
    start = _LEFT + len(before) * _CHAR
    if rung.arrow:
        yield from _shaft(_LEFT, _RIGHT, middle, colour, start, start + cells * _CHAR)
        tip, back = (_RIGHT, -8) if rung.side == "C" else (_LEFT, 8)
        yield f'<path d="M{tip} {middle}l{back} -4v8z" fill="{colour}"/>'
    yield _text(start, middle, text, colour, whole)


def _shaft(
    first: int, last: int, y: int, colour: str, start: int, end: int, *, dash: bool = False
) -> Iterator[str]:
    """Yield a line from one side to the other, with a gap for the text."""
    pattern = ' stroke-dasharray="4 4"' if dash else ""
    for a, b in ((first, start - 6), (end + 6, last)):
        if b > a:
            yield f'<path d="M{a} {y}H{b}" stroke="{colour}"{pattern}/>'


def _text(x: int, middle: int, text: str, colour: str, whole: str = "") -> str:
    """Return a text element that has the same width in any font.

    `whole` is the full text if `text` was cut.
    """
    length = cell_len(text) * _CHAR
    title = f"<title>{escape(whole)}</title>" if whole and whole != text else ""
    return (
        f'<text x="{x}" y="{middle + 4}" fill="{colour}" '
        f'textLength="{length}" lengthAdjust="spacingAndGlyphs">{title}{escape(text)}</text>'
    )
