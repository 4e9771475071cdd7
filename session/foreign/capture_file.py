"""Reads the packets in a capture file: pcap, or pcapng with any number of interfaces.

The formats are specified in draft-ietf-opsawg-pcap, sections 4 and 5, and in
draft-ietf-opsawg-pcapng, sections 4.1 to 4.4. Other types of pcapng blocks are skipped.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

MAGIC = b"\x0a\x0d\x0d\x0a"  # of pcapng
_TICKS = {0xA1B2C3D4: 1e6, 0xA1B23C4D: 1e9}  # the magic numbers of pcap -> ticks per second
_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE, _PACKET = 0x0A0D0D0A, 1, 2, 3, 6
_BYTE_ORDER = 0x1A2B3C4D
_RESOLUTION = 9  # the option if_tsresol


class TornFile(ValueError):
    """Raised when a capture file is incomplete or damaged."""


class _Interface(NamedTuple):
    link: int
    ticks: float  # per second


def packets(data: bytes) -> Iterator[tuple[float, int, bytes]]:
    """Yield the time in seconds, link type and octets of each packet.

    Raises TornFile at a damaged block.
    """
    return _pcapng(data) if data[:4] == MAGIC else _pcap(data)


def _pcap(data: bytes) -> Iterator[tuple[float, int, bytes]]:
    for order in "<>":
        ticks = _TICKS.get(struct.unpack(f"{order}I", data[:4].ljust(4, b"\0"))[0])
        if ticks is not None:
            break
    else:
        raise TornFile("no magic number")
    if len(data) < 24:
        raise TornFile("the header is incomplete")
    link = struct.unpack(f"{order}I", data[20:24])[0] & 0xFFFF
    place = 24
    while place < len(data):
        head = data[place : place + 16]
        if len(head) < 16:
            raise TornFile("a packet header is incomplete")
        seconds, fraction, size, _ = struct.unpack(f"{order}IIII", head)
        packet = data[place + 16 : place + 16 + size]
        if len(packet) < size:
            raise TornFile("a packet is incomplete")
        yield seconds + fraction / ticks, link, packet
        place += 16 + size


def _pcapng(data: bytes) -> Iterator[tuple[float, int, bytes]]:
    order = "<"
    interfaces: list[_Interface] = []
    place = 0
    while place < len(data):
        if data[place : place + 4] == MAGIC:
            order = _order(data, place)
            interfaces = []
        kind, body, place = _block(data, place, order)
        if kind == _INTERFACE:
            interfaces.append(_interface(body, order))
        elif kind in (_PACKET, _OLD_PACKET, _SIMPLE):
            yield _packet(kind, body, order, interfaces)


def _order(data: bytes, place: int) -> str:
    mark = data[place + 8 : place + 12]
    for order in "<>":
        if mark == struct.pack(f"{order}I", _BYTE_ORDER):
            return order
    raise TornFile("no byte order")


def _block(data: bytes, place: int, order: str) -> tuple[int, bytes, int]:
    """Return the type and body of a block, and the place where the next block begins.

    Raises TornFile if the block is incomplete.
    """
    head = data[place : place + 8]
    if len(head) < 8:
        raise TornFile("a block header is incomplete")
    kind, size = struct.unpack(f"{order}II", head)
    end = place + size
    if size < 12 or size % 4 or end > len(data):
        raise TornFile("a block is incomplete")
    return kind, data[place + 8 : end - 4], end


def _interface(body: bytes, order: str) -> _Interface:
    if len(body) < 8:
        raise TornFile("an interface description is incomplete")
    (link,) = struct.unpack(f"{order}H", body[:2])
    ticks = 1e6
    options = body[8:]
    while len(options) >= 4:
        code, size = struct.unpack(f"{order}HH", options[:4])
        if code == 0:
            break
        if code == _RESOLUTION and size and len(options) > 4:
            power = options[4] & 0x7F
            ticks = float(2**power) if options[4] & 0x80 else 10.0 ** min(power, 30)
        options = options[4 + size + -size % 4 :]
    return _Interface(link, ticks)


def _packet(
    kind: int, body: bytes, order: str, interfaces: list[_Interface]
) -> tuple[float, int, bytes]:
    if kind == _SIMPLE:
        number, high, low, start = 0, 0, 0, 4
        size = len(body) - 4
    elif len(body) < 20:
        raise TornFile("a packet is incomplete")
    else:
        start = 20
        number, high, low, size = struct.unpack(f"{order}IIII", body[:16])
        if kind == _OLD_PACKET:
            (number,) = struct.unpack(f"{order}H", body[:2])
    if number >= len(interfaces):
        raise TornFile("a packet from an undeclared interface")
    interface = interfaces[number]
    at = ((high << 32) | low) / interface.ticks
    return at, interface.link, body[start : start + size]
