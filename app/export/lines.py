"""The lines of a conversation as they appear in text, Markdown, HTML and SVG.

Secrets in the lines are masked, and the lines have been through `visible`. If messages are masked,
each of them appears as one line.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from ...session.events import (
    FACTS,
    LESSON_MARK,
    MESSAGE_KINDS,
    Event,
    Line,
    Note,
)
from ...session.plural import plural
from ...session.record.masked_events import MaskedEvents
from ...session.version import VERSION
from ...session.visible import visible_text
from ...widgets.transcript.lines import line_text, octets, passed, rule_text
from .source import ExportSource

CONTENT = "content"  # the kind of the Note that replaces a masked message


class ShownLine(NamedTuple):
    """A line. `side` is "C" or "S", or "" for an event. `time` is the time since the previous line.

    `style` is sent, body, 2yz to 5yz, odd (not a reply), rule, trouble, tls or fold. The first
    `head` characters are the verb or the code. `tls` is true if the line was sent inside TLS, and
    `message` if it belongs to a message. `row` is the row in the transcript, or -1 if there is
    none.
    """

    side: str
    time: str
    text: str
    style: str
    head: int = 0
    tls: bool = False
    row: int = -1
    message: bool = False


def shown_lines(source: ExportSource, masked: MaskedEvents) -> Iterator[ShownLine]:
    """Yield the lines of a conversation in order."""
    before: float | None = None
    tls = False
    for event in without_content(masked):
        if isinstance(event, Note) and event.kind == CONTENT:
            text, style, row, side, head = event.text, "fold", -1, "C", 0
            message = True
        elif isinstance(event, Line):
            found = line_text(event.data, event.flags)
            text, head, row = found.text, found.head, event.row
            side, tls = ("C" if event.sent else "S"), event.tls
            style = found.style.removeprefix("transcript--")
            message = event.kind in MESSAGE_KINDS
        elif isinstance(event, FACTS) and getattr(event, "kind", "") != LESSON_MARK:
            rule = rule_text(event)
            text, style, row, side, head = rule.text, rule.style[12:], -1, "", 0
            message = False
        else:
            continue
        since = passed(event.at - (event.at if before is None else before))
        time = since if source.timed and not (message and style == "body") else ""
        before = event.at
        yield ShownLine(side, time, text, style, head, tls and bool(side), row, message)


def without_content(masked: MaskedEvents) -> Iterator[Event]:
    """Yield the events, with a Note in place of each message if messages are masked."""
    if not masked.masking.content:
        yield from masked.events()
        return
    lines = size = 0
    last: Line | None = None
    for event in masked.events():
        if isinstance(event, Line):
            if event.kind in MESSAGE_KINDS:
                lines, size, last = lines + 1, size + len(event.data), event
                continue
            if last is not None:
                yield _left_out(last, lines, size)
                lines, size, last = 0, 0, None
        yield event
    if last is not None:
        yield _left_out(last, lines, size)


def _left_out(last: Line, lines: int, size: int) -> Note:
    text = f"message, {plural(lines, '{} line')}, {octets(size)}, not shown"
    return Note(last.at, CONTENT, text)


def facts(source: ExportSource, masked: MaskedEvents) -> list[tuple[str, str]]:
    """Return the facts listed above a conversation, each as (name, value)."""
    transcript = source.conversation.transcript
    found: list[tuple[str, str]] = []
    began = transcript.anchor[0]
    if transcript.sequence and began > 0:
        first = next(iter(transcript.events()))
        found.append(("Began", utc(transcript.wall(first.at))))
    found.append(("Masked", masked.masking.words))
    if source.log:
        found.append(("Read from", f"a log of {source.log}"))
    if source.missing:
        found.append(("Not known", visible_text(masked.text(source.missing))))
    found.append(("Written by", f"heloscope {VERSION}"))
    return found


def title(masked: MaskedEvents) -> str:
    """Return the title of the export, which includes the target if it is known."""
    target = visible_text(masked.target)
    return f"SMTP conversation with {target}" if target else "SMTP conversation"


def utc(seconds: float) -> str:
    """Format a time in seconds since the epoch, as in 2026-09-21 14:13:20 UTC."""
    when = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return when.strftime("%Y-%m-%d %H:%M:%S UTC")
