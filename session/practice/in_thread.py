"""Runs a practice server in a thread with its own event loop, for programs that block."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future

_PATIENCE = 10.0  # seconds for the server to start or to stop


class ServerThread:
    """A thread that calls `start`, waits for `end`, and calls `stop`, all in its own event loop.

    The constructor returns when `start` has returned. It raises any exception that `start` raises,
    or TimeoutError if `start` takes too long. The thread is a daemon, so it does not keep a program
    alive.
    """

    def __init__(
        self, start: Callable[[], Awaitable[object]], stop: Callable[[], Awaitable[object]]
    ) -> None:
        self._start, self._stop = start, stop
        started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(started)), name="practice", daemon=True
        )
        self._thread.start()
        try:
            self._loop, self._ended = started.result(_PATIENCE)
        finally:
            if started.done() and started.exception() is not None:
                self._thread.join(_PATIENCE)

    async def _serve(
        self, started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]]
    ) -> None:
        ended = asyncio.Event()
        try:
            await self._start()
        except BaseException as error:
            started.set_exception(error)
            return
        started.set_result((asyncio.get_running_loop(), ended))
        await ended.wait()
        await self._stop()

    def end(self) -> None:
        """Stop the server, and wait until its thread has ended. May be called more than once."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join(_PATIENCE)
