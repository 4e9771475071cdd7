"""The transcript: the only record of what crossed the wire, and of what it meant.

Its unit is the row (an `events.Line`). Joined, the data of all rows of one direction is exactly
what crossed the wire in that direction. rows.py stores the rows.

Rows and other events are numbered together in one sequence, in the order in which they occurred.
`events(after=n)` is a cursor over this sequence that may lag behind without cost.

A transcript outlives its connection, and can be read from any thread; only the driver appends.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import cast

from ..events import (
    KIND_BITS,
    KIND_MASK,
    MESSAGE_KINDS,
    PIECE,
    SECRET,
    SENT,
    Block,
    Connected,
    Event,
    Kind,
    Line,
)
from ..wall_time import within_calendar
from . import masking, search
from .body import Body
from .marks import Marks
from .rows import Rows
from .server_proof import PROVES, server_proof
from .subscriptions import Collector, Subscriber, Subscriptions, log

PRESSING = 64 * 1024  # octets after which followers are notified again
_NEVER = 1 << 62

Growth = Callable[["Transcript"], object]
"""A function called with a transcript that has grown."""


class Transcript(Rows):
    """The rows and events of one conversation, in the order in which they occurred."""

    def __init__(self, heard_by: Transcript | None = None) -> None:
        """Create an empty transcript.

        If `heard_by` is given, its subscribers and its secrets are shared with this transcript.
        """
        if not isinstance(cast(object, heard_by), Transcript | None):
            raise TypeError(f"heard_by must be a Transcript, not {type(heard_by).__name__}")
        super().__init__()
        self.marks = Marks()
        """The events that are not rows."""
        # One list for a transcript and its successors: subscriptions, and their ends, outlast
        # reconnections.
        self._subscriptions = Subscriptions() if heard_by is None else heard_by._subscriptions
        self.fresh: list[Event] = []
        """The events that `deliver` has not yet passed to subscribers."""
        self.untold = False
        """Whether `deliver` has anything to do, for subscribers or followers.

        If so, events added directly to `marks` have to be added to `fresh` too.
        """
        self._followers: list[Growth] = [] if heard_by is None else heard_by._followers
        self._pressing = False  # whether followers have to be notified of growth
        # The size from which on this is true, and the size from which on an append takes more than
        # adding to the columns: followers are notified, or the segment of the arena is full.
        self._press_at = 0 if self._followers else _NEVER
        self._end = 0  # octets of all rows
        self._limit = 0
        self._delivering = False
        self.secrets = masking.KnownSecrets() if heard_by is None else heard_by.secrets
        """The secrets whose values are known. They may be shared with other transcripts."""
        self.anchor = (time.time(), time.monotonic())
        self.timed = True
        """Whether the times are known. Another tool's log may not have any."""

    @property
    def anchor(self) -> tuple[float, float]:
        """One moment as (seconds since the epoch, monotonic seconds), the basis of times of day."""
        return self._anchor

    @anchor.setter
    def anchor(self, anchor: tuple[float, float]) -> None:
        self._anchor = anchor
        self._epoch = anchor[0] - anchor[1]

    def __repr__(self) -> str:
        from . import text

        facts = [event for _, event in self.facts()]
        return f"<Transcript: {text.summary(self._peer, len(self), facts)}>"

    # Reading

    def wall(self, at: float) -> float:
        """Return monotonic seconds as seconds since the epoch, computed from the anchor.

        A recording or a log may claim any time, so the result is kept within the years 1 to 9999.
        """
        return within_calendar(self.anchor[0] + at - self.anchor[1])

    def masked(self, row: int) -> bytes:
        """Return the bytes of a row as masked by `mask`, for everything that leaves the program."""
        return self.mask(self[row])

    def mask(self, line: Line) -> bytes:
        """Return the bytes of `line` with secrets masked, and names too while names are masked."""
        data = self.mask_secrets(line)
        names = self.secrets.stand_ins
        if names is None:
            return data
        return names.mask_body(data) if line.kind in MESSAGE_KINDS else names.mask(data)

    def mask_secrets(self, line: Line) -> bytes:
        """Return the bytes of `line` with secrets masked, by position and by value."""
        data = line.data
        if line.flags & SECRET:
            data = masking.by_position(data, line.kind)
        elif data.startswith(PROVES) and not line.sent:
            data = server_proof(data)
        if not self.secrets.known:
            return data
        cut_after = bool(line.flags & PIECE)
        cut_before = line.row > 0 and bool(self.flags(line.row - 1) & PIECE)
        if cut_before or cut_after:
            return self.secrets.mask_part(data, cut_before=cut_before, cut_after=cut_after)
        if not line.sent:
            continues = data[3:4] == b"-"
            continued = line.row > 0 and not self.flags(line.row - 1) & SENT
            if continued:
                continued = self[line.row - 1].data[3:4] == b"-"
            if continues or continued:
                return self.secrets.mask_reply_line(data, before=continued, after=continues)
        return self.secrets.mask(data)

    def to_text(self, *, times: bool = False, masked: bool = True) -> str:
        """Return the whole transcript as text: lines for rows (`C:`, `S:`) and for facts (`--`).

        Unprintable bytes are escaped, and secrets are masked unless `masked` is false. If `times`
        is true, each line begins with its time, in UTC.
        """
        from . import text

        shown, wall = self.mask if masked else _exact, self.wall if times else None
        return "".join(f"{line}\n" for line in text.lines(self.events(), shown, wall))

    def to_jsonl(self, *, masked: bool = True) -> str:
        """Return the whole transcript as a recording, for `heloscope open` and `Recording`.

        It is in JSON Lines. Secrets are masked unless `masked` is false, in which case it contains
        passwords in cleartext.
        """
        from .format import whole

        return whole(self, self._peer, self.events(), self.mask if masked else _exact)

    @property
    def _peer(self) -> str:
        """The name of the server that was requested, or "" before a connection."""
        return next((event.peer for _, event in self.facts() if isinstance(event, Connected)), "")

    def find(
        self, needle: bytes, start: int = 0, *, backwards: bool = False, ignore_case: bool = True
    ) -> int | None:
        """Return the first row from `start` on that contains `needle`, or None.

        If `backwards` is true, return the last such row up to `start` instead. Rows that contain a
        secret are searched in their masked form.
        """
        if not needle or not self._rows:
            return None
        pattern = re.compile(re.escape(needle), re.IGNORECASE if ignore_case else 0)
        if (backwards and start < 0) or (not backwards and start >= self._rows):
            return None
        if backwards:
            limit = len(self._arena) if start + 1 >= self._rows else self._offset(start + 1)
            hits = search.hits_before(self._arena, pattern, limit, self._row_at)
        else:
            hits = search.hits(self._arena, pattern, self._offset(max(0, start)), self._row_at)
        for row in hits:
            line = self._row(row)
            if pattern.search(self.mask(line)):
                return row
        return None

    # Events

    @property
    def sequence(self) -> int:
        """The number of events, including rows. A new cursor starts at this position."""
        return self._rows + len(self.marks)

    def events(self, after: int = 0) -> Iterator[Event]:
        """Yield the events, including rows, from number `after` on, until none are left."""
        marks = self.marks
        mark = marks.at_sequence(after)
        row = after - mark
        while True:
            if mark < len(marks) and marks.rows(mark) <= row:
                yield marks.event(mark, self.time)
                mark += 1
            elif row < self._rows:
                yield self._row(row)
                row += 1
            else:
                return

    def marks_after(self, after: int) -> list[Event]:
        """Return the events that are not rows, from number `after` on."""
        return self.marks.after(after, self.time)

    def facts(self, after: int = 0) -> Iterator[tuple[int, Event]]:
        """Yield (number, event) for each event other than rows, replies and changes of state."""
        return self.marks.others(after, self.time)

    def mark(self, number: int) -> tuple[int, Event]:
        """Return the event with this number, preceded by the number of rows before it, as a pair.

        Events are numbered without counting rows.
        """
        return self.marks.rows(number), self.marks.event(number, self.time)

    @property
    def mark_count(self) -> int:
        """The number of events other than rows."""
        return len(self.marks)

    def subscribe(self, callback: Subscriber, *, blocks: bool = False) -> Callable[[], None]:
        """Call `callback(event)` for every event from now on, in order, in the driver's thread.

        A long body is passed as lines or, if `blocks` is true, as `Block`s. A callback that raises
        an exception is logged once and is still called. Returns a function that ends the
        subscription.
        """
        return self._subscriptions.begin(callback, blocks=blocks)

    def log_nothing(self) -> None:
        """Log nothing about subscribers that begin from now on, even if they raise or are slow.

        This is for a program with a terminal and no log, since Python would write to the terminal.
        """
        self._subscriptions.silent = True

    def collect(self, collector: Collector) -> Callable[[], None]:
        """Call `collector(events)` once for each batch of events, including `Block`s.

        The collector may keep the events, but must not change them. Returns a function that ends
        the subscription.
        """
        return self._subscriptions.collect(collector)

    def prefix(self, rows: int, marks: int) -> Transcript:
        """Return a transcript of the first `rows` rows and `marks` events, sharing stored bytes.

        None of these rows may change any more, and the last one must not be part of a block.
        """
        entry = self._entry(rows - 1)[0] + 1 if rows else 0
        found = Transcript()
        found._arena = self._arena.prefix(self._ends[entry - 1] if entry else 0)
        found._ends, found._at = self._ends[:entry], self._at[:entry]
        found._flags = self._flags[:entry]
        found._end = len(found._arena)
        found._began = {each: at for each, at in self._began.items() if each < entry}
        found._blocks = self._blocks.prefix(entry)
        found._entry = found._blocks.find
        found._rows = rows
        found._sealed_entries = bisect_right(found._ends, found._arena.tail_base)
        found.bodies = [Body(b.first, b.last, b.size) for b in self.bodies if b.first < rows]
        found.marks = self.marks.prefix(marks)
        found.secrets, found.timed, found.anchor = self.secrets, self.timed, self.anchor
        return found

    def follow(self, growth: Growth) -> Callable[[], None]:
        """Call `growth(transcript)` once this transcript or a successor has grown.

        After each call, the next one comes after PRESSING octets, or after `await_growth`. Returns
        a function that ends the calls.
        """
        self.await_growth()
        self._followers.append(growth)

        def end() -> None:
            if growth in self._followers:
                self._followers.remove(growth)

        return end

    def await_growth(self) -> None:
        """Notify followers as soon as the transcript grows again."""
        self._press_at = self._limit = 0

    # Writing: for the conversation

    def append(
        self, data: bytes, flags: int, at: float, began: float | None = None, shape: int = -1
    ) -> int:
        """Add a row and return its number. `shape` is from `Marks.usual_shape`, or negative."""
        end = self._end + len(data)
        if end >= self._limit:
            self._reach(end)
        tail = self._arena.tail
        tail += data
        self._end = end
        self._ends.append(end)
        self._at.append(at)
        self._flags.append(flags)
        row = self._rows
        if began is not None and began != at:
            self._began[len(self._ends) - 1] = began
        self._rows = count = row + 1
        if shape >= 0:
            marks = self.marks
            marks.said.append(shape)
            marks.row_counts.append(count)
        if self._subscriptions:
            began = at if began is None else began
            self.fresh.append(Line(at, row, data, flags, began, self._epoch, self.secrets))
            self.untold = True
        return row

    def append_block(self, data: bytes, count: int, flags: int, at: float) -> int:
        """Add `count` complete rows, joined in `data`. Return the number of the first."""
        self._seal()
        row = self._rows
        self._blocks.add(len(self._ends), row, count)
        self._end = self._arena.append_block(data)
        self._ends.append(self._end)
        self._at.append(at)
        self._flags.append(flags)
        self._rows = row + count
        self._limit = self._next_limit()
        if self._press_at < _NEVER:
            self._press()
        if self._subscriptions:
            self.fresh.append(Block(at, row, count, data, flags))
            self.untold = True
        return row

    def _next_limit(self) -> int:
        """Return the size at which `append` has to call `_reach`."""
        return min(self._press_at, self._arena.tail_base + self._arena.segment + 1)

    def _reach(self, end: int) -> None:
        """Prepare for a row whose end, `end`, reaches `_limit`."""
        if end > self._arena.tail_base + self._arena.segment:
            self._seal()
        if end >= self._press_at:
            self._press()
        self._limit = self._next_limit()

    def _press(self) -> None:
        """Arrange that followers are notified of growth."""
        self._pressing = self.untold = True

    def _seal(self) -> None:
        """End the current segment. A segment with a secret row never leaves memory."""
        if self._press_at < _NEVER:
            self._press_at = 0
        if self._arena.tail:
            flags = self._flags[self._sealed_entries :]
            self._sealed_entries = len(self._flags)
            self._arena.seal(secret=any(flag & SECRET for flag in flags))
        else:
            self._sealed_entries = len(self._flags)

    def set_kind(self, row: int, kind: Kind) -> None:
        """Change the kind of a row once its meaning is known."""
        entry = self._entry(row)[0]
        self._flags[entry] = (self._flags[entry] & ~KIND_MASK) | KIND_BITS[kind]

    def set_secret(self, row: int, secret: bool) -> None:
        """Set whether a row is masked by its position. The row must not be part of a block."""
        entry = self._entry(row)[0]
        self._flags[entry] = self._flags[entry] & ~SECRET | (SECRET if secret else 0)

    def add(self, event: Event) -> None:
        """Add an event other than a row."""
        self.marks.add(event, self._rows, self._at[-1] if self._at else None)
        if not self._press_at:
            self._press()
        if self._subscriptions:
            self.fresh.append(event)
            self.untold = True

    def deliver(self) -> None:
        """Deliver new events to the subscribers.

        If a callback sends something, the resulting events follow.
        """
        if self._delivering:
            return
        self._delivering = True
        try:
            while self.fresh:
                fresh, self.fresh = self.fresh, []
                for subscription in self._subscriptions.present:
                    subscription.tell(fresh, self)
        finally:
            self._delivering = False
        self.untold = False
        if self._pressing:
            self._pressing = False
            self._press_at = self._end + PRESSING
            self._limit = self._next_limit()
            self._tell_growth()

    def _tell_growth(self) -> None:
        for growth in tuple(self._followers):
            try:
                growth(self)
            except Exception:
                log().exception("exception in follower %r", growth)


def _exact(line: Line) -> bytes:
    return line.data
