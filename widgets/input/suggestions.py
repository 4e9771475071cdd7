"""Completions of typed text: functions that return them, and a suggester that shows the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from textual.suggester import Suggester

Complete = Callable[[str], Sequence[str]]
"""A function that returns the completions of a line as whole lines, most likely first."""

_BREAK = r"[\s,;]"


class FirstCompletion(Suggester):
    """A suggester that offers the first completion that continues the text."""

    def __init__(self, complete: Complete) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        if not value:
            return None
        found = next((text for text in self._complete(value) if text.startswith(value)), None)
        return found if found != value else None


def last_word(words: Sequence[str]) -> Complete:
    """Return a function that completes the last word of a line to one of `words`.

    Words that are already in the line are not offered.
    """

    def complete(text: str) -> list[str]:
        start = len(text) - len(re.split(_BREAK, text)[-1])
        typed = text[start:].lower()
        before = set(re.split(r"[\s,;]+", text[:start]))
        return [
            text[:start] + word
            for word in words
            if word.lower().startswith(typed) and word not in before
        ]

    return complete
