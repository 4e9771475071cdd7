"""When the screen is brought up to date: with the next frame, at once if the last is long past."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

FRAME = 1 / 60  # seconds
BUSY_FRAME = 1 / 15  # between two frames while a server says more and more


class RefreshScheduler:
    """Calls `draw` once for all that is scheduled within a frame.

    While news comes without end, frames come less often: a key is not to wait for one.
    """

    def __init__(self, draw: Callable[[], object]) -> None:
        self._draw = draw
        self._gap = FRAME  # to the next frame
        self._last = 0.0
        self.due: asyncio.TimerHandle | None = None
        """The next frame, if one is due."""

    def schedule(self) -> None:
        """Schedule a refresh with the next frame."""
        if self.due is None:
            loop = asyncio.get_running_loop()
            since = loop.time() - self._last
            if since > BUSY_FRAME:
                self._gap = FRAME
            self.due = loop.call_later(max(0.0, self._gap - since), self._frame)
            self._gap = min(self._gap * 1.5, BUSY_FRAME)

    def _frame(self) -> None:
        self.due = None
        self._last = asyncio.get_running_loop().time()
        self._draw()
