"""The PROXY protocol header: its octets, and a conversation that does not read it as a command.

HAProxy proxy-protocol.txt, sections 2.1 and 2.2.
"""

from __future__ import annotations

import pytest
from heloscope.session.events import CLIENT, SERVER, Connected, Violation
from heloscope.session.net.proxy_header import ProxyHeaderError, proxy_header
from heloscope.session.protocol.conversation import Conversation
from support.rows import for_each

V2 = b"\r\n\r\n\x00\r\nQUIT\n"


@for_each([
        ("TCP4 192.0.2.1 198.51.100.2 56324 25", 1,
         b"PROXY TCP4 192.0.2.1 198.51.100.2 56324 25\r\n"),
        ("tcp6 2001:db8::1 ::1 1 65535", 1, b"PROXY TCP6 2001:db8::1 ::1 1 65535\r\n"),
        ("UNKNOWN", 1, b"PROXY UNKNOWN\r\n"),
        ("TCP4 192.0.2.1 198.51.100.2 56324 25", 2,
         V2 + b"\x21\x11\x00\x0c\xc0\x00\x02\x01\xc6\x33\x64\x02\xdc\x04\x00\x19"),
        ("TCP6 ::1 ::2 1 2", 2, V2 + b"\x21\x21\x00\x24" + b"\0" * 15 + b"\x01" + b"\0" * 15
         + b"\x02\x00\x01\x00\x02"),
        ("LOCAL", 2, V2 + b"\x20\x00\x00\x00"),
    ])  # fmt: skip
def test_the_octets_of_a_header(text: str, version: int, octets: bytes):
    assert proxy_header(text, version) == octets


@for_each(
    [
        ("", "a PROXY header must be 'TCP4"),
        ("TCP4 1.2.3.4 5.6.7.8 1", "a PROXY header must be 'TCP4"),
        ("TCP4 ::1 5.6.7.8 1 2", "::1 is not an IPv4 address"),
        ("TCP6 1.2.3.4 ::1 1 2", "1.2.3.4 is not an IPv6 address"),
        ("TCP4 1.2.3.4 5.6.7.8 1 65536", "a port must be a number up to 65535, not '65536'"),
    ]
)
def test_an_invalid_header_is_refused(text: str, said: str):
    with pytest.raises(ProxyHeaderError) as error:
        proxy_header(text)
    assert said in str(error.value)


@pytest.mark.parametrize("version", [1, 2])
def test_a_header_is_a_row_but_not_a_command(version: int):
    talk = Conversation()
    talk.note(Connected(0.0, "host:25", "127.0.0.1:25", "127.0.0.1:9"))
    header = proxy_header("TCP4 192.0.2.1 198.51.100.2 56324 25", version)
    talk.feed(CLIENT, header, 0.0)
    assert talk.waiting_for == "greeting"
    talk.feed(SERVER, b"220 ready\r\n", 0.1)
    talk.feed(CLIENT, b"EHLO me.example\r\n", 0.2)
    talk.feed(SERVER, b"250 ok\r\n", 0.3)
    assert talk.greeted_with == "EHLO"
    rows = [row.data for row in talk.transcript if row.sent]
    assert rows == [header, b"EHLO me.example\r\n"]
    marks = talk.transcript.marks_after(0)
    assert [mark for mark in marks if isinstance(mark, Violation)] == []
