"""An index by row: which reply a row belongs to, what it answers, which rules it breaks.

The transcript holds derived events in the order in which they came about, and so that of their
rows: replies are found in it by bisection. Violations are few, and are noted by their rows.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING

from ..events import ReplyReceived, Violation

if TYPE_CHECKING:
    from .transcript import Transcript


class RowIndex:
    """Follows one transcript; each query first takes in new events."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self._marks = transcript.marks
        self._seen = 0
        self._violations: dict[int, list[Violation]] = {}
        self._wrong: list[int] = []  # their rows, in order

    def _sync(self) -> None:
        """Note the violations among the events added since the last call."""
        count = len(self._marks)
        if self._seen == count:
            return
        for number, event in self.transcript.facts(self._seen):
            if number < count and type(event) is Violation:
                if event.row not in self._violations:
                    insort(self._wrong, event.row)
                self._violations.setdefault(event.row, []).append(event)
        self._seen = count

    def reply_at(self, row: int) -> ReplyReceived | None:
        """The complete reply that the server's row `row` is part of."""
        reply = self._next(self._number_at(row))
        return reply if reply is not None and reply.row <= row else None

    def reply_beside(self, row: int, by: int) -> ReplyReceived | None:
        """The last reply that begins before `row` (`by` is -1), or the first one after it."""
        number = self._number_at(row)
        if by > 0:
            reply = self._next(number)
            return reply if reply is None or reply.row > row else self._next(number + 1)
        if number < len(self._marks):
            reply = self._marks.reply(number, self.transcript.time)
            if reply is not None and reply.row < row:
                return reply
        while number:
            number -= 1
            reply = self._marks.reply(number, self.transcript.time)
            if reply is not None:
                return reply
        return None

    def _number_at(self, row: int) -> int:
        """The number of the first reply that ends in `row` or after it, or how many events are."""
        number = self._marks.first_behind(row)
        while number < len(self._marks):
            reply = self._marks.reply(number, self.transcript.time)
            if reply is not None and reply.last >= row:
                break
            number += 1
        return number

    def _next(self, number: int) -> ReplyReceived | None:
        """The first reply among the events from this number on."""
        while number < len(self._marks):
            reply = self._marks.reply(number, self.transcript.time)
            if reply is not None:
                return reply
            number += 1
        return None

    def replies_to(self, row: int) -> list[ReplyReceived]:
        """The replies to the command in row `row`: one, or in LMTP several."""
        return list(self._marks.answers_to(row, self.transcript.time))

    def violations_at(self, row: int) -> list[Violation]:
        """What was wrong with row `row`."""
        self._sync()
        return self._violations.get(row, [])

    def violations_within(self, first: int, last: int) -> list[Violation]:
        """What was wrong with the rows from `first` to `last`, in their order."""
        self._sync()
        rows = self._wrong[bisect_left(self._wrong, first) : bisect_right(self._wrong, last)]
        return [event for row in rows for event in self._violations[row]]

    def is_wrong(self, first: int, last: int) -> bool:
        """Whether anything was wrong with the rows from `first` to `last`."""
        self._sync()
        at = bisect_left(self._wrong, first)
        return at < len(self._wrong) and self._wrong[at] <= last
