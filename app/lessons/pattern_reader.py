"""Reads the patterns of a lesson: TOML tables with the words of `vocabulary`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from . import values
from .mistakes import listed, nearest
from .model import ONCE, Count, Pattern
from .table import Table, kind_of
from .vocabulary import COMMON, DISTINCT, JOINTS, KINDS, UnknownWord

DEEPEST = 8  # patterns within patterns


def read_patterns(table: Table, key: str, depth: int = 0) -> Pattern:
    """Read the patterns under `key` of a table, and return a pattern that requires all of them.

    A single pattern is allowed instead of a list.
    """
    line = table.line_of(key)
    found = [_pattern(each, depth) for each in table.tables(key, "a pattern")]
    parts = tuple(each for each in found if each is not None)
    if len(parts) == 1 and not parts[0].never:
        return parts[0]
    return Pattern("all", parts=parts, line=line)


def _pattern(table: Table, depth: int) -> Pattern | None:
    if depth > DEEPEST:
        table.wrong("Patterns are nested too deeply.")
        return None
    kind = _kind(table)
    if not kind:
        return None
    if kind in JOINTS:
        table.known((kind,))
        joined = read_patterns(table, kind, depth + 1)
        parts = joined.parts if joined.kind == "all" else (joined,)
        if not parts:
            table.wrong(f'"{kind}" must join at least one pattern.', kind)
        return Pattern(kind, parts=parts, line=table.line)
    keys = KINDS[kind].keys
    table.known((kind, *keys, *COMMON))
    where: dict[str, Any] = {}
    for key, convert in ((kind, KINDS[kind].value), *keys.items()):
        if key in table.values:
            _convert(table, key, convert, where)
    if kind not in where:
        return None
    never = table.flag("never")
    if kind == "clean":
        kind, never, where = "bad", True, {"bad": where["clean"]}
    return Pattern(kind, where, (), _times(table, never), _distinct(table), never, table.line)


def _kind(table: Table) -> str:
    """Return the kind of a pattern. If it is unclear, record a mistake and return "".

    A word such as `line` is both a kind and a key of other kinds.
    """
    said = list(table.values)
    kinds = [key for key in said if key in KINDS or key in JOINTS]
    for kind in kinds:
        keys = (kind, *COMMON, *(KINDS[kind].keys if kind in KINDS else ()))
        if all(key in keys for key in said):
            return kind
    known = (*KINDS, *JOINTS)
    if not said:
        table.wrong(f"This pattern is empty. Kinds are {listed(known)}.")
    elif said[0] not in known:
        hint = nearest(said[0], known) or f". Kinds are {listed(known)}."
        table.wrong(f'"{said[0]}" is not a kind of pattern{hint}', said[0])
    elif others := [key for key in kinds[1:] if key not in KINDS or key not in _keys_of(said[0])]:
        table.wrong(
            f"A pattern must have one kind; {said[0]} and {others[0]} are two. Use two patterns.",
            others[0],
        )
    else:
        return said[0]
    return ""


def _keys_of(kind: str) -> Collection[str]:
    return KINDS[kind].keys if kind in KINDS else ()


def _convert(table: Table, key: str, convert: Any, where: dict[str, Any]) -> None:
    value = table.values[key]
    try:
        where[key] = convert(value)
    except UnknownWord as error:
        table.wrong(str(error), key)
    except ValueError as error:
        table.wrong(f'"{key}" must be {error}, not {kind_of(value)}.', key)


def _times(table: Table, never: bool) -> Count:
    if "times" not in table.values:
        return ONCE
    if never:
        table.wrong('"times" and "never" cannot be combined.', "times")
    where: dict[str, Any] = {}
    _convert(table, "times", values.count, where)
    found: Count = where.get("times", ONCE)
    if found.most is not None and found.most < found.least:
        table.wrong(f'"times" can never be met: {table.values["times"]}.', "times")
    elif found.most == 0:
        table.wrong('"times" is at most 0: use never = true instead.', "times")
    return found


def _distinct(table: Table) -> str:
    value = table.values.get("distinct", "")
    if value and (not isinstance(value, str) or value not in DISTINCT):
        hint = nearest(str(value), DISTINCT) or f". Use {', '.join(DISTINCT)}."
        table.wrong(f'"distinct" must name a property, not {kind_of(value)}{hint}', "distinct")
        return ""
    return value
