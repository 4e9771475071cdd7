"""Matches a reply's text against the rules for what servers write beyond their codes.

The rules stand in three tables: providers, programs, and filters with the texts that many servers
have in common. They are tried in that order, and the first rule that matches counts. Only the
first `LONGEST` octets of a reply are searched, in time proportional to their number, and no reply
raises.
"""

from __future__ import annotations

import re
from functools import cache

from .filters import FILTERS
from .programs import PROGRAMS
from .providers import PROVIDERS
from .row import TextRule

LONGEST = 4000  # octets of a reply that are searched


def recognise(code: int, enhanced: str | None, text: bytes) -> TextRule | None:
    """The first rule that matches a reply; None if no rule does.

    `text` is the text of the reply, its lines separated by newlines, with or without the codes.
    """
    joined = _joined(code, enhanced, text)
    return next(
        (
            rule
            for rule, codes, phrases in _table()
            if (not codes or _code_matches(codes, f"{code:03}", enhanced or ""))
            and any(_contains(joined, parts) for parts in phrases)
        ),
        None,
    )


def _joined(code: int, enhanced: str | None, text: bytes) -> str:
    """A reply as one line in lower case: its codes once, then its text."""
    lines = text[:LONGEST].decode("utf-8", "replace").splitlines()
    words = [_CODES.sub("", line, count=1) for line in lines]
    head = f"{code:03} {enhanced}" if enhanced else f"{code:03}"
    return " ".join(f"{head} {' '.join(words)}".lower().split()) + " "


_CODES = re.compile(r"\A(?:[2-5]\d\d[ -])?(?:[245]\.\d{1,3}\.\d{1,3}(?=\s|\Z))?")


def _code_matches(codes: tuple[str, ...], code: str, enhanced: str) -> bool:
    return any(
        wanted in (code, enhanced)
        or (wanted.endswith("xx") and code.startswith(wanted[0]))
        or (wanted.endswith("*") and _of_any_class(wanted[:-1], enhanced, whole=False))
        or (wanted.startswith("x.") and _of_any_class(wanted, enhanced, whole=True))
        for wanted in codes
    )


def _of_any_class(wanted: str, enhanced: str, *, whole: bool) -> bool:
    if wanted.startswith("x."):
        wanted, enhanced = wanted[1:], enhanced[1:]
    return wanted == enhanced if whole else bool(enhanced) and enhanced.startswith(wanted)


def _contains(text: str, parts: tuple[str, ...]) -> bool:
    """Whether `text` contains the parts, in this order and without overlap."""
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


_Compiled = tuple[TextRule, tuple[str, ...], tuple[tuple[str, ...], ...]]


@cache
def _table() -> tuple[_Compiled, ...]:
    return tuple(
        (
            rule,
            tuple(rule.codes.split()),
            tuple(tuple(one.split(" … ")) for one in rule.says.split(" | ")),
        )
        for rule in rules()
    )


def rules() -> tuple[TextRule, ...]:
    """Every rule, in the order in which they are tried."""
    return (*PROVIDERS, *PROGRAMS, *FILTERS)
