"""Removes the volatile parts of replies, which differ from one conversation to the next.

Queue IDs, session IDs, dates, times, host names, addresses and large numbers are replaced with a
placeholder in angle brackets, so that only meaningful differences remain.
"""

from __future__ import annotations

import re

_DAYS = "Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_ENHANCED = re.compile(r"\A[245]\.\d{1,3}\.\d{1,3}(?= |\Z)")
# In this order, as a date contains times and numbers. None backtracks: a line is read once.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(text, re.IGNORECASE | re.ASCII))
    for name, text in (
        ("<date>", rf"\b(?:(?:{_DAYS}),? +)?\d{{1,2}} +(?:{_MONTHS}) +\d{{4}}\b"),
        ("<date>", rf"\b(?:{_DAYS}),? +(?:{_MONTHS}) +\d{{1,2}}\b"),
        ("<date>", r"\b\d{4}[-/]\d\d[-/]\d\d(?:T[\d:.]++(?:Z|[+-]\d\d:?\d\d)?)?(?!\w)"),
        ("<time>", r"\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d++)?)?(?: *(?:Z\b|[+-]\d{4}|\([A-Z]{2,5}\)))*"),
        ("<time>", r"\b\d{1,9}(?:\.\d{1,9})? ?(?:ms|msec|secs?|seconds?|s)\b"),
        ("<address>", r"\[(?:IPv6:)?[0-9a-f.:]{3,45}\](?::\d+)?"),
        ("<address>", r"\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d+)?"),
        ("<address>", r"(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}|:)(?![\w:])"),
        ("<id>", r"(?<=message )\d++(?= (?:accepted|delivered|queued|received)\b)"),
        ("<id>", r"(?<=queued as )\w++|(?<=queued with id )\w++"),
    )
)  # fmt: skip
_WORD = re.compile(r"(?P<mail>[\w.+/=$-]++@[\w.-]++)|[\w.+/-]++", re.ASCII)
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.){1,20}[a-z][a-z0-9-]{0,61}[a-z0-9]\.?", re.I | re.ASCII)
LONGEST = 4000  # characters of a line that are read
_SHORTEST_ID, _FEWEST_DIGITS = 6, 2  # characters of an ID, and digits among them
_LONG_NUMBER = 5  # digits


def steady(line: str) -> str:
    """Return a line of a reply, given without its code, with its volatile parts replaced.

    An enhanced code at its beginning is not changed, and a run of spaces counts as one. Never
    raises.
    """
    text = " ".join(line[:LONGEST].split())
    code = _ENHANCED.match(text)
    kept = code[0] if code else ""
    text = text[len(kept) :]
    for name, pattern in _RULES:
        text = pattern.sub(name, text)
    return kept + _WORD.sub(_steady_word, text)


def _steady_word(found: re.Match[str]) -> str:
    """Return the placeholder for a host name, a queue or session ID, or a large number.

    Any other word is returned unchanged.
    """
    word = found[0]
    if found["mail"] is not None:
        local = word.partition("@")[0]
        return "<id>" if _is_id(local) or _is_number(local) else word
    bare = word.rstrip(".")
    behind = word[len(bare) :]
    if _HOST.fullmatch(bare):
        return "<host>" + behind
    if _is_number(bare):
        return "<number>" + behind
    return ("<id>" if _is_id(bare) else bare) + behind


def _is_id(word: str) -> bool:
    digits = sum(map(str.isdigit, word))
    letters = any(map(str.isalpha, word))
    return len(word) >= _SHORTEST_ID and digits >= _FEWEST_DIGITS and letters


def _is_number(word: str) -> bool:
    return len(word) >= _LONG_NUMBER and all(part.isdigit() for part in word.split("."))
