"""A conversation as one HTML page in the colours of the screen, with folded explanations.

The page needs no script, no other file and no network, and tells the browser so: its Content
Security Policy allows nothing but the page's own style. The page follows the reader's dark or light
setting. Each command and reply unfolds to its explanation, and each message to its lines. Every
character that came over the wire is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from ...session.record.masked_events import MaskedEvents
from ...session.record.row_index import RowIndex
from ...widgets.panels.line_explanation import LineExplanation
from .colours import DARK, LIGHT, STYLES
from .lines import ShownLine, facts, shown_lines, title
from .source import ExportSource

MOST_EXPLAINED = 2000  # lines explained; of a longer conversation, the first ones
MOST_OTHERS = 50  # failures besides the refusals


def html(source: ExportSource) -> Iterator[bytes]:
    """Yield the HTML export of one conversation, piece by piece."""
    return page([source])


def page(sources: Sequence[ExportSource]) -> Iterator[bytes]:
    """Yield one HTML page with several conversations, one below the other, piece by piece."""
    for number, source in enumerate(sources):
        masked = source.masked()
        name = title(masked)
        if not number:
            yield from map(_octets, _head(name))
        yield from map(_octets, _about(name, facts(source, masked)))
        if not number:
            yield _octets(_LEGEND)
        yield from _conversation(source, masked)
    yield b"</main>\n</html>\n"


def _conversation(source: ExportSource, masked: MaskedEvents) -> Iterator[bytes]:
    """Yield the lines of a conversation with their explanations."""
    index = RowIndex(source.conversation.transcript, masked.names)
    page = _Page(lambda row: source.explain(index, row), index)
    for whole, found in groupby(shown_lines(source, masked), page.block):
        yield from map(_octets, page.shown(whole, found))
    yield from map(_octets, page.others(source.others(index)))
    if page.explained >= MOST_EXPLAINED:
        yield _octets(f"<p>Only the first {MOST_EXPLAINED:,} lines are explained.</p>\n")


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def page_of(name: str, said: list[tuple[str, str]], body: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a page with the heading `name`, a list of facts, and a body.

    Each fact in `said` is a pair of a label and a value.
    """
    for part in (*_head(name), *_about(name, said), *body, "</main>\n</html>"):
        yield part.rstrip("\n")


class _Page:
    """A writer that groups lines into blocks. A block is a line, a whole reply, or a message."""

    def __init__(
        self,
        explain: Callable[[int], LineExplanation],
        index: RowIndex,
    ) -> None:
        self._explain = explain
        self._index = index
        self._number = 0
        self._reply: tuple[int, int] = (-1, -1)
        self._in_message = False
        self.explained = 0

    def block(self, line: ShownLine) -> int:
        """Return the number of the block that a line belongs to. Lines must be passed in order."""
        message = line.message and line.style == "body"
        first, last = self._reply
        within = first <= line.row <= last and line.side == "S"
        if not (within or (message and self._in_message)):
            self._number += 1
            self._reply = (-1, -1)
            if line.side == "S":
                reply = self._index.reply_at(line.row)
                if reply is not None:
                    self._reply = (reply.row, reply.last)
        self._in_message = message
        return self._number

    def shown(self, _: int, lines: Iterator[ShownLine]) -> Iterator[str]:
        """Yield the HTML elements of one block."""
        first = next(lines)
        if first.message and first.style == "body":
            yield from self._message(first, lines)
            return
        kind = f"line {_class(first)}"
        why = self._why(first) if first.row >= 0 else ""
        body = _line(first) + "".join(map(_line, lines))
        if why:
            yield f'<details class="{kind}"><summary>{body}</summary>\n{why}</details>\n'
        else:
            yield f'<div class="{kind}">{body}</div>\n'

    def _message(self, first: ShownLine, lines: Iterator[ShownLine]) -> Iterator[str]:
        tls = " tls" if first.tls else ""
        yield f'<details class="message{tls}"><summary>{_cells(first.time, "C")}'
        yield "<code>message</code></summary>\n<pre>"
        yield escape(first.text) + "\n"
        for line in lines:
            yield escape(line.text) + "\n"
        yield "</pre></details>\n"

    def _why(self, line: ShownLine) -> str:
        if self.explained >= MOST_EXPLAINED:
            return ""
        self.explained += 1
        return self._box(self._explain(line.row))

    def others(self, found: Sequence[LineExplanation]) -> Iterator[str]:
        """Yield a section about what went wrong apart from refusals."""
        if found:
            yield "<h2>What else went wrong</h2>\n"
        for each in found[:MOST_OTHERS]:
            yield f"{self._box(each)}\n"

    def _box(self, found: LineExplanation) -> str:
        if not found.title:
            return ""
        title = escape(found.title)
        head = f"{escape(found.head)} " if found.head else ""
        parts = [f"<p><b>{head}</b>{title[:1].upper()}{title[1:]}.</p>"]
        for name, words in (*found.warnings, *found.sections):
            if words:
                label = f"<dt>{escape(name)}</dt>" if name else ""
                parts.append(f"<dl>{label}<dd>{escape(words)}</dd></dl>")
        if found.notes:
            parts.append(f"<p class=notes>{'<br>'.join(map(escape, found.notes))}</p>")
        return f'<div class="why">{"".join(parts)}</div>'


