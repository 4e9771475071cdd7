"""The practice server in a test, and a client that sends bytes and reads whole replies."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator

from heloscope.session.practice.server import PracticeServer


class Client:
    """A raw client, which sends everything unchanged and reads replies as lists of lines."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def reply(self) -> list[bytes]:
        """Return the next reply's lines without line endings, or [] if the connection has ended."""
        lines: list[bytes] = []
        with contextlib.suppress(ConnectionError):
            while line := await self.reader.readline():
                lines.append(line.removesuffix(b"\r\n"))
                if line[3:4] != b"-":
                    break
        return lines

    async def say(self, *lines: str | bytes) -> list[bytes]:
        """Send lines with CRLF in one packet, and return the reply to the last line."""
        data = [line.encode() if isinstance(line, str) else line for line in lines]
        await self.send(b"".join(line + b"\r\n" for line in data))
        reply: list[bytes] = []
        for _ in lines:
            reply = await self.reply()
        return reply

    async def code(self, *lines: str | bytes) -> str:
        """Send lines, and return the codes that begin the last reply, as in "250 2.0.0"."""
        words = (await self.say(*lines))[-1].decode().split()
        return " ".join(words[:2])

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


@contextlib.asynccontextmanager
async def practising() -> AsyncIterator[PracticeServer]:
    """Run a practice server, and stop it at the end."""
    server = PracticeServer(clock=lambda: 1_790_000_000.0)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@contextlib.asynccontextmanager
async def talking(server: PracticeServer, *first: str) -> AsyncIterator[Client]:
    """Connect a client, read the greeting, send the lines of `first`, and yield the client."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    client = Client(reader, writer)
    try:
        await client.reply()
        if first:
            await client.say(*first)
        yield client
    finally:
        await client.close()


def unverified() -> ssl.SSLContext:
    """Return a client's context that accepts any certificate, for tests that are not about TLS."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


TRANSACTION = (
    "EHLO me.example",
    "MAIL FROM:<me@example.org>",
    "RCPT TO:<alice@practice.test>",
)
