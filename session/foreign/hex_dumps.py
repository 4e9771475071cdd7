"""Dumps in hexadecimal digits: traces of .NET, Wireshark's and tcpflow's hex dump, xxd, hexdump.

A row has an offset and up to 32 octets, perhaps after what a logger writes. The words before a dump
tell its direction, such as Send and Receive; else two dumps of different indentation are the two
sides, and one alone is both sides in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .bare import read_bare
from .counted import shape_of
from .entries import CUT, IN, OUT, Entries, Entry, Lines
from .literals import wire_lines

_OFFSET = r"(?:0x)?[0-9A-Fa-f]{4,8}[:|h]?\s{1,3}(?:[:|-]\s)?"
_EIGHT = r"[0-9A-Fa-f]{2}(?:[ -]?[0-9A-Fa-f]{2}){7}"
_OCTETS = (  # two blanks are in the middle of a row, or end its octets
    rf"(?:{_EIGHT}[ -]{{0,2}}[0-9A-Fa-f]{{2}}(?:[ -]?[0-9A-Fa-f]{{2}}){{0,23}}"
    r"|[0-9A-Fa-f]{2}(?:[ -]?[0-9A-Fa-f]{2}){0,7})(?![0-9A-Fa-f])"
)
_ROW = re.compile(rf"(?P<head>(?:.{{0,120}}?[\s\]:>|])??)(?P<at>{_OFFSET})(?P<octets>{_OCTETS})")
# The beginning of a dump: at offset 0, and at least four octets.
SIGN = (
    r"(?:.{0,120}?[\s\]:>|])?(?:0x)?0{4,8}[:|h]?\s{1,3}(?:[:|-]\s)?"
    r"[0-9A-Fa-f]{2}(?:[ -]{0,2}[0-9A-Fa-f]{2}){3}"
)
_HEX = re.compile(r"[0-9A-Fa-f]{2}")
_OUT = re.compile(
    r"\b(?:sen[dt]|sending|writ(?:e|es|ing|ten)|wrote|out(?:bound|going)?|tx)\b|=>|>>>",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\b(?:rec(?:ei)?v(?:ed?|ing)?|read(?:ing)?|in(?:bound|coming)|rx)\b|<=|<<<", re.IGNORECASE
)
_SOCKET = re.compile(r"#(\d+)::")
_OTHERS = re.compile(r"(?:\d\d:\d\d:\d\d\.\d+ )?(?:<= Recv|=> Send) \w+")  # of curl
_PACKET = b"\x45\x00"  # a dump of packets with their IP header


class _Dump(NamedTuple):
    head: str
    words: list[str]
    octets: bytes


def read_hex_dumps(lines: Lines) -> Entries:
    """Read the octets of both sides; nothing where the dump is not of SMTP."""
    if any(_OTHERS.match(line) for line in lines):
        return
    dumps = [dump for dump in _dumps(lines) if not dump.octets.startswith(_PACKET)]
    sides = _by_words(dumps) or _by_heads(dumps)
    if sides is None:
        text = b"".join(dump.octets for dump in dumps).decode("utf-8", "surrogateescape")
        yield from read_bare([line.removesuffix("\n") for line in wire_lines(text)], ())
        return
    rest: dict[tuple[str, str], str] = {}
    for dump, side in zip(dumps, sides, strict=True):
        socket = next((m[1] for word in dump.words if (m := _SOCKET.search(word))), "")
        text = rest.pop((side, socket), "") + dump.octets.decode("utf-8", "surrogateescape")
        for line in wire_lines(text):
            if line.endswith("\n"):
                yield Entry(side, line, conn=socket)
            else:
                rest[side, socket] = line
    for (side, socket), text in rest.items():
        yield Entry(side, text, conn=socket, marks=frozenset({CUT}))


def _dumps(lines: Lines) -> Iterator[_Dump]:
    """Rows that follow each other, with the words of the lines before them."""
    words: list[str] = []
    head, octets = "", bytearray()
    for line in [*lines, ""]:
        row = _ROW.match(line[:400])
        if octets and (row is None or shape_of(row["head"]) != head or _begins(row)):
            yield _Dump(head, words, bytes(octets))
            words, octets = ([] if row is None else words), bytearray()
        if row is None:
            words = [*words[-2:], line[:300]]
            continue
        head = shape_of(row["head"])
        octets += bytes(int(each, 16) for each in _HEX.findall(row["octets"]))


def _begins(row: re.Match[str]) -> bool:
    digits = re.search(r"[0-9A-Fa-f]{4,8}", row["at"].replace("0x", ""))
    return digits is not None and int(digits[0], 16) == 0


def _by_words(dumps: list[_Dump]) -> list[str] | None:
    """The direction of each dump, if words before it tell that of all."""
    found: list[str] = []
    for dump in dumps:
        told = [
            OUT if out else IN
            for word in reversed(dump.words)
            if (out := _OUT.search(word) is not None) != (_IN.search(word) is not None)
        ]
        if not told:
            return None
        found.append(told[0])
    return found if len(set(found)) == 2 else None


def _by_heads(dumps: list[_Dump]) -> list[str] | None:
    """The direction of each dump, if there are two indentations, as Wireshark shows them."""
    heads = list(dict.fromkeys(dump.head for dump in dumps))
    if len(heads) != 2 or any(head.strip() for head in heads):
        return None
    return [OUT if dump.head == heads[0] else IN for dump in dumps]
