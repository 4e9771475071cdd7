"""Reports the mistakes in a user's file, but no more than one can read."""

from __future__ import annotations

from collections.abc import Sequence

from ...session.plural import plural

MOST_TOLD = 20


def told(sentences: Sequence[str]) -> list[str]:
    """The first sentences, and the number of the others: every line may have a mistake."""
    rest = len(sentences) - MOST_TOLD
    if rest <= 0:
        return list(sentences)
    more = plural(rest, "There is one more mistake.", "There are {} more mistakes.")
    return [*sentences[:MOST_TOLD], more]
