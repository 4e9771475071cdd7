"""`BlockIndex` records which entries of a transcript are blocks, and which rows they contain.

A transcript stores most rows as one entry each, but a part of a long message body as one entry for
many rows. Such a block is split into its lines only when one of them is requested.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict

from .arena import Arena

_SPLIT_KEPT = 8  # blocks whose line ends are remembered


class BlockIndex:
    """Maps rows to the entries that hold them, and entries to their rows."""

    __slots__ = ("_counts", "_rows", "_split", "entries")

    def __init__(self) -> None:
        # Columns: the entry that is a block, the number of its first row, the number of its rows.
        self.entries = array("Q")
        """The entries that are blocks, in order."""
        self._rows = array("Q")
        self._counts = array("Q")
        self._split: OrderedDict[int, array[int]] = OrderedDict()

    def add(self, entry: int, row: int, count: int) -> None:
        """Add the block `entry`, with `count` rows from `row` on. Blocks must be added in order."""
        self.entries.append(entry)
        self._rows.append(row)
        self._counts.append(count)

    def find(self, row: int) -> tuple[int, int]:
        """Return the entry that holds `row`, and the row's place in that entry.

        The place is -1 if the entry is not a block.
        """
        if not self.entries or row < self._rows[0]:
            return row, -1
        block = bisect_right(self._rows, row) - 1
        inside = row - self._rows[block]
        if inside < self._counts[block]:
            return self.entries[block], inside
        return self.entries[block] + 1 + inside - self._counts[block], -1

    def rows_of(self, entry: int) -> int:
        """Return the number of rows in an entry: 1 unless the entry is a block."""
        at = bisect_left(self.entries, entry)
        is_block = at < len(self.entries) and self.entries[at] == entry
        return self._counts[at] if is_block else 1

    def next_from(self, entry: int) -> int:
        """Return the first block at or after `entry`, or a number beyond all entries."""
        at = bisect_left(self.entries, entry)
        return self.entries[at] if at < len(self.entries) else 1 << 62

    def prefix(self, entry: int) -> BlockIndex:
        """Return an index of the blocks before `entry`."""
        found = BlockIndex()
        count = bisect_left(self.entries, entry)
        found.entries = self.entries[:count]
        found._rows, found._counts = self._rows[:count], self._counts[:count]
        return found

    def cuts(self, arena: Arena, entry: int, start: int, end: int) -> array[int]:
        """Return the end of each line of a block, relative to `start`.

        The block is the entry `entry`, which extends from `start` to `end` in the arena.
        """
        cuts = self._split.get(entry)
        if cuts is None:
            data = arena.read(start, end)
            cuts = array("I")
            at = data.find(b"\n") + 1
            while at:
                cuts.append(at)
                at = data.find(b"\n", at) + 1
            if not cuts or cuts[-1] != len(data):
                cuts.append(len(data))
            self._split[entry] = cuts
            while len(self._split) > _SPLIT_KEPT:
                self._split.popitem(last=False)
        return cuts

    def row_at(
        self, arena: Arena, entry: int, offset: int, start: int, end: int
    ) -> tuple[int, int]:
        """Return the row of the byte at `offset` in an entry, and the offset where the row ends.

        The entry extends from `start` to `end`.
        """
        block = bisect_right(self.entries, entry) - 1
        if block < 0:
            return entry, end
        if self.entries[block] == entry:
            cuts = self.cuts(arena, entry, start, end)
            inside = bisect_right(cuts, offset - start)
            return self._rows[block] + inside, start + cuts[inside]
        after = self._rows[block] + self._counts[block]
        return after + entry - self.entries[block] - 1, end
