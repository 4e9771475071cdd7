"""Schedules updates of the screen: at once after a long pause, otherwise with the next frame."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

FRAME = 1 / 60  # seconds
BUSY_FRAME = 1 / 15  # between two frames while a server keeps sending
TYPING = 0.5  # seconds after a key in which the user counts as typing ...
TYPING_FRAME = 1 / 4  # ... and seconds between two frames then, if the server is busy


class RefreshScheduler:
    """Calls `draw` once for all updates scheduled within a frame.

    While updates keep arriving, frames become less frequent, and even more so while the user types,
    because the echo of a key must not wait for a frame.
    """

    def __init__(self, draw: Callable[[], object]) -> None:
        self._draw = draw
        self._gap = FRAME  # to the next frame
        self._last = 0.0
        self._typed = float("-inf")
        self.due: asyncio.TimerHandle | None = None
        """The timer of the next frame, or None if no frame is scheduled."""

    def schedule(self) -> None:
        """Schedule a refresh with the next frame."""
        if self.due is None:
            loop = asyncio.get_running_loop()
            since = loop.time() - self._last
            if since > BUSY_FRAME:
                self._gap = FRAME
            gap = self._gap
            if gap == BUSY_FRAME > FRAME and loop.time() - self._typed < TYPING:
                gap = TYPING_FRAME
            self.due = loop.call_later(max(0.0, gap - since), self._frame)
            self._gap = min(self._gap * 1.5, BUSY_FRAME)

    def typed(self) -> None:
        """Record that a key was pressed, and delay the next frame so that its echo is drawn first.

        The frame is delayed only while frames follow one another without a pause.
        """
        loop = asyncio.get_running_loop()
        self._typed = loop.time()
        if self.due is not None and self._gap == BUSY_FRAME > FRAME:
            self.due.cancel()
            self.due = loop.call_at(max(self.due.when(), self._last + TYPING_FRAME), self._frame)

    def _frame(self) -> None:
        self.due = None
        self._last = asyncio.get_running_loop().time()
        self._draw()
