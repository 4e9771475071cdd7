"""An index by row: which reply a row belongs to, what it answers, and which rules it breaks.

The transcript stores derived events in the order of their rows, so replies are found by bisection.
Violations are few, and are indexed by their rows.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING

from ..events import MESSAGE_KINDS, Event, Line, ReplyReceived, Violation
from ..verbs import AUTH_EXCHANGE, GREETINGS

if TYPE_CHECKING:
    from .stand_ins import StandIns
    from .transcript import Transcript


class RowIndex:
    """The index of one transcript. Each query first adds new events.

    The index also provides masked rows and texts for explanations. `names` holds the stand-ins of
    an export. If `names` is None, the stand-ins of the screen are used while names are masked
    there.
    """

    def __init__(self, transcript: Transcript, names: StandIns | None = None) -> None:
        self.transcript = transcript
        self._names = names
        self._marks = transcript.marks
        self._seen = 0
        self._violations: dict[int, list[Violation]] = {}
        self._wrong: list[int] = []  # their rows, in order
        # The accepted greetings and logins: the numbers of their replies, how many events were
        # looked at for them, and the shapes of those that are neither.
        self._greetings, self._logins = array("Q"), array("Q")
        self._searched = 0
        self._neither: set[int] = set()

    @property
    def names(self) -> StandIns | None:
        """The stand-ins for names, or None if names are shown."""
        return self._names or self.transcript.secrets.stand_ins

    def mask(self, line: Line) -> bytes:
        """Return the bytes of a row with secrets masked, and names too if names are masked."""
        if self._names is None:
            return self.transcript.mask(line)
        data = self.transcript.mask_secrets(line)
        in_message = line.kind in MESSAGE_KINDS
        return self._names.mask_body(data) if in_message else self._names.mask(data)

    def masked(self, row: int) -> bytes:
        """Return the bytes of the row with the number `row`, masked as by `mask`."""
        return self.mask(self.transcript[row])

    def text(self, text: str) -> str:
        """Mask a text that quotes the conversation, such as the detail of a fact, and return it."""
        text, names = self.transcript.secrets.mask_text(text), self.names
        return text if names is None else names.mask_text(text)

    def _sync(self) -> None:
        """Index the violations among the events added since the last call."""
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
        """Return the complete reply that the server's row `row` is part of, or None."""
        reply = self._next(self._number_at(row))
        return reply if reply is not None and reply.row <= row else None

    def reply_beside(self, row: int, by: int) -> ReplyReceived | None:
        """Return the nearest reply that begins before `row` or after it, or None.

        `by` is -1 for the reply before, and 1 for the reply after.
        """
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

    def greeting_before(self, row: int) -> ReplyReceived | None:
        """Return the last positive reply to EHLO, HELO or LHLO before row `row`, or None."""
        self._search()
        return self._last_before(row, self._greetings)

    def login_before(self, row: int) -> ReplyReceived | None:
        """Return the last 235 reply to AUTH that begins before `row`, or None."""
        self._search()
        return self._last_before(row, self._logins)

    def _search(self) -> None:
        """Find the greetings and logins among the events added since the last call."""
        count, time = len(self._marks), self.transcript.time
        if self._searched == count:
            return
        for number, event in self._marks.selected(
            self._searched, time, _is_greeting_or_login, self._neither
        ):
            if number < count and isinstance(event, ReplyReceived):
                greets = event.verb in GREETINGS
                (self._greetings if greets else self._logins).append(number)
        self._searched = count

    def _last_before(self, row: int, numbers: array[int]) -> ReplyReceived | None:
        place = bisect_left(numbers, self._number_at(row))
        if place < len(numbers):  # this reply may extend to `row`, and begin before it
            reply = self._marks.reply(numbers[place], self.transcript.time)
            if reply is not None and reply.row < row:
                return reply
        return self._marks.reply(numbers[place - 1], self.transcript.time) if place else None

    def _number_at(self, row: int) -> int:
        """Return the number of the first reply that ends in or after row `row`.

        If there is no such reply, the result is the number of events.
        """
        number = self._marks.first_after(row)
        while number < len(self._marks):
            reply = self._marks.reply(number, self.transcript.time)
            if reply is not None and reply.last >= row:
                break
            number += 1
        return number

    def _next(self, number: int) -> ReplyReceived | None:
        """Return the first reply at or after the event with this number, or None."""
        while number < len(self._marks):
            reply = self._marks.reply(number, self.transcript.time)
            if reply is not None:
                return reply
            number += 1
        return None

    def replies_to(self, row: int) -> list[ReplyReceived]:
        """Return the replies to the command in row `row`. LMTP may have several."""
        return list(self._marks.answers_to(row, self.transcript.time))

    def violations_at(self, row: int) -> list[Violation]:
        """Return the violations in row `row`."""
        self._sync()
        return self._violations.get(row, [])

    def violations_within(self, first: int, last: int) -> list[Violation]:
        """Return the violations in rows `first` to `last`, in order."""
        self._sync()
        rows = self._wrong[bisect_left(self._wrong, first) : bisect_right(self._wrong, last)]
        return [event for row in rows for event in self._violations[row]]

    def is_wrong(self, first: int, last: int) -> bool:
        """Return whether there is a violation in rows `first` to `last`."""
        self._sync()
        at = bisect_left(self._wrong, first)
        return at < len(self._wrong) and self._wrong[at] <= last


def _is_greeting_or_login(event: Event) -> bool:
    if type(event) is not ReplyReceived:
        return False
    if event.verb in GREETINGS:
        return 200 <= event.code < 300
    return event.code == 235 and event.verb in AUTH_EXCHANGE
