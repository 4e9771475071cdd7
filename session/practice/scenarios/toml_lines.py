"""The line of each key in a TOML file, which `tomllib` does not tell.

It reads only text that `tomllib` has accepted. A key within an inline table has the line of that
table.
"""

from __future__ import annotations

import re

Path = tuple[str | int, ...]
_HEADER = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


def lines_of(text: str) -> dict[Path, int]:
    """The line number of each table and key by its path, such as ("rule", 0, "reply")."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    value = _Value()
    for number, line in enumerate(text.split("\n"), 1):
        if value.open:
            value.read(line)
            continue
        header = _HEADER.match(line)
        if header is not None:
            names = _names(header[2])
            table = _within(names, counts, is_array=header[1] == "[[")
            found.setdefault(table, number)
            for end in range(1, len(table)):
                found.setdefault(table[:end], number)
            continue
        key = _KEY.match(line)
        if key is not None:
            path = (*table, *_names(key[1]))
            for end in range(len(table) + 1, len(path) + 1):
                found.setdefault(path[:end], number)
            value.read(line[key.end() :])
    return found


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(text))


def _within(names: tuple[str, ...], counts: dict[Path, int], *, is_array: bool) -> Path:
    """The path of a table, with the index of each array of tables that it is in."""
    path: Path = ()
    for position, name in enumerate(names):
        path = (*path, name)
        last = position == len(names) - 1
        if last and is_array:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


class _Value:
    """How far a value that may take several lines has been read."""

    def __init__(self) -> None:
        self._quote = ""  # of a multi-line text
        self._depth = 0  # of brackets

    @property
    def open(self) -> bool:
        return bool(self._quote) or self._depth > 0

    def read(self, line: str) -> None:
        at = 0
        while at < len(line):
            if self._quote:
                if self._quote[0] == '"' and line[at] == "\\":
                    at += 2
                elif line.startswith(self._quote, at):
                    at += len(self._quote)
                    self._quote = ""
                else:
                    at += 1
                continue
            triple = line[at : at + 3]
            if triple in ('"""', "'''"):
                self._quote = triple
                at += 3
                continue
            here = line[at]
            if here == "#":
                break
            if here in "\"'":
                self._quote = here
            elif here in "[{":
                self._depth += 1
            elif here in "]}":
                self._depth -= 1
            at += 1
        if len(self._quote) == 1:
            self._quote = ""
