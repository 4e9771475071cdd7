"""Mistakes in a file of the user's: as many are told as can be read."""

from __future__ import annotations

from collections.abc import Sequence

from ...session.plural import plural

MOST_TOLD = 20


def told(sentences: Sequence[str]) -> list[str]:
    """The first sentences, and how many there are besides: a mistake may be in each line."""
    rest = len(sentences) - MOST_TOLD
    if rest <= 0:
        return list(sentences)
    more = plural(rest, "There is one more mistake.", "There are {} more mistakes.")
    return [*sentences[:MOST_TOLD], more]
