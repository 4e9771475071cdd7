"""Limits how many of the mistakes in a user's file are reported."""

from __future__ import annotations

from collections.abc import Sequence

from ...session.plural import plural

MOST_TOLD = 20


def told(sentences: Sequence[str]) -> list[str]:
    """Return at most MOST_TOLD sentences, followed by one that reports how many are omitted.

    The number is limited because every line of a file may contain a mistake.
    """
    rest = len(sentences) - MOST_TOLD
    if rest <= 0:
        return list(sentences)
    more = plural(rest, "One more mistake is not shown.", "{} more mistakes are not shown.")
    return [*sentences[:MOST_TOLD], more]
