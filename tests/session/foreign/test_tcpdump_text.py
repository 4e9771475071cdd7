"""Packets printed by tcpdump as text (-A) or hexadecimal digits (-X) are read like a capture."""

from __future__ import annotations

import base64
import re
from typing import NamedTuple

import dpkt
import pytest
from heloscope.session.foreign.log import ForeignError, ForeignLog, read_log

SAID = (
    ("S", b"220 mx.example.org ESMTP ready\r\n"),
    ("C", b"EHLO client.example\r\n"),
    ("S", b"250-mx.example.org\r\n250-PIPELINING\r\n250 SIZE 1000\r\n"),
    ("C", b"MAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.org>\r\n"),
    ("S", b"250 2.1.0 Ok\r\n550 5.1.1 No such user\r\n"),
    ("C", b"QUIT\r\n"),
    ("S", b"221 2.0.0 Bye\r\n"),
)
LINES = [(side, line) for side, data in SAID for line in data.decode().split("\r\n")[:-1]]
HOSTS = {"C": "192.0.2.1.40000", "S": "192.0.2.25.smtp"}
HEAD = {4: 20, 6: 40}


class Printed(NamedTuple):
    head: str
    octets: bytes
    carried: bytes


def packet(side: str, sequence: int, flags: int, data: bytes, version: int) -> bytes:
    ports = (40000, 25) if side == "C" else (25, 40000)
    options = b"\x01\x01\x08\x0a\x00\x0a\x0d\x45\x20\x09\x01\x02"  # with a LF and a TAB in it
    tcp = bytes(dpkt.tcp.TCP(sport=ports[0], dport=ports[1], seq=sequence, ack=1, flags=flags,
                             off=8, opts=options, data=data))  # fmt: skip
    ends = {"C": b"\xc0\x00\x02\x01", "S": b"\xc0\x00\x02\x19"}
    source, target = ends[side], ends["S" if side == "C" else "C"]
    if version == 4:
        return bytes(dpkt.ip.IP(src=source, dst=target, p=6, data=tcp, len=20 + len(tcp)))
    long = bytes(12)
    return bytes(dpkt.ip6.IP6(src=long + source, dst=long + target, nxt=6, plen=len(tcp), data=tcp))


def packets(version: int = 4) -> list[Printed]:
    found: list[Printed] = []
    at = {"C": 1, "S": 1}
    for n, (side, data) in enumerate([("C", b""), *SAID, ("C", b"")]):
        other = "S" if side == "C" else "C"
        last = n == len(SAID) + 1
        flags = {0: "S"}.get(n, "F." if last else "P.")
        head = (
            f"16:05:21.0319{n:02} IP{'6' if version == 6 else ''} {HOSTS[side]} > {HOSTS[other]}: "
            f"Flags [{flags}], seq {at[side]}:{at[side] + len(data)}, ack 1, win 509, options "
            f"[nop,nop,TS val 1 ecr 2], length {len(data)}"
        )
        if data:
            head += f": SMTP: {data.decode().splitlines()[0]}"
        number = {"S": 2, "F.": 0x11, "P.": 0x18}[flags]
        octets = packet(side, 999 if n == 0 else 1000 + at[side] - 1, number, data, version)
        found.append(Printed(head, octets, data))
        at[side] += len(data)
    return found


def as_text(octets: bytes) -> str:
    """Return octets as tcpdump -A prints them: no CR before LF, and dots for unprintable octets."""
    text = octets.decode("latin-1").replace("\r\n", "\n")
    return re.sub(r"[^ -~\t\n]", ".", text)


def dash_a(version: int = 4) -> str:
    return "".join(f"{p.head}\n{as_text(p.octets)}\n" for p in packets(version))


def rows(octets: bytes) -> str:
    return "".join(
        f"\t0x{n:04x}:  {octets[n : n + 16].hex(' ', -2):39}  {as_text(octets[n : n + 16])!r:.18}\n"
        for n in range(0, len(octets), 16)
    )


def dash_x(version: int = 4, frame: bytes = b"") -> str:
    return "".join(f"{p.head}\n{rows(frame + p.octets)}" for p in packets(version))


