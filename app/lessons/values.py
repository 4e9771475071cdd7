"""The small notations in the patterns of a lesson: texts, reply codes, and counts.

A text pattern is compared with the whole text, ignoring case; `*` matches anything. A pattern
between two slashes is a regular expression, which may match anywhere in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

import msgspec

from .bounded import TooSlow, search
from .model import Count

LONGEST = 4096  # characters of a text compared with a pattern
_CODE = re.compile(r"[2-5*][0-9xyz]{2}\Z", re.IGNORECASE)
_COUNT = re.compile(r"(=|<=|>=|<|>)?\s*(\d{1,6})\Z")


class Text:
    """A text pattern. If a search takes too long, `slow` is set and nothing matches any more."""

    __slots__ = ("_parts", "_pattern", "slow", "source")

    def __init__(self, source: str) -> None:
        """Compile the pattern. Raises ValueError for an invalid regular expression."""
        self.source = source
        self.slow = False
        self._pattern: re.Pattern[str] | None = None
        self._parts = source.lower().split("*")
        if len(source) > 1 and source.startswith("/") and source.endswith("/"):
            try:
                self._pattern = re.compile(source[1:-1], re.IGNORECASE | re.MULTILINE)
            except (re.error, OverflowError, RecursionError) as error:
                raise ValueError(str(error)) from None

    def matches(self, text: str) -> bool:
        """Return whether `text` matches."""
        text = text[:LONGEST]
        if self._pattern is None:
            return _has_parts(text.lower(), self._parts)
        if self.slow:
            return False
        try:
            return search(self._pattern, text)
        except TooSlow:
            self.slow = True
            return False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and other.source == self.source

    def __hash__(self) -> int:
        return hash(self.source)

    def __repr__(self) -> str:
        return f"Text({self.source!r})"


def _has_parts(text: str, parts: Sequence[str]) -> bool:
    """Return whether a text consists of these parts, with anything between them."""
    first, *between = parts
    if not between:
        return text == first
    last = between.pop()
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    place, end = len(first), len(text) - len(last)
    for part in between:
        place = text.find(part, place, end)
        if place < 0:
            return False
        place += len(part)
    return True


class Codes(msgspec.Struct, frozen=True):
    """Reply codes, each written like "250" or like "5yz", where x, y and z stand for any digit.

    "*" stands for every code.
    """

    wanted: tuple[str, ...]

    def match(self, code: int) -> bool:
        """Return whether `code` is one of these codes. A missing code (-1) matches only "*"."""
        text = f"{code:03d}" if code >= 0 else "---"
        return any(
            wanted == "*" or all(w in "xyzXYZ" or w == c for w, c in zip(wanted, text, strict=True))
            for wanted in self.wanted
        )


def as_list(value: Any) -> list[Any]:
    """Return a list unchanged. Return any other value as the only element of a list."""
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def as_table(value: Any) -> dict[str, Any]:
    """Return a table unchanged, and {} for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def codes(value: Any) -> Codes:
    """Read reply codes from a string or a list of strings. Raises ValueError."""
    texts = tuple(str(each) for each in as_list(value))
    if not texts:
        raise ValueError('a reply code such as "250", "5yz" or "*", or a list of them')
    for text in texts:
        if text != "*" and not _CODE.match(text):
            raise ValueError('a reply code such as "250", "5yz" or "*"')
    return Codes(texts)


def count(value: Any) -> Count:
    """Read a count from 3, "3", "=3", "<3", "<=3", ">3" or ">=3". A number alone is the minimum."""
    found = None
    if isinstance(value, int | str) and not isinstance(value, bool):
        found = _COUNT.match(str(value).strip())
    if found is None:
        raise ValueError('a number such as 2, or "=2", "<3", ">1"')
    sign, number = found[1], int(found[2])
    match sign:
        case "=":
            return Count(number, number)
        case "<":
            return Count(0, number - 1)
        case "<=":
            return Count(0, number)
        case ">":
            return Count(number + 1)
        case _:
            return Count(number)


def octets(value: Any) -> bytes:
    """Read octets written in hexadecimal, as in "C3 BC". Raises ValueError."""
    try:
        found = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        found = b""
    if not found:
        raise ValueError('octets in hexadecimal, such as "C3 BC"')
    return found
