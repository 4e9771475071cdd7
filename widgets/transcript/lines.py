"""The lines of a transcript as text that is safe to show.

The pane, the clipboard and saved files all take their text from here, so that they agree. Secrets
in the text are masked, and the text has been through `visible`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from ...session.events import (
    KIND_MASK,
    MESSAGE_KINDS,
    MORE,
    PIECE,
    SENT,
    Event,
    Kind,
    TlsStarted,
)
from ...session.plural import plural
from ...session.record.fact_words import fact_words, is_trouble
from ...session.visible import beginning, visible, visible_text
from .layout import FOLD, ROW, Layout, LineSource

if TYPE_CHECKING:
    from ...session.record.transcript import Transcript

PATH = 270  # octets of a RCPT command of which the recipient is shown
SLOW_LINE = 0.1  # seconds between two lines of one reply or message from which the pause is shown


class LineText(msgspec.Struct, frozen=True):
    """A line as shown.

    `head` is the length of the verb or code with which the line starts, or of the dot that was
    added to a line of a message. `tail` is the number of characters at the end of `text` that are
    marked as an addition: the sign for a bare LF or a missing line ending, or a recipient. `style`
    is the name of a component class of the pane. `cut` is true if the line is longer than `text`.
    """

    text: str
    head: int
    tail: int
    style: str
    cut: bool = False


def row_text(transcript: Transcript, row: int, most: int | None = None) -> LineText:
    """Return the text of a row, made from at most `most` of its octets."""
    line = transcript[row]
    return line_text(transcript.mask(line), line.flags, most)


def line_text(data: bytes, flags: int, most: int | None = None) -> LineText:
    """Return the text of a row with these `flags`, made from at most `most` octets of `data`."""
    cut = most is not None and len(data) > most
    if most is not None and cut:
        text, tail = visible(beginning(data, most)), ""
    elif data.endswith(b"\r\n"):
        text, tail = visible(data[:-2]), ""
    elif data.endswith(b"\n"):
        text, tail = visible(data[:-1]), "\\n"
    else:
        text, tail = visible(data), "⋯" if flags & PIECE else ""
    kind = (flags & KIND_MASK) >> 8
    head = 0
    if flags & SENT:
        style = "transcript--sent"
        if kind == Kind.COMMAND:
            space = text.find(" ")
            head = len(text) if space < 0 else space
        elif kind == Kind.BODY or kind == Kind.CHUNK:
            style = "transcript--body"
            head = 1 if kind == Kind.BODY and text.startswith("..") else 0
    else:
        code = text[:3]
        if code.isascii() and code.isdigit() and code[0] in "2345":
            head, style = 3, f"transcript--{code[0]}yz"
        else:
            style = "transcript--odd"
    return LineText(text + tail, head, len(tail), style, cut)


def with_recipient(text: LineText, transcript: Transcript, rcpt: int) -> LineText:
    """Return the text of a reply to a message, with the recipient in row `rcpt` appended."""
    said = visible(beginning(transcript.masked(rcpt), PATH).rstrip(b"\r\n"))
    path = said[said.find("<") :].partition(">")[0] + ">" if "<" in said else said
    tail = f"  ← {path}"
    return msgspec.structs.replace(text, text=text.text + tail, tail=text.tail + len(tail))


def rule_text(event: Event, mask: Callable[[str], str] | None = None) -> LineText:
    """Return the text of an event that is drawn as a rule. `mask` hides the names in the text."""
    words = fact_words(event, _days_left)
    style = "transcript--tls" if isinstance(event, TlsStarted) else "transcript--rule"
    if is_trouble(event):
        style = "transcript--trouble"
    if mask is not None:
        words = mask(words)
    return LineText(f"── {visible_text(words).rstrip('.')} ──", 0, 0, style)


@lru_cache(maxsize=64)
def _end_of(der: bytes) -> float | None:
    from ...session.tls.certificates import parse  # with the first certificate, not with the pane

    found = parse(der)
    return None if found.unreadable else found.not_after


def _days_left(der: bytes) -> int | None:
    end = _end_of(der)
    return None if end is None else int((end - time.time()) // 86400)


def fold_text(transcript: Transcript, body: int, is_open: bool) -> LineText:
    """Return the heading of a message, which is its only line while the message is folded."""
    found = transcript.bodies[body]
    lines = found.last - found.first + 1
    text = f"{'▾' if is_open else '▸'} message, {plural(lines, '{} line')}, {octets(found.size)}"
    return LineText(text, 0, 0, "transcript--fold")


def octets(count: int) -> str:
    """Format a number of bytes as a size in bytes, kB or MB."""
    if count < 10_000:
        return plural(count, "{} byte")
    if count < 10_000_000:
        return f"{count / 1000:,.0f} kB"
    return f"{count / 1_000_000:,.0f} MB"


def time_before(transcript: Transcript, row: int) -> float:
    """Return the time of the row before `row`.

    For the first row, return the time of the first event, or of the row itself if there are no
    events.
    """
    if row > 0:
        return transcript.time(row - 1)
    if transcript.mark_count:
        return transcript.mark(0)[1].at
    return transcript.time(0)


def time_text(layout: Layout, spot: LineSource) -> str:
    """Return the time since the previous line as shown in the left column, or "" for none."""
    transcript = layout.transcript
    if not transcript.timed:
        return ""
    if spot.kind == ROW:
        row = spot.number
        since = transcript.time(row) - time_before(transcript, row)
        if (
            row
            and since < SLOW_LINE
            and (transcript.flags(row) & MORE or _in_message(transcript, row))
        ):
            return ""
        if row and _in_message(transcript, row) and not _in_message(transcript, row - 1):
            return ""  # the time of the message is on its folded line
        return passed(since)
    if spot.kind == FOLD:
        body = transcript.bodies[spot.number]
        return passed(transcript.time(body.last) - time_before(transcript, body.first))
    rows, event = transcript.mark(spot.number)
    if not rows:
        return passed(event.at - transcript.mark(0)[1].at)
    return passed(event.at - transcript.time(rows - 1))


def _in_message(transcript: Transcript, row: int) -> bool:
    return (transcript.flags(row) & KIND_MASK) >> 8 in MESSAGE_KINDS


def passed(seconds: float) -> str:
    """Format a duration in seconds, in at most eight characters."""
    if seconds < 1000:
        return f"+{max(0.0, seconds):.3f}"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"+{hours}h{minutes:02}m" if hours else f"+{minutes}m{rest:02}s"


def side_of(transcript: Transcript, row: int) -> str:
    """Return the side that sent the row: "C" or "S"."""
    return "C" if transcript.flags(row) & SENT else "S"


def exported(layout: Layout, line: int) -> list[str]:
    """Return a line as it is saved, with its time, side and text.

    A folded message is saved as all of its lines. The heading of an unfolded message is not saved,
    so that the list is empty.
    """
    spot = layout.at(line)
    transcript = layout.transcript
    if spot.kind == ROW:
        text = row_text(transcript, spot.number).text
        time = time_text(layout, spot)
        return [f"{time:>8}  {side_of(transcript, spot.number)}: {text}"]
    if spot.kind == FOLD:
        if layout.is_open(spot.number):
            return []
        body = transcript.bodies[spot.number]
        return [
            f"{'':>8}  C: {row_text(transcript, row).text}"
            for row in range(body.first, body.last + 1)
        ]
    rule = rule_text(transcript.mark(spot.number)[1], transcript.secrets.mask_names)
    return [f"{time_text(layout, spot):>8}  {rule.text}"]


def is_rule(saved: str) -> bool:
    """Return whether a line made by `exported` is a rule rather than a line from either side."""
    return saved[10:].startswith("── ")
