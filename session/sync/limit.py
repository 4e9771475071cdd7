"""`Limit`: one time limit for several waits, as `asyncio.timeout` is for tasks."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Protocol


class Limited(Protocol):
    """An object whose waits end when its `limit` is reached. A `limit` of None means no limit."""

    limit: Limit | None


class Expired(BaseException):
    """Raised to end a wait when its time limit is reached.

    It is not an Exception, so that no `except` clause for connection errors catches it.
    """


class Limit:
    """A context manager that limits the total time of all waits in it to `seconds`.

    A wait that reaches the limit ends with TimeoutError.
    """

    def __init__(self, limited: Limited, seconds: float) -> None:
        self._limited = limited
        self._before: Limit | None = None
        self._until = time.monotonic() + seconds
        self._expired = False

    @property
    def left(self) -> float:
        """The time left, in seconds; never negative."""
        return max(0.0, self._until - time.monotonic())

    @property
    def over(self) -> bool:
        """Whether no time is left."""
        return time.monotonic() >= self._until

    def expired(self) -> bool:
        """Return whether this limit has ended a wait."""
        return self._expired

    async def __aenter__(self) -> Limit:
        self._before, self._limited.limit = self._limited.limit, self
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None
    ) -> None:
        self._limited.limit = self._before
        if kind is not None and issubclass(kind, Expired):
            self._expired = True
            raise TimeoutError from None
