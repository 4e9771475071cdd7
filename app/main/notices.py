"""Keeps the notices on the screen, and the recent notices for the list."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from ...widgets.bars.notice import Notice

NEWS_SHOWN = 8.0  # seconds for which a notice is shown ...
TROUBLE_SHOWN = 4.0  # ... and at least for an error, if a line is submitted
KEPT = 200  # notices in the list
LONGEST = 2000  # characters kept of a notice


class Notices:
    """The notices of a run, newest last. `clock` returns monotonic seconds.

    News disappears by itself. An error stays until it is dismissed, or until the user submits a
    line after having had time to read it. A notice about a state disappears when the state ends.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all: deque[Notice] = deque(maxlen=KEPT)
        # With the time of the notice, and a function for whether it still applies.
        self._standing: list[tuple[Notice, float, Callable[[], bool]]] = []

    @property
    def all(self) -> list[Notice]:
        """The most recent notices, at most KEPT, newest last. A repeated one is listed once."""
        return list(self._all)

    @property
    def standing(self) -> list[Notice]:
        """The notices currently on the screen, newest last."""
        return [notice for notice, *_ in self._standing]

    def add(
        self, text: str, title: str, *, trouble: bool, holds: Callable[[], bool] = lambda: True
    ) -> Notice:
        """Show a notice until it expires or `holds` returns false, and return the notice.

        The new notice replaces any with the same text and title. `trouble` is true for an error,
        which does not expire.
        """
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
        """Remove all notices from the screen; the list keeps them."""
        self._standing.clear()

    def withdraw(self, text: str) -> bool:
        """Remove the notices with this text from the screen, but not from the list.

        Return whether there were any.
        """
        stood = len(self._standing)
        self._drop(lambda notice, _at, _holds: notice.text != text)
        return len(self._standing) < stood

    def expire(self) -> None:
        """Remove expired news, and notices that no longer apply, from the screen."""
        now = self._clock()
        self._drop(lambda notice, at, holds: (notice.trouble or now - at < NEWS_SHOWN) and holds())

    def submitted(self) -> None:
        """Remove notices that the user had time to read, or that no longer apply."""
        now = self._clock()
        self._drop(lambda _, at, holds: now - at < TROUBLE_SHOWN and holds())

    def _drop(self, keep: Callable[[Notice, float, Callable[[], bool]], bool]) -> None:
        self._standing = [told for told in self._standing if keep(*told)]
