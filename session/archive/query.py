"""Queries for recordings: words, reply codes, a server, and dates."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from ..visible import visible_text

EXCERPT = 100  # characters of the line that matched
_CODE = re.compile(r"[2-5](?:\d\d|xx|\dx)\Z", re.ASCII | re.IGNORECASE)
_AGO = re.compile(r"(\d{1,4})([hdw])\Z", re.ASCII)
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


class QueryError(ValueError):
    """Raised when a query cannot be understood; the message is one sentence."""


class Query(NamedTuple):
    """The conditions on a recording: words, reply codes, a server, and a start time.

    The recording must contain all words (in its lines, its server or its name), contain a code from
    each range, have `server` in its server's name or address, and have begun between two times in
    seconds since the epoch. If `typing` is true, the last word may be incomplete.
    """

    words: tuple[str, ...] = ()
    server: str = ""
    codes: tuple[tuple[int, int], ...] = ()
    since: float = 0.0
    until: float = float("inf")
    typing: bool = False

    def fits(self, began: float, server: str) -> bool:
        """Return whether a recording's start time and server (in lower case) match the query."""
        return self.since <= began < self.until and self.server.lower() in server

    @property
    def phrases(self) -> list[str]:
        """The words as FTS5 expressions. A word with punctuation becomes a phrase."""
        quoted = ['"{}"'.format(word.replace('"', '""')) for word in self.words]
        if self.typing and quoted:
            quoted[-1] += "*"
        return quoted


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text that can be searched for: those that contain a letter or digit."""
    return tuple(
        word for word in text.replace("\0", " ").split() if any(char.isalnum() for char in word)
    )


def code_range(text: str) -> tuple[int, int]:
    """Return the first and last codes that `text` covers, such as 550, 55x or 5xx.

    Raises QueryError for any other text.
    """
    if not _CODE.match(text):
        shown = visible_text(text)[:20] or "An empty text"
        raise QueryError(f"{shown} is not a reply code: use 550, 55x or 5xx.")
    low, high = text.lower().replace("x", "0"), text.lower().replace("x", "9")
    return int(low), int(high)


def moment(text: str, *, end: bool = False, now: datetime | None = None) -> float:
    """Return a local date or time as seconds since the epoch.

    Accepts today, yesterday, 2026-11-29, 2026-11-29T14:30, and 3d (days ago; also h and w). A date
    means its beginning or, if `end` is true, its end. Raises QueryError for any other text.
    """
    now = now or datetime.now()
    word = text.strip().lower()
    found = _AGO.match(word)
    try:
        if found is not None:
            return (now - timedelta(**{_UNITS[found[2]]: int(found[1])})).timestamp()
        if word in ("today", "yesterday"):
            day = now.date() - timedelta(days=int(word == "yesterday"))
        elif len(word) <= 10:
            day = date.fromisoformat(word)
        else:
            return datetime.fromisoformat(text.strip()).timestamp()
        day += timedelta(days=int(end))
        return datetime.combine(day, time()).timestamp()
    except (ValueError, OverflowError, OSError):
        raise QueryError(
            f"{visible_text(text)[:40] or 'An empty text'} is not a date: use 2026-11-29, "
            "2026-11-29T14:30, today, yesterday, 12h, 3d or 2w."
        ) from None


def excerpt_of(text: str, words: tuple[str, ...]) -> str:
    """Return a line of `text`, shortened to the part around one of `words`, and safe to show."""
    low = text.lower()
    places = [at for word in words if (at := low.find(word.lower())) >= 0]
    at = min(places, default=0)
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)].strip("\r\n")
    at = max(0, at - start)
    begin = max(0, min(at - EXCERPT // 3, len(line) - EXCERPT))
    cut = line[begin : begin + EXCERPT]
    return f"{'…' if begin else ''}{visible_text(cut)}{'…' if begin + EXCERPT < len(line) else ''}"
