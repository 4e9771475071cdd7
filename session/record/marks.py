"""The events of a transcript that are not rows, in order.

Half of the events of a long conversation are replies, and nearly all of them repeat earlier ones:
the same code to the same verb, in the row after the command. Such a reply is not stored as an
object. Only its place and the number of its shape are stored, and the reply is recreated on
request. Changes of state, and violations without a detail, are stored like this too. All other
events are stored unchanged.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

import msgspec

from ..events import Event, ReplyReceived, StateChanged, Unasked, Violation

SHAPES = 4096  # distinct ones; a reply of any further shape is stored unchanged

Time = Callable[[int], float]
"""A function that returns the time of a row."""


class _ReplyShape(msgspec.Struct, gc=False):
    """The content of a reply without its place. Other rows are counted back from its first row."""

    lines: int  # its last row minus its first one
    answers: int | None
    code: int
    enhanced: str | None
    verb: str
    unasked: Unasked | None
    recipient: int | None
    left: int

    def made(self, last: int, at: float) -> ReplyReceived:
        """Return the reply that ends in row `last`."""
        row = last - self.lines
        answers = None if self.answers is None else row - self.answers
        recipient = None if self.recipient is None else row - self.recipient
        return ReplyReceived(
            at, row, last, self.code, self.enhanced, answers, self.verb, self.unasked, recipient,
            self.left,
        )  # fmt: skip


class _MoveShape(msgspec.Struct, gc=False):
    """A change of state, without its place."""

    state: str
    before: str

    def made(self, last: int, at: float) -> StateChanged:
        """Return the change of state that row `last` led to."""
        return StateChanged(at, self.state, self.before)


class _ViolationShape(msgspec.Struct, gc=False):
    """A violation without its place. `back` is how many rows before the newest row it occurred."""

    rule: str
    back: int
    count: int

    def made(self, last: int, at: float) -> Violation:
        """Return the violation that was detected when row `last` had arrived."""
        return Violation(at, self.rule, last - self.back, self.count)


_Key = (
    tuple[int, int | None, int, str | None, str, Unasked | None, int | None, int]
    | tuple[str, str]
    | tuple[str, int, int]
)

_FIRST_KEPT = 1 << 16  # plus the place of an event stored unchanged; shapes are lower


class Marks:
    """The events of a transcript by number, each with the number of rows before it.

    The argument `time` of its methods returns the time of a row.
    """

    __slots__ = (
        "_asked",
        "_events",
        "_newest",
        "_numbers",
        "_others",
        "_shapes",
        "row_counts",
        "said",
    )

    def __init__(self) -> None:
        # The transcript appends usual replies to these two directly, to save a call per reply.
        self.row_counts = array("Q")
        """For each event, the number of rows before it."""
        self.said = array("I")
        """For each event, the number of its shape, or _FIRST_KEPT plus its index in `_events`."""
        self._shapes: list[_ReplyShape | _MoveShape | _ViolationShape] = []
        self._numbers: dict[_Key, int] = {}
        self._events: list[Event] = []
        self._others = array("I")  # the numbers of events other than replies and changes of state
        self._newest: tuple[int, Event] | None = None
        # The numbers of the replies that answer a command, in the order of the commands, without
        # one-line replies in the row after the command: nearly all are, and are found by that row.
        self._asked = array("I")

    def __len__(self) -> int:
        return len(self.row_counts)

    def add(self, event: Event, rows: int, at: float | None) -> None:
        """Add an event that follows `rows` rows. `at` is the time of the last of these rows."""
        number = len(self.row_counts)
        shape = -1
        if type(event) is ReplyReceived:
            answers, last = event.answers, event.last
            if event.at == at and last == rows - 1:
                row, recipient = event.row, event.recipient
                key = (
                    last - row,
                    None if answers is None else row - answers,
                    event.code,
                    event.enhanced,
                    event.verb,
                    event.unasked,
                    None if recipient is None else row - recipient,
                    event.left,
                )
                known = self._numbers.get(key)
                shape = self._new_shape(key, _ReplyShape(*key)) if known is None else known
            follows = shape >= 0 and event.row == last and last - 1 == answers
            if answers is not None and not follows:
                self._asked.append(number)
        else:
            if event.at == at:
                shape = self._shape(event, rows)
            if type(event) is not StateChanged:
                self._others.append(number)
        if shape < 0:
            shape = _FIRST_KEPT + len(self._events)
            self._events.append(event)
        self.said.append(shape)
        self._newest = (number, event)
        self.row_counts.append(rows)  # last, as it counts them: another thread may be reading

    def usual_shape(self, code: int, enhanced: str | None, verb: str) -> int:
        """Return the number of the shape of a one-line reply, the only reply to the row before it.

        Pass this number to `Transcript.append`. It is negative if too many shapes are known.
        """
        key = (0, 1, code, enhanced, verb, None, None, 0)
        number = self._numbers.get(key)
        return self._new_shape(key, _ReplyShape(*key)) if number is None else number

    def _shape(self, event: Event, rows: int) -> int:
        """Return the number of the shape of an event other than a reply.

        The number is negative if the event is stored unchanged.
        """
        if type(event) is StateChanged:
            moved = (event.state, event.before)
            number = self._numbers.get(moved)
            return self._new_shape(moved, _MoveShape(*moved)) if number is None else number
        if type(event) is Violation and not event.detail:
            seen = (event.rule, rows - 1 - event.row, event.count)
            number = self._numbers.get(seen)
            return self._new_shape(seen, _ViolationShape(*seen)) if number is None else number
        return -1

    def _new_shape(self, key: _Key, shape: _ReplyShape | _MoveShape | _ViolationShape) -> int:
        if len(self._shapes) >= SHAPES:
            return -1
        self._shapes.append(shape)
        self._numbers[key] = len(self._shapes) - 1
        return len(self._shapes) - 1

    def event(self, number: int, time: Time) -> Event:
        """Return the event with this number."""
        said = self.said[number]
        if said >= _FIRST_KEPT:
            return self._events[said - _FIRST_KEPT]
        last = self.row_counts[number] - 1
        return self._shapes[said].made(last, time(last))

    def after(self, number: int, time: Time) -> list[Event]:
        """Return the events from this number on. A negative number counts from the end."""
        count = len(self.row_counts)
        newest = self._newest
        if newest is not None and number == newest[0] == count - 1:
            return [newest[1]]
        if number == count - 1:
            return [self.event(number, time)]
        return [self.event(each, time) for each in range(*slice(number, None).indices(count))]

    def reply(self, number: int, time: Time) -> ReplyReceived | None:
        """Return the event with this number, or None if it is not a reply."""
        said = self.said[number]
        if said < _FIRST_KEPT and type(self._shapes[said]) is not _ReplyShape:
            return None
        event = self.event(number, time)
        return event if type(event) is ReplyReceived else None

    def prefix(self, count: int) -> Marks:
        """Return a copy that contains only the first `count` events."""
        found = Marks()
        found.row_counts, found.said = self.row_counts[:count], self.said[:count]
        found._shapes, found._numbers = self._shapes.copy(), self._numbers.copy()
        found._others = self._others[: bisect_left(self._others, count)]
        found._asked = self._asked[: bisect_left(self._asked, count)]
        found._events = self._events.copy()
        return found

    def answers_to(self, row: int, time: Time) -> Iterator[ReplyReceived]:
        """Yield the replies to the command in row `row`, in order."""
        asked, count = self._asked, len(self.row_counts)

        def command(number: int) -> int:
            reply = self.reply(number, time)
            return -1 if reply is None or reply.answers is None else reply.answers

        number = self.first_after(row + 1)
        while number < count and self.row_counts[number] == row + 2:
            reply = self.reply(number, time)
            if reply is not None and self._answers_row_before(number):
                yield reply
            number += 1
        end = bisect_left(asked, count)
        for place in range(bisect_left(asked, row, 0, end, key=command), end):
            reply = self.reply(asked[place], time)
            if reply is None or reply.answers != row:
                return
            yield reply

    def _answers_row_before(self, number: int) -> bool:
        """Return whether an event is a one-line reply right after its command.

        `_asked` does not contain such replies.
        """
        said = self.said[number]
        shape = self._shapes[said] if said < _FIRST_KEPT else None
        return type(shape) is _ReplyShape and shape.lines == 0 and shape.answers == 1

    def rows(self, number: int) -> int:
        """Return the number of rows before an event."""
        return self.row_counts[number]

    def first_after(self, row: int) -> int:
        """Return the number of the first event that came after row `row`."""
        return bisect_right(self.row_counts, row)

    def at_sequence(self, sequence: int) -> int:
        """Return the number of events among the first `sequence` rows and events together."""
        rows = self.row_counts
        return bisect_left(range(len(rows)), sequence, key=lambda number: rows[number] + number)

    def others(self, number: int, time: Time) -> Iterator[tuple[int, Event]]:
        """Yield (number, event) for each event from `number` on, except replies and state changes.

        Events added during the iteration are not included.
        """
        others, count = self._others, len(self.row_counts)
        for place in range(bisect_left(others, number), bisect_left(others, count)):
            yield others[place], self.event(others[place], time)

    def selected(
        self, number: int, time: Time, wanted: Callable[[Event], bool], unwanted: set[int]
    ) -> Iterator[tuple[int, Event]]:
        """Yield (number, event) for each event from `number` on that `wanted` accepts.

        `unwanted` collects the rejected shapes, so that their events are not created again; pass
        the same set each time. Events added during the iteration are not included.
        """
        count = len(self.row_counts)
        for each, shape in enumerate(self.said[number:count], number):
            if shape in unwanted:
                continue
            event = self.event(each, time)
            if wanted(event):
                yield each, event
            elif shape < _FIRST_KEPT:
                unwanted.add(shape)
