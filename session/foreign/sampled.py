"""Whether most lines of a text are of a kind, by a sample of them."""

from __future__ import annotations

from collections.abc import Callable

SAMPLE = 2_000  # lines that show whether there is something to undo


def most(lines: list[str], marked: Callable[[str], object]) -> bool:
    """Whether at least two lines, and half of those that are not empty, are marked."""
    sample = [line for line in lines[:SAMPLE] if line.strip()]
    hits = sum(bool(marked(line)) for line in sample)
    return hits >= 2 and hits * 2 >= len(sample)
