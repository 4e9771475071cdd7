"""What `heloscope compare` prints: a diff of two conversations, or one JSON object.

Colour only on a terminal, and not where NO_COLOR is set.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TextIO

from ...session.comparison.differences import (
    KINDS,
    ComparedRow,
    Difference,
    command_of,
    count,
    turn_in_words,
)
from ...session.plural import plural
from ...session.visible import visible
from .reporting import wants_colour

LONGEST = 500  # characters of a side that are printed
_GONE, _ADDED, _HEAD = "31", "32", "36"


def print_rows(
    stream: TextIO, left: str, right: str, rows: Sequence[ComparedRow], *, everything: bool
) -> None:
    """Print what differs, each under its command; with `everything` what is the same, too."""
    colour = wants_colour(stream)

    def put(text: str, code: str = "") -> None:
        encoding = stream.encoding or "utf-8"
        text = text.encode(encoding, "backslashreplace").decode(encoding)
        stream.write(f"\x1b[{code}m{text}\x1b[m\n" if colour and code else f"{text}\n")

    put(f"--- {left}", _GONE)
    put(f"+++ {right}", _ADDED)
    same = 0
    for row in rows:
        if not row.differences and not everything:
            same += 1
            continue
        same = _told_same(put, same)
        whole = row.left is None or row.right is None
        if not whole:
            put(f"  {title_of(row)}", _HEAD if row.differences else "")
        for each in row.differences:
            name = "" if whole or each.kind in ("extension", "command") else f"{name_of(each)}: "
            indent = "" if whole else "  "
            for sign, text, code in (("-", each.left, _GONE), ("+", each.right, _ADDED)):
                if text or (not whole and not _only(each)):
                    put(f"{sign} {indent}{name}{text[:LONGEST]}".rstrip(), code)
    _told_same(put, same)
    put(counted(rows))


def _only(each: Difference) -> bool:
    """Whether one side alone has anything to show, so that an empty line says nothing more."""
    return not each.left or not each.right


def _told_same(put: object, same: int) -> int:
    if same and callable(put):
        put(f"  ({plural(same, '{} the same', '{} the same')})")
    return 0


def title_of(row: ComparedRow) -> str:
    """The command that both sides of a row have in common."""
    turn = row.turn
    if not row.differences:
        return turn_in_words(turn)
    return command_of(turn)


def name_of(each: Difference) -> str:
    """What differs: the kind, and its name if it has one."""
    kind = KINDS[each.kind]
    return f"{kind} {each.name}" if each.name else kind


def counted(rows: Sequence[ComparedRow]) -> str:
    """How many differences there are, and of which kinds, in a sentence."""
    found = count(rows)
    total = sum(found.values())
    if not total:
        return f"No differences in {plural(len(rows), '{} turn')}."
    kinds = ", ".join(f"{KINDS[kind]} {number}" for kind, number in found.items())
    return f"{plural(total, '{} difference')} in {plural(len(rows), '{} turn')}: {kinds}."


def print_json(stream: TextIO, left: str, right: str, rows: Sequence[ComparedRow]) -> None:
    """Print the object that README describes."""
    differences = [
        {
            "kind": each.kind,
            "name": each.name,
            "verb": row.turn.verb,
            "command": visible(row.turn.line),
            "left": each.left,
            "right": each.right,
        }
        for row in rows
        for each in row.differences
    ]
    found = {"left": left, "right": right, "turns": len(rows), "equal": not differences,
             "counts": count(rows), "differences": differences}  # fmt: skip
    stream.write(json.dumps(found) + "\n")
