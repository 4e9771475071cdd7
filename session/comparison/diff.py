"""A comparison as text: as the lines of a diff, or in two columns side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from ..plural import plural
from ..protocol.dialogue import Turn, TurnReply
from ..verbs import GREETINGS
from ..visible import visible
from .alignment import Key, align
from .differences import KINDS, ComparedRow, Difference, command_of, count, turn_in_words
from .volatile import steady

LONGEST = 500  # characters of a line
MOST_LINES = 200  # of a turn, side by side
UNSEEN = "not in the other log"
SAME, CHANGED, LEFT, RIGHT = " ", "~", "-", "+"
"""The marks of a line: alike on both sides, different, only on the left, only on the right."""


def diff_lines(
    rows: Sequence[ComparedRow], *, everything: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield (mark, text) for each line of a diff.

    CHANGED marks a command with differences below it. Turns without differences are shown if
    `everything` is true, and otherwise only counted.
    """
    same = 0
    for row in rows:
        if not row.differences and not everything and not row.unseen:
            same += 1
            continue
        if same:
            yield SAME, f"({same:,} the same)"
        same = 0
        whole = row.left is None or row.right is None
        if row.unseen:
            yield SAME, f"{turn_in_words(row.turn)[:LONGEST]} ({UNSEEN})"
        elif not row.differences:
            yield SAME, turn_in_words(row.turn)
        elif not whole:
            yield CHANGED, command_of(row.turn)
        for each in row.differences:
            named = whole or each.kind in ("extension", "command")
            name = "" if named else f"{name_of(each)}: "
            indent = "" if whole else "  "
            one_side = not each.left or not each.right
            for mark, text in ((LEFT, each.left), (RIGHT, each.right)):
                if text or not one_side:
                    yield mark, f"{indent}{name}{text[:LONGEST]}"
    if same:
        yield SAME, f"({same:,} the same)"


def name_of(each: Difference) -> str:
    """Return the name of a difference: its kind and, if an item is named, that item's name."""
    kind = KINDS[each.kind]
    return f"{kind} {each.name}" if each.name else kind


def counted(rows: Sequence[ComparedRow]) -> str:
    """Return the number of differences of each kind as a sentence."""
    found = count(rows)
    total = sum(found.values())
    if not total:
        return f"No differences in {plural(len(rows), '{} turn')}."
    kinds = ", ".join(f"{KINDS[kind]} {number}" for kind, number in found.items())
    return f"{plural(total, '{} difference')} in {plural(len(rows), '{} turn')}: {kinds}."


class SideLine(NamedTuple):
    """A line in two columns: its mark, and the text on each side, safe to show."""

    mark: str
    left: str
    right: str


def side_by_side(row: ComparedRow) -> list[SideLine]:
    """Return the lines of a turn in two columns: the command, then each line of the replies.

    The extensions in EHLO replies are paired by keyword.
    """
    if row.unseen:
        lines = list(zip_longest(_lines(row.turn), [UNSEEN], fillvalue=""))
        return [SideLine(SAME, b, a) if row.left is None else SideLine(SAME, a, b)
                for a, b in lines]  # fmt: skip
    if row.left is None:
        return [SideLine(RIGHT, "", text) for text in _lines(row.turn)]
    if row.right is None:
        return [SideLine(LEFT, text, "") for text in _lines(row.turn)]
    named = _command(row.left), _command(row.right)
    changed = {each.kind for each in row.differences} & {"command", "tls", "end"}
    found = [SideLine(CHANGED if changed else SAME, *named)]
    for one, other in zip_longest(row.left.replies, row.right.replies):
        found += _of_reply(row.turn, one, other, bool(row.differences))
    return found[:MOST_LINES]


def _of_reply(
    turn: Turn, one: TurnReply | None, other: TurnReply | None, differs: bool
) -> list[SideLine]:
    left, right = _reply_lines(one), _reply_lines(other)
    first = turn.verb in GREETINGS
    keys = [[Key(_keyword(text, number, first), text) for number, text in enumerate(lines)]
            for lines in (left, right)]  # fmt: skip
    found: list[SideLine] = []
    for a, b in align(keys[0], keys[1]):
        if a is None or b is None:
            text = left[a] if a is not None else right[b or 0]
            mark = LEFT if b is None else RIGHT
            found.append(SideLine(mark, text if b is None else "", text if a is None else ""))
        else:
            same = not differs or steady(left[a][4:]) == steady(right[b][4:])
            mark = SAME if same and left[a][:3] == right[b][:3] else CHANGED
            found.append(SideLine(mark, left[a], right[b]))
    return found


def _keyword(text: str, number: int, greeting: bool) -> str:
    """Return the key that pairs lines of replies: the keyword for EHLO, else the line number."""
    if not greeting or not number:
        return str(number)
    return f" {text[4:].split(' ', 1)[0].upper()}"


def _lines(turn: Turn) -> list[str]:
    said = [line for reply in turn.replies for line in _reply_lines(reply)]
    return [_command(turn), *said][:MOST_LINES]


def _command(turn: Turn) -> str:
    if turn.event is not None:
        return turn_in_words(turn)[:LONGEST]
    return command_of(turn)[:LONGEST]


def _reply_lines(reply: TurnReply | None) -> list[str]:
    if reply is None:
        return []
    code = f"{reply.code:03d}" if reply.code >= 0 else "???"
    return [f"{code} {visible(line)[:LONGEST]}" for line in reply.lines[:MOST_LINES]]
