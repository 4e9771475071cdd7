"""Plays a recording at its own pace or faster, and moves through it forwards and backwards."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator

from ...session.protocol.playback import Playback
from .reading import BETWEEN, PIECE

SLOWEST, FASTEST = 0.1, 1000.0
_READ_ON = 0.05  # seconds until more of a recording may have been read
_TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{2}(?:\.\d{1,6})?)\Z", re.ASCII)
_SPEED = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)[x×]?\Z", re.ASCII)


class Player:
    """Moves a playback. `changed` is called after each move; `sleep` waits for some seconds."""

    def __init__(
        self,
        playback: Playback,
        changed: Callable[[], object],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.playback = playback
        self._changed = changed
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None
        self.speed = 1.0
        """The playback speed, as a multiple of the recorded one."""
        self.way = 100
        """The progress towards another position, in percent; 100 once it has been reached."""

    @property
    def playing(self) -> bool:
        """Whether the recording is playing."""
        return self.way == 100 and self._task is not None and not self._task.done()

    def play(self) -> None:
        """Play from the current position, or from the start if the recording is at its end."""
        if self.playing:
            return
        if self.playback.pause() is None:
            self.playback.go_to(0)
        self._task = asyncio.get_running_loop().create_task(self._play())
        self._changed()

    def pause(self) -> bool:
        """Stop playing or going to another position. Return False if there was nothing to stop."""
        if self._task is None or self._task.done():
            return False
        self._task.cancel()
        self._task = None
        self.way = 100
        self._changed()
        return True

    async def _play(self) -> None:
        while (wait := self.playback.pause()) is not None or self.playback.growing:
            if wait is None:
                await self._sleep(_READ_ON)
                continue
            await self._sleep(wait / self.speed)
            self.playback.forward()
            self._changed()
        self._task = None
        self._changed()

    def move(self, by: int, *, turn: bool = False) -> bool:
        """Pause, then go forward (`by` = 1) or back (-1) by a line or a turn.

        Return whether the position has changed.
        """
        self.pause()
        to = self.playback.beside(by, turn=turn)
        moved = to != self.playback.position
        self._go_to(to)
        return moved

    def _go_to(self, position: int) -> None:
        """Go to a position, at once or, if that takes longer than a frame, in the background."""
        going = self.playback.going_to(position)
        until = time.perf_counter() + PIECE
        for done in going:
            if time.perf_counter() >= until:
                self.way = int(100 * done)
                self._task = asyncio.get_running_loop().create_task(self._go_on(going))
                break
        self._changed()

    async def _go_on(self, going: Iterator[float]) -> None:
        until = time.perf_counter() + PIECE
        for done in going:
            if time.perf_counter() >= until:
                self.way = int(100 * done)
                self._changed()
                await asyncio.sleep(BETWEEN)
                until = time.perf_counter() + PIECE
        self.way = 100
        self._task = None
        self._changed()

    def order(self, argument: str) -> bool:
        """Carry out the argument of :play. Return False if it is invalid.

        An empty argument plays or pauses; a number is a speed; a time, `start` and `end` are
        positions.
        """
        argument = argument.strip().lower()
        if not argument:
            if not self.pause():
                self.play()
            return True
        speed = _SPEED.match(argument)
        if speed is not None and SLOWEST <= float(speed[1]) <= FASTEST:
            self.speed = float(speed[1])
            self.pause()
            self.play()
            return True
        to = self._place(argument)
        if to is None:
            return False
        self.pause()
        self._go_to(to)
        return True

    def _place(self, argument: str) -> int | None:
        """Return the position named by a time, `start` or `end`, or None."""
        if argument in ("start", "end"):
            return 0 if argument == "start" else len(self.playback)
        found = _TIME.match(argument)
        if found is None:
            return None
        seconds = int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3])
        return self.playback.position_at(seconds)
