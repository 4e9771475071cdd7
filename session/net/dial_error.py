"""Why a connection could not be made: as a cause for programs, and as a sentence for the user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from ..events import Cause

NOT_FOUND = (Cause.NAME_NOT_FOUND, Cause.NO_DNS)
"""The causes that do not show whether the text that named the target was meant as a host."""


class Attempt(msgspec.Struct, frozen=True):
    """An attempt that failed: the `address`, the `seconds` it took, and the `outcome`."""

    address: str
    seconds: float
    outcome: str

    def __str__(self) -> str:
        return f"{self.address}: {self.outcome} after {_seconds(self.seconds)}"


class DialError(OSError):
    """Raised when no connection could be made.

    `cause` is a member of events.Cause, for use by programs, and `detail` a sentence for the user.
    `attempts` lists the failed attempts; it is empty if no address was tried.
    """

    def __init__(self, cause: Cause, detail: str, attempts: Sequence[Attempt] = ()) -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail
        self.attempts = tuple(attempts)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.cause, self.detail, self.attempts), self.__dict__


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 1 else f"{seconds:,.1f} s"
