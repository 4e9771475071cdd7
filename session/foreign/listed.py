"""Extracts the lines of a log from a printed Python list, a CSV table, or JSON records."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from typing import cast

from .bare import VERB
from .holders import LARGEST
from .literals import literal
from .sampled import SAMPLE, most

_REPLY = r"[2-5]\d\d(?:[ -]|\Z)"
_BEGINS = re.compile(r"(?:[^'\"\[(]{0,80}[=:] ?)?([\[(])")
_ONE_STRING = re.compile(r"\s*b?(['\"])(?=.*\\n).*\1\s*\Z")
_QUOTED_LINE = re.compile(r"\s*b?(?:'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"),?\s*\Z")
_LITERAL_ENDS = re.compile(r"(['\"]\)?),\s*[^,]*\Z")
_SMTP_LINE = re.compile(rf"(?:{_REPLY}|{VERB.pattern})", re.IGNORECASE)
_SMTP_WITHIN = re.compile(rf"(?<![\w.+-])(?:{_REPLY}|{VERB.pattern})", re.IGNORECASE)
_DELIMITERS = (",", ";", "\t")
_ALL_QUOTED = re.compile(r'"(?:[^"]|"")*+"(?:[,;\t]"(?:[^"]|"")*+")+\r?\Z')
_FEWEST = 3  # rows of a table


def of_literals(lines: list[str]) -> list[str] | None:
    """Return the lines from a printed Python list of strings, bytes, or tuples ending in a line.

    Return None for any other text.
    """
    if len(lines) == 1 and len(lines[0]) <= LARGEST and _ONE_STRING.match(lines[0]):
        value = _evaluated(lines[0].strip())
        return list(_lines_of(value)) if isinstance(value, (str, bytes)) else None
    start = next((n for n, line in enumerate(lines[:SAMPLE]) if _BEGINS.match(line)), None)
    if start is None or sum(map(len, lines)) > LARGEST:
        return None
    text = "\n".join(lines[start:])
    begins = _BEGINS.match(text)
    if begins is None:
        return None
    text = text[begins.start(1) :]
    found = _evaluated(text[: text.rfind("]" if text[0] == "[" else ")") + 1])
    if found is None:  # it was cut, or something follows it
        found = _evaluated(_LITERAL_ENDS.sub(r"\1", text) + ("]" if text[0] == "[" else ")"))
    if not isinstance(found, (list, tuple)):
        return None
    plain = [line for each in cast("list[object]", found) for line in _lines_of(each)]
    return plain if len(plain) > 1 else None


def of_quoted_lines(lines: list[str]) -> list[str] | None:
    """Return the lines of a text in which each line is a quoted string, as printed by Python.

    Return None for any other text.
    """
    if not most(lines, _QUOTED_LINE.match):
        return None
    return [
        literal(line.strip().rstrip(","))[0].rstrip("\r\n") if _QUOTED_LINE.match(line) else line
        for line in lines
    ]


def _evaluated(text: str) -> object:
    """Evaluate a Python literal, or return None for any other text."""
    import ast

    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None


def _lines_of(value: object) -> Iterator[str]:
    """Yield the lines of a text or of the last item of a tuple, list or dictionary.

    Any preceding items are put in front of each line.
    """
    mark = ""
    parts: list[object] = [value]
    if isinstance(value, dict):
        parts = list(cast("dict[object, object]", value).values())
    elif isinstance(value, (list, tuple)):
        parts = list(cast("list[object]", value))
    if len(parts) > 1:
        mark = " ".join(map(_text, parts[:-1])) + ": "
    for line in (
        _text(parts[-1] if parts else "").replace("\r\n", "\n").removesuffix("\n").split("\n")
    ):
        yield mark + line


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return value if isinstance(value, str) else str(value)


def of_records(lines: list[str]) -> list[str] | None:
    """Return the lines from JSON objects or lists in which one field contains the line.

    If another field names the side, it is put in front of the line. Return None for any other text.
    """
    if not lines or lines[0][:1] not in ("{", "[") or sum(map(len, lines)) > LARGEST:
        return None
    try:
        found: object = json.loads("\n".join(lines))
    except (ValueError, RecursionError):
        found = _json_lines(lines)
    if not isinstance(found, list):
        return None
    records = cast("list[object]", found)
    names = list(dict.fromkeys(n for r in records[:SAMPLE] if isinstance(r, dict)
                               for n in cast("dict[str, object]", r)))  # fmt: skip
    rows = [row for record in records if (row := _row(record, names))]
    same = [row for row in rows if len(row) == len(rows[0])]
    return _said_in(same) if len(same) >= _FEWEST else None


def of_dialogue(lines: list[str]) -> list[str] | None:
    """Return the lines from one JSON array, as `of_records` does, if a field names the side.

    Return None for any other text.
    """
    if lines and lines[0][:1] == "[" and sum(map(len, lines)) <= LARGEST:
        found = of_records(lines)
        return found if found and all(": " in line for line in found) else None
    return None


def _json_lines(lines: list[str]) -> list[object]:
    """Return the JSON value of each line, or an empty list if any line is not JSON."""
    try:
        return [json.loads(line) for line in lines if line.strip()]
    except (ValueError, RecursionError):
        return []


def _row(record: object, names: list[str]) -> list[str]:
    if isinstance(record, dict):
        fields = cast("dict[str, object]", record)
        return [_text(fields.get(name, "")) for name in names]
    return (
        [_text(each) for each in cast("list[object]", record)] if isinstance(record, list) else []
    )


def of_table(lines: list[str]) -> list[str] | None:
    """Return the lines from the column of a table that contains SMTP.

    If another column names the side, it is put in front of each line. Return None for any other
    text.
    """
    for delimiter in _DELIMITERS:
        if sum(delimiter in line for line in lines[:SAMPLE]) < _FEWEST:
            continue
        if not _same_width(lines[:SAMPLE], delimiter):
            continue
        found = _said_in(_same_width(lines, delimiter))
        if found is not None:
            return found
    return None


def _said_in(rows: list[list[str]]) -> list[str] | None:
    """Return the lines of the column with the most SMTP, each after its side if known, or None."""
    rows = rows[1:] if len(rows) > 1 and _is_header(rows[0]) else rows
    width = len(rows[0]) if rows else 0
    said = [
        sum(_SMTP_WITHIN.search(row[n][:200]) is not None for row in rows) for n in range(width)
    ]
    if width < 2 or max(said) < _FEWEST:
        return None
    return _column(rows, said.index(max(said)))


def _is_header(row: list[str]) -> bool:
    """Return whether all cells of the first row look like column names.

    A name such as `data` would otherwise count as a command.
    """
    return all(re.match(r"[A-Za-z][A-Za-z _.-]{0,30}\Z", cell.strip()) for cell in row)


def _same_width(lines: list[str], delimiter: str) -> list[list[str]]:
    """Return the rows that have as many cells as the widest row.

    Return an empty list if the widest row has only one cell, or if too few rows are as wide.
    """
    try:
        rows = [row for row in csv.reader((f"{x}\n" for x in lines), delimiter=delimiter) if row]
    except csv.Error:
        return []
    width = max((len(row) for row in rows), default=0)
    same = [row for row in rows if len(row) == width]
    return same if width > 1 and len(same) >= max(_FEWEST, len(rows) * 0.9) else []


def of_quoted_table(lines: list[str]) -> list[str] | None:
    """Return the lines of a table as `of_table` does, if all cells in most rows are quoted.

    No other kind of text resembles such a table. Return None for any other text.
    """
    return of_table(lines) if most(lines, _ALL_QUOTED.match) else None


def _column(rows: list[list[str]], text: int) -> list[str]:
    side = next((n for n in range(len(rows[0])) if n != text and _tells_side(rows, n, text)), None)
    return [
        line if side is None else f"{row[side]}: {line}"
        for row in rows
        for line in row[text].replace("\r\n", "\n").removesuffix("\n").split("\n")
    ]


def _tells_side(rows: list[list[str]], column: int, text: int) -> bool:
    """Return whether a column has one value for replies and another for commands."""
    sides: dict[bool, set[str]] = {True: set(), False: set()}
    for row in rows:
        found = _SMTP_LINE.match(row[text])
        if found is not None:
            sides[found[0][0].isdigit()].add(row[column])
    return len(sides[True]) == len(sides[False]) == 1 and not sides[True] & sides[False]
