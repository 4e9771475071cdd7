"""The transcript: the one record of what crossed the wire, and of what it meant.

Its unit is the row (an `events.Line`). The data of all rows of one direction, joined, is exactly
what crossed the wire in that direction. Rows are kept as columns over an arena of bytes; a long
message body is kept as blocks of many rows (block_index.py).

One sequence orders everything: row and other events are numbered together, in the order in which
they came about. `events(after=n)` is a cursor over it that may lag without cost.

It outlives its connection, and can be read from any thread; only the driver appends.
"""

from __future__ import annotations

import re
import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import overload

from ..events import (
    KIND_BITS,
    KIND_MASK,
    PIECE,
    SECRET,
    SENT,
    Block,
    Connected,
    Direction,
    Event,
    Kind,
    Line,
)
from . import masking, search
from .arena import Arena
from .block_index import BlockIndex
from .marks import Marks
from .subscriptions import Collector, Subscriber, Subscriptions


class Body:
    """A message body: rows `first` to `last`, of `size` bytes; `last` grows while it comes."""

    __slots__ = ("first", "last", "size")

    def __init__(self, first: int, last: int, size: int) -> None:
        self.first = first
        self.last = last
        self.size = size


class Transcript:
    """Rows and events of one conversation, in the order in which they came about."""

    def __init__(self, heard_by: Transcript | None = None) -> None:
        """An empty transcript; with `heard_by`, the subscribers of that one go on with this one."""
        self._arena = Arena()
        # A column each; an entry is a row, or a block of rows.
        self._ends = array("Q")
        self._at = array("d")
        self._flags = array("H")
        self._began: dict[int, float] = {}  # of entries that took more than one feed
        self._blocks = BlockIndex()
        self._entry = self._blocks.find
        self._rows = 0
        self._sealed_entries = 0  # entries in segments that have been ended
        self.bodies: list[Body] = []
        """The message bodies, in order; one that a reply breaks into counts as two."""
        self.marks = Marks()
        """The events that are no rows."""
        # One list for a transcript and those that follow it: a subscription lasts over
        # reconnections, and so does its end.
        self._subscriptions = Subscriptions() if heard_by is None else heard_by._subscriptions
        self.fresh: list[Event] = []
        """What the subscribers have not been told yet: `deliver` tells them."""
        self._delivering = False
        self.secrets = masking.KnownSecrets() if heard_by is None else heard_by.secrets
        """The secrets that are known by value; may be those of other transcripts, too."""
        self.anchor = (time.time(), time.monotonic())
        self.timed = True
        """Whether the times are known; those of another tool's log may not be."""

    @property
    def anchor(self) -> tuple[float, float]:
        """One moment as (seconds since 1970, monotonic seconds), which gives all times a day."""
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

    def __len__(self) -> int:
        """The number of rows."""
        return self._rows

    def __iter__(self) -> Iterator[Line]:
        row = 0
        while row < self._rows:
            yield self[row]
            row += 1

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        """The row `index`, or a window of rows."""
        if isinstance(index, slice):
            return [self._row(row) for row in range(*index.indices(self._rows))]
        if index < 0:
            index += self._rows
        if not 0 <= index < self._rows:
            raise IndexError(f"row {index} of {self._rows}")
        return self._row(index)

    def _row(self, row: int) -> Line:
        entry, inside = self._entry(row)
        start = self._ends[entry - 1] if entry else 0
        end = self._ends[entry]
        if inside >= 0:
            cuts = self._blocks.cuts(self._arena, entry, start, end)
            end = start + cuts[inside]
            if inside:
                start += cuts[inside - 1]
        at = self._at[entry]
        data, began = self._arena.read(start, end), self._began.get(entry, at)
        return Line(at, row, data, self._flags[entry], began, self._epoch, self.secrets)

    def flags(self, row: int) -> int:
        """The flags of a row (bits of events.py), without reading its bytes."""
        return self._flags[self._entry(row)[0]]

    def time(self, row: int) -> float:
        """Monotonic seconds at which the last byte of a row came."""
        return self._at[self._entry(row)[0]]

    def wall(self, at: float) -> float:
        """Monotonic seconds as seconds since 1970, by this transcript's one anchor."""
        return self.anchor[0] + at - self.anchor[1]

    def joined(self, direction: Direction) -> bytes:
        """All that crossed the wire in one direction."""
        return b"".join(self._said(0, len(self._ends) - 1, direction))

    def masked(self, row: int) -> bytes:
        """The bytes of a row as `mask` gives them: for all that leaves the program."""
        return self.mask(self[row])

    def mask(self, line: Line) -> bytes:
        """The bytes of `line` with secrets masked, and names, if they are to be (stand_ins.py)."""
        data = self.mask_secrets(line)
        names = self.secrets.stand_ins
        return data if names is None else names.mask(data)

    def mask_secrets(self, line: Line) -> bytes:
        """The bytes of `line` with secrets masked, by position and by value."""
        data = masking.by_position(line.data, line.kind) if line.flags & SECRET else line.data
        if not self.secrets.known:
            return data
        cut_after = bool(line.flags & PIECE)
        cut_before = line.row > 0 and bool(self.flags(line.row - 1) & PIECE)
        if cut_before or cut_after:
            return self.secrets.mask_part(data, cut_before=cut_before, cut_after=cut_after)
        return self.secrets.mask(data)

    def to_text(self, *, times: bool = False, masked: bool = True) -> str:
        """All of it as text for people: a line for each row (`C:`, `S:`) and each fact (`--`).

        Bytes that cannot be shown are escaped, and secrets are masked unless `masked` is false.
        With `times` each line begins with its time, in UTC.
        """
        from . import text

        shown = self.mask if masked else _exact
        rows = text.lines(self.events(), shown, self.wall if times else None)
        return "".join(f"{line}\n" for line in rows)

    def to_jsonl(self, *, masked: bool = True) -> str:
        """All of it as a recording, in JSON Lines, as the journal writes it (record/format.py).

        Secrets are masked unless `masked` is false: then it holds passwords in clear.
        """
        from . import format as recording

        lines = [recording.header(self, self._peer)]
        for event in self.events():
            if isinstance(event, Line):
                data = self.mask(event) if masked else event.data
                lines.append(recording.rows(self, data, event.flags, event.at, first=event.began))
            else:
                lines.append(recording.fact(self, event))
        return b"".join(lines).decode()

    @property
    def _peer(self) -> str:
        """The name of the server, as it was given; "" before a connection."""
        return next((event.peer for _, event in self.facts() if isinstance(event, Connected)), "")

    def reply_text(self, row: int, last: int, most: int | None = None) -> bytes:
        """The text of the reply in rows `row` to `last`, as smtplib gives it: lines by LF.

        Of a reply that is longer than `most` octets, the lines that begin within these.
        """
        if row == last:
            entry = row if not self._blocks.entries else self._entry(row)[0]
            start = self._ends[entry - 1] if entry else 0
            return self._arena.read(start, self._ends[entry])[4:].strip(b" \t\r\n")
        first, end = self._entry(row)[0], self._entry(last)[0]
        if most is not None:
            start = self._ends[first - 1] if first else 0
            end = min(end, bisect_left(self._ends, start + most, first, end))
        said = b"".join(self._said(first, end, Direction.SERVER))
        lines = said.removesuffix(b"\n").split(b"\n")
        return b"\n".join([line[4:].strip(b" \t\r\n") for line in lines])

    def body(self, body: Body) -> bytes:
        """The octets of a message body or chunk as they were sent, dots doubled."""
        first, last = self._entry(body.first)[0], self._entry(body.last)[0]
        return b"".join(self._said(first, last, Direction.CLIENT))

    def _said(self, first: int, last: int, direction: Direction) -> Iterator[bytes]:
        """What one side said in the entries `first` to `last`, a run of entries at a time."""
        flags, ends = self._flags, self._ends
        wanted = SENT if direction is Direction.CLIENT else 0
        while first <= last:
            after = first
            while after <= last and flags[after] & SENT == wanted:
                after += 1
            if after > first:
                yield self._arena.span(ends[first - 1] if first else 0, ends[after - 1])
            first = after + 1

    def parts(self, first: int, last: int) -> Iterator[Line | Block]:
        """The rows `first` to `last` as they came in, those of a long message as `Block`s."""
        row = first
        while row <= last:
            entry, inside = self._entry(row)
            rows = self._blocks.rows_of(entry)
            if inside != 0 or row + rows - 1 > last:
                yield self._row(row)
                row += 1
                continue
            data = self._arena.read(self._ends[entry - 1] if entry else 0, self._ends[entry])
            yield Block(self._at[entry], row, rows, data, self._flags[entry])
            row += rows

    def find(
        self, needle: bytes, start: int = 0, *, backwards: bool = False, ignore_case: bool = True
    ) -> int | None:
        """The first row from `start` on (or back from it) that holds `needle`; None if none does.

        Rows that hold a secret are searched as they are shown: masked.
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

    def _offset(self, row: int) -> int:
        """Where a row begins in the arena."""
        entry, inside = self._entry(row)
        start = self._ends[entry - 1] if entry else 0
        if inside > 0:
            start += self._blocks.cuts(self._arena, entry, start, self._ends[entry])[inside - 1]
        return start

    def _row_at(self, offset: int) -> tuple[int, int]:
        """The row that holds the byte at `offset`, and where that row ends."""
        entry = bisect_right(self._ends, offset)
        start = self._ends[entry - 1] if entry else 0
        return self._blocks.row_at(self._arena, entry, offset, start, self._ends[entry])

    # Events

    @property
    def sequence(self) -> int:
        """How many events there are, rows and others: where a new cursor begins."""
        return self._rows + len(self.marks)

    def events(self, after: int = 0) -> Iterator[Event]:
        """The events from number `after` on, as far as there are any now."""
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
        """The events that are no rows, from the `after`-th on."""
        return self.marks.after(after, self.time)

    def facts(self, after: int = 0) -> Iterator[tuple[int, Event]]:
        """(number, event) of those that are no rows, no replies and no changes of state."""
        return self.marks.others(after, self.time)

    def mark(self, number: int) -> tuple[int, Event]:
        """(rows before it, event) of one event that is no row."""
        return self.marks.rows(number), self.marks.event(number, self.time)

    @property
    def mark_count(self) -> int:
        """How many events there are that are no rows."""
        return len(self.marks)

    def subscribe(self, callback: Subscriber, *, blocks: bool = False) -> Callable[[], None]:
        """Call `callback(event)` for every event from now on, in order, in the driver's thread.

        A long body comes as its lines, or with `blocks` as `Block`s. A callback that raises is
        reported once and goes on being called. Returns a function that ends the subscription.
        """
        return self._subscriptions.begin(callback, blocks=blocks)

    def collect(self, collector: Collector) -> Callable[[], None]:
        """As `subscribe` with blocks, but `collector(events)` is called once for a batch of them.

        It may keep them, not change them.
        """
        return self._subscriptions.collect(collector)

    def prefix(self, rows: int, marks: int) -> Transcript:
        """A transcript of the first rows and events, whose bytes are shared with this one.

        No row of them may change any more, and the last one be no part of a block.
        """
        entry = self._entry(rows - 1)[0] + 1 if rows else 0
        found = Transcript()
        found._arena = self._arena.prefix(self._ends[entry - 1] if entry else 0)
        found._ends, found._at = self._ends[:entry], self._at[:entry]
        found._flags = self._flags[:entry]
        found._began = {each: at for each, at in self._began.items() if each < entry}
        found._blocks = self._blocks.prefix(entry)
        found._entry = found._blocks.find
        found._rows = rows
        found._sealed_entries = bisect_right(found._ends, found._arena.tail_base)
        found.bodies = [Body(b.first, b.last, b.size) for b in self.bodies if b.first < rows]
        found.marks = self.marks.prefix(marks)
        found.secrets, found.timed, found.anchor = self.secrets, self.timed, self.anchor
        return found

    # Writing: for the conversation

    def append(self, data: bytes, flags: int, at: float, began: float | None = None) -> int:
        """Add a row; returns its number."""
        arena = self._arena
        tail = arena.tail
        end = len(tail) + len(data)
        if end > arena.segment:
            self._seal()
            tail = arena.tail
            end = len(data)
        tail += data
        self._ends.append(arena.tail_base + end)
        self._at.append(at)
        self._flags.append(flags)
        row = self._rows
        if began is not None and began != at:
            self._began[len(self._ends) - 1] = began
        self._rows = row + 1
        if self._subscriptions:
            began = at if began is None else began
            self.fresh.append(Line(at, row, data, flags, began, self._epoch, self.secrets))
        return row

    def append_block(self, data: bytes, count: int, flags: int, at: float) -> int:
        """Add `count` rows at once, which `data` holds whole. Returns the number of the first."""
        self._seal()
        row = self._rows
        self._blocks.add(len(self._ends), row, count)
        self._ends.append(self._arena.append_block(data))
        self._at.append(at)
        self._flags.append(flags)
        self._rows = row + count
        if self._subscriptions:
            self.fresh.append(Block(at, row, count, data, flags))
        return row

    def _seal(self) -> None:
        """End the present segment; one with a secret row in it never leaves the memory."""
        if self._arena.tail:
            flags = self._flags[self._sealed_entries :]
            self._sealed_entries = len(self._flags)
            self._arena.seal(secret=any(flag & SECRET for flag in flags))
        else:
            self._sealed_entries = len(self._flags)

    def set_kind(self, row: int, kind: Kind) -> None:
        """Change the kind of a row to what it turned out to be; a kind is derived, not stored."""
        entry = self._entry(row)[0]
        self._flags[entry] = (self._flags[entry] & ~KIND_MASK) | KIND_BITS[kind]

    def set_secret(self, row: int, secret: bool) -> None:
        """Mask a row by its position from now on, or no longer; the row is no part of a block."""
        entry = self._entry(row)[0]
        self._flags[entry] = self._flags[entry] & ~SECRET | (SECRET if secret else 0)

    def add(self, event: Event) -> None:
        """Add an event that is no row."""
        self.marks.add(event, self._rows, self._at[-1] if self._at else None)
        if self._subscriptions:
            self.fresh.append(event)

    def deliver(self) -> None:
        """Deliver new events to the subscribers. A callback may send: its events follow."""
        if self._delivering:
            return
        self._delivering = True
        try:
            while self.fresh:
                fresh, self.fresh = self.fresh, []
                self._subscriptions.tell(fresh, self._row)
        finally:
            self._delivering = False


def _exact(line: Line) -> bytes:
    return line.data
