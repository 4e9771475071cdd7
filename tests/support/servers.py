"""Servers for tests: on loopback, on a port of the system's, stopped by who started them."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def serving(
    serve: Serve, tls: ssl.SSLContext | None = None, path: Path | None = None
) -> AsyncIterator[int]:
    """Run `serve` for each connection, inside TLS with `tls`; yields the port.

    With `path` it listens on a unix socket there, and the port is 0.
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
        finally:
            tasks.discard(task)
            writer.close()

    if path is not None:
        server = await asyncio.start_unix_server(handle, path)
    else:
        server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    try:
        yield 0 if path is not None else server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def script(text: str) -> Serve:
    """A server that plays a conversation of `C:` and `S:` lines, and hangs up at its end.

    A `C:` line waits for a line of the client's and takes any.
    """
    from support.conversations import lines

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for side, data in lines(text):
            if side == "S":
                writer.write(data)
                await writer.drain()
            elif not await reader.readline():
                return

    return serve


def script_in_tls(clear: str, tls: ssl.SSLContext, inside: str) -> Serve:
    """`script(clear)`, then the handshake, then `script(inside)`; with no `clear`, TLS at once."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if clear:
            await script(clear)(reader, writer)
        try:
            await writer.start_tls(tls)
            await script(inside)(reader, writer)
        except ssl.SSLError:
            pass  # the client has gone, or will go: that is what such tests are about

    return serve
