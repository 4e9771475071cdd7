"""Limits times of day, in seconds since 1970, to the years that a calendar can represent.

A recording, a log or a capture may claim any time, but years of more than four digits cannot be
formatted, and a float may be infinite.
"""

from __future__ import annotations

EARLIEST = -62_135_596_800.0
"""The earliest time, 0001-01-01 00:00:00 UTC."""
LATEST = 253_402_300_799.0
"""The latest time, 9999-12-31 23:59:59 UTC."""


def within_calendar(seconds: float) -> float:
    """Return `seconds` itself, or the nearest time that can be formatted as a date."""
    return min(LATEST, max(EARLIEST, seconds))
