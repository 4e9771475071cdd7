"""Reads packets that tcpdump prints as text: all octets (-A), or only the first line of each.

The octets of the headers come before the text, with a dot for each unprintable one; a CR before LF
is not printed. Therefore the text is at the end of what is printed, and the line with the addresses
gives its length. Sequence numbers are relative to the first packet seen, and serve only to detect
repetitions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .bare import REPLY, VERB
from .entries import (
    CLIENT,
    CLOSED,
    CONNECTED,
    CUT,
    ENCRYPTED_FROM_HERE,
    IN,
    NOTE,
    OMITTED,
    OUT,
    SERVER,
    TLS,
    Entries,
    Entry,
    Lines,
)  # fmt: skip
from .literals import wire_lines

SIGN = r"(?:.{0,120}?\bIP6? |\s+)\S{1,200} > \S{1,200}: Flags \["
WORD = ": Flags ["
_HEAD = re.compile(
    r"(?:.{0,120}?\bIP6? |\s+)(?P<source>\S{1,200}) > (?P<target>\S{1,200}): "
    r"Flags \[(?P<flags>[^\]]{0,9})\](?P<rest>.{0,400}?), length (?P<size>\d{1,6})(?P<told>: .*)?"
)
_TIME = re.compile(r"(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{1,9}")
_PACKET = re.compile(rf"{_TIME.pattern} (?:\S{{1,40}} +(?:In|Out|M|B|P) +)?(?:IP6?|ARP)[ ,]")
_OWN = re.compile(rf"{_HEAD.pattern}|{_PACKET.pattern}|tcpdump: |listening on |\d{{1,9}} packets ")
_SEQUENCE = re.compile(r"\bseq (\d{1,10})")
_FIRST_LINE = re.compile(r": SMTP: (.*)")
_HEX_ROW = re.compile(r"(?:\s{0,20}0x[0-9a-f]{4}:)?\s{0,20}(?:[0-9a-f]{4} ){4}")
_IP = re.compile(r"[E`]..")  # the first octet of a header, in version 4 and 6
_PORTS = ("25", "smtp", "587", "submission", "465", "submissions", "smtps", "urd", "2525", "24")


class _Packet(NamedTuple):
    at: str
    source: str
    target: str
    flags: str
    sequence: str
    text: str
    """The text that the packet carries, with LF instead of CR LF."""
    missing: bool
    """Whether part of the text is missing from the output."""


def read_tcpdump(lines: Lines) -> Entries:
    """Read the packets. Yields nothing if their octets are not shown as text."""
    others = [line for line in lines if line.strip() and not _OWN.match(line[:1000])]
    if (others and not any(map(_IP.match, others))) or any(map(_HEX_ROW.match, others)):
        return
    talks: dict[str, _Talk] = {}
    for packet in _packets(lines):
        conn = " ".join(sorted((packet.source, packet.target)))
        talk = talks.setdefault(conn, _Talk(packet, conn))
        talk.take(packet)
    for talk in talks.values():
        yield from talk.entries()


def _packets(lines: Lines) -> Iterator[_Packet]:
    head: re.Match[str] | None = None
    at = before = ""
    block: list[str] = []
    for line in lines:
        found = _HEAD.match(line[:1000])
        time = _TIME.match(line)
        if found is None and _PACKET.match(line) is None:
            block.append(line)
            continue
        if head is not None:
            yield _packet(head, at, block)
        before = time[0] if time is not None else before
        head, at, block = found, before, []
    if head is not None:
        yield _packet(head, at, block)


def _packet(head: re.Match[str], at: str, block: list[str]) -> _Packet:
    size = int(head["size"])
    sequence = _SEQUENCE.search(head["rest"])
    first = _FIRST_LINE.match(head["told"] or "")
    text = _carried("\n".join(block).rstrip("\n"), size) if size else ""
    missing = False
    if size and not text and first is not None:
        text = first[1] + "\n"
        missing = len(text) + 1 < size
    number = f"{sequence[1]} {size}" if sequence is not None and size else ""
    return _Packet(at, head["source"], head["target"], head["flags"], number, text, missing)


def _carried(printed: str, size: int) -> str:
    """Return the last `size` octets of what is printed, or "" if less is printed.

    The IP and TCP headers come before these octets, and have a multiple of four octets.
    """
    found: list[tuple[int, str]] = []
    for whole in (printed + "\n", printed):
        place, octets = len(whole), 0
        while place and octets < size:
            place -= 1
            octets += 2 if whole[place] == "\n" else 1
        if octets == size:
            found.append((place % 4, whole[place:]))
    return min(found, default=(0, ""))[1]


class _Talk:
    """A connection and the lines sent over it."""

    def __init__(self, first: _Packet, conn: str) -> None:
        self._conn = conn
        self._first = first.source
        self._server = next((end for end in (first.target, first.source)
                             if end.rpartition(".")[2] in _PORTS), "")  # fmt: skip
        self._seen: set[tuple[str, str]] = set()
        self._rest: dict[str, str] = {}
        self._said: list[Entry] = []
        self._asked = self._secured = self._closed = False

    def take(self, packet: _Packet) -> None:
        """Process a packet, unless it repeats an earlier one."""
        key = (packet.source, packet.sequence)
        if packet.sequence and key in self._seen:
            return
        self._seen.add(key)
        side = self._side(packet.source)
        if not self._secured:
            text = self._rest.pop(packet.source, "") + packet.text
            for line in wire_lines(text):
                if line.endswith("\n"):
                    self._say(side, f"{line[:-1]}\r\n", packet)
                else:
                    self._rest[packet.source] = line
        if packet.missing and not self._secured:
            words = "the rest of the packet is not shown"
            self._said.append(Entry(NOTE, words, OMITTED, packet.at, conn=self._conn))
        if set("FR") & set(packet.flags) and not self._closed:
            self._closed = True
            kind = side if self._server else ""
            self._said.append(Entry(CLOSED, kind=kind, at=packet.at, conn=self._conn))

    def _say(self, side: str, line: str, packet: _Packet) -> None:
        if self._secured:
            return
        self._said.append(Entry(side, line, at=packet.at, conn=self._conn))
        if line.upper().startswith("STARTTLS"):
            self._asked = True
        elif self._asked and REPLY.match(line):
            self._asked = False
            if line.startswith("220"):
                self._secured = True
                self._said.append(Entry(TLS, at=packet.at, conn=self._conn))
                note = Entry(NOTE, ENCRYPTED_FROM_HERE, OMITTED, packet.at, conn=self._conn)
                self._said.append(note)

    def _side(self, source: str) -> str:
        if self._server:
            return SERVER if source == self._server else CLIENT
        return OUT if source == self._first else IN

    def entries(self) -> Iterator[Entry]:
        """Yield the entries of the conversation, or nothing if it is not SMTP."""
        if not any(REPLY.match(entry.text) or VERB.match(entry.text) for entry in self._said):
            return
        if self._server:
            host, _, port = self._server.rpartition(".")
            yield Entry(CONNECTED, f"{host}:{port}", at=self._said[0].at, conn=self._conn)
        yield from self._said
        for source, text in self._rest.items():
            marks = frozenset({CUT})
            yield Entry(self._side(source), text, conn=self._conn, marks=marks)
