"""Reads a recording: a first piece before it is shown, and the rest while it is shown.

The recording is read in the event loop's thread, so that no other thread changes the data on the
screen, and in pieces so short that no key has to wait.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from itertools import islice

from ...session.events import Note
from ...session.plural import plural
from ...session.private_file import reason
from ...session.protocol.checkpoints import Checkpoints
from ...session.protocol.conversation import Conversation
from ...session.protocol.replay import LEFT_OUT, replaying
from ...session.record.notes import Notes
from ...session.record.reader import Recording

FIRST = 2000  # entries read before anything is shown
PIECE = 0.008  # seconds of reading ...
BETWEEN = 0.002  # ... and seconds between, for everything else
_AT_ONCE = 100  # entries between two checks of the clock
_TOLD = 3  # problems that are listed individually


class Pause:
    """Decides when to yield to the event loop, often enough that no key has to wait."""

    def __init__(self) -> None:
        self._until = time.perf_counter() + PIECE

    @property
    def due(self) -> bool:
        """Whether it is time to yield to the event loop."""
        return time.perf_counter() >= self._until

    async def make(self) -> None:
        """Yield to the event loop."""
        await asyncio.sleep(0)
        self._until = time.perf_counter() + PIECE


class Reading:
    """Reads a recording with a teacher's notes into a conversation, and then closes the file."""

    def __init__(
        self,
        recording: Recording,
        conversation: Conversation,
        notes: Notes,
        checkpoints: Checkpoints | None = None,
    ) -> None:
        self._recording = recording
        self._transcript = conversation.transcript
        self._notes = notes
        self._replaying = replaying(recording, conversation, checkpoints)
        self._size = max(1, recording.path.stat().st_size)
        self.ended = False
        """Whether everything has been read, or the file has been closed."""
        self.problem = ""
        """A sentence that explains why the recording was not read completely, or ""."""

    @property
    def percent(self) -> int:
        """How much of the file has been read, in percent. It is 100 only at the end."""
        return 100 if self.ended else min(99, self._recording.read_to * 100 // self._size)

    def close(self) -> None:
        """Stop reading, and close the file."""
        self.ended = True
        self._recording.close()

    def take(self, entries: int) -> bool:
        """Read up to this many entries. Return whether there are more. Raises OSError."""
        if self.ended:
            return False
        taken = 0
        for note in islice(self._replaying, entries):
            taken += 1
            if note is not None:
                self._notes.found(max(0, len(self._transcript) - 1), note.text)
        if taken < entries:
            self.close()
        return not self.ended

    async def take_rest(self, grown: Callable[[], object]) -> None:
        """Read to the end, calling `grown` after each piece. Close the file even if cancelled."""
        try:
            more = not self.ended
            while more:
                await asyncio.sleep(BETWEEN)
                until = time.perf_counter() + PIECE
                while (more := self.take(_AT_ONCE)) and time.perf_counter() < until:
                    pass
                grown()
        except OSError as error:
            problem = reason(error, self._recording.path)
            self.problem = f"Only part of the recording could be read: {problem}."
        finally:
            self.close()

    def missing(self) -> str:
        """Describe the missing parts of the recording, which are known only at the end."""
        problems = self._recording.problems
        words = problems[:_TOLD]
        if len(problems) > _TOLD:
            words.append(f"{len(problems) - _TOLD:,} more parts could not be read.")
        if self.problem:
            words.append(self.problem)
        left_out = sum(
            isinstance(event, Note) and event.kind == LEFT_OUT
            for _, event in self._transcript.facts()
        )
        if left_out:
            words.append(
                f"Only the length and digest of {plural(left_out, '{} part')} were recorded, as "
                f"the recording had reached its limit."
            )
        if self._notes.problem:
            words.append(self._notes.problem)
        return " ".join(words)
