"""Aligns two conversations by pairing turns that have the same command.

The alignment chosen has the highest score. A pair with the same verb scores, and a pair with the
same line scores more. The choice does not depend on which conversation comes first, even if several
alignments have the highest score.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Sequence
from typing import NamedTuple

WINDOW = 700
"""The maximum number of turns aligned together; the work grows quadratically with it."""
_VERB, _LINE = 2, 3  # the score of a pair


class Key(NamedTuple):
    """The parts of a turn that are compared: the verb, and the relevant part of the line."""

    verb: Hashable
    line: Hashable = ""


Pair = tuple[int | None, int | None]


def align(left: Sequence[Key], right: Sequence[Key]) -> list[Pair]:
    """Return pairs of indices of aligned turns, in order.

    If a conversation has no matching turn, its index is None. Between two pairs of matching turns,
    turns only in `left` come before turns only in `right`.
    """
    first = 0
    most = min(len(left), len(right))
    while first < most and left[first] == right[first]:
        first += 1
    behind = 0
    while behind < most - first and left[-1 - behind] == right[-1 - behind]:
        behind += 1
    pairs: list[Pair] = [(number, number) for number in range(first)]
    end, other_end = len(left) - behind, len(right) - behind
    at, other = first, first
    while at < end or other < other_end:
        to, other_to = min(at + WINDOW, end), min(other + WINDOW, other_end)
        pairs += _window(left, right, at, to, other, other_to)
        at, other = to, other_to
    pairs += [(end + number, other_end + number) for number in range(behind)]
    return pairs


def _window(
    left: Sequence[Key], right: Sequence[Key], at: int, to: int, other: int, other_to: int
) -> list[Pair]:
    mine, theirs = left[at:to], right[other:other_to]
    # Of several alignments with the same score one is chosen, whichever side comes first.
    if _order(theirs) < _order(mine):
        mates = [(one, two) for two, one in _best(theirs, mine)]
    else:
        mates = _best(mine, theirs)
    pairs: list[Pair] = []
    one = two = 0
    for mate, other_mate in (*mates, (len(mine), len(theirs))):
        pairs += [(at + number, None) for number in range(one, mate)]
        pairs += [(None, other + number) for number in range(two, other_mate)]
        if mate < len(mine) and other_mate < len(theirs):
            pairs.append((at + mate, other + other_mate))
        one, two = mate + 1, other_mate + 1
    return pairs


def _order(keys: Sequence[Key]) -> list[str]:
    return [repr(key) for key in keys]


def _best(left: Sequence[Key], right: Sequence[Key]) -> list[tuple[int, int]]:
    """Return the pairs of matching turns in an alignment with the highest score."""
    wide = len(right) + 1
    # rest[i * wide + j]: the highest score of left[i:] and right[j:]
    rest = array("q", bytes(8 * (len(left) + 1) * wide))
    for i in range(len(left) - 1, -1, -1):
        key, row, below = left[i], i * wide, (i + 1) * wide
        for j in range(len(right) - 1, -1, -1):
            best = max(rest[below + j], rest[row + j + 1])
            score = _score(key, right[j])
            if score:
                best = max(best, score + rest[below + j + 1])
            rest[row + j] = best
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(left) and j < len(right):
        score = _score(left[i], right[j])
        here = rest[i * wide + j]
        if score and here == score + rest[(i + 1) * wide + j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif here == rest[(i + 1) * wide + j]:
            i += 1
        else:
            j += 1
    return found


def _score(one: Key, other: Key) -> int:
    if one.verb != other.verb:
        return 0
    return _LINE if one.line == other.line else _VERB
