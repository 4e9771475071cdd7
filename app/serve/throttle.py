"""A limit on how fast a visitor may send: a burst, and a rate per second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

AT_ONCE = 2 * 1024 * 1024  # octets: a paste
EACH_SECOND = 64 * 1024  # octets: faster than anybody types or moves a mouse
LEAST = 256  # octets that even the shortest message counts


class Throttle:
    """Delays messages that arrive faster than a visitor may send them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left = float(AT_ONCE)
        self._at = clock()

    def delay(self, octets: int) -> float:
        """Count a message of this size, and return the seconds to wait before passing it on."""
        now = self._clock()
        self._left = min(AT_ONCE, self._left + (now - self._at) * EACH_SECOND)
        self._left -= max(octets, LEAST)
        self._at = now
        return max(0.0, -self._left / EACH_SECOND)

    async def take(self, octets: int) -> None:
        """Count a message of this size, and wait until it may be passed on."""
        if seconds := self.delay(octets):
            await asyncio.sleep(seconds)
