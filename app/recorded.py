"""Which recording the application begins with."""

from __future__ import annotations

from typing import NamedTuple


class Recorded(NamedTuple):
    """A recording to show: `presented` at once, and with stand-ins for names if `masked`."""

    file: str
    presented: bool = False
    masked: bool = False
    data: bytes | None = None  # what a log holds that came by standard input
    again: bool = False  # whether its client's lines are to be said again
