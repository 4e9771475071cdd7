"""Reads what is new in a transcript, many rows at a time.

A subscriber is told of each row, as an object made for it. A follower is told once that there is
something, and reads all that has come by the time it has time for it.
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

AT_ONCE = 500  # rows of a portion at most
STORED = frozenset(FACTS)


class Follower:
    """How far one transcript has been read: rows and stored facts.

    It does not keep the transcript in memory.
    """

    __slots__ = ("_marks", "octets", "row")

    def __init__(self) -> None:
        self.row = 0
        """The number of rows that have been read ..."""
        self.octets = 0
        """... and how many octets there were then."""
        self._marks = 0

    def news(self, transcript: Transcript) -> Iterator[Stretch | Line | Block | Event]:
        """What has come since the last call: rows, parts of messages, and events in order."""
        transcript.await_growth()
        rows, marks = len(transcript), transcript.mark_count
        self.octets = transcript.octets
        for number, event in self._events(transcript, self._marks):
            if number >= marks:
                break
            self._marks = number + 1
            yield from self._rows(transcript, transcript.marks.rows(number))
            yield event
        self._marks = max(self._marks, marks)  # whoever was told of a row may have read on
        yield from self._rows(transcript, rows)

    def _events(self, transcript: Transcript, after: int) -> Iterator[tuple[int, Event]]:
        """(number, event) of the events to read, from `after` on."""
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
    """Reads the derived events of a transcript too, those that `wanted` accepts.

    `wanted(event)` depends on what an event says alone, not on its rows or its time: of replies,
    violations and changes of state that say the same it is asked once.
    """

    __slots__ = ("_unwanted", "_wanted")

    def __init__(self, wanted: Callable[[Event], bool]) -> None:
        super().__init__()
        self._wanted = wanted
        self._unwanted: set[int] = set()

    def _events(self, transcript: Transcript, after: int) -> Iterator[tuple[int, Event]]:
        return transcript.marks.selected(after, transcript.time, self._wanted, self._unwanted)
