"""The steps of a playback. Each step is a row, a message or a fact.

Nearly all steps are single consecutive rows, so only the others are stored: a million rows of
commands and replies take no memory here.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right


class Steps:
    """The steps of a playback, by number. Together they cover all rows, in order."""

    __slots__ = ("_lasts", "_numbers", "_what", "rows")

    def __init__(self) -> None:
        # For each step that is not a single row: its number, its first row or -1 - the number of
        # its event, and its last row or the last one before it.
        self._numbers = array("Q")
        self._what = array("q")
        self._lasts = array("q")
        self.rows = 0
        """The number of rows divided into steps so far."""

    def __len__(self) -> int:
        if not self._numbers:
            return self.rows
        return self._numbers[-1] + self.rows - self._lasts[-1]

    def add_rows(self, to: int) -> None:
        """Add a step for each row before `to` that has none yet."""
        self.rows = max(self.rows, to)

    def add_message(self, last: int) -> None:
        """Add one step for several rows, ending with row `last`."""
        self._add(self.rows, last)

    def add_fact(self, mark: int) -> None:
        """Add a step for the event with the number `mark`."""
        self._add(-1 - mark, self.rows - 1)

    def _add(self, what: int, last: int) -> None:
        self._numbers.append(len(self))
        self._what.append(what)
        self._lasts.append(last)
        self.rows = last + 1

    def rows_of(self, step: int) -> tuple[int, int]:
        """Return the first and last rows of a step.

        If the step is a fact, return the row after the fact and the row before it, in that order.
        """
        place = bisect_right(self._numbers, step) - 1
        if place < 0:
            return step, step
        inside = step - self._numbers[place]
        last = self._lasts[place]
        if inside:
            return last + inside, last + inside
        first = self._what[place]
        return (first, last) if first >= 0 else (last + 1, last)

    def fact_of(self, step: int) -> int | None:
        """Return the number of the event in a step, or None if the step consists of rows."""
        place = bisect_left(self._numbers, step)
        if place == len(self._numbers) or self._numbers[place] != step or self._what[place] >= 0:
            return None
        return -1 - self._what[place]

    def up_to(self, rows: int, marks: int) -> int:
        """Return the number of steps within the first `rows` rows and the first `marks` events."""

        def beyond(step: int) -> bool:
            fact = self.fact_of(step)
            return self.rows_of(step)[1] >= rows if fact is None else fact >= marks

        return bisect_left(range(len(self)), True, key=beyond)

    def until(self, row: int) -> int:
        """Return the number of steps that end before `row`.

        The next step contains `row` or comes after it.
        """
        return bisect_left(range(len(self)), row, key=lambda step: self.rows_of(step)[1])
