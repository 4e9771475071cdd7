"""Reads SMTP from a pcap or pcapng capture, reassembling TCP segments.

Segments may be out of order, repeated or lost. Packets are parsed by dpkt. Data after STARTTLS or
on port 465 is TLS; it is mentioned but not shown.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Any, NamedTuple

import dpkt  # pyright: ignore[reportMissingTypeStubs]

from ..plural import plural
from . import capture_file
from .entries import (
    CLIENT,
    CLOSED,
    CONNECTED,
    CUT,
    ENCRYPTED_FROM_HERE,
    LOST,
    NOTE,
    OMITTED,
    SERVER,
    TLS,
    Entry,
)  # fmt: skip

PORTS = (25, 465, 587, 2525, 24)
HELD = 4096  # segments of one direction that wait for an earlier one
_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_ETHERNET, _RAW, _NULL, _LOOP, _SLL, _SLL2 = 1, (12, 14, 101, 228, 229), 0, 108, 113, 276
_BROKEN = (dpkt.Error, ValueError, IndexError, KeyError, TypeError, AttributeError, struct.error)


_NO_HEADER = "it begins like a capture, but its header cannot be read."
_TORN = "The capture is damaged or incomplete, so only its beginning was read."


class CaptureError(ValueError):
    """Raised when a capture cannot be read. The message is one sentence."""


class Captured(NamedTuple):
    """The conversations in a capture, and sentences about what is missing from it."""

    talks: list[list[Entry]]
    problems: tuple[str, ...]


class _Half:
    """One direction of a connection: the next octet expected, and the segments beyond it.

    Segments are stored by their distance from the first octet of the connection. Unlike a sequence
    number, the distance does not wrap.
    """

    def __init__(self) -> None:
        self.next: int | None = None
        self.place = 0  # octets before the next one expected
        self.held: list[tuple[int, int, bytes]] = []  # a heap: (place, -length, octets)
        self.rest = b""
        self.acknowledged = 0  # the place up to which the other side has it, and its FIN
        self.end: int | None = None  # the place of its FIN

    def add(self, number: int, data: bytes) -> bytes:
        """Add a segment, and return the octets that can now be read. None is returned twice."""
        if self.next is None:
            self.next = number
        after = self._after(number)
        if len(self.held) < HELD or after <= 0:
            heappush(self.held, (self.place + after, -len(data), data))
        return self._ready()

    def _ready(self) -> bytes:
        parts: list[bytes] = []
        while self.held and self.held[0][0] <= self.place:
            place, _, data = heappop(self.held)
            if new := data[self.place - place :]:
                parts.append(new)
                self._move(len(new))
        return b"".join(parts)

    def _after(self, number: int) -> int:
        """Return the distance of `number` from the next octet expected, negative if repeated."""
        assert self.next is not None
        return ((number - self.next + 0x80000000) & 0xFFFFFFFF) - 0x80000000

    def _move(self, octets: int) -> None:
        assert self.next is not None
        self.place += octets
        self.next = (self.next + octets) & 0xFFFFFFFF

    def acknowledge(self, number: int) -> bool:
        """Record that the other side has received all octets before `number`.

        Return whether some of these octets are missing from the capture although later octets are
        in it.
        """
        if self.next is None:
            return False
        self.acknowledged = max(self.acknowledged, self.place + self._after(number))
        return self.acknowledged > self.place and bool(self.held)

    def finish(self, number: int) -> None:
        """Record that this side sent its FIN at `number`, so that no data follows."""
        if self.next is not None:
            self.end = self.place + self._after(number)

    @property
    def missing(self) -> int:
        """The number of octets at the end that were sent but are not in the capture."""
        if self.end is not None:
            return max(0, self.end - self.place)
        missing = self.acknowledged - self.place
        return missing if missing > 1 else 0  # one may be a FIN

    def skip(self) -> tuple[int, bytes]:
        """Skip the octets that are missing before the first stored segment.

        Return their number and the data that follows them, or 0 and b"" if no segment is stored.
        """
        if not self.held:
            return 0, b""
        lost = self.held[0][0] - self.place
        self._move(lost)
        return lost, self._ready()


class _Stream:
    """A TCP connection and the lines sent over it."""

    def __init__(self, first: tuple[str, int], second: tuple[str, int]) -> None:
        self.ends = (first, second)  # the first one opened it, as far as is known
        self.halves = (_Half(), _Half())
        self.server: int | None = 1 if second[1] in PORTS else 0 if first[1] in PORTS else None
        self.said: list[tuple[int, Entry]] = []
        self.secured = self.closed = False
        self.syn = False

    def packet(self, side: int, tcp: Any, at: str) -> None:
        """Process a packet from one side."""
        flags, number, data = int(tcp.flags), int(tcp.seq), bytes(tcp.data)
        half = self.halves[side]
        if flags & _SYN:
            half.next = (number + 1) & 0xFFFFFFFF
            if not flags & _ACK and not self.syn:
                self.syn = True
                self.server = 1 - side if self.server is None else self.server
            return
        if flags & _ACK and self.halves[1 - side].acknowledge(int(tcp.ack)):
            self.gap(1 - side, at)  # it arrived; only the capture lacks it
        if data:
            self.hear(side, half.add(number, data), at)
        if flags & _FIN:
            half.finish(number + len(data))
        if flags & (_FIN | _RST) and not self.closed:
            self.closed = True
            self.said.append((side, Entry(CLOSED, kind="by", at=at)))

    def gap(self, side: int, at: str) -> None:
        """Record that the octets before the first stored segment are missing, and skip them."""
        lost, data = self.halves[side].skip()
        self.lack(side, lost, at)
        self.hear(side, data, at)

    def lack(self, side: int, octets: int, at: str) -> None:
        """Record that `octets` are missing from the capture, unless TLS has started."""
        if not octets or self.secured:
            return
        self.cut(side, at)
        words = plural(octets, "{} octet is", "{} octets are") + " not in the capture"
        self.said.append((side, Entry(NOTE, words, OMITTED, at, marks=frozenset({LOST}))))

    def cut(self, side: int, at: str) -> None:
        """Record an unfinished line as a line of its own, marked as cut."""
        if rest := self.halves[side].rest:
            self.halves[side].rest = b""
            text = rest.decode("utf-8", "surrogateescape")
            self.said.append((side, Entry("", text, at=at, marks=frozenset({CUT}))))

    def hear(self, side: int, data: bytes, at: str) -> None:
        """Split the data from one side into lines. Once TLS has started, ignore the data."""
        half = self.halves[side]
        if self.secured or not data:
            return
        if not half.rest and re.match(rb"\x16\x03[\x00-\x04]", data):
            self.secured = True
            self.said.append((side, Entry(TLS, at=at)))
            self.said.append((side, Entry(NOTE, ENCRYPTED_FROM_HERE, OMITTED, at)))
            return
        parts = (half.rest + data).split(b"\n")
        half.rest = parts.pop()
        for part in parts:
            text = (part + b"\n").decode("utf-8", "surrogateescape")
            self.said.append((side, Entry("", text, at=at)))
        if len(half.rest) > 1 << 20:
            self.cut(side, at)

    def entries(self) -> list[Entry]:
        """Return the lines with their sides identified, or [] if the connection is not SMTP."""
        last = self.said[-1][1].at if self.said else ""
        for side in (0, 1):
            while self.halves[side].held:
                self.gap(side, last)
            if not self.secured:
                self.cut(side, last)
                self.lack(side, self.halves[side].missing, last)
        greets = next(
            (s for s, e in self.said if e.what == "" and re.match(r"220[ -]", e.text)), None
        )
        known = any(port in PORTS for _, port in self.ends)
        server = greets if greets is not None else self.server
        if server is None or (greets is None and not known) or not self.said:
            return []
        host, port = self.ends[server]
        found = [Entry(CONNECTED, f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                       at=self.said[0][1].at)]  # fmt: skip
        end: Entry | None = None
        for side, entry in self.said:
            name = SERVER if side == server else CLIENT
            if entry.what == CLOSED:
                end = entry._replace(kind=name)
            else:
                found.append(entry._replace(what=name) if entry.what == "" else entry)
        return [*found, end] if end is not None else found


def read_capture(data: bytes) -> Captured:
    """Read as much of a capture as possible.

    Raises CaptureError if the capture is damaged before the end of its first packet.
    """
    problems: list[str] = []
    found = read_packets(
        (f"{at:.6f}", link, packet) for at, link, packet in _packets(data, problems)
    )
    return Captured(found.talks, (*problems, *found.problems))


def read_packets(packets: Iterable[tuple[str, int, bytes]]) -> Captured:
    """Read the conversations in packets, each a tuple of time as written, link type and octets."""
    streams: dict[tuple[str, int, str, int], _Stream] = {}
    order: list[_Stream] = []
    bad = 0
    for at, link, packet in packets:
        try:
            ip = _network(link, packet)
            tcp: Any = getattr(ip, "data", None)
            if tcp.__class__ is not dpkt.tcp.TCP:
                continue
            source = (_address(ip.src), int(tcp.sport))
            target = (_address(ip.dst), int(tcp.dport))
        except _BROKEN:
            bad += 1
            continue
        key, side = (*source, *target), 0
        if key not in streams and (back := (*target, *source)) in streams:
            key, side = back, 1
        stream = streams.get(key)
        opens = int(tcp.flags) & (_SYN | _ACK) == _SYN
        if stream is None or (opens and stream.closed):
            stream = streams[key] = _Stream((key[0], key[1]), (key[2], key[3]))
            order.append(stream)
        stream.packet(side, tcp, at)
    words = plural(bad, "{} packet", "{} packets") + " could not be parsed."
    problems = (words,) if bad else ()
    return Captured([talk for stream in order if (talk := stream.entries())], problems)


def _packets(data: bytes, problems: list[str]) -> Iterator[tuple[float, int, bytes]]:
    """Yield the time, link type and octets of each packet, as far as the file can be read.

    If the file is damaged after some packets, a sentence is added to `problems`. Raises
    CaptureError if the file is damaged before the end of the first packet.
    """
    read = False
    try:
        for packet in capture_file.packets(data):
            read = True
            yield packet
    except capture_file.TornFile:
        if not read:
            raise CaptureError(_NO_HEADER) from None
        problems.append(_TORN)


def _network(link: int, packet: bytes) -> Any:
    """Return the IP packet in a frame, or None if the link type is unknown.

    For another protocol in an Ethernet frame, return the payload.
    """
    if link == _ETHERNET:
        frame: Any = dpkt.ethernet.Ethernet(packet)
        return frame.data
    if link == _SLL:
        kind, packet = int.from_bytes(packet[14:16], "big"), packet[16:]
    elif link == _SLL2:
        kind, packet = int.from_bytes(packet[0:2], "big"), packet[20:]
    elif link in (_NULL, _LOOP):
        kind, packet = 0, packet[4:]
    elif link in _RAW:
        kind = 0
    else:
        return None
    if kind not in (0, 0x0800, 0x86DD) or not packet:
        return None
    return dpkt.ip6.IP6(packet) if packet[0] >> 4 == 6 else dpkt.ip.IP(packet)


def _address(octets: bytes) -> str:
    import socket

    family = socket.AF_INET if len(octets) == 4 else socket.AF_INET6
    return socket.inet_ntop(family, octets)
