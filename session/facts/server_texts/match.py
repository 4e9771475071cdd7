"""What the words of a reply usually mean, where a server's own say more than its codes.

One table in three files, by who says it: providers, programs, filters and what many have in common.
The first row that fits a reply counts. Whatever a server says is only ever looked for in: the
time grows with the length of the reply, of which a beginning counts, and nothing raises.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

LONGEST = 4000  # octets of a reply that are looked at


class Words(NamedTuple):
    """A row.

    `family` says whose words they are. `codes`: one of these has to be in the reply, a code or an
    enhanced code; `5xx` is any of a class, `x.7.1` any class, `5.7.6*` whatever begins so, and
    empty is any at all. `says`: one of these (between ` | `) has to stand in it, in small letters,
    whatever stands where `…` does. `sure` is False for what is known at second hand.
    """

    key: str
    family: str
    codes: str
    says: str
    means: str
    try_next: str
    sure: bool = True


def recognise(code: int, enhanced: str | None, text: bytes) -> Words | None:
    """The row for a reply; None where nobody's words are known in it.

    `text` is the reply with or without its codes, its lines apart.
    """
    said = _joined(code, enhanced, text)
    return next(
        (
            row
            for row, codes, says in _table()
            if (not codes or _has(codes, f"{code:03}", enhanced or ""))
            and any(_stands_in(said, parts) for parts in says)
        ),
        None,
    )


def _joined(code: int, enhanced: str | None, text: bytes) -> str:
    """A reply in one line of small letters, its codes once, before the words."""
    lines = text[:LONGEST].decode("utf-8", "replace").splitlines()
    words = [_CODES.sub("", line, count=1) for line in lines]
    head = f"{code:03} {enhanced}" if enhanced else f"{code:03}"
    return " ".join(f"{head} {' '.join(words)}".lower().split()) + " "


_CODES = re.compile(r"\A(?:[2-5]\d\d[ -])?(?:[245]\.\d{1,3}\.\d{1,3}(?=\s|\Z))?")


def _has(codes: tuple[str, ...], code: str, enhanced: str) -> bool:
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


def _stands_in(said: str, parts: tuple[str, ...]) -> bool:
    """Whether the parts stand in `said`, one behind the other."""
    at = 0
    for part in parts:
        at = said.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


Compiled = tuple[Words, tuple[str, ...], tuple[tuple[str, ...], ...]]


@cache
def _table() -> tuple[Compiled, ...]:
    from .filters import FILTERS
    from .programs import PROGRAMS
    from .providers import PROVIDERS

    return tuple(
        (
            row,
            tuple(row.codes.split()),
            tuple(tuple(one.split(" … ")) for one in row.says.split(" | ")),
        )
        for row in (*PROVIDERS, *PROGRAMS, *FILTERS)
    )


def rows() -> tuple[Words, ...]:
    """Every row, in the order in which they are tried."""
    return tuple(row for row, _, _ in _table())
