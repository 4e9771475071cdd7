"""An index by row: which reply a row belongs to, what it answers, which rules it breaks.

The transcript holds derived events in the order in which they came about; this index follows it
and answers the questions that a pane asks about the line under the cursor.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING

from ..events import ReplyReceived, Violation

if TYPE_CHECKING:
    from .transcript import Transcript


class RowIndex:
    """Follows one transcript; each query first indexes new events."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self._seen = 0
        self._replies: list[ReplyReceived] = []
        self._to: dict[int, list[ReplyReceived]] = {}
        self._violations: dict[int, list[Violation]] = {}
        self._wrong: list[int] = []  # their rows, in order

    def sync(self) -> None:
        """Index the events added since the last call."""
        if self._seen == self.transcript.mark_count:
            return
        news = self.transcript.marks_after(self._seen)
        self._seen += len(news)
        for event in news:
            if type(event) is ReplyReceived:
                self._replies.append(event)
                if event.answers is not None:
                    self._to.setdefault(event.answers, []).append(event)
            elif type(event) is Violation:
                if event.row not in self._violations:
                    insort(self._wrong, event.row)
                self._violations.setdefault(event.row, []).append(event)

    def reply_at(self, row: int) -> ReplyReceived | None:
        """The complete reply of which the server's row `row` is a part."""
        self.sync()
        at = bisect_left(self._replies, row, key=lambda reply: reply.last)
        if at < len(self._replies) and self._replies[at].row <= row:
            return self._replies[at]
        return None

    def reply_beside(self, row: int, by: int) -> ReplyReceived | None:
        """The last reply that begins before `row` (`by` is -1), or the first one after it."""
        self.sync()
        if by < 0:
            at = bisect_left(self._replies, row, key=lambda reply: reply.row) - 1
        else:
            at = bisect_right(self._replies, row, key=lambda reply: reply.row)
        return self._replies[at] if 0 <= at < len(self._replies) else None

    def replies_to(self, row: int) -> list[ReplyReceived]:
        """The replies to the command in row `row`: one, or in LMTP several."""
        self.sync()
        return self._to.get(row, [])

    def violations_at(self, row: int) -> list[Violation]:
        """What was wrong with row `row`."""
        self.sync()
        return self._violations.get(row, [])

    def violations_within(self, first: int, last: int) -> list[Violation]:
        """What was wrong with the rows from `first` to `last`, in their order."""
        self.sync()
        rows = self._wrong[bisect_left(self._wrong, first) : bisect_right(self._wrong, last)]
        return [event for row in rows for event in self._violations[row]]

    def is_wrong(self, first: int, last: int) -> bool:
        """Whether anything was wrong with the rows from `first` to `last`."""
        self.sync()
        at = bisect_left(self._wrong, first)
        return at < len(self._wrong) and self._wrong[at] <= last
