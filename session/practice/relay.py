"""Passes a message to the next practice server, as the client side of the scenario `outbound`.

Line endings are passed on unchanged, so that the two servers can disagree about where the message
ends. The connection goes only to the second port of this practice server.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from ..protocol.transparency import stuff
from .mailboxes import DOMAIN

TIMEOUT = 10.0  # seconds for the whole transaction
MOST_LINES = 100  # lines of a reply
SETTLE = 0.1  # seconds for surplus replies to arrive


class RelayError(Exception):
    """Raised when the next server does not respond as SMTP requires."""


class Answers(NamedTuple):
    """The next server's refusals, keyed by recipient, and the number of its surplus replies."""

    refused: dict[str, str]
    unasked: int


async def pass_on(
    host: str, port: int, sender: str, recipients: list[str], content: bytes
) -> Answers:
    """Send a message to the next server, and return its answers. Raises OSError or RelayError."""
    try:
        async with asyncio.timeout(TIMEOUT):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                return await _converse(reader, writer, sender, recipients, content)
            finally:
                writer.close()
    except TimeoutError:
        raise RelayError("it did not reply in time") from None
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
        raise RelayError("it closed the connection") from None


async def _converse(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    sender: str,
    recipients: list[str],
    content: bytes,
) -> Answers:
    async def say(line: str) -> str:
        writer.write(line.encode("utf-8", "surrogateescape") + b"\r\n")
        await writer.drain()
        return await _reply(reader)

    await _reply(reader)
    await say(f"EHLO out.{DOMAIN}")
    reply = await say(f"MAIL FROM:<{sender}>")
    if reply[:1] != "2":
        return Answers(dict.fromkeys(recipients, reply), 0)
    refused: dict[str, str] = {}
    for recipient in recipients:
        reply = await say(f"RCPT TO:<{recipient}>")
        if reply[:1] != "2":
            refused[recipient] = reply
    if len(refused) == len(recipients):
        return Answers(refused, 0)
    reply = await say("DATA")
    if reply[:1] != "3":
        return Answers(dict.fromkeys(recipients, reply), 0)
    end = b"" if content.endswith(b"\r\n") else b"\r\n"
    writer.write(stuff(content) + end + b".\r\n")
    await writer.drain()
    reply = await _reply(reader)
    if reply[:1] != "2":
        refused = dict.fromkeys(recipients, reply)
    unasked = 0
    try:  # replies to text that the next server read as commands
        while unasked < MOST_LINES:
            await asyncio.wait_for(_reply(reader), SETTLE)
            unasked += 1
    except (TimeoutError, asyncio.IncompleteReadError):
        pass
    writer.write(b"QUIT\r\n")
    await writer.drain()
    return Answers(refused, unasked)


async def _reply(reader: asyncio.StreamReader) -> str:
    """Return the last line of the next reply. Raises RelayError if the reply does not end."""
    for _ in range(MOST_LINES):
        line = await reader.readuntil(b"\n")
        if line[3:4] != b"-":
            return line.decode("utf-8", "replace").rstrip("\r\n")
    raise RelayError("its reply does not end")
