"""Simulates other clients of the practice server without sockets, by observing their lines."""

from __future__ import annotations

import asyncio

from heloscope.session.practice.clients import Watch
from heloscope.session.practice.server import PracticeServer

REPLIES = (b"250-practice.test\r\n250 PIPELINING\r\n", b"250 2.1.0 ok\r\n", b"250 2.1.5 ok\r\n",
           b"354 go ahead\r\n")  # fmt: skip


def visit(practice: PracticeServer, number: int, *lines: bytes, port: int = 40_000) -> Watch:
    """Observe a client that connects from `port` and sends `lines`; the first four get replies."""
    transport = asyncio.BaseTransport({"peername": ("127.0.0.1", port)})
    watch = practice.clients.watch(transport, number=number, implicit_tls=False)
    watch.sent(b"220 practice.test ESMTP\r\n")
    for line, reply in zip(lines, (*REPLIES, b"", b"", b""), strict=False):
        watch.received(line)
        if reply:
            watch.sent(reply)
    return watch


def student(practice: PracticeServer, number: int = 7) -> Watch:
    """Observe a client like those that students write."""
    return visit(
        practice,
        number,
        b"EHLO student.example\r\n",
        b"MAIL FROM: <me@student.example>\r\n",
        b"RCPT TO:bob@practice.test\r\n",
        b"DATA\r\n",
        b"Hello Bob\r\n",
        port=40_000 + number,
    )
