"""Servers for tests, on a free loopback port: scripted, or with one reply for each verb."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from heloscope.session import Session

from support.scripts import lines

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def serving(
    serve: Serve,
    tls: ssl.SSLContext | None = None,
    path: Path | None = None,
    host: str = "127.0.0.1",
) -> AsyncIterator[int]:
    """Run `serve` for each connection to `host`, within TLS if `tls` is given; yield the port.

    If `path` is given, the server listens on a Unix socket at that path instead, and the port is 0.
    """
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:  # at the end, when nobody reads what is left to be sent
            writer.transport.abort()
        finally:
            tasks.discard(task)
            writer.close()

    if path is not None:
        server = await asyncio.start_unix_server(handle, path)
    else:
        server = await asyncio.start_server(handle, host, 0, ssl=tls)
    try:
        yield 0 if path is not None else server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def script(text: str) -> Serve:
    """Return a server that plays the `C:` and `S:` lines of a script, then disconnects.

    A `C:` line waits for any line from the client.
    """

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for side, data in lines(text):
            if side == "S":
                writer.write(data)
                await writer.drain()
            elif not await reader.readline():
                return

    return serve


def script_in_tls(clear: str, tls: ssl.SSLContext, inside: str) -> Serve:
    """Return a server that plays `clear`, performs the handshake, then plays `inside`.

    If `clear` is empty, TLS starts at once.
    """

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if clear:
            await script(clear)(reader, writer)
        try:
            await writer.start_tls(tls)
            await script(inside)(reader, writer)
        except ssl.SSLError:
            pass  # the client has gone, or will go: that is what such tests are about

    return serve


class VerbServer:
    """Replies 250 to every command, unless `says` has a reply for the command's line or verb.

    A reply may have several lines, and "" disconnects. For a pair (event, reply), the server waits
    for an asyncio.Event before it sends the reply. A list holds the replies to successive commands.
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
            if verb == "BDAT":  # the chunk is no command, and is answered once all of it is here
                chunk = await reader.readexactly(int(text.split(" ")[1]))
                self.heard += chunk.splitlines(keepends=True)
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
async def connected(server: VerbServer, **how: Any) -> AsyncIterator[Session]:
    """Connect a session to a server of its own."""
    async with serving(server) as port:
        options: dict[str, Any] = how if "timeouts" in how else {"timeout": 20} | how
        session = Session("127.0.0.1", port, local_hostname="me.example", **options)
        await session.connect()
        try:
            yield session
        finally:
            await session.close()
