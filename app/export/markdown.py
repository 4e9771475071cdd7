"""A conversation as Markdown for a ticket: its lines, and the meaning of each refusal.

The lines form one code block, in which nothing needs escaping: no line starts with a backtick,
because the side comes first. Elsewhere all Markdown and HTML syntax is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...session.record.row_index import RowIndex
from ...session.visible import visible_text
from ...widgets.panels.line_explanation import LineExplanation
from .lines import facts, shown_lines, title
from .source import ExportSource

MOST_REFUSALS = 50  # refusals explained
_SIGNS = re.compile(r"([`*_\[\]!|~$>])")
_BEGINS_A_BLOCK = re.compile(r"\A(\s*|\s*\d+(?=[.)]))([-+#=.)])")  # a list, a heading
_RUN = re.compile(r"`+")


def markdown(source: ExportSource) -> Iterator[bytes]:
    """Yield the Markdown export of a conversation, piece by piece."""
    masked = source.masked()
    yield _octets(f"# {escaped(title(masked))}\n\n")
    for name, value in facts(source, masked):
        yield _octets(f"- {name}: {escaped(value)}\n")
    yield b"\n```text\n"
    for line in shown_lines(source, masked):
        side = f"{line.side}: " if line.side else ""
        yield _octets(f"{line.time:>8}  {side}{line.text}".rstrip() + "\n")
    yield b"```\n"
    index = RowIndex(source.conversation.transcript, masked.names)
    refused = False
    for number, row in enumerate(refusals(index)):
        if number == MOST_REFUSALS:
            yield b"\nFurther refusals are not explained here.\n"
            break
        if not number:
            refused = True
            yield b"\n## What was refused\n"
        found = source.explain(index, row)
        text = masked.line(index.transcript[row]).rstrip(b"\r\n")
        yield _octets(f"\n{code(visible_text(text.decode('utf-8', 'surrogateescape')))}\n\n")
        yield from _explained(found)
    for number, found in enumerate(source.others(index)):
        if number == MOST_REFUSALS:
            yield b"\nFurther problems are not explained here.\n"
            break
        if not number:
            yield b"\n## What else went wrong\n" if refused else b"\n## What went wrong\n"
        yield b"\n"
        yield from _explained(found)


def _explained(found: LineExplanation) -> Iterator[bytes]:
    yield _octets(f"{_sentence(found.title)}\n")
    for name, words in found.sections:
        if words:
            yield _octets(f"- {escaped(name)}: {escaped(words)}\n")
    for words in found.notes:
        yield _octets(f"- {escaped(words)}\n")


def refusals(index: RowIndex) -> Iterator[int]:
    """Yield the first row of each reply that is a refusal or is not a valid reply."""
    reply = index.reply_beside(-1, 1)
    while reply is not None:
        if reply.code >= 400 or reply.code < 0:
            yield reply.row
        reply = index.reply_beside(reply.row, 1)


def escaped(text: str) -> str:
    """Return the text with all Markdown and HTML syntax escaped."""
    text = text.replace("\\", "\\\\").replace("&", "&amp;").replace("<", "&lt;")
    text = _BEGINS_A_BLOCK.sub(r"\1\\\2", text)
    return _SIGNS.sub(r"\\\1", text)


def code(text: str) -> str:
    """Return the text as a code span, enclosed in more backticks than the text has in a row."""
    fence = "`" * (max((len(run) for run in _RUN.findall(text)), default=0) + 1)
    blank = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{blank}{text or ' '}{blank}{fence}"


def _sentence(text: str) -> str:
    return f"{escaped(text[:1].upper() + text[1:])}.\n"


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