def said(log: ForeignLog) -> list[tuple[str, str]]:
    [talk] = log.conversations
    return [(entry.what, entry.text.rstrip("\r\n")) for entry in talk.talk if entry.said]


FRAME = bytes(12) + b"\x08\x00"
PASTED = {
    "-A": dash_a(),
    "-A of IPv6": dash_a(6),
    "-A, the empty lines lost": dash_a().replace("\n\n", "\n"),
    "-A, quoted": "\n".join(f"> {line}" for line in dash_a().split("\n")),
    "-X": dash_x(),
    "-X of IPv6": dash_x(6),
    "-XX": dash_x(frame=FRAME),
    "-X, quoted": "\n".join(f"> {line}" for line in dash_x().split("\n")),
    "-X, without the lines between": "".join(rows(p.octets) for p in packets()),
}


@pytest.mark.parametrize("name", PASTED)
def test_packets_are_reassembled(name: str):
    log = read_log(PASTED[name].encode())
    assert said(log) == LINES
    assert log.conversations[0].peer == "192.0.2.25:smtp" if "-A" in name else "192.0.2.25:25"


def test_the_times_of_the_packets_are_those_of_the_lines():
    for text in (dash_a(), dash_x()):
        log = read_log(text.encode())
        [at, *_] = [entry.at for entry in log.conversations[0].talk if entry.said]
        assert at == "16:05:21.031901"


def test_lines_without_the_octets_show_the_first_line_of_each_packet():
    heads = [p.head for p in packets()]
    shown = ["listening on eth0, link-type EN10MB (Ethernet)", *heads, "9 packets captured"]
    log = read_log("\n".join(shown).encode())
    firsts = [data.decode().splitlines()[0] for _, data in SAID]
    assert [text for _, text in said(log)] == firsts
    notes = [e.text for e in log.conversations[0].talk if e.what == "note"]
    assert notes == ["the rest of the packet is not shown"] * 3


def test_a_packet_that_was_sent_twice_is_read_once():
    first, second, *others = packets()
    shown = [first, second, second, *others]
    text = "".join(f"{p.head}\n{as_text(p.octets)}\n" for p in shown)
    assert said(read_log(text.encode())) == LINES


def test_a_capture_in_hexadecimal_digits_or_base64_is_read_as_the_capture():
    from pathlib import Path

    sample = (Path(__file__).parent / "samples" / "capture-plain.pcap").read_bytes()
    wanted = said(read_log(sample))
    dump = "\n".join(f"{n:08x}: {sample[n : n + 16].hex(' ')}" for n in range(0, len(sample), 16))
    for text in (sample.hex(), dump, base64.encodebytes(sample).decode()):
        assert said(read_log(text.encode())) == wanted


def test_packets_with_tls_are_refused():
    hello = bytes.fromhex("16030100f4010000f00303") + bytes(32)
    text = rows(packet("C", 1, 0x18, hello, 4)) + rows(packet("S", 1, 0x18, hello, 4))
    with pytest.raises(ForeignError) as told:
        read_log(text.encode())
    assert str(told.value) == (
        "it is a hex dump of packets that contain TLS, which cannot be read without its keys. "
        "Open the log of a program that took part, or a capture of a session without TLS."
    )


def test_packets_with_something_else_are_refused():
    text = rows(
        packet("C", 1, 0x18, b"GET / HTTP/1.1\r\n\r\n", 4).replace(b"\x00\x19", b"\x00\x50")
    )
    with pytest.raises(ForeignError) as told:
        read_log(text.encode())
    assert str(told.value) == (
        "it is a hex dump of packets that do not form an SMTP conversation. Save "
        "all packets with tcpdump -w FILE, and open that file."
    )


@pytest.mark.parametrize("end", range(0, 2000, 171))
@pytest.mark.parametrize("name", ["-A", "-X"])
def test_packets_that_are_cut_do_not_raise(name: str, end: int):
    for text in (PASTED[name][:end], PASTED[name][end:]):
        try:
            read_log(text.encode())
        except ForeignError:
            pass
