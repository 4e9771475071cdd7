r"""Rewrites od and hexdump output (characters, octal digits or words) as rows of octets.

A row of `od -c` has four columns for each octet: `   2`, `  \r`, ` 303`. Without options, and with
`od -x`, `od` and `hexdump` show words of two octets, in which the second octet comes first. The
offset is in octal digits for od, and in hexadecimal digits for hexdump.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from .entries import Lines

_CELL = r" (?:[0-7]{3}| \\[0abfnrtv]| \*\*|  \S|   )"
_NAMED = {"0": 0, "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_ROW = re.compile(r"(?P<head>\s{0,40})(?P<at>[0-9a-f]{7,8})(?P<rest> .{0,80})?\Z")
SIGN = (  # at offset 0
    rf"\s{{0,40}}0{{7,8}}(?:(?:{_CELL}){{4}}|(?: [01][0-7]{{5}}){{2}}|"
    r"(?: {2}[0-9a-f]{2}){4}|(?: {4}[0-9a-f]{4}){2}|:(?: [01]{8}){4})|"
    rf"(?:{_CELL}){{8,16}}\s*\Z"
)
_BITS = re.compile(r"(\s{0,40}[0-9a-f]{7,8}):((?: [01]{8}){1,8})(?: .{0,40})?\Z")
_FULL_ROW = re.compile(rf"(?:{_CELL}){{8,16}}\s*\Z")
_NO_OFFSET = re.compile(rf"(?:{_CELL}){{1,16}}\s*\Z")
_MOST_REPEATED = 1 << 16  # rows represented by all * in a text


class _Row(NamedTuple):
    head: str
    at: str
    rest: str


class _Kind(NamedTuple):
    """A kind of row, in which each group of `octets` octets takes `size` columns.

    `pattern` matches the text after the offset.
    """

    pattern: re.Pattern[str]
    size: int
    octets: int
    read: Callable[[str], bytes]


def _character(cell: str) -> bytes:
    sign = cell.strip()
    if sign == "**":
        return b""  # the rest of a character, whose first cell shows it all
    if len(sign) == 3:
        return bytes((int(sign, 8) & 255,))
    if len(sign) == 2:
        return bytes((_NAMED[sign[1]],))
    return (sign or " ").encode("utf-8", "surrogateescape")


def _octal(cell: str) -> bytes:
    return bytes((int(cell, 8) & 255,))


def _octal_word(cell: str) -> bytes:
    return int(cell, 8).to_bytes(2, "little")


def _hex_word(cell: str) -> bytes:
    return int(cell, 16).to_bytes(2, "little")


_KINDS = (
    _Kind(re.compile(r"(?: [0-7]{3}){1,16}\s*\Z"), 4, 1, _octal),
    _Kind(re.compile(rf"(?:{_CELL}){{1,16}}\s*\Z"), 4, 1, _character),
    _Kind(re.compile(r"(?: [01][0-7]{5}){1,8}\s*\Z"), 7, 2, _octal_word),
    _Kind(re.compile(r"(?: {4}[0-9a-f]{4}){1,8}\s*\Z"), 8, 2, _hex_word),
    _Kind(re.compile(r"(?: [0-9a-f]{4}){1,8}\s*\Z"), 5, 2, _hex_word),
    _Kind(re.compile(r"(?:  [0-9a-f]{2}){1,16}\s*\Z"), 4, 1, bytes.fromhex),
)


def as_hex(lines: Lines) -> Lines:
    """Rewrite each row of od, hexdump or `xxd -b` in the form `00000000  32 32 30`."""
    lines = _with_offsets([_BITS.sub(_of_bits, line) for line in lines])
    rows = [(n, row) for n, line in enumerate(lines) if (row := _row(line)) is not None]
    first = next((row for _, row in rows if not row.at.strip("0") and row.rest.strip()), None)
    kind = next(
        (each for each in _KINDS if first and each.pattern.match(_whole(first, each))), None
    )
    if first is None or kind is None or (kind.size == 5 and len(first.at) != 7):
        return lines
    shown = len(_whole(first, kind).rstrip()) // kind.size * kind.octets
    base = _base([row.at for _, row in rows], shown)
    found = list(lines)
    most = _MOST_REPEATED
    for place, (number, row) in enumerate(rows):
        after = rows[place + 1] if place + 1 < len(rows) else None
        until = int(after[1].at, base) if after is not None and _counts(after[1].at, base) else 0
        if not _counts(row.at, base):
            continue
        at = int(row.at, base)
        octets = _octets(row, kind, until - at if until > at else None)
        found[number] = _shown(row.head, at, octets)
        if after is not None and octets and _repeats(lines[number + 1 : after[0]]):
            more = max(0, min((until - at) // len(octets) - 1, most))
            most -= more
            found[number] += "".join(f"\n{_shown(row.head, at, octets)}" for _ in range(more))
    return [each for line in found for each in line.split("\n")]


def _of_bits(row: re.Match[str]) -> str:
    return f"{row[1]}  {bytes(int(octet, 2) for octet in row[2].split()).hex(' ')}"


def _with_offsets(lines: Lines) -> Lines:
    """Add offsets to rows of `od -c` if `od -An` omitted them."""
    told = [line for line in lines if line.strip()]
    if not any(map(_FULL_ROW.match, told)) or not all(map(_NO_OFFSET.match, told)):
        return lines
    return [f"{n * 16:07o}{line.ljust(64 if told[n + 1 :] else 0)}" for n, line in enumerate(told)]


def _row(line: str) -> _Row | None:
    found = _ROW.match(line)
    return _Row(found["head"], found["at"], found["rest"] or "") if found is not None else None


def _whole(row: _Row, kind: _Kind) -> str:
    """Return the text after the offset, padded with the spaces that pasting may have removed."""
    return row.rest + " " * (-len(row.rest) % kind.size)


def _counts(at: str, base: int) -> bool:
    return base == 16 or not set(at) - set("01234567")


def _base(offsets: list[str], octets: int) -> int:
    """Return the base of the offsets, 8 or 16, given the number of octets in the first row."""
    second = next((at for at in offsets if at.strip("0")), "")
    octal = all(_counts(at, 8) for at in offsets)
    return 8 if octal and (not second or int(second, 8) >= octets) else 16


def _octets(row: _Row, kind: _Kind, size: int | None) -> bytes:
    text = _whole(row, kind)
    if size is not None and size <= 16:
        text = text.ljust(kind.size * (size // kind.octets + size % kind.octets))
    if not row.rest or not kind.pattern.match(text):
        return b""
    cells = _cells(text, kind)
    return b"".join(map(kind.read, cells))[:size]


def _cells(text: str, kind: _Kind) -> Iterator[str]:
    for start in range(0, len(text), kind.size):
        cell = text[start : start + kind.size]
        if cell.strip() or kind.read is _character:
            yield cell


def _repeats(between: Lines) -> bool:
    return len(between) == 1 and between[0].strip() == "*"


def _shown(head: str, at: int, octets: bytes) -> str:
    return f"{head}{at:08x}  {octets.hex(' ')}" if octets else ""
