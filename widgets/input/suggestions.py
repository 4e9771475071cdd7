"""Completions of typed text: the functions that provide them, and the one shown as a hint."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from textual.suggester import Suggester

Complete = Callable[[str], Sequence[str]]
"""A function that takes the text of a line and returns its possible completions as whole lines,
most likely first.
"""

_BREAK = r"[\s,;]"


class FirstCompletion(Suggester):
    """A suggester of the first completion that continues the text, shown dim after the cursor."""

    def __init__(self, complete: Complete) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        if not value:
            return None
        found = next((text for text in self._complete(value) if text.startswith(value)), None)
        return found if found != value else None


def last_word(words: Sequence[str]) -> Complete:
    """Return a function that completes the last word of a line to each of `words` not yet in the
    line.
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
