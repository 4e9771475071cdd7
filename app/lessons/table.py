"""A TOML table of a lesson: returns checked values, and records mistakes with their lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from typing import Any

from ...session.toml_lines import Path, TomlMistake, lines_of, read_toml
from .document import Block
from .mistakes import Mistakes, nearest
from .values import as_list, as_table

OUTER = ("scenario", "connect", "setup", "continues", "goal", "pass", "fail", "hints", "original")
"""The keys of a step that must not follow [[...]], since TOML would assign them to that table."""

_JOINED = re.compile(r"[a-z]{2,}[,.;:]?\\\Z")
"""The end of a line that a backslash joins to the next one without a space."""
_NO_TOML = re.compile(r"#{2,3} \S|```")
"""The beginning of a line that shows that the preceding block was not closed."""


class Table:
    """A TOML table that begins on line `line`. Mistakes refer to the table by `name`."""

    def __init__(
        self,
        values: Mapping[str, Any],
        lines: Mapping[Path, int],
        path: Path,
        line: int,
        name: str,
        mistakes: Mistakes,
    ) -> None:
        self.values = values
        self.line = line
        self.name = name
        self.mistakes = mistakes
        self._lines = lines
        self._path = path

    def line_of(self, *keys: str | int) -> int:
        """Return the line of the key at the path `keys`, or of the nearest key that encloses it."""
        path = self._path
        found = self.line
        for key in keys:
            path = (*path, key)
            found = self._lines.get(path, found)
        return found

    def wrong(self, text: str, *keys: str | int) -> None:
        """Record the mistake `text` on the line of the key at the path `keys`."""
        self.mistakes.add(self.line_of(*keys), text)

    def known(self, keys: Collection[str]) -> None:
        """Record a mistake for each key that is not in `keys`."""
        for key in self.values:
            if key not in keys:
                hint = nearest(key, keys) or "."
                if self._path and key in OUTER and key not in keys:
                    hint = ". It belongs to the step: it must be above the first [[ ]]."
                self.wrong(f'Unknown key "{key}" in {self.name}{hint}', key)

    def text(self, key: str, *, needed: bool = False) -> str:
        """Return the text at a key, or "" if the key is missing."""
        value = self.values.get(key)
        if value is None:
            if needed:
                self.wrong(f'"{key}" is missing in {self.name}.')
            return ""
        if not isinstance(value, str):
            self._type(key, "a text", value)
            return ""
        if not value.strip():
            self.wrong(f'"{key}" is empty.', key)
        return value.strip()

    def flag(self, key: str) -> bool:
        """Return true or false, or False if the key is missing."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self._type(key, "true or false", value)
            return False
        return value

    def number(self, key: str) -> int:
        """Return the whole number at a key, or 0 if the key is missing. It must not be negative."""
        value = self.values.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self._type(key, "a whole number", value)
            return 0
        return value

    def texts(self, key: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        """Return the list of texts at a key. A single text counts as a list of one.

        The list is empty if the key is missing. An empty text is a mistake unless `may_be_empty` is
        true.
        """
        found = as_list(self.values.get(key, []))
        if not all(isinstance(each, str) for each in found):
            self._type(key, "a list of texts", self.values[key])
            return ()
        for place, each in enumerate(found):
            if not (may_be_empty or each.strip()):
                self.wrong(f'A text in "{key}" is empty.', key, place)
        return tuple(each.strip("\n") for each in found)

    def seconds(self, key: str) -> float:
        """Return the positive number up to 1000 at a key, or 0 if the key is missing."""
        value = self.values.get(key)
        if value is None:
            return 0.0
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1000:
            self._type(key, "a number above 0, up to 1000", value)
            return 0.0
        return float(value)

    def tables(self, key: str, name: str) -> Iterator[Table]:
        """Yield the tables in the list at a key. A single table counts as a list of one."""
        value = self.values.get(key, [])
        if isinstance(value, dict):
            yield self._table(as_table(value), (key,), name)
            return
        if not isinstance(value, list):
            self._type(key, "a list of tables", value)
            return
        for place, each in enumerate(as_list(value)):
            if isinstance(each, dict):
                yield self._table(as_table(each), (key, place), name)
            else:
                self.wrong(f"{name} must be a table in braces, not {kind_of(each)}.", key, place)

    def _table(self, values: dict[str, Any], keys: Path, name: str) -> Table:
        line = self.line_of(*keys)
        return Table(values, self._lines, self._path + keys, line, name, self.mistakes)

    def _type(self, key: str, wanted: str, got: object) -> None:
        self.wrong(f'"{key}" must be {wanted}, not {kind_of(got)}.', key)


def kind_of(value: object) -> str:
    """Describe the type of a TOML value, for use in a mistake."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'the text "{value[:40]}"' if value else "an empty text"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, dict):
        return "a table"
    return f"the number {value}" if isinstance(value, int | float) else "a date"


def read_block(block: Block, mistakes: Mistakes) -> Table | None:
    """Read the table of a block. If it is not TOML, record a mistake and return None."""
    name = f"the {block.kind} block"
    try:
        values = read_toml(block.text)
    except TomlMistake as mistake:
        for number, each in enumerate(block.text.split("\n"), block.line):
            if _NO_TOML.match(each):
                mistakes.add(number, f"{name.capitalize()} that begins at line {block.line - 1} is "
                             "not closed: a line ``` is missing before this one.")  # fmt: skip
                return None
        last = block.line + max(0, block.text.count("\n") - 1)
        line = min(block.line + mistake.line - 1, last)
        mistakes.add(line, f"This is not valid TOML: {mistake}.")
        return None
    for number, (each, behind) in enumerate(pairwise(block.text.split("\n")), block.line):
        if _JOINED.search(each[-20:]) and behind.lstrip()[:1].islower():
            mistakes.add(number, "The backslash removes the line ending and the spaces after it, "
                                 "so two words become one: put a space before it.")  # fmt: skip
    return Table(values, lines_of(block.text, block.line), (), block.line, name, mistakes)
