"""Reads the new rows and events of a transcript, many at a time.

A subscriber is called for each row, with an object made for it. A follower is notified once when
the transcript has grown, and later reads everything that has arrived by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..events import (
    FACTS,
    Block,
    Event,
    Line,
)
from .rows import Stretch
from .transcript import Transcript

AT_ONCE = 500  # rows in a portion at most
STORED = frozenset(FACTS)


class Follower:
    """The position up to which the rows and stored facts of one transcript have been read.

    A follower does not keep the transcript in memory.
    """

    __slots__ = ("_marks", "octets", "row")

    def __init__(self) -> None:
        self.row = 0
        """The number of rows read so far."""
        self.octets = 0
        """The number of octets in the rows read so far."""
        self._marks = 0

    def news(self, transcript: Transcript) -> Iterator[Stretch | Line | Block | Event]:
        """Yield the rows, message parts and events added since the last call, in order."""
        transcript.await_growth()
        rows, marks = len(transcript), transcript.mark_count
        self.octets = transcript.octets
        for number, event in self._events(transcript, self._marks):
            if number >= marks:
                break
            self._marks = number + 1
            yield from self._rows(transcript, transcript.marks.rows(number))
            yield event
        self._marks = max(self._marks, marks)  # a callee that was given a row may have read on
        yield from self._rows(transcript, rows)

    def _events(self, transcript: Transcript, after: int) -> Iterator[tuple[int, Event]]:
        """Return the (number, event) pairs of the events to read, from number `after` on."""
        return (found for found in transcript.facts(after) if type(found[1]) in STORED)

    def _rows(self, transcript: Transcript, to: int) -> Iterator[Stretch | Line | Block]:
        while self.row < to:
            to_row = min(to, self.row + AT_ONCE)
            found = transcript._stretch(self.row, to_row)  # pyright: ignore[reportPrivateUsage]: no column is public
            if found is not None:
                self.row += len(found.at)
                yield found
                continue
            part = next(transcript.parts(self.row, to - 1))
            self.row += part.count if type(part) is Block else 1
            yield part


class EventFollower(Follower):
    """A follower that also reads the derived events that `wanted` accepts.

    `wanted(event)` must depend only on the content of an event, not on its rows or its time,
    because it is called only once for replies, violations and changes of state with the same
    content.
    """

    __slots__ = ("_unwanted", "_wanted")

    def __init__(self, wanted: Callable[[Event], bool]) -> None:
        super().__init__()
        self._wanted = wanted
        self._unwanted: set[int] = set()

    def _events(self, transcript: Transcript, after: int) -> Iterator[tuple[int, Event]]:
        return transcript.marks.selected(after, transcript.time, self._wanted, self._unwanted)
