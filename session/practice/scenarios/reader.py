"""Reads scenarios from TOML, and tells every mistake in them with its line."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path as FilePath
from typing import NamedTuple, cast, get_args, get_type_hints

import msgspec

from ...facts.commands import COMMANDS
from ...private_file import open_regular
from ...toml_lines import Path, TomlMistake, lines_of, read_toml
from ...visible import visible_text
from .kinds import Kind, WrongValue
from .model import EVENTS, FRIENDLY, Rule, Scenario

LARGEST = 256 * 1024  # octets of a file
MOST_RULES = 200
_SHOWN = 60  # characters of a value in a mistake
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
Lookup = Callable[[str], Scenario | None]
"""Finds a scenario by its name."""


class Mistake(NamedTuple):
    """A mistake in a file: its line, and what is wrong there."""

    line: int
    text: str


class ScenarioError(ValueError):
    """A scenario that cannot be used; `mistakes` has all of them, the message the first.

    `source` is the file that they are in.
    """

    def __init__(self, source: str, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = sorted(mistakes)
        self.source = source
        super().__init__(self.told()[0])

    def told(self) -> list[str]:
        """A sentence for each mistake, with FILE:LINE before it."""
        return [f"{self.source}:{mistake.line}: {mistake.text}" for mistake in self.mistakes]


def read_file(file: FilePath, known: Lookup) -> Scenario:
    """The scenario of a user's own file. Raises ScenarioError, and OSError if it is unreadable."""
    source = visible_text(str(file))
    with os.fdopen(open_regular(file), "rb") as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ScenarioError(source, [Mistake(1, f"The file has more than {LARGEST:,} octets.")])
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScenarioError(source, [Mistake(line, "The line is not valid UTF-8.")]) from None
    return read_text(text, source, FilePath(file).stem, known)


def read_text(text: str, source: str, name: str, known: Lookup) -> Scenario:
    """The scenario that a text describes; `known` finds those that it may be like.

    Raises ScenarioError.
    """
    text = text.replace("\r\n", "\n")
    table = parse(text, source)
    place = Place(lines_of(text))
    found = read_table(table, place, (), name, known)
    if place.mistakes:
        raise ScenarioError(source, place.mistakes)
    return found


def parse(text: str, source: str) -> dict[str, object]:
    """The tables of a TOML text. Raises ScenarioError."""
    try:
        return read_toml(text)
    except TomlMistake as mistake:
        message = f"This is not TOML: {mistake}."
        raise ScenarioError(source, [Mistake(mistake.line, message)]) from None


