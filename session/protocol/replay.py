"""Replays a recording by feeding its rows and facts to a new conversation.

Derived events (replies, states, violations) are computed again, so that a recording looks the same
as the live session.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, cast

from ..events import Event, Note
from ..record.notes import TEACHER
from ..record.reader import RecordedRow, RecordingHeader
from ..record.transcript import Transcript
from .checkpoints import Checkpoints
from .conversation import Conversation

LEFT_OUT = "left out"  # the kind of a Note on bytes that are not in the recording


class Recorded(Protocol):
    """A stored conversation: a Recording, or a conversation from another tool's log."""

    @property
    def header(self) -> RecordingHeader:
        """The header, with the start time and the peer."""
        ...

    def entries(self) -> Iterator[RecordedRow | Event]:
        """Yield the rows and facts in order."""
        ...


def replay(recording: Recorded, conversation: Conversation | None = None) -> Conversation:
    """Feed all entries of a recording to a conversation, and return that conversation.

    If `conversation` is None, a new one is created. The times in its transcript start at 0, and its
    anchor is the time at which the recording started. A row recorded only by its length and digest
    becomes a Note. Raises TypeError if `recording` has no `entries` method.
    """
    if not callable(getattr(cast(object, recording), "entries", None)):
        given = type(recording).__name__
        raise TypeError(f"a recording must be a Recording or a similar object, not {given}")
    if conversation is None:
        conversation = Conversation(Transcript())
    for _ in replaying(recording, conversation):
        pass
    return conversation


def replaying(
    recording: Recorded, conversation: Conversation, checkpoints: Checkpoints | None = None
) -> Iterator[Note | None]:
    """Feed a recording to a conversation entry by entry, yielding None after each entry.

    A teacher's note is yielded instead of being fed to the conversation. If `checkpoints` is given,
    checkpoints are added to it.
    """
    conversation.transcript.anchor = (recording.header.began, 0.0)
    for entry in recording.entries():
        if isinstance(entry, Note) and entry.kind == TEACHER:
            yield entry
            continue
        if isinstance(entry, Event):
            conversation.note(entry)
        elif not entry.data:
            text = f"{entry.octets} octets, SHA-256 {entry.sha256}"
            conversation.note(Note(entry.at, LEFT_OUT, text))
        else:
            data = entry.data
            if entry.first < entry.at and len(data) > 1:
                conversation.feed(entry.direction, data[:1], entry.first)
                data = data[1:]
            conversation.feed(entry.direction, data, entry.at)
            if entry.piece:
                conversation.flush(entry.direction, entry.at)
        if checkpoints is not None:
            checkpoints.look_at(conversation)
        yield None
