"""A conversation as a capture for Wireshark, with TCP packets made from its lines.

Format: pcapng (draft-ietf-opsawg-pcapng), Ethernet frames, IPv4 or IPv6, TCP (RFC 9293) with
correct checksums, sequence numbers and times. What was sent inside TLS is unencrypted in the
capture. Wireshark would take everything after STARTTLS in the same connection for TLS, so the
packets continue in a second connection, from the next client port. The server's port is 587 or 25,
because Wireshark recognises SMTP by these ports. Packet comments describe differences from the
conversation.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import dpkt  # pyright: ignore[reportMissingTypeStubs]

from ...session.events import (
    MESSAGE_KINDS,
    MORE,
    Cause,
    Connected,
    Disconnected,
    Line,
    Note,
    TlsFailed,
    TlsStarted,
)
from ...session.record.masked_events import MaskedEvents
from ...session.version import VERSION
from ...session.visible import visible_text
from .source import ExportSource

SEGMENT = 1440  # octets of data in a packet: they fit an Ethernet frame, with IPv6 too
UNACKNOWLEDGED = 16 * SEGMENT  # octets that one side sends before an acknowledgement
_SUBMISSION = (465, 587)
_CLIENT_PORT = 49152
_STEP = 0.001  # seconds between packets if no times are known
_MAC = {"C": b"\x02\0\0\0\0\x01", "S": b"\x02\0\0\0\0\x02"}
_DEFAULTS = {4: ("198.51.100.1", "198.51.100.2"), 6: ("2001:db8:ffff::1", "2001:db8:ffff::2")}
_PORT = re.compile(r"(?:\]|\A[^:]*):(\d{1,5})\Z")
_SYN, _FIN, _RST, _PSH, _ACK = 0x02, 0x01, 0x04, 0x08, 0x10


class _Place(NamedTuple):
    """An IP address and a port. `known` is true if the address comes from the conversation."""

    address: Any
    port: int
    known: bool


def pcapng(source: ExportSource) -> Iterator[bytes]:
    """Yield the blocks of a pcapng file with one conversation."""
    return capture([source])


def capture(sources: Sequence[ExportSource]) -> Iterator[bytes]:
    """Yield the blocks of a pcapng file with several conversations."""
    yield _section()
    yield bytes(_block("InterfaceDescriptionBlockLE", snaplen=262144))
    streams = 0
    for source in sources:
        masked = source.masked()
        writer = _Writer(source, masked, streams)
        for event in masked.events():
            yield from writer.take(event)
        yield from writer.end()
        streams += writer.streams


class _Writer:
    """A converter from events to packets.

    `before` is the number of TCP streams that earlier conversations have in the file.
    """

    def __init__(self, source: ExportSource, masked: MaskedEvents, before: int) -> None:
        self._before = before
        self.streams = 0
        """The number of TCP streams made so far."""
        self._transcript = source.conversation.transcript
        self._timed = source.timed
        self._stream: _Stream | None = None
        self._held: list[Line] = []  # rows that go into one packet
        self._target = masked.target
        self._ends = _places("", "", self._target)
        self._at = 0.0
        self._remarks: list[str] = []
        self._tls = False
        if not self._timed:
            self._remarks.append("The times are unknown.")

    def take(self, event: object) -> Iterator[bytes]:
        if isinstance(event, Line):
            if self._held and not _together(self._held[-1], event):
                yield from self._flush()
            self._held.append(event)
            return
        if not isinstance(event, Connected | TlsStarted | TlsFailed | Disconnected | Note):
            return
        yield from self._flush()
        self._now(event.at)
        match event:
            case Connected():
                yield from self._close(Cause.CLOSED_BY_CLIENT)
                self._ends = _places(event.local, event.address, event.peer or self._target)
                self._remarks.append(f"Connected to {event.peer}.")
                self._tls = False
                yield from self._open()
            case TlsStarted():
                self._remarks.append(
                    f"TLS starts here ({event.version} {event.cipher}). What follows was sent "
                    "inside TLS, but is unencrypted in this file."
                )
            case TlsFailed():
                self._remarks.append(f"The TLS handshake failed: {event.detail}")
            case Disconnected():
                yield from self._close(event.cause)
            case Note():
                self._remarks.append(event.text)

    def end(self) -> Iterator[bytes]:
        """Yield the packets for the remaining rows, and for the end of the stream."""
        yield from self._flush()
        if self._stream is None and self._remarks and self.streams == 0:
            yield from self._open()
        yield from self._close(Cause.CLOSED_BY_CLIENT, ends=False)

    def _now(self, at: float) -> float:
        wall = self._transcript.wall(at) if self._timed else self._at + _STEP
        self._at = max(self._at, wall, 0.0)
        return self._at

    def _flush(self) -> Iterator[bytes]:
        held, self._held = self._held, []
        if not held:
            return
        first = held[0]
        now = self._now(first.at)
        if self._stream is not None and first.tls and not self._tls and self._stream.said:
            yield from self._close(Cause.CLOSED_BY_CLIENT)
            self._remarks.append("The same connection continues here, inside TLS.")
        self._tls = first.tls
        if self._stream is None:
            yield from self._open()
        assert self._stream is not None
        data = b"".join(line.data for line in held)
        side = "C" if first.sent else "S"
        for start in range(0, len(data), SEGMENT):
            for packet in self._stream.say(side, data[start : start + SEGMENT]):
                yield self._packet(packet, now)

    def _open(self) -> Iterator[bytes]:
        client, server = self._ends
        if not (client.known and server.known):
            self._remarks.append(
                "Addresses from 198.51.100.0/24 or 2001:db8:ffff::/48 replace unknown ones."
            )
        number = self.streams
        if client.port == _CLIENT_PORT:  # a replacement, so no other connection may use it
            number += self._before
        port = client.port + number
        port = port if 1024 <= port <= 65535 else _CLIENT_PORT + number % 16000
        self.streams += 1
        self._stream = _Stream(client._replace(port=port), server)
        for packet in self._stream.open():
            yield self._packet(packet, self._at)

    def _close(self, cause: Cause, *, ends: bool = True) -> Iterator[bytes]:
        stream, self._stream = self._stream, None
        if stream is None:
            return
        if ends or self._remarks:
            side = "C" if cause is Cause.CLOSED_BY_CLIENT else "S"
            for packet in stream.close(side, reset=cause is Cause.RESET):
                yield self._packet(packet, self._at)

    def _packet(self, data: bytes, at: float) -> bytes:
        """Return an enhanced packet block, with the pending remarks as its comments."""
        ticks = round(at * 1e6)
        options = [
            dpkt.pcapng.PcapngOptionLE(code=dpkt.pcapng.PCAPNG_OPT_COMMENT, data=_utf8(remark))
            for remark in self._remarks
        ]
        self._remarks.clear()
        block = _block(
            "EnhancedPacketBlockLE",
            ts_high=ticks >> 32,
            ts_low=ticks & 0xFFFFFFFF,
            pkt_data=data,
        )
        block.opts = [*options, dpkt.pcapng.PcapngOptionLE()] if options else []
        return bytes(block)


class _Stream:
    """A TCP connection, with its sequence numbers and packets."""

    def __init__(self, client: _Place, server: _Place) -> None:
        self._places = {"C": client, "S": server}
        self._next = {"C": 1_000, "S": 2_000}
        self._acknowledged = {"C": 0, "S": 0}  # octets that the other side has not acknowledged
        self._ids = 0
        self.said = False

    def open(self) -> Iterator[bytes]:
        """Yield the packets of the TCP handshake."""
        yield self._made("C", _SYN, acknowledges=False)
        self._next["C"] += 1
        yield self._made("S", _SYN | _ACK)
        self._next["S"] += 1
        yield self._made("C", _ACK)

    def say(self, side: str, data: bytes) -> Iterator[bytes]:
        """Yield a packet that `side` sends with this data.

        An acknowledgement follows if much data has been sent without one.
        """
        self.said = True
        other = _other(side)
        yield self._made(side, _PSH | _ACK, data)
        self._next[side] = (self._next[side] + len(data)) & 0xFFFFFFFF
        self._acknowledged[other] = 0
        self._acknowledged[side] += len(data)
        if self._acknowledged[side] >= UNACKNOWLEDGED:
            self._acknowledged[side] = 0
            yield self._made(other, _ACK)

    def close(self, side: str, *, reset: bool) -> Iterator[bytes]:
        """Yield the packets that end the connection. `side` is the side that closes it first."""
        if reset:
            yield self._made(side, _RST | _ACK)
            return
        other = _other(side)
        yield self._made(side, _FIN | _ACK)
        self._next[side] += 1
        yield self._made(other, _FIN | _ACK)
        self._next[other] += 1
        yield self._made(side, _ACK)

    def _made(
        self, side: str, flags: int, data: bytes = b"", *, acknowledges: bool = True
    ) -> bytes:
        other = _other(side)
        source, target = self._places[side], self._places[other]
        tcp: Any = dpkt.tcp.TCP(
            sport=source.port,
            dport=target.port,
            seq=self._next[side],
            ack=self._next[other] if acknowledges else 0,
            flags=flags,
            win=65535,
            data=data,
        )
        six = source.address.version == 6
        packed = source.address.packed, target.address.packed
        if six:
            tcp.sum = _checksum(*packed, bytes(tcp))
            ip: Any = dpkt.ip6.IP6(
                src=packed[0], dst=packed[1], nxt=6, hlim=64, plen=len(tcp), data=tcp
            )
            ip.extension_hdrs = {}
        else:
            self._ids = (self._ids + 1) & 0xFFFF
            ip = dpkt.ip.IP(
                src=packed[0], dst=packed[1], p=6, ttl=64, id=self._ids, len=20 + len(tcp), data=tcp
            )
            ip.df = 1
        kind = dpkt.ethernet.ETH_TYPE_IP6 if six else dpkt.ethernet.ETH_TYPE_IP
        frame: Any = dpkt.ethernet.Ethernet(src=_MAC[side], dst=_MAC[other], type=kind, data=ip)
        return bytes(frame)


def _other(side: str) -> str:
    return "S" if side == "C" else "C"


def _checksum(source: bytes, target: bytes, segment: bytes) -> int:
    """Return the TCP checksum over IPv6 (RFC 9293 section 3.1, RFC 8200 section 8.1)."""
    pseudo = source + target + len(segment).to_bytes(4, "big") + b"\0\0\0\x06"
    untyped: Any = dpkt
    return int(untyped.in_cksum(pseudo + segment)) or 0xFFFF


def _together(before: Line, line: Line) -> bool:
    """Return whether a row shares packets with the row `before` it.

    Rows of the same reply or of the same message share packets, unless their times differ.
    """
    if before.sent is not line.sent or before.tls is not line.tls:
        return False
    if line.sent:
        message = before.kind in MESSAGE_KINDS and line.kind in MESSAGE_KINDS
        return message and before.at == line.at
    return bool(line.flags & MORE) and before.at == line.at


def _places(local: str, address: str, peer: str) -> tuple[_Place, _Place]:
    """Return the addresses and ports of the client and the server.

    Unknown addresses are replaced with documentation addresses (RFC 5737, RFC 3849).
    """
    client, server = _address(local), _address(address) or _address(peer)
    found = client or server
    version = found.version if found is not None else 4
    if client is not None and server is not None and client.version != server.version:
        client = None
        version = server.version
    defaults = [ipaddress.ip_address(text) for text in _DEFAULTS[version]]
    port = next(filter(None, (_port(peer), _port(address))), 25)
    smtp = 587 if port in _SUBMISSION or peer.startswith("smtps:") else 25
    return (
        _Place(client or defaults[0], _port(local) or _CLIENT_PORT, client is not None),
        _Place(server or defaults[1], smtp, server is not None),
    )


def _address(text: str) -> Any:
    """Return the IP address in a text that may end in a port, or None if there is no address."""
    text = text.rpartition("//")[2]
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    for each in (bare, bare.rpartition(":")[0]):
        try:
            found = ipaddress.ip_address(each.partition("%")[0])
        except ValueError:
            continue
        return getattr(found, "ipv4_mapped", None) or found
    return None


def _port(text: str) -> int:
    found = _PORT.search(text.rpartition("//")[2])
    return int(found[1]) if found is not None and int(found[1]) < 65536 else 0


def _section() -> bytes:
    """Return the section header block, which names the program that made the file."""
    name = f"heloscope {VERSION}: packets made from a conversation, not captured"
    block = _block("SectionHeaderBlockLE")
    block.opts = [
        dpkt.pcapng.PcapngOptionLE(code=dpkt.pcapng.PCAPNG_OPT_SHB_USERAPPL, data=_utf8(name)),
        dpkt.pcapng.PcapngOptionLE(),
    ]
    return bytes(block)


def _block(kind: str, **fields: Any) -> Any:
    return getattr(dpkt.pcapng, kind)(**fields)


def _utf8(text: str) -> bytes:
    return visible_text(text)[:2000].encode("utf-8", "backslashreplace")
