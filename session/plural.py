"""Singular or plural: the one place where a count chooses between two wordings."""

from __future__ import annotations


def plural(count: int, one: str, many: str = "") -> str:
    """Return `one` if `count` is 1, else `many`, with `{}` replaced by the count.

    The count is formatted as in "1,234 lines". If `many` is omitted, the plural is `one` with an
    "s", as for `plural(n, "{} line")`. The wording may be any part of a sentence: `plural(n, "is",
    "are")`, `plural(n, "The recipient", "All {} recipients")`.
    """
    return (one if count == 1 else many or f"{one}s").replace("{}", f"{count:,}")


def in_seconds(seconds: float) -> str:
    """Return a duration in words, such as "0.2 seconds" or "1 second"."""
    return "1 second" if seconds == 1 else f"{seconds:g} seconds"
