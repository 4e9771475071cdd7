"""The scenarios by name: those of `catalogue.toml`, and a user's own files.

The name of a variant follows a colon, as in `hang-up:text`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import cast

from msgspec import structs

from ...toml_lines import lines_of
from ...visible import visible_text
from . import reader
from .model import FRIENDLY, Scenario
from .reader import Mistake, Place, ScenarioError

CATALOGUE = "catalogue.toml"


class _Scenarios(Mapping[str, Scenario]):
    """Every scenario by name, in the order of the catalogue, which is read on first use."""

    def __getitem__(self, name: str) -> Scenario:
        return _catalogue()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_catalogue())

    def __len__(self) -> int:
        return len(_catalogue())


SCENARIOS: Mapping[str, Scenario] = _Scenarios()


def named(name: str) -> Scenario:
    """Return the scenario with this name. Raises LookupError, whose message is a sentence."""
    found = SCENARIOS.get(name)
    if found is None:
        near = get_close_matches(name, SCENARIOS, 1)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise LookupError(f"Unknown scenario {visible_text(name)[:60]}.{meant}")
    return found


def read_scenario(file: str | Path) -> Scenario:
    """Read a scenario from a user's file.

    Raises ScenarioError if the scenario is invalid, OSError if the file cannot be read.
    """
    return reader.read_file(Path(file), SCENARIOS.get)


def read_text(text: str, source: str = "scenario", name: str = "own") -> Scenario:
    """Read a scenario from a TOML text. Raises ScenarioError if the text is invalid."""
    return reader.read_text(text, source, name, SCENARIOS.get)


def with_fields(scenario: Scenario, fields: Mapping[str, object]) -> Scenario:
    """Return a scenario with some fields replaced; `fields` are named as in a file.

    Raises ScenarioError if a field or its value is invalid.
    """
    place = Place({})
    table = {"like": scenario.name, **fields}
    found = reader.read_table(table, place, (), scenario.name, lambda _: scenario)
    if place.mistakes:
        raise ScenarioError(scenario.name, place.mistakes)
    return found


@cache
def _catalogue() -> dict[str, Scenario]:
    text = files(__package__ or "").joinpath(CATALOGUE).read_text(encoding="utf-8")
    table = reader.parse(text, CATALOGUE)
    place = Place(lines_of(text))
    found = {FRIENDLY.name: FRIENDLY}
    for name, entry in table.items():
        fields = dict(cast("dict[str, object]", entry))
        variants = cast("dict[str, dict[str, object]]", fields.pop("variant", {}))
        found[name] = reader.read_table(fields, place, (name,), name, found.get)
        for word, changes in variants.items():
            whole = f"{name}:{word}"
            at = (name, "variant", word)
            variant = reader.read_table({"like": name, **changes}, place, at, whole, found.get)
            own = variant.rules[: len(variant.rules) - len(found[name].rules)]
            found[whole] = structs.replace(variant, rules=own) if own else variant
    if place.mistakes:
        raise ScenarioError(CATALOGUE, place.mistakes)
    return found


__all__ = [
    "SCENARIOS",
    "Mistake",
    "ScenarioError",
    "named",
    "read_scenario",
    "read_text",
    "with_fields",
]
