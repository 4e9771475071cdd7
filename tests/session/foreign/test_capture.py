"""A capture yields the same conversation whatever its packets look like."""

from __future__ import annotations

import io
import random
import struct
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import dpkt
import pytest
from heloscope.session.foreign.capture import read_capture
from heloscope.session.foreign.log import ForeignError, read_log
from support.rows import for_each

SAID = (
    ("S", b"220 mx.example.org ESMTP ready\r\n"),
    ("C", b"EHLO client.example\r\n"),
    ("S", b"250-mx.example.org\r\n250-PIPELINING\r\n250 SIZE 1000\r\n"),
    ("C", b"MAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.org>\r\n"),
    ("S", b"250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n"),
    ("C", b"QUIT\r\n"),
    ("S", b"221 2.0.0 Bye\r\n"),
)
LINES = [(side, line + "\r\n") for side, data in SAID for line in data.decode().split("\r\n")[:-1]]
V4 = (b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x19")
V6 = (bytes(15) + b"\x01", bytes(15) + b"\x02")


class Segment(NamedTuple):
    side: str
    sequence: int
    acknowledged: int
    flags: int
    data: bytes = b""


def segments(size: int = 1460, start: int = 1000) -> list[Segment]:
    """Return the handshake, the conversation in segments of at most `size` octets, and the end."""
    at = {"C": start, "S": start + 5000}
    found = [
        Segment("C", at["C"], 0, dpkt.tcp.TH_SYN),
        Segment("S", at["S"], at["C"] + 1, dpkt.tcp.TH_SYN | dpkt.tcp.TH_ACK),
    ]
    at = {side: number + 1 for side, number in at.items()}
    for side, data in SAID:
        other = "S" if side == "C" else "C"
        for cut in range(0, len(data), size):
            part = data[cut : cut + size]
            found.append(Segment(side, at[side], at[other], dpkt.tcp.TH_ACK, part))
            at[side] += len(part)
    flags = dpkt.tcp.TH_FIN | dpkt.tcp.TH_ACK
    return [*found, Segment("S", at["S"], at["C"], flags)]


def packet(segment: Segment, addresses: tuple[bytes, bytes] = V4) -> Any:
    """Return an IP packet that contains a segment."""
    ports = (40000, 25) if segment.side == "C" else (25, 40000)
    tcp = dpkt.tcp.TCP(
        sport=ports[0], dport=ports[1], seq=segment.sequence & 0xFFFFFFFF,
        ack=segment.acknowledged & 0xFFFFFFFF, flags=segment.flags, data=segment.data,
    )  # fmt: skip
    source, target = addresses if segment.side == "C" else addresses[::-1]
    if len(source) == 16:
        return dpkt.ip6.IP6(src=source, dst=target, nxt=6, hlim=64, plen=len(tcp), data=tcp)
    return dpkt.ip.IP(src=source, dst=target, p=6, data=tcp)


def ethernet(segment: Segment, addresses: tuple[bytes, bytes] = V4, vlan: bool = False) -> bytes:
    inner = bytes(packet(segment, addresses))
    kind = b"\x86\xdd" if len(addresses[0]) == 16 else b"\x08\x00"
    return bytes(12) + (b"\x81\x00\x00\x07" if vlan else b"") + kind + inner


def pcap(frames: Sequence[bytes], link: int = 1) -> bytes:
    file = io.BytesIO()
    writer = dpkt.pcap.Writer(file, linktype=link)
    for number, frame in enumerate(frames):
        writer.writepkt(frame, ts=1_790_000_000 + number / 1000)
    return file.getvalue()


def lines(data: bytes) -> list[tuple[str, str]]:
    """Return the side and text of each line in the only conversation of a capture."""
    (talk,) = read_capture(data).talks
    return [(entry.what, entry.text) for entry in talk if entry.what in ("C", "S")]


def sides(said: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Return the lines of each side in order; a capture may interleave the sides differently."""
    return [t for who, t in said if who == "C"], [t for who, t in said if who == "S"]


# How packets are wrapped


@pytest.mark.parametrize("vlan", [False, True], ids=["", "VLAN"])
@pytest.mark.parametrize("addresses", [V4, V6], ids=["IPv4", "IPv6"])
def test_ethernet_with_and_without_a_tag(addresses: tuple[bytes, bytes], vlan: bool):
    assert lines(pcap([ethernet(each, addresses, vlan) for each in segments()])) == LINES


def test_an_ipv6_peer_is_named_in_brackets():
    (talk,) = read_capture(pcap([ethernet(each, V6) for each in segments()])).talks
    assert talk[0].text == "[::2]:25"


@pytest.mark.parametrize(
    ("link", "head"),
    [(101, b""), (0, b"\x02\x00\x00\x00"), (113, bytes(14) + b"\x08\x00"),
     (276, b"\x08\x00" + bytes(18))],
    ids=["raw IP", "loopback", "Linux cooked", "Linux cooked 2"],
)  # fmt: skip
def test_other_links(link: int, head: bytes):
    assert lines(pcap([head + bytes(packet(each)) for each in segments()], link)) == LINES


# How segments come


@pytest.mark.parametrize("size", [1, 2, 7, 1460])
def test_segments_of_any_size(size: int):
    assert lines(pcap([ethernet(each) for each in segments(size)])) == LINES


def test_numbers_that_wrap_around():
    start = 0xFFFFFFFF - 20
    assert lines(pcap([ethernet(each) for each in segments(9, start)])) == LINES


@for_each(range(8))
def test_segments_that_are_repeated_and_overlap(seed: int):
    chance = random.Random(seed)
    found: list[Segment] = []
    for each in segments(11):
        found.append(each)
        if each.data and chance.random() < 0.5:
            cut = chance.randrange(len(each.data))
            again = each._replace(sequence=each.sequence + cut, data=each.data[cut:])
            found.append(again if chance.random() < 0.5 else each)
    assert lines(pcap([ethernet(each) for each in found])) == LINES


@for_each(range(8))
def test_segments_out_of_order_within_the_data_of_one_side(seed: int):
    chance = random.Random(seed)
    found = segments(9)
    body = found[2:-1]
    at = 0
    while at < len(body):  # a run of one side, shuffled; none of it is acknowledged in between
        end = at
        while end < len(body) and body[end].side == body[at].side:
            end += 1
        run = body[at:end]
        chance.shuffle(run)
        body[at:end] = run
        at = end
    said = lines(pcap([ethernet(each) for each in [*found[:2], *body, found[-1]]]))
    assert sides(said) == sides(LINES)
    assert said == LINES


def test_a_segment_that_is_missing_is_reported_and_the_rest_is_read():
    found = segments()
    gone = next(n for n, each in enumerate(found) if each.data.startswith(b"250 2.1.0"))
    (talk,) = read_capture(
        pcap([ethernet(each) for each in found[:gone] + found[gone + 1 :]])
    ).talks
    told = [entry.text for entry in talk if entry.kind == "omitted"]
    assert told == ["28 octets are not in the capture"]
    said = [entry.text for entry in talk if entry.what in ("C", "S")]
    assert said == [text for _, text in LINES if not text.startswith("250 2.1.")]


@pytest.mark.parametrize("side", ["C", "S"])
def test_a_last_segment_that_is_missing_is_reported(side: str):
    found = segments()
    last = max(n for n, each in enumerate(found) if each.data and each.side == side)
    if side == "S":
        assert found[last].data == b"221 2.0.0 Bye\r\n"
    log = read_log(pcap([ethernet(each) for each in found[:last] + found[last + 1 :]]))
    told = [each.text for each in log.conversations[0].talk if each.kind == "omitted"]
    assert told == [f"{len(found[last].data)} octets are not in the capture"]
    assert "Packets are missing from the capture in 1 place, marked by a note." in log.unknown()
    whole = read_log(pcap([ethernet(each) for each in found]))
    assert "missing" not in whole.unknown()


def test_segments_that_wait_for_an_earlier_one_take_linear_time():
    def taken(count: int) -> float:
        syn, *_ = segments()
        line = b"250 ok\r\n"
        place = syn.sequence + 5001
        waiting = [Segment("S", place + 8 * n, 0, dpkt.tcp.TH_ACK, line) for n in range(1, count)]
        frames = [ethernet(each) for each in (*segments()[:2], *waiting)]
        frames += [ethernet(Segment("S", place, 0, dpkt.tcp.TH_ACK, b"220 hi\r\n"))]
        data = pcap(frames)
        began = time.process_time()
        assert len(lines(data)) == count
        return time.process_time() - began

    taken(50)
    few, many = ([taken(count) for _ in range(2)] for count in (500, 2000))
    assert min(many) < 10 * max(0.01, *few)


def test_a_capture_that_begins_in_the_middle():
    said = lines(pcap([ethernet(each) for each in segments()[4:]]))
    assert said == LINES[2:] or said == LINES[1:]


@for_each([1, 20, 60, 100, 600])
def test_a_capture_that_is_cut_in_a_packet_is_read_up_to_there(octets: int):
    data = pcap([ethernet(each) for each in segments()])
    captured = read_capture(data[:-octets])
    assert captured.problems == (
        "The capture is damaged or incomplete, so only its beginning was read.",
    )
    for talk in captured.talks:
        said = [(entry.what, entry.text) for entry in talk if entry.what in ("C", "S")]
        assert said == LINES[: len(said)]


# pcapng


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body += bytes(-len(body) % 4)
    size = len(body) + 12
    return struct.pack(f"{order}II", kind, size) + body + struct.pack(f"{order}I", size)


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int, options: bytes = b"", order: str = "<") -> bytes:
    return block(1, struct.pack(f"{order}HHI", link, 0, 65535) + options, order)


def enhanced(number: int, frame: bytes, ticks: int, order: str = "<") -> bytes:
    head = struct.pack(
        f"{order}IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame)
    )
    return block(6, head + frame, order)


@pytest.mark.parametrize("order", ["<", ">"], ids=["little-endian", "big-endian"])
def test_interfaces_of_other_links_and_clocks(order: str):
    nanoseconds = struct.pack(f"{order}HHB3xHH", 9, 1, 9, 0, 0)
    data = section(order) + interface(1, order=order) + interface(101, nanoseconds, order)
    for number, each in enumerate(segments()):
        seconds = 1_790_000_000 + number
        if number % 2:
            data += enhanced(1, bytes(packet(each)), seconds * 10**9, order)
        else:
            data += enhanced(0, ethernet(each), seconds * 10**6, order)
        data += block(5, bytes(12), order)  # statistics, passed over
    assert lines(data) == LINES
    (talk,) = read_capture(data).talks
    times = [float(entry.at) for entry in talk if entry.what in ("C", "S")]
    assert times == sorted(times)
    assert times[0] == 1_790_000_002.0


def test_a_second_section_has_its_own_interfaces():
    found = segments()
    half = len(found) // 2
    data = section() + interface(1)
    data += b"".join(enhanced(0, ethernet(each), 10**6) for each in found[:half])
    data += section(">") + interface(101, order=">")
    data += b"".join(enhanced(0, bytes(packet(each)), 10**6, ">") for each in found[half:])
    assert lines(data) == LINES


@pytest.mark.parametrize("octets", [1, 5, 30, 90])
def test_a_torn_pcapng_is_read_up_to_there(octets: int):
    data = section() + interface(1)
    data += b"".join(enhanced(0, ethernet(each), 10**6) for each in segments())
    captured = read_capture(data[:-octets])
    assert captured.problems == (
        "The capture is damaged or incomplete, so only its beginning was read.",
    )
    said = [(e.what, e.text) for e in captured.talks[0] if e.what in ("C", "S")]
    assert said == LINES[: len(said)]
    assert len(said) >= len(LINES) - 1


@pytest.mark.parametrize("magic", [0xA1B2C3D4, 0xA1B23C4D], ids=["microseconds", "nanoseconds"])
@pytest.mark.parametrize("order", ["<", ">"], ids=["little-endian", "big-endian"])
def test_pcap_of_either_byte_order_and_clock(order: str, magic: int):
    data = struct.pack(f"{order}IHHIIII", magic, 2, 4, 0, 0, 65535, 1)
    part = 500_000 if magic == 0xA1B2C3D4 else 500_000_000
    for each in segments():
        frame = ethernet(each)
        data += struct.pack(f"{order}IIII", 1_790_000_000, part, len(frame), len(frame)) + frame
    assert lines(data) == LINES
    (talk,) = read_capture(data).talks
    assert {entry.at for entry in talk} == {"1790000000.500000"}


def test_a_pcapng_with_nothing_readable_is_refused_in_a_sentence():
    for data in (b"\x0a\x0d\x0d\x0a", b"\x0a\x0d\x0d\x0a" + bytes(40), section()[:-4]):
        with pytest.raises(ForeignError, match=r"its header cannot be read\.|no SMTP"):
            read_log(data)
