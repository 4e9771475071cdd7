"""What was told: which notices stand on the screen, and all of them for the list."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from ...widgets.bars.notice import Notice

NEWS_SHOWN = 8.0  # seconds for which a notice stands ...
TROUBLE_SHOWN = 4.0  # ... and one of an error, at least, if a line is submitted
KEPT = 200  # notices in the list
LONGEST = 2000  # characters that are kept of one


class Notices:
    """The notices of a run, the newest last. `clock` gives monotonic seconds.

    News goes by itself. An error stands until it is dismissed, or until a line is submitted by
    someone who has had the time to read it.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all: deque[Notice] = deque(maxlen=KEPT)
        self._standing: list[tuple[Notice, float]] = []  # with the time it was told

    @property
    def all(self) -> list[Notice]:
        """The newest notices, KEPT at most; one that was told again stands where it was last."""
        return list(self._all)

    @property
    def standing(self) -> list[Notice]:
        """The notices to be shown now."""
        return [notice for notice, _ in self._standing]

    def add(self, text: str, title: str, *, trouble: bool) -> Notice:
        """Note what is told; one that stands already moves to the end."""
        if len(text) > LONGEST:
            text = f"{text[: LONGEST - 1]}…"
        notice = Notice(text, title, trouble, time.time())
        same = [other for other in self.standing if (other.text, other.title) == (text, title)]
        for other in same:
            self._all.remove(other)
        self._drop(lambda other, _: other not in same)
        self._all.append(notice)
        self._standing = [*self._standing, (notice, self._clock())][-KEPT:]
        return notice

    def dismiss(self) -> None:
        """Take all of them off the screen; the list keeps them."""
        self._standing.clear()

    def withdraw(self, text: str) -> bool:
        """Take a notice off the screen; the list keeps it. Returns whether it stood there."""
        stood = len(self._standing)
        self._drop(lambda notice, _: notice.text != text)
        return len(self._standing) < stood

    def expire(self) -> None:
        """Take off the screen the news whose time is over."""
        now = self._clock()
        self._drop(lambda notice, at: notice.trouble or now - at < NEWS_SHOWN)

    def submitted(self) -> None:
        """A line was submitted: what could be read before is taken off the screen."""
        now = self._clock()
        self._drop(lambda _, at: now - at < TROUBLE_SHOWN)

    def _drop(self, keep: Callable[[Notice, float], bool]) -> None:
        self._standing = [(notice, at) for notice, at in self._standing if keep(notice, at)]
