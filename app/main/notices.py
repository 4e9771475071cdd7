"""The notices: those on the screen, and all recent ones for the list."""

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

    News goes by itself. An error stays until it is dismissed, or until a line is submitted by
    someone who has had the time to read it. A notice about a state goes when that is over.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all: deque[Notice] = deque(maxlen=KEPT)
        # With the time it was told, and whether it is still true.
        self._standing: list[tuple[Notice, float, Callable[[], bool]]] = []

    @property
    def all(self) -> list[Notice]:
        """The newest notices, KEPT at most; a repeated one is listed where it came last."""
        return list(self._all)

    @property
    def standing(self) -> list[Notice]:
        """The notices to be shown now."""
        return [notice for notice, *_ in self._standing]

    def add(
        self, text: str, title: str, *, trouble: bool, holds: Callable[[], bool] = lambda: True
    ) -> Notice:
        """Show a notice as long as it `holds`; one that is shown already moves to the end."""
        if len(text) > LONGEST:
            text = f"{text[: LONGEST - 1]}…"
        notice = Notice(text, title, trouble, time.time())
        same = [other for other in self.standing if (other.text, other.title) == (text, title)]
        for other in same:
            self._all.remove(other)
        self._drop(lambda other, _at, _holds: other not in same)
        self._all.append(notice)
        self._standing = [*self._standing, (notice, self._clock(), holds)][-KEPT:]
        return notice

    def dismiss(self) -> None:
        """Take all of them off the screen; the list keeps them."""
        self._standing.clear()

    def withdraw(self, text: str) -> bool:
        """Take a notice off the screen; the list keeps it. Returns whether it stood there."""
        stood = len(self._standing)
        self._drop(lambda notice, _at, _holds: notice.text != text)
        return len(self._standing) < stood

    def expire(self) -> None:
        """Take off the screen the news whose time is over, and what holds no more."""
        now = self._clock()
        self._drop(lambda notice, at, holds: (notice.trouble or now - at < NEWS_SHOWN) and holds())

    def submitted(self) -> None:
        """A line was submitted: what could be read before is taken off the screen."""
        now = self._clock()
        self._drop(lambda _, at, holds: now - at < TROUBLE_SHOWN and holds())

    def _drop(self, keep: Callable[[Notice, float, Callable[[], bool]], bool]) -> None:
        self._standing = [told for told in self._standing if keep(*told)]
