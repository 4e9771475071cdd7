"""A notice as a plain value, independent of any widget."""

from __future__ import annotations

import msgspec


class Notice(msgspec.Struct, frozen=True):
    """A message to the user. `trouble` is true for an error. `at` is in seconds since the epoch."""

    text: str
    title: str = ""
    trouble: bool = False
    at: float = 0.0
