"""A capture contains exactly the octets that were sent, and Wireshark dissects it as SMTP."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import dpkt
import pytest
from heloscope.app.export.pcapng import SEGMENT, capture
from heloscope.session.events import (
    CLIENT,
    SERVER,
    Cause,
    Connected,
    Direction,
    Disconnected,
    TlsStarted,
)
from heloscope.session.foreign.capture import read_capture
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record.masks import Masking
from hypothesis import given, settings
from hypothesis import strategies as st
from support.exported import MESSAGE, a_delivery, exported, source


class Packets:
    """The packets of a capture, with their checksums verified and their streams reassembled."""

    def __init__(self, data: bytes) -> None:
        self.streams: dict[tuple[bytes, int], bytes] = {}
        self.times: list[float] = []
        self.ports: list[tuple[int, int]] = []
        self.sizes: list[int] = []
        expected: dict[tuple[bytes, int, int], int] = {}
        for at, frame in dpkt.pcapng.Reader(io.BytesIO(data)):
            ethernet: Any = dpkt.ethernet.Ethernet(frame)
            ip = ethernet.data
            tcp = ip.data
            self.times.append(at)
            self.ports.append((tcp.sport, tcp.dport))
            payload = bytes(tcp.data)
            self.sizes.append(len(payload))
            key = (ip.src, tcp.sport, tcp.dport)
            wanted = expected.get(key)
            assert wanted is None or tcp.seq == wanted
            step = len(payload) + bool(tcp.flags & 0x02) + bool(tcp.flags & 0x01)
            expected[key] = tcp.seq + step
            self.streams[key[:2]] = self.streams.get(key[:2], b"") + payload
            length = len(bytes(tcp))
            if ip.v == 4:
                pseudo = ip.src + ip.dst + b"\0\x06" + length.to_bytes(2, "big")
                assert dpkt.in_cksum(bytes(ip)[:20]) == 0
            else:
                pseudo = ip.src + ip.dst + length.to_bytes(4, "big") + b"\0\0\0\x06"
            assert dpkt.in_cksum(pseudo + bytes(tcp)) == 0

    def said(self, direction: Direction) -> bytes:
        """Return everything that one side sent, in the order of its connections."""
        client = direction is CLIENT
        return b"".join(
            data for (_, port), data in self.streams.items() if (port not in (25, 587)) is client
        )


def test_several_conversations_have_streams_of_their_own_in_one_capture():
    one, other = Conversation(), Conversation()
    for talk, name in ((one, b"one"), (other, b"other")):
        talk.feed(CLIENT, b"EHLO %s\r\n" % name, 0.0)
    found = Packets(b"".join(capture([source(one), source(other)])))
    assert found.said(CLIENT) == b"EHLO one\r\nEHLO other\r\n"
    assert len({client for client, server in found.ports if server == 587}) == 2


def test_a_capture_has_the_addresses_ports_times_and_octets_of_the_conversation():
    talk = a_delivery()
    found = Packets(exported(talk, "pcapng"))
    assert found.said(SERVER) == talk.transcript.joined(SERVER)
    said = found.said(CLIENT)  # AUTH is masked
    assert said.startswith(b"EHLO laptop\r\nSTARTTLS\r\nEHLO laptop\r\nAUTH PLAIN ****")
    assert said.endswith(b"DATA\r\n" + MESSAGE + b".\r\nQUIT\r\n")
    assert found.ports[0] == (40000, 587) and (40001, 587) in found.ports
    assert found.times == sorted(found.times)
    assert found.times[0] == pytest.approx(1_790_000_000.0)
    assert found.times[-1] == pytest.approx(1_790_000_010.2)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([CLIENT, SERVER]), st.binary(max_size=4000)), max_size=8),
    st.sampled_from(["192.0.2.9:25", "[2001:db8::9]:25", "mail.example.org:587", ""]),
)
def test_any_octets_are_read_back(said: list[tuple[Direction, bytes]], address: str):
    talk = Conversation()
    talk.note(Connected(0.0, "mail.example.org", address))
    for number, (direction, data) in enumerate(said):
        talk.feed(direction, data, float(number))
        talk.flush(direction, float(number))
    talk.note(Disconnected(99.0, Cause.RESET))
    found = Packets(exported(talk, "pcapng", target="mail.example.org"))
    assert max(found.sizes) <= SEGMENT
    if not any(line.secret for line in talk.transcript):
        for direction in (CLIENT, SERVER):
            assert found.said(direction) == talk.transcript.joined(direction)


def test_heloscope_reads_its_own_capture():
    talk = a_delivery()
    first, second = read_capture(exported(talk, "pcapng")).talks
    texts = [entry.text.rstrip("\r\n") for entry in (*first, *second) if entry.what in ("C", "S")]
    assert texts[:3] == ["220 mail.example.org ESMTP Postfix", "EHLO laptop",
                         "250-mail.example.org"]  # fmt: skip
    assert "RCPT TO:<bob@example.org>" in texts and texts[-1] == "221 2.0.0 Bye"


# Wireshark itself

needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


def tshark(folder: Path, data: bytes, *words: str) -> list[str]:
    file = folder / "talk.pcapng"
    file.write_bytes(data)
    done = subprocess.run(
        ["tshark", "-r", str(file), "-o", "tcp.check_checksum:TRUE", *words],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


def dissected(folder: Path, data: bytes) -> list[str]:
    """Return each command and reply code that Wireshark finds, in order."""
    fields = ("-Y", "smtp.req.command || smtp.response.code", "-T", "fields", "-E", "separator=|",
              "-e", "smtp.req.command", "-e", "smtp.response.code")  # fmt: skip
    return ["".join(line.split("|")) for line in tshark(folder, data, *fields)]


WANTED = ["220", "EHLO", "250", "STAR", "220", "EHLO", "250", "AUTH", "235", "MAIL", "250",
          "RCPT", "550", "RCPT", "250", "DATA", "354", "250", "QUIT", "221"]  # fmt: skip
TROUBLE = "_ws.malformed || tcp.analysis.flags || tcp.checksum.status == Bad"


@needs_tshark
@pytest.mark.parametrize("masking", [Masking(), Masking(True, True)], ids=["plain", "masked"])
def test_wireshark_finds_each_command_and_reply_in_its_place(tmp_path: Path, masking: Masking):
    data = exported(a_delivery(), "pcapng", masking)
    assert dissected(tmp_path, data) == WANTED
    assert tshark(tmp_path, data, "-Y", TROUBLE) == []


@needs_tshark
def test_wireshark_reads_lmtp_chunks_long_messages_and_tls_from_the_start(tmp_path: Path):
    talk = Conversation()
    talk.note(Connected(0.0, "[2001:db8::9]:24", "[2001:db8::9]:24", "[2001:db8::7]:4000"))
    talk.note(TlsStarted(0.0, "TLSv1.3", "X"))
    at = 1.0
    for direction, data in (
        (SERVER, b"220 hi\r\n"), (CLIENT, b"LHLO me\r\n"), (SERVER, b"250-hi\r\n250 CHUNKING\r\n"),
        (CLIENT, b"MAIL FROM:<a@b.example>\r\n"), (SERVER, b"250 ok\r\n"),
        (CLIENT, b"RCPT TO:<c@d.example>\r\n"), (SERVER, b"250 ok\r\n"), (CLIENT, b"DATA\r\n"),
        (SERVER, b"354 go\r\n"),
        (CLIENT, b"Subject: x\r\n\r\n" + b"0123456789\r\n" * 20_000 + b".\r\n"),
        (SERVER, b"250 ok\r\n"), (CLIENT, b"QUIT\r\n"), (SERVER, b"221 bye\r\n"),
    ):  # fmt: skip
        talk.feed(direction, data, at)
        at += 1
    data = exported(talk, "pcapng", target="lmtp://[2001:db8::9]:24")
    assert dissected(tmp_path, data)[-7:] == ["RCPT", "250", "DATA", "354", "250", "QUIT", "221"]
    assert tshark(tmp_path, data, "-Y", TROUBLE) == []
