"""A conversation as readable text, and as a recording in JSON Lines.

The format of a recording is in session/record/format.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...session.events import Line
from ...session.record import format as recording
from ...session.record.text import lines as text_lines
from .lines import without_content
from .source import ExportSource


def text(source: ExportSource) -> Iterator[bytes]:
    """Yield a line for each row (`C:` or `S:`) and each fact (`--`), with its time in UTC."""
    masked = source.masked()
    wall = source.conversation.transcript.wall if source.timed else None
    for line in text_lines(without_content(masked), _data, wall):
        yield f"{line}\n".encode("utf-8", "backslashreplace")


def jsonl(source: ExportSource) -> Iterator[bytes]:
    """Yield the lines of a recording that heloscope can open."""
    masked = source.masked()
    transcript = source.conversation.transcript
    yield recording.header(transcript, masked.target)
    for event in masked.events():
        if isinstance(event, Line):
            yield recording.rows(transcript, event.data, event.flags, event.at, first=event.began)
        elif data := recording.fact(transcript, event):
            yield data


def _data(line: Line) -> bytes:
    return line.data
