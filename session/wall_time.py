"""Times of day, as seconds since 1970, kept within the years that a calendar has.

A recording, a log or a capture may claim any time: years of more than four digits cannot be
formatted, and a float may be infinite.
"""

from __future__ import annotations

EARLIEST = -62_135_596_800.0
"""0001-01-01 00:00:00 UTC."""
LATEST = 253_402_300_799.0
"""9999-12-31 23:59:59 UTC."""


def within_calendar(seconds: float) -> float:
    """The time itself, or the nearest that can be formatted."""
    return min(LATEST, max(EARLIEST, seconds))
