"""Searches the bytes of a transcript, one segment of its arena at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .arena import Arena

RowAt = Callable[[int], tuple[int, int]]
"""A function that returns the row that contains the byte at an offset, and where that row ends."""


def hits(arena: Arena, pattern: re.Pattern[bytes], offset: int, row_at: RowAt) -> Iterator[int]:
    """Yield each row that matches the pattern, from the row that begins at `offset` on."""
    for base, data in arena.segments(offset):
        at = max(0, offset - base)
        while found := pattern.search(data, at):
            row, end = row_at(base + found.start())
            yield row
            at = end - base


def hits_before(
    arena: Arena, pattern: re.Pattern[bytes], limit: int, row_at: RowAt
) -> Iterator[int]:
    """Yield each row that matches the pattern, backwards from the row that ends at `limit`."""
    for base, data in arena.segments_before(limit):
        rows: list[int] = []
        at, stop = 0, min(len(data), limit - base)
        while found := pattern.search(data, at, stop):
            row, end = row_at(base + found.start())
            rows.append(row)
            at = end - base
        yield from reversed(rows)
