"""Maps the lines of the screen to a transcript's rows, rules and folded messages.

A transcript is never copied. The layout is a short list of pieces (a run of rows, a rule for an
event such as Connected, or a message folded to one line), and finds the piece for a line by
bisection. The layout follows the transcript as it grows; a million rows of replies are one piece.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING

import msgspec

from ...session.events import (
    FACTS,
    LESSON_MARK,
    Event,
    Note,
)

if TYPE_CHECKING:
    from ...session.record.transcript import Transcript

ROW = 0
RULE = 1
FOLD = 2


def _is_mark(event: Event) -> bool:
    """Return whether an event only marks a place in a lesson and is not shown."""
    return isinstance(event, Note) and event.kind == LESSON_MARK


class LineSource(msgspec.Struct, frozen=True):
    """The source of a line: the row, event or message with this number, according to `kind`."""

    kind: int
    number: int


class Layout:
    """Maps screen lines to the rows, events and messages of a transcript. `sync` adds new rows."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.height = 0
        self._lines = array("Q")  # of each piece: its first line ...
        self._kinds = array("B")
        self._index = array("Q")  # ... its first row, or the number of its event or message ...
        self._rows = array("Q")  # ... and the number of rows before it
        self._row = 0  # rows laid out
        self._mark = 0  # events looked at
        self._body = 0  # messages laid out
        self._open: set[int] = set()  # messages that are unfolded

    def sync(self) -> bool:
        """Lay out new rows and events. Return whether any line may have changed."""
        transcript = self.transcript
        height, bodies = self.height, transcript.bodies
        rows, marks = len(transcript), transcript.mark_count
        if rows == self._row and marks == self._mark:
            return False
        if self._body < len(bodies) and bodies[self._body].first < self._row:
            self._cut_back(bodies[self._body].first)  # the undecided rows were a message
        if self._body and bodies[self._body - 1].last >= self._row:
            self._grow_body(self._body - 1)
        while True:
            to = rows
            if self._body < len(bodies):
                to = min(to, bodies[self._body].first)
            rule = self._next_rule(marks)
            if rule is not None and transcript.mark(rule)[0] <= to:
                self._add_rows(transcript.mark(rule)[0])
                self._add(RULE, rule, 1)
                self._mark = rule + 1
            elif self._row < to:
                self._add_rows(to)
            elif self._body < len(bodies):
                self._add(FOLD, self._body, 1)
                self._body += 1
                self._grow_body(self._body - 1)
            else:
                break
        return height != self.height or rows > 0

    def _next_rule(self, marks: int) -> int | None:
        """Return the number of the next event that is shown as a rule, or None."""
        if self._mark < marks:
            for number, event in self.transcript.facts(self._mark):
                if number >= marks:
                    break
                if isinstance(event, FACTS) and not _is_mark(event):
                    self._mark = number
                    return number
            self._mark = marks
        return None

    def _add(self, kind: int, index: int, lines: int) -> None:
        self._lines.append(self.height)
        self._kinds.append(kind)
        self._index.append(index)
        self._rows.append(self._row)
        self.height += lines

    def _add_rows(self, to: int) -> None:
        """Lay out the rows before row `to`. They extend the last piece if that is a run of rows."""
        if to <= self._row:
            return
        if not self._kinds or self._kinds[-1] != ROW:
            self._add(ROW, self._row, 0)
        self.height += to - self._row
        self._row = to

    def _grow_body(self, body: int) -> None:
        last = self.transcript.bodies[body].last + 1
        if last > self._row:
            if body in self._open:
                self._move_behind(body, last - self._row)
            self._row = last

    def _move_behind(self, body: int, lines: int) -> None:
        """Move the lines after a message down by `lines` lines, or up if `lines` is negative."""
        for piece in range(len(self._lines) - 1, -1, -1):
            if self._kinds[piece] == FOLD and self._index[piece] == body:
                break
            self._lines[piece] += lines
        self.height += lines

    def _cut_back(self, row: int) -> None:
        """Remove the lines of `row` and of the rows after it, including the rules between them."""
        while self._lines and self._rows[-1] >= row and self._kinds[-1] != FOLD:
            kind = self._kinds.pop()
            index = self._index.pop()
            self.height = self._lines.pop()
            self._rows.pop()
            if kind == RULE:
                self._mark = index
        if self._kinds and self._kinds[-1] == ROW:
            self.height = self._lines[-1] + row - self._rows[-1]
        self._row = row

    def at(self, line: int) -> LineSource:
        """Return the source of `line`, a number from 0 to height - 1."""
        piece = bisect_right(self._lines, line) - 1
        while self._lines[piece] > line:  # pieces without a line share their first
            piece -= 1
        kind, index = self._kinds[piece], self._index[piece]
        inside = line - self._lines[piece]
        if kind == ROW:
            return LineSource(ROW, index + inside)
        if kind == FOLD and inside:
            return LineSource(ROW, self.transcript.bodies[index].first + inside - 1)
        return LineSource(kind, index)

    def line_of(self, row: int) -> int:
        """Return the line that shows `row`. For a row of a folded message, it is the fold."""
        piece = bisect_right(self._rows, row) - 1
        while piece > 0 and self._kinds[piece] == RULE:
            piece -= 1
        if piece < 0:
            return 0
        start = self._lines[piece]
        inside = row - self._rows[piece]
        if self._kinds[piece] == ROW:
            return start + inside
        if self._kinds[piece] == FOLD and self._index[piece] in self._open:
            return start + 1 + inside
        return start

    def is_open(self, body: int) -> bool:
        return body in self._open

    def body_of(self, row: int) -> int | None:
        """Return the number of the message that `row` is part of, or None."""
        bodies = self.transcript.bodies
        at = bisect_right(bodies, row, key=lambda body: body.first) - 1
        return at if at >= 0 and row <= bodies[at].last and at < self._body else None

    def toggle(self, body: int) -> None:
        """Unfold a folded message, or fold an unfolded one."""
        lines = self.transcript.bodies[body]
        count = lines.last - lines.first + 1
        if body in self._open:
            self._open.remove(body)
            count = -count
        else:
            self._open.add(body)
        self._move_behind(body, count)
