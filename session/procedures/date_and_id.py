"""The Date and Message-ID of a generated message (RFC 5322 sections 3.3 and 3.6.4).

`email.utils` provides the same, but importing it takes longer than sending a message.
"""

from __future__ import annotations

import os
import time

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def local_date(at: float | None = None) -> str:
    """Return a time as local time in the format of the Date field.

    `at` is in seconds since the epoch, or None for the current time.
    """
    local = time.localtime(at)
    sign, offset = "-" if local.tm_gmtoff < 0 else "+", abs(local.tm_gmtoff) // 60
    return (
        f"{_DAYS[local.tm_wday]}, {local.tm_mday:02} {_MONTHS[local.tm_mon - 1]} "
        f"{local.tm_year:04} {local.tm_hour:02}:{local.tm_min:02}:{local.tm_sec:02} "
        f"{sign}{offset // 60:02}{offset % 60:02}"
    )


def message_id(domain: str) -> str:
    """Return a unique Message-ID in angle brackets."""
    unique = int.from_bytes(os.urandom(8))
    return f"<{int(time.time() * 100)}.{os.getpid()}.{unique}@{domain}>"
