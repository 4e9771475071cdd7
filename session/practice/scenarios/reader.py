"""Reads scenarios from TOML, and reports every mistake in them with its line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import NamedTuple, cast

import msgspec

from ...private_file import open_regular
from ...toml_lines import Path, TomlMistake, lines_of, read_toml
from ...visible import visible_text
from .checks import SHOWN, differing, got, kinds_of, rule_faults
from .kinds import Kind, WrongValue
from .model import FRIENDLY, Rule, Scenario

LARGEST = 256 * 1024  # octets of a file
MOST_RULES = 200
Lookup = Callable[[str], Scenario | None]
"""Returns the scenario with this name, or None."""


class Mistake(NamedTuple):
    """A mistake in a file: its `line` number, counted from 1, and what is wrong (`text`)."""

    line: int
    text: str


class ScenarioError(ValueError):
    """Raised when a scenario cannot be used; `mistakes` lists everything that is wrong with it.

    The message describes the first mistake. `source` names the file that contains the mistakes.
    """

    def __init__(self, source: str, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = sorted(mistakes)
        self.source = source
        super().__init__(self.told()[0])

    def told(self) -> list[str]:
        """Return a sentence for each mistake, preceded by FILE:LINE."""
        return [f"{self.source}:{mistake.line}: {mistake.text}" for mistake in self.mistakes]


def read_file(file: FilePath, known: Lookup) -> Scenario:
    """Read a scenario from a user's file.

    Raises ScenarioError if the scenario is invalid, OSError if the file cannot be read.
    """
    source = visible_text(str(file))
    with os.fdopen(open_regular(file), "rb") as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ScenarioError(source, [Mistake(1, f"The file is larger than {LARGEST:,} octets.")])
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScenarioError(source, [Mistake(line, "The line is not valid UTF-8.")]) from None
    return read_text(text, source, FilePath(file).stem, known)


def read_text(text: str, source: str, name: str, known: Lookup) -> Scenario:
    """Read a scenario from a text. `known` finds the scenarios to which the text refers.

    Raises ScenarioError if the text is invalid.
    """
    text = text.replace("\r\n", "\n")
    table = parse(text, source)
    place = Place(lines_of(text))
    found = read_table(table, place, (), name, known)
    if place.mistakes:
        raise ScenarioError(source, place.mistakes)
    return found


def parse(text: str, source: str) -> dict[str, object]:
    """Parse the tables of a TOML text. Raises ScenarioError if it is not valid TOML."""
    try:
        return read_toml(text)
    except TomlMistake as mistake:
        message = f"This is not valid TOML: {mistake}."
        raise ScenarioError(source, [Mistake(mistake.line, message)]) from None


class Place:
    """The positions of the tables in a file, and the mistakes found in it."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = lines
        self.mistakes: list[Mistake] = []

    def wrong(self, path: Path, text: str) -> None:
        """Record a mistake at a key, or at the nearest table that encloses it."""
        while path and path not in self._lines:
            path = path[:-1]
        self.mistakes.append(Mistake(self._lines.get(path, 1), text))


def read_table(
    table: Mapping[str, object], place: Place, path: Path, name: str, known: Lookup
) -> Scenario:
    """Read a scenario from a table, recording mistakes in `place`."""
    base = FRIENDLY
    like = table.get("like")
    if like is not None:
        found = known(like) if isinstance(like, str) else None
        if found is None:
            place.wrong((*path, "like"), f"like must be the name of a scenario; {got(like)}")
        base = found or base
    values = _values(table, place, path, fields_of(Scenario), ("like", "rule"), "scenario")
    hop = values.get("next_hop")
    if isinstance(hop, str) and hop and known(hop) is None:
        place.wrong((*path, "next-hop"), f"next-hop must be the name of a scenario; {got(hop)}")
    rules = _rules(table.get("rule", []), place, (*path, "rule"))
    return msgspec.structs.replace(base, **values, name=name, rules=(*rules, *base.rules))


def _rules(tables: object, place: Place, path: Path) -> list[Rule]:
    listed = cast("list[object]", tables) if isinstance(tables, list) else None
    if listed is None or not all(isinstance(each, dict) for each in listed):
        place.wrong(path, f"A rule must begin with [[rule]]; {got(cast(object, tables))}")
        return []
    rules: list[Rule] = []
    if len(cast("list[object]", tables)) > MOST_RULES:
        place.wrong(path, f"A scenario may have at most {MOST_RULES} rules.")
    for number, table in enumerate(cast("list[dict[str, object]]", tables)):
        here = (*path, number)
        values = _values(table, place, here, fields_of(Rule), (), "rule")
        if "on" not in table:
            place.wrong(here, "The rule must have on, the command or event that it answers.")
        elif "on" in values:
            mistaken = {key.replace("-", "_") for key in table} - set(values)
            faults = list(rule_faults(differing(Rule, values), _in_file, mistaken))
            for field, text in faults:
                place.wrong((*here, _in_file(field)) if field else here, text)
            if not faults and not mistaken:
                rules.append(Rule(**values))  # pyright: ignore[reportArgumentType]: read by their kinds
    return rules


def _values(
    table: Mapping[str, object],
    place: Place,
    path: Path,
    fields: Mapping[str, Kind],
    others: tuple[str, ...],
    what: str,
) -> dict[str, object]:
    """Return the values of a table's fields, keyed by their names in the model.

    Mistakes are recorded in `place`.
    """
    values: dict[str, object] = {}
    for key, value in table.items():
        if key in others:
            continue
        kind = fields.get(key)
        if kind is None:
            near = get_close_matches(key, [*fields, *others], 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            shown = visible_text(key)[:SHOWN]
            place.wrong((*path, key), f"A {what} has no field {shown}.{meant}")
            continue
        try:
            values[key.replace("-", "_")] = kind.read(value)
        except WrongValue as wrong:
            place.wrong((*path, key), f"{key} must be {wrong}; {got(value)}")
    return values


def fields_of(model: type[msgspec.Struct]) -> dict[str, Kind]:
    """Return the kinds of a model's fields, keyed by their names in a file."""
    return {_in_file(name): kind for name, kind in kinds_of(model).items()}


def _in_file(name: str) -> str:
    return name.replace("_", "-")
