"""Every pattern that reads logs takes time in proportion to the length of the line.

Hostile lines are derived from each pattern: text that it matches up to some place, followed by many
copies of a part that can be repeated, so that each repetition has as many ways to match as
possible.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from heloscope.session import foreign
from heloscope.session.foreign.log import read_log
from support.rows import for_each

# How Python has parsed a pattern: modules that have no types.
op: Any = importlib.import_module("re._constants")
parser: Any = importlib.import_module("re._parser")
MANY = 20  # times; what is repeated at least so often counts as repeated without end
SIZE = 1_500  # characters of the shorter line; the longer one has four times as many
SAMPLES = "a12 A:-/.]<>\t[(F_\"'"


def patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns in the modules of session/foreign, each under the first of its names."""
    found: dict[str, re.Pattern[str]] = {}

    def take(name: str, value: object) -> None:
        if isinstance(value, re.Pattern):
            found.setdefault(value.pattern, value)
            names.setdefault(value.pattern, name)
        elif isinstance(value, tuple):
            for number, each in enumerate(value):
                take(f"{name}-{number}", each)

    names: dict[str, str] = {}
    for module in pkgutil.iter_modules(foreign.__path__):
        content = vars(importlib.import_module(f"{foreign.__name__}.{module.name}"))
        for name, value in content.items():
            take(f"{module.name}.{name}", value)
    return {names[text]: pattern for text, pattern in found.items()}


def shortest(tree: Any) -> str:
    """Return a short text that this part of a pattern matches."""
    text = ""
    for kind, value in tree:
        match kind:
            case op.LITERAL:
                text += chr(value)
            case op.NOT_LITERAL | op.ANY | op.IN:
                text += matching(kind, value)[0]
            case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
                text += shortest(value[2]) * value[0]
            case op.SUBPATTERN:
                text += shortest(value[3])
            case op.ATOMIC_GROUP:
                text += shortest(value)
            case op.BRANCH:
                text += shortest(value[1][0])
            case _:
                pass
    return text


def matching(kind: Any, value: Any) -> list[str]:
    """Return characters that match at one place of a pattern."""
    if kind is op.ANY:
        return list("a 1:/\t")
    if kind is op.NOT_LITERAL:
        return [char for char in "ab" if ord(char) != value]
    inside = [each for each in value if each[0] is not op.NEGATE]
    literal = "".join(re.escape(chr(each)) for name, each in inside if name is op.LITERAL)
    ranges = "".join(
        f"{re.escape(chr(each[0]))}-{re.escape(chr(each[1]))}"
        for name, each in inside
        if name is op.RANGE
    )
    classes = {
        op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s",
        op.CATEGORY_NOT_SPACE: r"\S", op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
    }  # fmt: skip
    named = "".join(classes[each] for name, each in inside if name is op.CATEGORY)
    one = re.compile(f"[{'^' if len(inside) < len(value) else ''}{literal}{ranges}{named}]")
    return [c for c in SAMPLES if one.match(c)] or [
        chr(each) for n, each in inside if n is op.LITERAL
    ]


def repeated(tree: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Yield each unlimited repetition in a pattern: the text before it, and what is repeated."""
    for kind, value in tree:
        match kind:
            case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
                least, most, body = value
                if most is op.MAXREPEAT or most >= MANY:
                    yield before, shortest(body)
                    if len(body) == 1 and body[0][0] in (op.IN, op.ANY):
                        yield from ((before, char) for char in matching(*body[0]))
                yield from repeated(body, before)
                before += shortest(body) * least
            case op.SUBPATTERN:
                yield from repeated(value[3], before)
                before += shortest(value[3])
            case op.ATOMIC_GROUP:
                yield from repeated(value, before)
                before += shortest(value)
            case op.BRANCH:
                for each in value[1]:
                    yield from repeated(each, before)
                before += shortest(value[1][0])
            case _:
                before += shortest([(kind, value)])


def shapes(pattern: str) -> set[tuple[str, str]]:
    tree = parser.parse(pattern, re.DOTALL)
    whole = shortest(tree)
    found = {(before, again) for before, again in repeated(tree) if again}
    # All that `.*?X.*?Y` has found, again and again: X, and X with a beginning of Y.
    found |= {("", whole[:end]) for end in range(1, len(whole) + 1, 3)} if found else set()
    return found


def taken(pattern: re.Pattern[str], line: str) -> float:
    began = time.process_time()
    pattern.match(line)
    return time.process_time() - began


def slow(pattern: re.Pattern[str]) -> list[tuple[str, str, float]]:
    """Return the first repetition that takes disproportionately long, and its time, or nothing."""
    for before, again in shapes(pattern.pattern):
        short, long = (before + again * (size // len(again)) + "\0" for size in (SIZE, 4 * SIZE))
        once = min(taken(pattern, short) for _ in range(2))
        if once > 0.1:  # no need to wait for the longer one
            return [(before, again, once)]
        more = min(taken(pattern, long) for _ in range(2))
        if more > 10 * max(once, 0.0002):
            return [(before, again, more)]
    return []


PATTERNS = patterns()


@for_each(PATTERNS)
def test_a_pattern_takes_time_in_proportion_to_the_line(name: str):
    assert slow(PATTERNS[name]) == []


@pytest.mark.parametrize("pattern", [r".*?a\S*b\d", r" *(?:\d+ +)? {6,}x"])
def test_a_pattern_that_takes_more_is_found(pattern: str):
    assert slow(re.compile(pattern)) != []


def test_the_progress_meter_of_curl_is_removed_and_takes_no_time():
    meter = "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\r"
    log = f"* Connected to mx (192.0.2.1) port 25\n< 220 mx\r\n{meter}> EHLO me\r\n< 250 mx\r\n"
    talk = read_log((log + meter * 2000 + "\n").encode()).conversations[0].talk
    assert [entry.text.rstrip() for entry in talk if entry.said] == ["220 mx", "EHLO me", "250 mx"]