def _class(line: ShownLine) -> str:
    side = {"C": "c", "S": "s"}.get(line.side, "f")
    return f"{side} l{line.style}{' tls' if line.tls else ''}"


def _cells(time: str, side: str) -> str:
    return f"<time>{escape(time)}</time><b>{escape(side)}</b>"


def _line(line: ShownLine) -> str:
    text = line.text
    head = f"<b>{escape(text[: line.head])}</b>" if line.head else ""
    return (
        f"<span>{_cells(line.time, line.side)}<code>{head}{escape(text[line.head :])}</code></span>"
    )


# The page


_LEGEND = (
    "<p class=legend>C is the client and S is the server; a bar on the left marks TLS. Click a "
    "line with a triangle to see its explanation, or a message to see its lines.</p>\n"
)


def _head(name: str) -> Iterator[str]:
    yield "<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n"
    yield (
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    )
    yield '<meta name=viewport content="width=device-width">\n'
    yield '<meta name=color-scheme content="dark light">\n'
    yield f"<title>{escape(name)}</title>\n<style>\n{_style()}</style>\n"
    yield "<main>\n"


def _about(name: str, said: list[tuple[str, str]]) -> Iterator[str]:
    """Yield the heading `name` and a list of facts, each of them a pair of a label and a value."""
    yield f"<h1>{escape(name)}</h1>\n<dl class=facts>\n"
    for label, value in said:
        yield f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>\n"
    yield "</dl>\n"


def _style() -> str:
    colours = "".join(
        f".l{style} code {{ color: var(--c-{name}) }}\n" for style, name in STYLES.items()
    )
    return (
        f":root {{ {_variables(DARK)} }}\n"
        f"@media (prefers-color-scheme: light) {{ :root {{ {_variables(LIGHT)} }} }}\n"
        f"@media print {{ :root {{ {_variables(LIGHT)} }} }}\n"
        f"{_RULES}{colours}"
    )


def _variables(colours: dict[str, str]) -> str:
    return "; ".join(f"--c-{name}: {colour}" for name, colour in colours.items())


_RULES = """\
* { box-sizing: border-box }
body { margin: 0; background: var(--c-ground); color: var(--c-text);
  font: 15px/1.5 system-ui, sans-serif }
main { max-width: 75rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.3rem; overflow-wrap: anywhere }
h2 { font-size: 1.1rem }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0 0 1rem }
.facts dt, .legend, .notes { color: var(--c-dim) }
.facts dd { margin: 0; overflow-wrap: anywhere }
.line, .message { border-left: 3px solid transparent }
.tls { border-left-color: var(--c-tls) }
summary { cursor: pointer; list-style: none; position: relative }
summary::-webkit-details-marker { display: none }
summary::after { content: "\\25B8"; position: absolute; left: .35rem; top: .1rem;
  color: var(--c-dim); font-size: .8rem }
details[open] > summary::after { content: "\\25BE" }
summary:hover, summary:focus-visible { background: var(--c-box) }
.line span, .message summary { display: grid; grid-template-columns: 5.5rem 1.5rem 1fr;
  padding-left: 1.2rem; font: 14px/1.5 ui-monospace, monospace }
time { color: var(--c-dim); text-align: right; padding-right: 1rem }
code { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere }
.c b:first-of-type, .message b { color: var(--c-client) }
.s span > b { color: var(--c-dim); font-weight: normal }
.f code { font-style: italic }
.message code { color: var(--c-dim) }
pre { margin: 0 0 0 8.2rem; white-space: pre-wrap; overflow-wrap: anywhere; color: var(--c-dim);
  font: 14px/1.5 ui-monospace, monospace }
.why { margin: .3rem 0 .8rem 8.2rem; padding: .5rem 1rem; background: var(--c-box);
  border: 1px solid var(--c-edge); border-radius: 4px; max-width: 46rem; overflow-wrap: anywhere }
.why p { margin: .2rem 0 }
.why dl { margin: .4rem 0 } .why dt { font-weight: bold } .why dd { margin: 0 }
@media (max-width: 640px) {
  main { padding: .5rem }
  .line span, .message summary { grid-template-columns: 1.2rem 1fr }
  time { display: none }
  pre, .why { margin-left: 1.2rem }
}
"""
