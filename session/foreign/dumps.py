"""Reads dumps from curl --trace, curl --trace-ascii and tshark -z follow: pieces of known size."""

from __future__ import annotations

import re

from .entries import (
    CLIENT,
    CLOSED,
    CONNECTED,
    CUT,
    NOTE,
    OMITTED,
    SERVER,
    TLS,
    Entries,
    Entry,
    Lines,
)
from .literals import wire_lines

_HEAD = re.compile(
    r"(?:(?P<at>\d\d:\d\d:\d\d\.\d+) )?(?P<way><= Recv|=> Send) (?P<what>.*?), (?P<size>\d+) bytes"
)
_ROW = re.compile(r"[0-9a-f]{4,}: (?P<rest>.*)", re.DOTALL)
_HEX = re.compile(r"(?:[0-9a-f]{2} ){1,16}")
_INFO = re.compile(r"(?:(?P<at>\d\d:\d\d:\d\d\.\d+) )?== Info: +(?P<text>.*)", re.DOTALL)
_PEER = re.compile(r"Connected to (\S+) \(.*?\) port (\d+)")
_SECURED = re.compile(r"SSL connection using (\S+) / (\S+)")


def read_curl_trace(lines: Lines) -> Entries:
    """Read a curl trace.

    In a --trace-ascii trace, a message is replaced with a note because its line endings are shown
    as dots.
    """
    head: re.Match[str] | None = None
    rows: list[str] = []
    for line in [*lines, "== Info: "]:
        info = _INFO.match(line)
        begins = _HEAD.match(line)
        if info is None and begins is None:
            if head is not None and (row := _ROW.match(line.rstrip("\r"))) is not None:
                rows.append(row["rest"])
            continue
        if head is not None:
            yield from _piece(head, rows)
        head, rows = begins, []
        if info is not None:
            at, text = info["at"] or "", info["text"]
            if found := _PEER.match(text):
                yield Entry(CONNECTED, f"{found[1]}:{found[2]}", at=at)
            elif found := _SECURED.match(text):
                yield Entry(TLS, version=found[1], cipher=found[2], at=at)
            elif text.startswith(("Closing connection", "shutting down")):
                yield Entry(CLOSED, kind=CLIENT, at=at)


def _piece(head: re.Match[str], rows: list[str]) -> Entries:
    what, at = head["what"], head["at"] or ""
    if what not in ("header", "data"):
        return
    side = SERVER if head["way"] == "<= Recv" else CLIENT
    size = int(head["size"][:12])
    if rows and all(_HEX.match(row) for row in rows):
        octets = bytes.fromhex("".join(m[0] for row in rows if (m := _HEX.match(row))))
        for line in wire_lines(octets[:size].decode("utf-8", "surrogateescape")):
            yield Entry(side, line, at=at)
    elif what == "data" and side == CLIENT:
        yield Entry(NOTE, f"{size} bytes of data, with line endings shown as dots", OMITTED, at)
    else:
        text = ""
        for row in rows:  # a row of fewer than 64 columns ends a line
            text += row
            if len(row) < 64:
                yield Entry(side, text, at=at)
                text = ""
        if text:
            yield Entry(side, text, at=at)


_NODE = re.compile(r"Node ([01]): (\S+)")
_COUNT = re.compile(r"(\t?)(\d{1,10})\r?\Z")


def read_follow(lines: Lines) -> Entries:
    """Read the output of tshark -z follow.

    Each piece is preceded by its size in octets, which follows a TAB if node 1 sent the piece.
    """
    nodes: dict[str, str] = {}
    pieces: list[tuple[bool, str, bool]] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if node := _NODE.match(line):
            nodes[node[1]] = node[2]
        if (count := _COUNT.match(line)) is None or len(nodes) < 2:
            continue
        left, parts = int(count[2]), list[str]()
        while left > 0 and number < len(lines):
            part = lines[number] + "\n"
            number += 1
            size = len(part.encode("utf-8", "surrogateescape"))
            parts.append(part if size <= left else part[:-1])
            left -= size
        pieces.append((bool(count[1]), "".join(parts), left <= 0))
    tells = next((second for second, text, _ in pieces if re.match(r"220[ -]", text)), True)
    if nodes:
        yield Entry(CONNECTED, nodes.get("1" if tells else "0", ""))
    rest = {True: "", False: ""}
    for second, text, _whole in pieces:
        for line in wire_lines(rest[second] + text):
            if line.endswith("\n"):
                rest[second] = ""
                yield Entry(SERVER if second == tells else CLIENT, line)
            else:
                rest[second] = line
    for second, text in rest.items():
        if text:
            yield Entry(SERVER if second == tells else CLIENT, text, marks=frozenset({CUT}))
