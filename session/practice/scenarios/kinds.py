"""The kinds of values that a field of a scenario accepts: how each is checked and described.

`read` returns the value in the form that the model uses, or raises `WrongValue`, whose message says
what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, cast

LONGEST = 2000  # characters of a text
MOST = 200  # texts in a list


class WrongValue(Exception):
    """Raised when a value is of the wrong kind. The message says what was expected."""


class Kind(Protocol):
    """A kind of value, described by `wanted`."""

    wanted: str

    def read(self, value: object) -> object:
        """Return the value in the form that the model uses. Raises WrongValue."""
        ...


class Flag:
    """True or false."""

    wanted = "true or false"

    def read(self, value: object) -> object:
        """Return the value if it is a bool. Raises WrongValue otherwise."""
        if not isinstance(value, bool):
            raise WrongValue(self.wanted)
        return value


class Number:
    """A number between two bounds."""

    def __init__(self, what: str, low: float, high: float) -> None:
        self.wanted = f"{what} from {low:g} to {high:g}"
        self._low, self._high = low, high

    def read(self, value: object) -> object:
        """Return the value as a float. Raises WrongValue if it is not within the bounds."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongValue(self.wanted)
        if not self._low <= value <= self._high:  # also excludes NaN
            raise WrongValue(self.wanted)
        return float(value)


class Whole:
    """A whole number between two bounds."""

    def __init__(self, what: str, low: int, high: int) -> None:
        self.wanted = f"{what}, a whole number from {low} to {high}"
        self._low, self._high = low, high

    def read(self, value: object) -> object:
        """Return the value. Raises WrongValue if it is not a whole number within the bounds."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise WrongValue(self.wanted)
        if not self._low <= value <= self._high:
            raise WrongValue(self.wanted)
        return value


class Text:
    """A text of one line."""

    def __init__(self, what: str) -> None:
        self.wanted = what

    def read(self, value: object) -> object:
        """Return the value. Raises WrongValue if it is not a text of one line, or is too long."""
        return _text(value, self.wanted)


class Choice:
    """One of a fixed set of words."""

    def __init__(self, *words: str) -> None:
        self.wanted = f"one of {', '.join(words)}"
        self._words = words

    def read(self, value: object) -> object:
        """Return the value. Raises WrongValue if it is not one of the words."""
        if value not in self._words:
            raise WrongValue(self.wanted)
        return value


class Texts:
    """One or more texts of one line each."""

    def __init__(self, what: str) -> None:
        self.wanted = what

    def read(self, value: object) -> object:
        """Return the texts as a tuple. Raises WrongValue if any of them is not one line."""
        values = _listed(value, self.wanted)
        return tuple(_text(each, self.wanted) for each in values)


class Words:
    """One or more words: any words without white space, or only those of a fixed set."""

    def __init__(self, what: str, *words: str) -> None:
        self.wanted = f"{what}: {', '.join(words)}" if words else what
        self._words = words

    def read(self, value: object) -> object:
        """Return the words as a tuple. Raises WrongValue if a word is not allowed."""
        found: list[str] = []
        for each in _listed(value, self.wanted):
            word = _text(each, self.wanted)
            if not word or re.search(r"\s", word) or (self._words and word not in self._words):
                raise WrongValue(self.wanted)
            found.append(word)
        return tuple(found)


class TextTable:
    """A table of texts, which may be limited to a set of words."""

    def __init__(self, what: str, *words: str) -> None:
        self.wanted = f"a table of {what}"
        if words:
            self.wanted += f", each one of {', '.join(words)}"
        self._words = words

    def read(self, value: object) -> object:
        """Return the table. Raises WrongValue if it is not a table, or if a text is not allowed."""
        if not isinstance(value, dict) or len(cast("dict[object, object]", value)) > MOST:
            raise WrongValue(self.wanted)
        table = cast("dict[str, object]", value)
        found = {name: _text(text, self.wanted) for name, text in table.items()}
        if self._words and not set(found.values()) <= set(self._words):
            raise WrongValue(self.wanted)
        return found


class Pieces:
    """The sizes of pieces, in octets."""

    wanted = "a number of octets, or a list of such numbers, each from 1 to 65536"

    def read(self, value: object) -> object:
        """Return the sizes as a tuple. Raises WrongValue if any is not from 1 to 65536."""
        values = _listed(value, self.wanted)
        sizes = [each for each in values if isinstance(each, int) and not isinstance(each, bool)]
        if len(sizes) != len(values) or not all(1 <= size <= 65536 for size in sizes):
            raise WrongValue(self.wanted)
        return tuple(sizes)


def _listed(value: object, wanted: str) -> Sequence[object]:
    values = cast("list[object]", value) if isinstance(value, list | tuple) else [value]
    if len(values) > MOST:
        raise WrongValue(f"a list of at most {MOST} entries")
    return values


def _text(value: object, wanted: str) -> str:
    if not isinstance(value, str):
        raise WrongValue(wanted)
    if len(value) > LONGEST:
        raise WrongValue(f"at most {LONGEST} characters long")
    if "\r" in value or "\n" in value:
        raise WrongValue("one line, without CR or LF")
    return value
