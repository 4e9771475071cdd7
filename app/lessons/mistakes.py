"""The mistakes in a lesson's file: a line and a sentence for each."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from ...session.visible import visible_text

LONGEST = 320  # characters of a sentence, which may quote the file


class Mistake(msgspec.Struct, frozen=True, order=True):
    """A mistake on line `line` of a file. Lines are counted from 1."""

    line: int
    text: str


class Mistakes:
    """The mistakes found so far, without repetitions."""

    def __init__(self) -> None:
        self._found: dict[Mistake, None] = {}

    def add(self, line: int, text: str) -> None:
        """Record a mistake; text quoted from the file is made safe to show."""
        if len(text) > LONGEST:
            text = f"{text[: LONGEST - 1]}…"
        self._found[Mistake(line, visible_text(text))] = None

    def sorted(self) -> list[Mistake]:
        """Return all mistakes, sorted by line."""
        return sorted(self._found)

    def __bool__(self) -> bool:
        return bool(self._found)


def nearest(word: str, known: Collection[str]) -> str:
    """Return `; did you mean X?` if a word resembles one of the known words, or else ""."""
    from difflib import get_close_matches

    by_fold = {each.casefold(): each for each in known}
    found = get_close_matches(word.casefold(), by_fold, 1, 0.6)
    return f'; did you mean "{by_fold[found[0]]}"?' if found else ""


def listed(words: Collection[str]) -> str:
    """Join words for use in a sentence: "a, b or c"."""
    names = list(words)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
