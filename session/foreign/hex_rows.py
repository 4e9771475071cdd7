"""Finds the rows of a hexadecimal dump, and the octets in them.

A row has an offset and up to 32 octets, perhaps after a logger's prefix. In a text without such
rows, a line that ends with octets also counts as a row: the output of `xxd -p` and `xxd -i`, a
stream copied from Wireshark, or octets that a program logs after a word that names the side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from . import octal_dumps
from .counted import shape_of
from .entries import Lines

_OFFSET = r"(?:0x)?[0-9A-Fa-f]{4,8}[:|h]?\s{1,3}(?:[:|-]\s)?"
_EIGHT = r"[0-9A-Fa-f]{2}(?:[ -]?[0-9A-Fa-f]{2}){7}"
_OCTETS = (  # two spaces are in the middle of a row, or end its octets
    rf"(?:{_EIGHT}[ -]{{0,2}}[0-9A-Fa-f]{{2}}(?:[ -]?[0-9A-Fa-f]{{2}}){{0,23}}"
    r"|[0-9A-Fa-f]{2}(?:[ -]?[0-9A-Fa-f]{2}){0,7})(?![0-9A-Fa-f])"
)
_ROW = re.compile(rf"(?P<head>(?:.{{0,120}}?[\s\]:>|])??)(?P<at>{_OFFSET})(?P<octets>{_OCTETS})")
# The beginning of a dump: at offset 0, and at least four octets.
_BEGINNING = (
    r"(?:.{0,120}?[\s\]:>|])?(?:0x)?0{4,8}[:|h]?\s{1,3}(?:[:|-]\s)?"
    r"[0-9A-Fa-f]{2}(?:[ -]{0,2}[0-9A-Fa-f]{2}){3}"
)
_BEFORE = r"(?:.{0,120}?[:=>|({\[\"'] ?)??\s{0,40}"
_OCTET = r"(?:0x|\\x)?[0-9A-Fa-f]{2}"
_BETWEEN = r"(?: ?[:,;-] ?|\s{1,2})?"
_AFTER = r"[\s,;:\"'\\)}\]]*+\Z"
_BARE = re.compile(rf"(?P<head>{_BEFORE})(?P<octets>{_OCTET}(?:{_BETWEEN}{_OCTET})*+)(?:{_AFTER})")
_BARE_SIGN = rf"{_BEFORE}{_OCTET}(?:{_BETWEEN}{_OCTET}){{7,}}+[\s,;:\"'\\)}}\]0-9A-Fa-fx]{{0,8}}\Z"
SIGN = f"{_BEGINNING}|{octal_dumps.SIGN}|{_BARE_SIGN}"
_NO_DIGITS = re.compile(r"0x|[^0-9A-Fa-f]")
_ALONE = 4  # minimum of octets in a row without an offset that begins a dump


class Dump(NamedTuple):
    """The octets of consecutive rows, and up to three lines of text that precede them.

    `head` is the text in front of each row, with zeros for words that contain digits.
    """

    head: str
    words: list[str]
    octets: bytes


class _Row(NamedTuple):
    head: str
    begins: bool
    octets: bytes
    at: int = 0


def dumps_in(lines: Lines) -> list[Dump]:
    """Return the dumps in a text."""
    lines = octal_dumps.as_hex(lines)
    return list(_dumps(lines, _at_offset)) or list(_dumps(lines, _bare))


def mostly_rows(lines: Lines) -> bool:
    """Return whether at least half of the lines that are not blank are rows of a dump."""
    told = [line for line in octal_dumps.as_hex(lines) if line.strip()]
    rows = max(sum(read(line) is not None for line in told) for read in (_at_offset, _bare))
    return rows * 2 >= len(told) > 0


def _dumps(lines: Lines, read: Callable[[str], _Row | None]) -> Iterator[Dump]:
    """Yield a dump for each run of consecutive rows, with the text of the lines before it."""
    words: list[str] = []
    rows: list[_Row] = []
    for line in [*lines, ""]:
        row = read(line)
        if row is not None and read is _bare and not rows and len(row.octets) < _ALONE:
            row = None
        if rows and (row is None or shape_of(row.head) != shape_of(rows[0].head) or row.begins):
            yield Dump(shape_of(rows[0].head), words, _joined(rows))
            words, rows = ([] if row is None else words), []
        if row is None:
            words = [*words[-2:], line[:300]]
            continue
        if read is _bare and row.head.strip():
            words = [row.head]
        rows.append(row)


def _joined(rows: list[_Row]) -> bytes:
    """Join the octets of rows, cutting each row to the dump's width, as text may follow."""
    steps = (after.at - row.at for row, after in pairwise(rows))
    width = min((step for step in steps if step > 0), default=None)
    return b"".join(row.octets[:width] for row in rows)


def _at_offset(line: str) -> _Row | None:
    row = _ROW.match(line[:400])
    if row is None:
        return None
    digits = re.search(r"[0-9A-Fa-f]{4,8}", row["at"].replace("0x", ""))
    at = int(digits[0], 16) if digits is not None else 0
    return _Row(row["head"], at == 0, _octets(row["octets"]), at)


def _bare(line: str) -> _Row | None:
    row = _BARE.match(line)
    if row is None:
        return None
    return _Row(row["head"], bool(row["head"].strip()), _octets(row["octets"]))


def _octets(digits: str) -> bytes:
    return bytes.fromhex(_NO_DIGITS.sub("", digits))
