"""`Turns`: procedures on one session run one after another, in the order of their calls."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator


class Turns:
    """The order in which the procedures of one session run.

    A single command needs no turn: it may go between the steps of a procedure. What a procedure
    runs inside itself, such as a callback of AUTH that calls `Session.run`, belongs to its turn.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()  # fair: the first to wait is the first to have it
        self._holder: asyncio.Task[object] | None = None

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncGenerator[bool]:
        """Wait for the turn of this procedure, and hold it; False: it runs inside another one.

        Waiting can be cancelled.
        """
        task = asyncio.current_task()
        if task is not None and self._holder is task:
            yield False
            return
        async with self._lock:
            self._holder = task
            try:
                yield True
            finally:
                self._holder = None


class OnlyOne:
    """A context that refuses to be entered again before it was left, with RuntimeError."""

    def __init__(self, refusal: str) -> None:
        self._refusal = refusal
        self._entered = False

    def __enter__(self) -> None:
        if self._entered:
            raise RuntimeError(self._refusal)
        self._entered = True

    def __exit__(self, *raised: object) -> None:
        self._entered = False
