"""Where the bytes of a transcript lie: segments that only ever grow at the end.

A full segment is sealed and never moves. Whatever is handed out is `bytes` of its own: nothing
here gives away a buffer that can still grow (an append under a live view raises BufferError).
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator

SEGMENT = 1 << 20


class Arena:
    """Bytes by absolute offset. What was appended in one piece is read without a joint."""

    def __init__(self, segment: int = SEGMENT) -> None:
        self._segment = segment
        self._sealed: list[bytes] = []
        self._bases = array("Q", [0])  # of each sealed segment, then of the tail
        self.tail = bytearray()
        self.tail_base = 0

    def __len__(self) -> int:
        return self.tail_base + len(self.tail)

    def seal(self) -> None:
        """End the present segment; the next append begins another."""
        if self.tail:
            self._sealed.append(bytes(self.tail))
            self.tail_base += len(self.tail)
            self._bases.append(self.tail_base)
            self.tail = bytearray()

    def append(self, data: bytes) -> int:
        """Add `data`, which is never cut in two. Returns the offset of its end."""
        if len(self.tail) + len(data) > self._segment:
            self.seal()
        self.tail += data
        return self.tail_base + len(self.tail)

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end`, both offsets within one append."""
        base = self.tail_base
        if start >= base:
            return bytes(self.tail[start - base : end - base])
        number = bisect_right(self._bases, start) - 1
        base = self._bases[number]
        if number == len(self._sealed):  # sealed between two looks, by another thread
            return bytes(self.tail[start - base : end - base])
        return self._sealed[number][start - base : end - base]

    def span(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end`, over however many appends."""
        parts: list[bytes] = []
        for base, segment in self.segments(start):
            if base >= end:
                break
            parts.append(segment[max(0, start - base) : end - base])
        return b"".join(parts)

    def segments(self, start: int = 0) -> Iterator[tuple[int, bytes]]:
        """(offset, bytes) of each segment that holds anything from `start` on, in order."""
        first = max(0, bisect_right(self._bases, start) - 1)
        for number in range(first, len(self._sealed)):
            yield self._bases[number], self._sealed[number]
        if self.tail:
            yield self.tail_base, bytes(self.tail)

    def segments_before(self, end: int) -> Iterator[tuple[int, bytes]]:
        """The same from `end` backwards, the last one first."""
        if self.tail and self.tail_base < end:
            yield self.tail_base, bytes(self.tail)
        for number in range(len(self._sealed) - 1, -1, -1):
            if self._bases[number] < end:
                yield self._bases[number], self._sealed[number]
