"""Conversations as they were at some places of a recording: from which a playback continues.

What has to be known of a conversation while nothing is under way is little, and its rows are those
of the whole transcript. So a place in the middle of a long recording is reached from the checkpoint
before it, and not from the start.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from .conversation import Conversation

EVERY = 2000  # rows from one checkpoint to the next, at least


class Checkpoint(NamedTuple):
    """What was known after this many rows and events."""

    rows: int
    marks: int
    conversation: Conversation

    def resumed(self) -> Conversation:
        """A conversation like that one, which can continue differently."""
        transcript = self.conversation.transcript.prefix(self.rows, self.marks)
        return self.conversation.copy(transcript)


class Checkpoints:
    """The checkpoints of one conversation, in their order."""

    def __init__(self) -> None:
        self._found: list[Checkpoint] = []
        self._next = EVERY

    def look_at(self, conversation: Conversation) -> None:
        """Make a checkpoint if it is time for one, and nothing is under way."""
        transcript = conversation.transcript
        if len(transcript) >= self._next and conversation.at_rest:
            rows, marks = len(transcript), transcript.mark_count
            self._found.append(Checkpoint(rows, marks, conversation.copy(transcript)))
            self._next = rows + EVERY

    def before(self, rows: int) -> Checkpoint | None:
        """The last checkpoint with fewer rows than this; None if there is none."""
        at = bisect_left(self._found, rows, key=lambda found: found.rows)
        return self._found[at - 1] if at else None
