"""The storage of a transcript's bytes: segments that grow only at the end.

A full segment is sealed and never moves. Callers always receive `bytes`, never a view of a buffer
that can still grow (an append while such a view exists raises BufferError).

Each block of a long message is a segment of its own, kept as it was passed. Beyond `MEMORY` octets
of blocks, the oldest ones are moved to an unnamed file that only the user can read; if no such file
can be created, they stay in memory. Segments of rows are moved beyond `ROWS_MEMORY` octets, unless
one of their rows is secret.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator

from .spill import Spill

SEGMENT = 1 << 20
MEMORY = 8 << 20  # octets of blocks that are kept in memory
ROWS_MEMORY = 32 << 20  # octets of other rows


class _Kept:
    """The segments of one kind that are in memory and may be moved to the file, oldest first."""

    __slots__ = ("octets", "segments")

    def __init__(self) -> None:
        self.segments: deque[int] = deque()
        self.octets = 0

    def add(self, number: int, size: int) -> None:
        self.segments.append(number)
        self.octets += size


class Arena:
    """Stores bytes by absolute offset. Data appended in one piece is read as one piece."""

    def __init__(self, segment: int = SEGMENT) -> None:
        self.segment = segment
        """The number of octets that a segment can hold; call `seal` before exceeding it."""
        # For each sealed segment its bytes, or their place in the file.
        self._sealed: list[bytes | int] = []
        self._blocks = _Kept()
        self._row_segments = _Kept()
        self._spill: Spill | None = None
        self._bases = array("Q", [0])  # for each sealed segment, then for the tail
        self.tail = bytearray()
        """The current segment. The transcript appends to it directly, to save a call per row."""
        self.tail_base = 0

    def __len__(self) -> int:
        return self.tail_base + len(self.tail)

    def seal(self, *, secret: bool = False) -> None:
        """End the current segment, so that the next append starts a new one.

        If `secret` is true, the segment stays in memory.
        """
        if self.tail:
            if not secret:
                self._row_segments.add(len(self._sealed), len(self.tail))
            self._sealed.append(bytes(self.tail))
            self.tail_base += len(self.tail)
            self._bases.append(self.tail_base)
            self.tail = bytearray()
            if self._row_segments.octets > ROWS_MEMORY:
                self._make_room(self._row_segments, ROWS_MEMORY // 2)

    def append_block(self, data: bytes) -> int:
        """Add a block as a separate segment, without copying it, and return its end offset.

        The current segment must be empty; call `seal` to end a segment that is not.
        """
        self._blocks.add(len(self._sealed), len(data))
        self._sealed.append(data)
        self.tail_base += len(data)
        self._bases.append(self.tail_base)
        if self._blocks.octets > MEMORY:
            self._make_room(self._blocks, MEMORY // 2)
        return self.tail_base

    def prefix(self, end: int) -> Arena:
        """Return an arena of the bytes before `end`, sharing complete segments with this one."""
        found = Arena(self.segment)
        number = bisect_right(self._bases, end) - 1
        found._sealed = self._sealed[:number]
        found._bases = self._bases[: number + 1]
        found._spill = self._spill
        found.tail_base = base = self._bases[number]
        whole = self._segment_at(number) if number < len(self._sealed) else self.tail
        found.tail += whole[: end - base]
        return found

    def _make_room(self, kept: _Kept, most: int) -> None:
        """Move the oldest segments of `kept` to the file, until at most `most` octets remain."""
        if self._spill is None:
            self._spill = Spill()
        while kept.octets > most:
            number = kept.segments[0]
            segment = self._sealed[number]
            assert isinstance(segment, bytes)
            place = self._spill.add(segment)
            if place is None:
                kept.octets = 0  # no file, or no space in it: tried again after the same amount
                kept.segments.clear()
                return
            self._sealed[number] = place
            kept.segments.popleft()
            kept.octets -= len(segment)

    def _segment_at(self, number: int) -> bytes:
        found = self._sealed[number]
        if isinstance(found, bytes):
            return found
        assert self._spill is not None
        return self._spill.read(found, self._bases[number + 1] - self._bases[number])

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` to `end`, which must have been added by a single append."""
        base = self.tail_base
        if start >= base:
            return bytes(self.tail[start - base : end - base])
        number = bisect_right(self._bases, start) - 1
        base = self._bases[number]
        if number == len(self._sealed):  # sealed in the meantime by another thread
            return bytes(self.tail[start - base : end - base])
        found = self._sealed[number]
        if isinstance(found, bytes):
            return found[start - base : end - base]
        assert self._spill is not None
        return self._spill.read(found + start - base, end - start)

    def span(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` to `end`, across any number of appends."""
        if start >= (base := self.tail_base):
            return bytes(self.tail[start - base : end - base])
        parts: list[bytes] = []
        for base, segment in self.segments(start):
            if base >= end:
                break
            parts.append(segment[max(0, start - base) : end - base])
        return b"".join(parts)

    def segments(self, start: int = 0) -> Iterator[tuple[int, bytes]]:
        """Yield (offset, bytes) for each segment with bytes at or after `start`, in order."""
        first = max(0, bisect_right(self._bases, start) - 1)
        for number in range(first, len(self._sealed)):
            yield self._bases[number], self._segment_at(number)
        if self.tail:
            yield self.tail_base, bytes(self.tail)

    def segments_before(self, end: int) -> Iterator[tuple[int, bytes]]:
        """Yield (offset, bytes) for each segment that begins before `end`, in reverse order."""
        if self.tail and self.tail_base < end:
            yield self.tail_base, bytes(self.tail)
        for number in range(len(self._sealed) - 1, -1, -1):
            if self._bases[number] < end:
                yield self._bases[number], self._segment_at(number)
