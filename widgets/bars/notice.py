"""A notice as a value: no widget is needed to keep it."""

from __future__ import annotations

import msgspec


class Notice(msgspec.Struct, frozen=True):
    """A message to the user; `trouble` marks an error, `at` is in seconds since 1970."""

    text: str
    title: str = ""
    trouble: bool = False
    at: float = 0.0
