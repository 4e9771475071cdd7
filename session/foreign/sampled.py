"""Determines from a sample whether most lines of a text are of a certain kind."""

from __future__ import annotations

from collections.abc import Callable

SAMPLE = 2_000  # lines in the sample


def most(lines: list[str], marked: Callable[[str], object]) -> bool:
    """Return whether at least two lines, and half of those that are not blank, satisfy `marked`."""
    sample = [line for line in lines[:SAMPLE] if line.strip()]
    hits = sum(bool(marked(line)) for line in sample)
    return hits >= 2 and hits * 2 >= len(sample)
