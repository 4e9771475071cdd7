"""The rows of a transcript: columns over an arena of bytes.

An entry in the columns is a row, or a block of many rows of a long message (block_index.py).
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import overload

import msgspec

from ..events import SECRET, SENT, Block, Direction, Line
from .arena import Arena
from .block_index import BlockIndex
from .body import Body
from .masking import KnownSecrets


class Stretch(msgspec.Struct, frozen=True):
    """Consecutive rows, column by column. Each row arrived in one piece."""

    at: array[float]
    """The time of each row."""
    flags: array[int]
    """The flags of each row (bits of events.py)."""
    data: bytes
    """The bytes of all rows."""
    start: int
    """The offset in the transcript where `data` begins."""
    ends: array[int]
    """The offset in the transcript where each row ends."""

    def each(self) -> Iterator[tuple[float, int, bytes]]:
        """Yield (time, flags, bytes) for each row."""
        begin = 0
        for at, flags, end in zip(self.at, self.flags, self.ends, strict=True):
            yield at, flags, self.data[begin : end - self.start]
            begin = end - self.start

    def has_secret(self) -> bool:
        """Return whether any row is secret by its position, without examining each row."""
        first = 0 if sys.byteorder == "little" else self.flags.itemsize - 1
        lowest = self.flags.tobytes()[first :: self.flags.itemsize]
        return bool(lowest.translate(None, _NO_SECRET))


_NO_SECRET = bytes(flags for flags in range(256) if not flags & SECRET)


class Rows:
    """The rows of one conversation, by number."""

    secrets: KnownSecrets
    _epoch: float

    def __init__(self) -> None:
        self._arena = Arena()
        # Columns; an entry is a row, or a block of rows.
        self._ends = array("Q")
        self._at = array("d")
        self._flags = array("I")  # "H" would do, but takes twice as long to append to
        self._began: dict[int, float] = {}  # of entries that arrived in more than one feed
        self._blocks = BlockIndex()
        self._entry = self._blocks.find
        self._rows = 0
        self._sealed_entries = 0  # entries in sealed segments
        self.bodies: list[Body] = []
        """The message bodies, in order. A body that is interrupted by a reply counts as two."""

    def __len__(self) -> int:
        """Return the number of rows."""
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
        """Return the row `index`, or a list of rows for a slice."""
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
        """Return the flags of a row (bits of `events`), without reading its bytes."""
        return self._flags[self._entry(row)[0]]

    def time(self, row: int) -> float:
        """Return the time at which the last byte of a row arrived, in monotonic seconds."""
        return self._at[self._entry(row)[0]]

    def joined(self, direction: Direction) -> bytes:
        """Return all bytes that crossed the wire in one direction."""
        return b"".join(self._said(0, len(self._ends) - 1, direction))

    def reply_text(self, row: int, last: int, most: int | None = None) -> bytes:
        """Return the text of the reply in rows `row` to `last` as in smtplib: lines joined by LF.

        If the text is longer than `most` octets, only the lines that begin within the first `most`
        octets are included.
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
        """Return the octets of a message body or chunk as sent, with dots still doubled."""
        first, last = self._entry(body.first)[0], self._entry(body.last)[0]
        return b"".join(self._said(first, last, Direction.CLIENT))

    def _said(self, first: int, last: int, direction: Direction) -> Iterator[bytes]:
        """Yield the bytes of one side in entries `first` to `last`, several entries at a time."""
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
        """Yield rows `first` to `last` as they arrived, those of a long message as `Block`s."""
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

    def _stretch(self, first: int, to: int) -> Stretch | None:
        """Return the rows from `first` to the next block or row that arrived in parts, or to `to`.

        Row `to` is not included. Returns None if `first` itself is in a block or arrived in parts.
        """
        entry, inside = self._entry(first)
        stop = min(entry + to - first, self._blocks.next_from(entry))
        if next(reversed(self._began), -1) >= entry:
            stop = next((each for each in range(entry, stop) if each in self._began), stop)
        if inside >= 0 or stop <= entry:
            return None
        start = self._ends[entry - 1] if entry else 0
        ends = self._ends[entry:stop]
        data = self._arena.span(start, ends[-1])
        return Stretch(self._at[entry:stop], self._flags[entry:stop], data, start, ends)

    def _offset(self, row: int) -> int:
        """Return the offset of a row in the arena."""
        entry, inside = self._entry(row)
        start = self._ends[entry - 1] if entry else 0
        if inside > 0:
            start += self._blocks.cuts(self._arena, entry, start, self._ends[entry])[inside - 1]
        return start

    def _row_at(self, offset: int) -> tuple[int, int]:
        """Return the row that contains the byte at `offset`, and the offset where that row ends."""
        entry = bisect_right(self._ends, offset)
        start = self._ends[entry - 1] if entry else 0
        return self._blocks.row_at(self._arena, entry, offset, start, self._ends[entry])

    @property
    def octets(self) -> int:
        """The number of octets in all rows."""
        return len(self._arena)
