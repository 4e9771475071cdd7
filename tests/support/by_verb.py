"""A server that answers each command by its verb, and a session that is connected to it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from heloscope.session import Session

from support.servers import serving


class Server:
    """Answers every command with 250, or with what `says` has for its line or its verb.

    An answer may be several lines, "" (hang up), or an asyncio.Event with the answer behind it:
    (event, answer).
    """

    def __init__(self, *keywords: str, **says: Any) -> None:
        lines = ["server", *keywords]
        ehlo = [f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines]
        self.says: dict[str, Any] = {"EHLO": "\r\n".join(ehlo), "DATA": "354 go on"}
        self.says |= {"greeting": "220 ready", **says}
        self.heard: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._say(writer, self.says["greeting"])
        in_message = in_auth = False
        while line := await reader.readline():
            self.heard.append(line)
            text = line.rstrip(b"\r\n").decode()
            if in_message and text != ".":
                continue
            verb = "answer" if in_auth else text.split(" ")[0].upper()
            answer = self.says.get(text, self.says.get(verb, "250 ok"))
            if isinstance(answer, list):
                answer = answer.pop(0) if answer else "250 ok"
            if not await self._say(writer, answer):
                return
            if isinstance(answer, tuple):
                answer = answer[1]
            in_message = verb == "DATA" and answer.startswith("354")
            in_auth = isinstance(answer, str) and answer.startswith("334")

    async def _say(self, writer: asyncio.StreamWriter, answer: Any) -> bool:
        if isinstance(answer, tuple):
            await answer[0].wait()
            answer = answer[1]
        writer.write(f"{answer}\r\n".encode() if answer else b"")
        await writer.drain()
        return bool(answer)


@contextlib.asynccontextmanager
async def connected(server: Server, **how: Any) -> AsyncIterator[Session]:
    async with serving(server) as port:
        options: dict[str, Any] = {"timeout": 20} | how
        session = Session("127.0.0.1", port, local_hostname="me.example", **options)
        await session.connect()
        try:
            yield session
        finally:
            await session.close()