class Place:
    """Where the tables of a file stand, and the mistakes found in it."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = lines
        self.mistakes: list[Mistake] = []

    def wrong(self, path: Path, text: str) -> None:
        """Note a mistake at a key, or at the nearest table around it."""
        while path and path not in self._lines:
            path = path[:-1]
        self.mistakes.append(Mistake(self._lines.get(path, 1), text))


def read_table(
    table: Mapping[str, object], place: Place, path: Path, name: str, known: Lookup
) -> Scenario:
    """The scenario of a table; mistakes are noted at `place`."""
    base = FRIENDLY
    like = table.get("like")
    if like is not None:
        found = known(like) if isinstance(like, str) else None
        if found is None:
            place.wrong((*path, "like"), f"like must be the name of a scenario; {_got(like)}")
        base = found or base
    values = _values(table, place, path, fields_of(Scenario), ("like", "rule"), "scenario")
    hop = values.get("next_hop")
    if isinstance(hop, str) and hop and known(hop) is None:
        place.wrong((*path, "next-hop"), f"next-hop must be the name of a scenario; {_got(hop)}")
    rules = _rules(table.get("rule", []), place, (*path, "rule"))
    return msgspec.structs.replace(base, **values, name=name, rules=(*rules, *base.rules))


def _rules(tables: object, place: Place, path: Path) -> list[Rule]:
    listed = cast("list[object]", tables) if isinstance(tables, list) else None
    if listed is None or not all(isinstance(each, dict) for each in listed):
        place.wrong(path, f"A rule begins with [[rule]]; {_got(cast(object, tables))}")
        return []
    rules: list[Rule] = []
    if len(cast("list[object]", tables)) > MOST_RULES:
        place.wrong(path, f"A scenario has at most {MOST_RULES} rules.")
    for number, table in enumerate(cast("list[dict[str, object]]", tables)):
        here = (*path, number)
        values = _values(table, place, here, fields_of(Rule), (), "rule")
        if "on" not in table:
            place.wrong(here, "The rule needs on: the command or event that it answers.")
        elif "on" in values:
            rule = Rule(**values)  # pyright: ignore[reportArgumentType]: read by their kinds
            _check_rule(rule, table, place, here)
            rules.append(rule)
    return rules


def _check_rule(rule: Rule, table: Mapping[str, object], place: Place, path: Path) -> None:
    """Note what does not fit together in a rule."""
    for field, words in (("on", rule.on), ("but", rule.but)):
        for word in words:
            if word not in EVENTS and word != "*" and word.upper() not in _verbs():
                near = get_close_matches(word.upper(), _verbs(), 1)
                meant = f" Did you mean {near[0]}?" if near else ""
                place.wrong((*path, field), f"{visible_text(word)[:_SHOWN]} is neither a command "
                                            f"nor one of {', '.join(EVENTS)}.{meant}")  # fmt: skip
    if rule.reply and rule.silent:
        place.wrong((*path, "silent"), "A rule has a reply or is silent, not both.")
    if not set(table) & _ACTIONS:
        place.wrong(path, f"The rule does nothing; it needs one of {', '.join(sorted(_ACTIONS))}.")
    if rule.but and "*" not in rule.on:
        place.wrong((*path, "but"), 'but goes with on = "*" only.')
    if "within" in table and not rule.more_than:
        place.wrong((*path, "within"), "within needs more-than: a count in that time.")
    if rule.octets and rule.on != ("text",):
        place.wrong((*path, "octets"), 'octets goes with on = "text" only.')
    for field in ("reply", "also"):
        for line in getattr(rule, field):
            unknown = [word for word in _PLACEHOLDER.findall(line) if word not in PLACEHOLDERS]
            if unknown:
                place.wrong((*path, field), f"{{{unknown[0]}}} stands for nothing; there are "
                            f"{', '.join(f'{{{word}}}' for word in PLACEHOLDERS)}.")  # fmt: skip
    if "text" in rule.on and (rule.reply or rule.carry_out):
        place.wrong(path, 'A rule on = "text" may only wait and close: no reply is due then.')


def _values(
    table: Mapping[str, object],
    place: Place,
    path: Path,
    fields: Mapping[str, Kind],
    others: tuple[str, ...],
    what: str,
) -> dict[str, object]:
    """The values of a table's fields, by the names of the model."""
    values: dict[str, object] = {}
    for key, value in table.items():
        if key in others:
            continue
        kind = fields.get(key)
        if kind is None:
            near = get_close_matches(key, [*fields, *others], 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            shown = visible_text(key)[:_SHOWN]
            place.wrong((*path, key), f"A {what} has no field {shown}.{meant}")
            continue
        try:
            values[key.replace("-", "_")] = kind.read(value)
        except WrongValue as wrong:
            place.wrong((*path, key), f"{key} must be {wrong}; {_got(value)}")
    return values


@cache
def fields_of(model: type[msgspec.Struct]) -> dict[str, Kind]:
    """The fields of a model as they are written in a file, with their kinds."""
    hints = get_type_hints(model, include_extras=True)
    return {
        name.replace("_", "-"): cast(Kind, get_args(hint)[1])
        for name, hint in hints.items()
        if hasattr(hint, "__metadata__")
    }


@cache
def _verbs() -> frozenset[str]:
    return frozenset(COMMANDS)


def _got(value: object) -> str:
    shown = visible_text(repr(value))
    return f"got {shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + '…'}."


PLACEHOLDERS = ("hello", "address", "verb", "user")
_ACTIONS = frozenset(("reply", "also", "silent", "delay", "pieces", "close", "reset"))
