"""Plays back a finished conversation, forwards and backwards, line by line or turn by turn.

The whole conversation has already been read. To show a position in it, a second conversation is fed
with the same bytes at the same times up to that position, so that its state, its extensions and the
meaning of its replies are those of that moment. A step is a row, a message, or a fact such as
Connected. Playback has no clock: the caller asks how long to wait, and waits.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..events import (
    CLIENT,
    FACTS,
    PIECE,
    SENT,
    SERVER,
    Direction,
    Kind,
    Line,
)
from ..record.transcript import Transcript
from .checkpoints import Checkpoints
from .conversation import Conversation
from .steps import Steps

LONGEST_PAUSE = 3.0  # seconds: a longer pause is cut short
AT_ONCE = 200  # steps between two progress reports
FAR = 4000  # steps forward from which on a checkpoint is used


class Playback:
    """A conversation and a position in it, counted in steps. It starts at the end."""

    def __init__(
        self,
        whole: Conversation,
        checkpoints: Checkpoints | None = None,
        *,
        growing: bool = False,
    ) -> None:
        self.whole = whole
        self._checkpoints = Checkpoints() if checkpoints is None else checkpoints
        self.growing = growing
        """Whether the conversation is still being read, so that `grow` will add more steps."""
        self._steps = Steps()
        self._marks = self._body = 0  # divided into steps so far
        self._divide()
        self.position = len(self._steps)
        """The number of steps shown."""
        self._shown = whole
        self._fed = self.position  # the number of steps fed to `_shown`

    def grow(self, *, ended: bool = False) -> None:
        """Add new rows and events as steps. If the end is shown, the position moves with it.

        The rows of a message become a step only when the message is complete. `ended` is true if
        nothing more will follow.
        """
        self.growing = not ended
        self._divide()
        if self._shown is self.whole:
            self.position = self._fed = len(self._steps)

    def _divide(self) -> None:
        if self.growing and self.whole.mode is not Kind.COMMAND:
            return
        transcript, steps = self.whole.transcript, self._steps
        rows = len(transcript)
        for number, event in transcript.facts(self._marks):
            if isinstance(event, FACTS):
                self._add_rows(transcript.marks.rows(number))
                steps.add_fact(number)
            self._marks = number + 1
        self._add_rows(rows)

    def _add_rows(self, to: int) -> None:
        """Divide the rows before `to` into steps. Each message is one step."""
        steps, bodies = self._steps, self.whole.transcript.bodies
        while self._body < len(bodies) and bodies[self._body].first < to:
            body = bodies[self._body]
            if body.first >= steps.rows:
                steps.add_rows(body.first)
                steps.add_message(body.last)
            self._body += 1
        steps.add_rows(to)

    def __len__(self) -> int:
        """Return the total number of steps."""
        return len(self._steps)

    @property
    def conversation(self) -> Conversation:
        """The conversation as it was at the position. Going back creates a different object."""
        return self._shown

    @property
    def rows(self) -> int:
        """The number of rows up to the position."""
        return self._steps.rows_of(self.position - 1)[1] + 1 if self.position else 0

    def rows_of(self, step: int) -> tuple[int, int] | None:
        """Return the first and last rows of a step, or None if the step is a fact."""
        return None if self._steps.fact_of(step) is not None else self._steps.rows_of(step)

    def side(self, step: int) -> Direction | None:
        """Return the side that sent a step, or None for a fact."""
        rows = self.rows_of(step)
        if rows is None:
            return None
        return CLIENT if self.whole.transcript.flags(rows[0]) & SENT else SERVER

    # Time

    def time(self, step: int) -> float:
        """Return the time at which a step was completed, in seconds since the first step."""
        if not len(self._steps):
            return 0.0
        return max(0.0, self._at(step) - self._at(0))

    def _at(self, step: int) -> float:
        fact, transcript = self._steps.fact_of(step), self.whole.transcript
        if fact is not None:
            return transcript.mark(fact)[1].at
        return transcript.time(self._steps.rows_of(step)[1])

    @property
    def elapsed(self) -> float:
        """The time of the last step shown, in seconds since the first step."""
        return self.time(self.position - 1) if self.position else 0.0

    @property
    def duration(self) -> float:
        """The time of the last step, in seconds since the first step."""
        return self.time(len(self) - 1) if len(self) else 0.0

    def pause(self) -> float | None:
        """Return the seconds until the next step, at most LONGEST_PAUSE, or None at the end."""
        if self.position >= len(self):
            return None
        if not self.position:
            return 0.0
        return min(LONGEST_PAUSE, max(0.0, self.time(self.position) - self.elapsed))

    # Moving

    def forward(self) -> bool:
        """Go forward by one step. Return whether the position changed."""
        return self.go_to(self.position + 1)

    def back(self) -> bool:
        """Go back by one step. Return whether the position changed."""
        return self.go_to(self.position - 1)

    def beside(self, by: int, *, turn: bool) -> int:
        """Return the position one step away or, if `turn` is true, one turn away.

        The result lies after the current position if `by` is 1, and before it if `by` is -1.
        """
        to = self.position + by
        if turn and by > 0:
            while to < len(self) and self.side(to) is self.side(to - 1):
                to += 1
        elif turn:
            while to > 0 and self.side(to - 1) is self.side(to):
                to -= 1
        return max(0, min(to, len(self)))

    def go_to(self, position: int) -> bool:
        """Go to a position, from 0 to the number of steps. Return whether the position changed."""
        before = self.position
        for _ in self.going_to(position):
            pass
        return self.position != before

    def going_to(self, position: int) -> Iterator[float]:
        """Go to a position in portions, yielding the progress, from 0 to 1, after each portion.

        When going backwards, or far forwards, the position may change only at the end, so a caller
        that stops early may remain where it was. Otherwise the position advances with each portion.
        """
        position = max(0, min(position, len(self)))
        if position == self.position:
            return
        shown, fed = self._shown, self._fed
        if position < fed or position - fed > FAR:
            shown, fed = self._nearest(position)
        start = fed
        while fed < position:
            if fed - start >= AT_ONCE and (fed - start) % AT_ONCE == 0:
                yield (fed - start) / (position - start)
            self._feed(fed, shown)
            fed += 1
            if shown is self._shown:
                self._fed = self.position = fed
        if shown is not self._shown:
            if self._shown is not self.whole:
                self._shown.retire()
            self._shown = shown
        self._fed = self.position = position

    def _nearest(self, position: int) -> tuple[Conversation, int]:
        """Return a conversation to continue from, and the number of steps fed to it."""
        if position == len(self) and not self.growing:
            return self.whole, position
        checkpoint = self._checkpoints.before(self._steps.rows_of(position)[0])
        fed = 0 if checkpoint is None else self._steps.up_to(checkpoint.rows, checkpoint.marks)
        if self._fed <= position and self._fed >= fed:
            return self._shown, self._fed
        if checkpoint is not None:
            return checkpoint.resumed(), fed
        transcript = Transcript()
        transcript.anchor = self.whole.transcript.anchor
        transcript.timed = self.whole.transcript.timed
        transcript.secrets = self.whole.transcript.secrets
        return Conversation(transcript), 0

    def position_at(self, seconds: float) -> int:
        """Return the position after all steps completed by `seconds` after the first step."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.time(middle) <= seconds:
                low = middle + 1
            else:
                high = middle
        return low

    def position_of(self, row: int) -> int:
        """Return the position at which the last step shown is `row` or contains it."""
        return min(len(self), self._steps.until(row) + 1)

    def _feed(self, step: int, shown: Conversation) -> None:
        fact = self._steps.fact_of(step)
        transcript = self.whole.transcript
        if fact is not None:
            shown.note(transcript.mark(fact)[1])
            return
        for part in transcript.parts(*self._steps.rows_of(step)):
            data, flags = part.data, part.flags
            direction = CLIENT if flags & SENT else SERVER
            if type(part) is Line and part.began < part.at and len(data) > 1:
                shown.feed(direction, data[:1], part.began)
                data = data[1:]
            shown.feed(direction, data, part.at)
            if flags & PIECE:
                shown.flush(direction, part.at)
