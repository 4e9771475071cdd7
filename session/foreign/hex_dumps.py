"""Reads hexadecimal dumps of .NET, Wireshark, tcpdump, tcpflow, xxd, od and hexdump.

Words before a dump, such as Send and Receive, show its direction. Without such words, two different
indentations mark the two sides, and dumps with a single indentation contain both sides in order. If
the dumps are packets, as with tcpdump -X, they are reassembled like those of a capture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import hex_rows
from .bare import VERB, read_bare
from .entries import CUT, ENCRYPTED_FROM_HERE, IN, NOTE, OMITTED, OUT, TLS, Entries, Entry, Lines
from .hex_rows import Dump
from .literals import wire_lines

SIGN = hex_rows.SIGN
CAPTURES = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d",
            b"\x0a\x0d\x0d\x0a")  # fmt: skip
"""The octets with which a capture file begins, for each format (pcap, pcapng)."""
TLS_BEGINS = rb"\x16\x03[\x00-\x04]"
_OUT = re.compile(
    r"\b(?:sen[dt]|sending|writ(?:e|es|ing|ten)|wrote|out(?:bound|going)?|tx)\b|=>|>>>",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\b(?:rec(?:ei)?v(?:ed?|ing)?|read(?:ing)?|in(?:bound|coming)|rx)\b|<=|<<<", re.IGNORECASE
)
_SOCKET = re.compile(r"#(\d+)::")
_OTHERS = re.compile(r"(?:\d\d:\d\d:\d\d\.\d+ )?(?:<= Recv|=> Send) \w+")  # of curl
_TIME = re.compile(r"(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{1,9}")
_IN_CLEAR = re.compile(
    rb"(?:\A|\n)(?:[2-5]\d\d[ -]|" + VERB.pattern.encode("ascii") + rb")", re.IGNORECASE
)
_TLS_AFTER_A_LINE = re.compile(rb"(?:\A|\n)(?=" + TLS_BEGINS + rb")")
_ETHERNET, _RAW_IP = 1, 101  # link types
_TCP = 6
_FEWEST = 16  # octets that a dump needs at least


def read_hex_dumps(lines: Lines) -> Entries:
    """Read the lines of both sides from hex dumps. Yields nothing if they do not contain SMTP."""
    if any(_OTHERS.match(line) for line in lines):
        return
    dumps = hex_rows.dumps_in(lines)
    octets = b"".join(dump.octets for dump in dumps)
    packets = _packets(dumps)
    if packets or octets.startswith(CAPTURES):
        from .capture import CaptureError, read_capture, read_packets

        try:
            talks = (read_packets(packets) if packets else read_capture(octets)).talks
        except CaptureError:
            return
        for number, talk in enumerate(talks):
            yield from (entry._replace(conn=str(number)) for entry in talk)
        return
    if not _IN_CLEAR.search(octets):  # words of four octets, the last one first: xxd -e
        dumps = [dump._replace(octets=_turned(dump.octets)) for dump in dumps]
        octets = b"".join(dump.octets for dump in dumps)
    if _IN_CLEAR.search(octets):
        sides = _by_words(dumps) or _by_heads(dumps)
        yield from _of_both(octets) if sides is None else _of_sides(dumps, sides)


def refusal(lines: Lines) -> str:
    """Explain why a hex dump contains no readable conversation, and what to open instead.

    Return "" for text that is not a hex dump, or that is very short.
    """
    if not hex_rows.mostly_rows(lines):
        return ""
    dumps = hex_rows.dumps_in(lines)
    octets = b"".join(dump.octets for dump in dumps)
    if len(octets) < _FEWEST:
        return ""
    if re.match(TLS_BEGINS, octets):
        return f"it is a hex dump of TLS{ENCRYPTED}"
    if packets := _packets(dumps):
        from .capture import read_packets

        if any(entry.what == TLS for talk in read_packets(packets).talks for entry in talk):
            return f"it is a hex dump of packets that contain TLS{ENCRYPTED}"
        return (
            "it is a hex dump of packets that do not form an SMTP conversation. "
            "Save all packets with tcpdump -w FILE, and open that file."
        )
    return (
        "it is a hex dump, but does not contain an SMTP conversation. Open the log of a program "
        "that took part, or a capture (tcpdump -w FILE)."
    )


ENCRYPTED = (
    ", which cannot be read without its keys. Open the log of a program that took part, or a "
    "capture of a session without TLS."
)


def _packets(dumps: list[Dump]) -> list[tuple[str, int, bytes]]:
    """Return the time, link type and octets of each dump that is a packet.

    Return an empty list unless more than half of the dumps are packets.
    """
    found: list[tuple[str, int, bytes]] = []
    for dump in dumps:
        link = _link(dump.octets)
        if link is not None:
            times = (m[0] for word in reversed(dump.words) if (m := _TIME.search(word)))
            found.append((next(times, ""), link, dump.octets))
    return found if len(found) * 2 > len(dumps) else []


def _link(octets: bytes) -> int | None:
    """Return the link type of a TCP packet, or None for any other octets."""
    if _is_ip(octets):
        return _RAW_IP
    if octets[12:14] in (b"\x08\x00", b"\x86\xdd") and _is_ip(octets[14:]):
        return _ETHERNET
    return None


def _is_ip(octets: bytes) -> bool:
    if len(octets) < 40:
        return False
    if octets[0] >> 4 == 4:
        return octets[0] & 15 >= 5 and octets[9] == _TCP
    return octets[0] >> 4 == 6 and octets[6] == _TCP


def _of_both(octets: bytes) -> Entries:
    """Yield the lines of dumps that contain both sides in order, up to the start of TLS."""
    begins = _TLS_AFTER_A_LINE.search(octets)
    clear = octets[: begins.end()] if begins is not None else octets
    text = clear.decode("utf-8", "surrogateescape")
    yield from read_bare([line.removesuffix("\n") for line in wire_lines(text)], ())
    if begins is not None:
        yield from _encrypted("")


def _of_sides(dumps: list[Dump], sides: list[str]) -> Entries:
    rest: dict[tuple[str, str], str] = {}
    secured: set[str] = set()
    for dump, side in zip(dumps, sides, strict=True):
        socket = next((m[1] for word in dump.words if (m := _SOCKET.search(word))), "")
        if socket in secured:
            continue
        text = rest.pop((side, socket), "")
        if not text and re.match(TLS_BEGINS, dump.octets):
            secured.add(socket)
            yield from _encrypted(socket)
            continue
        text += dump.octets.decode("utf-8", "surrogateescape")
        for line in wire_lines(text):
            if line.endswith("\n"):
                yield Entry(side, line, conn=socket)
            else:
                rest[side, socket] = line
    for (side, socket), text in rest.items():
        yield Entry(side, text, conn=socket, marks=frozenset({CUT}))


def _turned(octets: bytes) -> bytes:
    return b"".join(octets[n : n + 4][::-1] for n in range(0, len(octets), 4))


def _encrypted(conn: str) -> Iterator[Entry]:
    yield Entry(TLS, conn=conn)
    yield Entry(NOTE, ENCRYPTED_FROM_HERE, OMITTED, conn=conn)


def _by_words(dumps: list[Dump]) -> list[str] | None:
    """Return the direction of each dump according to the words before it.

    Return None if a dump has no such words, or if all dumps have the same direction.
    """
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


def _by_heads(dumps: list[Dump]) -> list[str] | None:
    """Return the direction of each dump if the rows are indented in two ways, as by Wireshark.

    Return None otherwise.
    """
    heads = list(dict.fromkeys(dump.head for dump in dumps))
    if len(heads) != 2:
        return None
    return [OUT if dump.head == heads[0] else IN for dump in dumps]
