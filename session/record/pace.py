"""Decides when a journal is written: at once after a pause, and at intervals under load."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

EVERY = 0.010  # seconds: rows are collected, to save a write for each one


class Paced:
    """A `soon` argument for a journal in an event loop: it calls back within EVERY seconds.

    After a pause of at least EVERY seconds, an event such as a typed line is written as soon as the
    loop runs again. A conversation at full speed is written once every EVERY seconds.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._last = float("-inf")

    def __call__(self, callback: Callable[[], object]) -> None:
        """Schedule a call to `callback`."""
        wait = self._last + EVERY - self._loop.time()
        if wait <= 0:
            self._loop.call_soon(self._call, callback)
        else:
            self._loop.call_later(wait, self._call, callback)

    def _call(self, callback: Callable[[], object]) -> None:
        self._last = self._loop.time()
        callback()
