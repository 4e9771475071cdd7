"""`Limit`: a time limit for several waits, like `asyncio.timeout` for tasks."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Protocol


class Limited(Protocol):
    """An object whose waits end at its `limit`, if it has one."""

    limit: Limit | None


class Expired(BaseException):
    """Ends a wait at the limit. No `except` clause for connection errors catches it."""


class Limit:
    """A context whose waits end with TimeoutError after `seconds` in total."""

    def __init__(self, limited: Limited, seconds: float) -> None:
        self._limited = limited
        self._before: Limit | None = None
        self._until = time.monotonic() + seconds
        self._expired = False

    @property
    def left(self) -> float:
        """The seconds left; never negative."""
        return max(0.0, self._until - time.monotonic())

    @property
    def over(self) -> bool:
        """Whether no time is left."""
        return time.monotonic() >= self._until

    def expired(self) -> bool:
        """Whether it has ended something."""
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
