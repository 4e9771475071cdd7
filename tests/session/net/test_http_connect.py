"""The CONNECT method of an HTTP proxy: the greeting follows its response (RFC 9110 9.3.6)."""

from __future__ import annotations

import asyncio
import base64
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer

import pytest
from heloscope.session import Session
from heloscope.session.events import Cause
from heloscope.session.net.dial import DialError
from heloscope.session.net.http_connect import LONGEST
from heloscope.session.net.outgoing_proxy import parse_proxy
from heloscope.session.secret import Secret
from support.servers import serving

OK = b"HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n"
GREETING = b"220 mail.example.org ready\r\n"


class Answers:
    """A proxy that answers CONNECT with these octets, `cut` at a time, and then waits."""

    def __init__(self, answer: bytes, cut: int = 0, *, ends: bool = False) -> None:
        self._answer = answer
        self._cut = cut or len(answer) or 1
        self._ends = ends
        self.asked = b""

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        self.asked = await reader.readuntil(b"\r\n\r\n")
        for start in range(0, len(self._answer), self._cut):
            writer.write(self._answer[start : start + self._cut])
            await writer.drain()
            await asyncio.sleep(0)
        if not self._ends:
            await reader.read()
        writer.close()


async def greeted(proxy: Answers, host: str = "mail.example.org", user: str = "") -> bytes:
    """Return what the session reads as the greeting."""
    async with serving(proxy) as port:
        made = parse_proxy(f"http://{user}127.0.0.1:{port}", Secret("Tr0ub4dor"))
        session = Session(host, 25, proxy=made, timeout=10)
        try:
            return (await session.connect()).text
        finally:
            await session.close()


@pytest.mark.parametrize("cut", [0, 1, len(OK) - 1, len(OK), len(OK) + 5])
async def test_the_greeting_is_what_follows_the_empty_line_in_whatever_segments(cut: int):
    assert await greeted(Answers(OK + GREETING, cut)) == b"mail.example.org ready"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 200\r\n\r\n",
        b"HTTP/1.1 200 OK\n\n",
        b"HTTP/1.1 204 \r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ],
    ids=["no reason", "bare LF", "a length, which is ignored", "an interim response"],
)
async def test_a_successful_response(answer: bytes):
    assert await greeted(Answers(answer + GREETING)) == b"mail.example.org ready"


async def test_the_request_names_the_server_and_logs_in():
    proxy = Answers(OK + GREETING)
    await greeted(proxy, "mail.example.org", "bob@")
    assert proxy.asked.split(b"\r\n") == [
        b"CONNECT mail.example.org:25 HTTP/1.1",
        b"Host: mail.example.org:25",
        b"Proxy-Authorization: Basic " + base64.b64encode(b"bob:Tr0ub4dor"),
        b"",
        b"",
    ]
    await greeted(proxy, "::1")
    assert proxy.asked == b"CONNECT [::1]:25 HTTP/1.1\r\nHost: [::1]:25\r\n\r\n"


@pytest.mark.parametrize(
    ("proxy", "why"),
    [
        (Answers(b"", ends=True), "it closed the connection"),
        (Answers(b"HTTP/1.1 200 OK\r\nVia: x", ends=True), "it closed the connection"),
        (
            Answers(b"HTTP/1.1 407 Proxy Authentication\x1b[31m Required\r\n\r\n"),
            r"it replied 407 Proxy Authentication\\x1b\[31m Required",
        ),
        (Answers(b"HTTP/1.1 503\r\n\r\n"), "it replied 503"),
        (Answers(GREETING), "its response is not HTTP: 220 mail.example.org ready"),
        (Answers(b"HTTP/1.1 -200 x\r\n\r\n"), "its response is not HTTP: HTTP/1.1 -200 x"),
        (Answers(b"HTTP/1.1 200 " + b"x" * LONGEST), "its response is longer than 16,384 octets"),
        (
            Answers(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * LONGEST),
            "its response is longer than 16,384 octets",
        ),
        (Answers(b"HTTP/1.1 100 x\r\n\r\n" * LONGEST), "its response is longer than 16,384 octets"),
    ],
)
async def test_why_the_proxy_did_not_connect_is_one_sentence(proxy: Answers, why: str):
    with pytest.raises(DialError, match=rf"did not connect to mail.example.org:25: {why}\.$") as e:
        await greeted(proxy)
    assert e.value.cause is Cause.PROXY_FAILED


@pytest.mark.parametrize("host", ["a b.example.org", "a..example.org", "x" * 64])
async def test_an_invalid_host_name_is_not_sent_to_the_proxy(host: str):
    proxy = Answers(OK + GREETING)
    with pytest.raises(DialError) as error:
        await greeted(proxy, host)
    assert (error.value.cause, proxy.asked) == (Cause.NOT_A_NAME, b"")
