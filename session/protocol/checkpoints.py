"""Checkpoints: saved states of a conversation in a recording, from which playback can continue.

While nothing is in progress, the state of a conversation is small, and its rows are those of the
whole transcript. A place in the middle of a long recording is therefore reached from the checkpoint
before it, not from the start.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from .conversation import Conversation

EVERY = 2000  # minimum of rows from one checkpoint to the next


class Checkpoint(NamedTuple):
    """The state of a conversation after this many rows and events."""

    rows: int
    marks: int
    conversation: Conversation

    def resumed(self) -> Conversation:
        """A copy of the saved conversation, which can continue differently."""
        transcript = self.conversation.transcript.prefix(self.rows, self.marks)
        return self.conversation.copy(transcript)


class Checkpoints:
    """The checkpoints of one conversation, in order."""

    def __init__(self) -> None:
        self._found: list[Checkpoint] = []
        self._next = EVERY

    def look_at(self, conversation: Conversation) -> None:
        """Create a checkpoint if one is due, and nothing is in progress."""
        transcript = conversation.transcript
        if len(transcript) >= self._next and conversation.at_rest:
            rows, marks = len(transcript), transcript.mark_count
            self._found.append(Checkpoint(rows, marks, conversation.copy(transcript)))
            self._next = rows + EVERY

    def before(self, rows: int) -> Checkpoint | None:
        """The last checkpoint with fewer rows than this; None if there is none."""
        at = bisect_left(self._found, rows, key=lambda found: found.rows)
        return self._found[at - 1] if at else None
