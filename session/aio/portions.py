"""`Portions`: processes large amounts of received data in small portions.

A peer that sends endlessly must not block a program that has a screen in the same event loop,
because a key takes effect only after a dozen iterations of the loop. A large read is therefore
processed for a few milliseconds, after which the loop is left to other tasks for three times as
long. Reading is paused in the meantime.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

DIRECT = 1024  # octets that are processed immediately
BUSY = 0.003  # seconds of processing, after which other tasks run ...
REST = 3.0  # ... for this many times as long
SMALLEST, LARGEST = 256, 64 * 1024  # octets of a portion, adjusted by the time of the last one
QUICK = 0.0005  # seconds: after a portion that took less, the next one is twice as large


class Portions:
    """Passes received bytes to `take` in portions; `pause` and `resume` control the transport.

    `take` returns whether the remaining data may wait. If it returns false, all of the remaining
    data is passed to it immediately.
    """

    def __init__(
        self,
        take: Callable[[bytes], bool],
        pause: Callable[[], object],
        resume: Callable[[], object],
    ) -> None:
        self._take = take
        self._pause = pause
        self._resume = resume
        self._left = b""
        self._at = 0
        self._size = SMALLEST * 4
        self._timer: asyncio.TimerHandle | None = None
        self._paused = False  # whether reading has to be resumed once everything is processed

    def resumes(self) -> bool:
        """Return whether reading will be resumed anyway, once waiting data has been processed.

        If so, the caller need not resume reading itself. The result is also true while the last
        portion is being processed, if reading was paused because of that data.
        """
        self._paused = self._paused or self._at < len(self._left)
        return self._paused

    def received(self, data: bytes) -> None:
        """Process `data`, either immediately or later."""
        if self._timer is not None:
            self._left = self._left[self._at :] + data
            self._at = 0
        elif len(data) <= DIRECT:
            self._take(data)
        else:
            self._left, self._at = data, 0
            self._go_on()

    def finish(self) -> None:
        """Process the remaining data immediately, because the connection has ended."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        left, self._left = self._left[self._at :], b""
        self._at = 0
        self._paused = False
        if left:
            self._take(left)

    def _go_on(self) -> None:
        self._timer = None
        began = now = time.perf_counter()
        while self._at < len(self._left):
            portion = self._left[self._at : self._at + self._size]
            self._at += len(portion)
            may_wait = self._take(portion)
            if not may_wait:
                self.finish()
                return
            before, now = now, time.perf_counter()
            if now - before < QUICK:
                self._size = min(LARGEST, self._size * 2)
            elif now - before > BUSY:
                self._size = max(SMALLEST, self._size // 2)
            if now - began > BUSY:
                if not self._paused:
                    self._paused = True
                    self._pause()
                rest = REST * (now - began)
                self._timer = asyncio.get_running_loop().call_later(rest, self._go_on)
                return
        self._left, self._at = b"", 0
        if self._paused:
            self._paused = False
            self._resume()
