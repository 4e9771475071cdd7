"""The Date and Message-ID of a message that is made here (RFC 5322 sections 3.3 and 3.6.4).

`email.utils` writes the same, but takes longer to import than a message to send.
"""

from __future__ import annotations

import os
import time

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def local_date(at: float | None = None) -> str:
    """A moment (seconds since 1970; now if None) in local time, as the field Date has it."""
    local = time.localtime(at)
    sign, offset = "-" if local.tm_gmtoff < 0 else "+", abs(local.tm_gmtoff) // 60
    return (
        f"{_DAYS[local.tm_wday]}, {local.tm_mday:02} {_MONTHS[local.tm_mon - 1]} "
        f"{local.tm_year:04} {local.tm_hour:02}:{local.tm_min:02}:{local.tm_sec:02} "
        f"{sign}{offset // 60:02}{offset % 60:02}"
    )


def message_id(domain: str) -> str:
    """A Message-ID that no other message has, with its angle brackets."""
    unique = int.from_bytes(os.urandom(8))
    return f"<{int(time.time() * 100)}.{os.getpid()}.{unique}@{domain}>"
