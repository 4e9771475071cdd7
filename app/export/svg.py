"""A conversation as an SVG picture of the screen, with time, side, a rail for TLS, and the text.

A line that is too long continues on the next one. Secrets in the text are masked, and the text has
been through `visible`.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from rich.cells import cell_len, chop_cells

from .colours import DARK, LIGHT, STYLES
from .lines import ShownLine, shown_lines, title
from .source import ExportSource

MOST_DRAWN = 20_000  # lines of a picture: no viewer accepts many more
COLUMNS = 100  # cells of the text
_CHAR, _LINE, _MARGIN = 8, 20, 16
_GUTTER = 14  # cells: time, side, rail
_TOP = 2 * _LINE + _MARGIN


class TooLong(ValueError):
    """Raised when a conversation has too many lines for a picture. The message is one sentence."""


def svg(source: ExportSource, *, most: int = MOST_DRAWN) -> Iterator[bytes]:
    """Yield the SVG export of a conversation, piece by piece.

    Raises TooLong if the conversation has more than `most` lines. The file starts with its height,
    so all lines are laid out first.
    """
    masked = source.masked()
    drawn: list[tuple[ShownLine, str, bool]] = []
    for line in shown_lines(source, masked):
        for number, part in enumerate(_wrapped(line.text)):
            drawn.append((line, part, number == 0))
        if len(drawn) > most:
            raise TooLong(
                f"a picture can hold at most {most:,} lines, but this conversation has more."
            )
    width = 2 * _MARGIN + (_GUTTER + COLUMNS) * _CHAR
    height = _TOP + len(drawn) * _LINE + _MARGIN
    yield _octets(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="monospace" font-size="13">\n'
        f"<title>{escape(title(masked))}</title>\n<style>\n{_style()}</style>\n"
        f'<rect class="ground" width="{width}" height="{height}" rx="6"/>\n'
    )
    name = title(masked)
    name = name if cell_len(name) <= COLUMNS else f"{chop_cells(name, COLUMNS - 1)[0]}…"
    yield _octets(_text(_MARGIN, _MARGIN + _LINE // 2, name, "text", bold=True))
    top = _TOP
    for line, part, first in drawn:
        yield _octets("".join(_drawn(line, part, top, first=first)))
        top += _LINE
    yield b"</svg>\n"


def _wrapped(text: str) -> list[str]:
    return chop_cells(text, COLUMNS) if cell_len(text) > COLUMNS else [text]


def _drawn(line: ShownLine, text: str, top: int, *, first: bool) -> Iterator[str]:
    base = top + 14
    side = _MARGIN + 10 * _CHAR
    if line.tls:
        yield f'<path class="tls" d="M{side + 20} {top}v{_LINE}" stroke-width="2"/>\n'
    colour = STYLES.get(line.style, "text")
    start = _MARGIN + _GUTTER * _CHAR
    if not first:
        yield _text(start, base, text, colour)
        return
    if line.time:
        yield _text(_MARGIN + (8 - len(line.time)) * _CHAR, base, line.time, "dim")
    if line.side:
        client = line.side == "C"
        yield _text(side, base, line.side, "client" if client else "dim", bold=client)
    head = min(line.head, len(text))
    if head:
        yield _text(start, base, text[:head], colour, bold=True)
    if text[head:].strip():
        yield _text(start + cell_len(text[:head]) * _CHAR, base, text[head:], colour)


def _text(x: int, y: int, text: str, colour: str, *, bold: bool = False) -> str:
    """Return a text element that has the same width in any font; "" if the text is blank."""
    blank = len(text) - len(text.lstrip(" "))
    text, x = text[blank:], x + blank * _CHAR
    if not text.strip():
        return ""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" class="{_name(colour)}"{weight} xml:space="preserve" '
        f'textLength="{cell_len(text) * _CHAR}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(text)}</text>\n"
    )


def _name(colour: str) -> str:
    return f"k{colour}"


def _style() -> str:
    return f"{_rules(DARK)}@media (prefers-color-scheme: light) {{\n{_rules(LIGHT)}}}\n"


def _rules(colours: dict[str, str]) -> str:
    names = dict.fromkeys(("text", "dim", "client", *STYLES.values()))
    texts = "".join(f".{_name(name)} {{ fill: {colours[name]} }}\n" for name in names)
    return (
        f".ground {{ fill: {colours['ground']} }}\n"
        f".tls {{ stroke: {colours['tls']}; fill: none }}\n{texts}"
    )


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
