"""Checkpoints: saved states of a conversation in a recording, from which playback can continue.

While nothing is in progress, the state of a conversation is small, and its rows are the first rows
of the whole transcript. A position in the middle of a long recording is therefore reached from the
last checkpoint before it instead of from the start.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from .conversation import Conversation

EVERY = 2000  # minimum of rows from one checkpoint to the next


class Checkpoint(NamedTuple):
    """The state of a conversation after `rows` rows and `marks` events."""

    rows: int
    marks: int
    conversation: Conversation

    def resumed(self) -> Conversation:
        """Return a copy of the saved conversation that can continue on its own."""
        transcript = self.conversation.transcript.prefix(self.rows, self.marks)
        return self.conversation.copy(transcript)


class Checkpoints:
    """The checkpoints of one conversation, in order."""

    def __init__(self) -> None:
        self._found: list[Checkpoint] = []
        self._next = EVERY

    def look_at(self, conversation: Conversation) -> None:
        """Save a checkpoint if one is due and nothing is in progress."""
        transcript = conversation.transcript
        if len(transcript) >= self._next and conversation.at_rest:
            rows, marks = len(transcript), transcript.mark_count
            self._found.append(Checkpoint(rows, marks, conversation.copy(transcript)))
            self._next = rows + EVERY

    def before(self, rows: int) -> Checkpoint | None:
        """Return the last checkpoint with fewer than `rows` rows, or None."""
        at = bisect_left(self._found, rows, key=lambda found: found.rows)
        return self._found[at - 1] if at else None
