"""`Limit`: a limit of time for several waits, as `asyncio.timeout` is one for tasks."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Protocol


class Limited(Protocol):
    """What waits: until its `limit`, if it has one."""

    limit: Limit | None


class Expired(BaseException):
    """Ends what waits beyond the limit. No `except` that is about the connection catches it."""


class Limit:
    """What waits within it for longer than `seconds` in all ends with TimeoutError."""

    def __init__(self, limited: Limited, seconds: float) -> None:
        self._limited = limited
        self._before: Limit | None = None
        self._until = time.monotonic() + seconds
        self._expired = False

    @property
    def left(self) -> float:
        """Seconds left; never less than none."""
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
