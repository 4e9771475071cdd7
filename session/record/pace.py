"""When a journal is written: at once after a pause, and once in a while when much happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

EVERY = 0.010  # seconds: what is collected no longer costs a write for each row


class Paced:
    """`soon` for a journal in an event loop, which calls back within EVERY seconds.

    What comes after a pause of that length, as what is typed, is written as soon as the loop runs
    again; a conversation at full speed is written once in EVERY seconds.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._last = float("-inf")

    def __call__(self, callback: Callable[[], object]) -> None:
        """Call `callback` when it is time."""
        wait = self._last + EVERY - self._loop.time()
        if wait <= 0:
            self._loop.call_soon(self._call, callback)
        else:
            self._loop.call_later(wait, self._call, callback)

    def _call(self, callback: Callable[[], object]) -> None:
        self._last = self._loop.time()
        callback()
