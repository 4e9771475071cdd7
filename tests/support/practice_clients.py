"""Clients of the practice server, and the contents of its mailboxes."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Callable
from typing import Any

from heloscope.session.practice.mailboxes import Message
from heloscope.session.practice.server import PracticeServer

from support.practice_server import TRANSACTION, practising, talking


async def with_smtplib(
    server: PracticeServer, lead: Callable[[smtplib.SMTP], Any], *, hello: bool = True
) -> Any:
    """Run `lead` with an smtplib client in a thread, and return its result."""

    def run() -> Any:
        with smtplib.SMTP(server.host, server.port, timeout=10) as client:
            if hello:
                client.ehlo("me.example")
            return lead(client)

    return await asyncio.to_thread(run)


def only(server: PracticeServer, name: str = "alice") -> Message:
    [message] = server.mailboxes.of[name]
    return message


async def delivered(message: bytes) -> bytes:
    """Deliver these bytes with DATA and the final dot, and return what is then in the mailbox."""
    async with practising() as server, talking(server, *TRANSACTION) as client:
        assert await client.code("DATA") == "354 Send"
        await client.send(message + b".\r\n")
        [reply] = await client.reply()
        assert reply.startswith(b"250 2.0.0 ")
        return only(server).content
