"""Puts the facts of a conversation into words, as the pane, exports and commands show them.

Nothing here is masked or made safe by `visible`.
"""

from __future__ import annotations

from collections.abc import Callable

from ..events import (
    CLOSED_BY_A_SIDE,
    Cause,
    Connected,
    Disconnected,
    Event,
    Note,
    TlsFailed,
    TlsStarted,
)
from ..plural import plural

_NO_GOOD_NEWS = ("timeout", "in-clear", "flood")  # kinds of notes

DaysLeft = Callable[[bytes], int | None]
"""A function that returns the number of days for which a DER certificate is still valid, or None.
"""


def fact_words(event: Event, days_left: DaysLeft | None = None) -> str:
    """Return a fact in words, or "" for any other event.

    `days_left` is called with the server's certificate after a TLS handshake.
    """
    match event:
        case Connected():
            other = event.address if event.address != event.peer else ""
            peer = event.peer or event.address
            return (f"connected to {peer}" if peer else "connected") + (
                f"  {other}" if other else ""
            )
        case TlsStarted():
            return _agreed(event, days_left)
        case TlsFailed():
            return f"no TLS: {event.detail}"
        case Disconnected(cause=Cause.TLS_FAILED):  # the preceding fact says why
            return "closed: no TLS"
        case Disconnected():
            return event.detail or event.cause.value
        case Note():
            return event.text
        case _:
            return ""


def is_trouble(event: Event) -> bool:
    """Return whether a fact is bad news."""
    match event:
        case TlsFailed():
            return True
        case Disconnected():
            return event.cause not in CLOSED_BY_A_SIDE
        case Note():
            return event.kind in _NO_GOOD_NEWS
        case _:
            return False


def _agreed(event: TlsStarted, days_left: DaysLeft | None) -> str:
    """Return the parameters agreed on in a handshake, and whether the certificate is valid."""
    cipher = event.cipher.removeprefix("TLS_")
    judged = _judged(event, days_left)
    return f"{event.version.replace('v', ' ')}  {cipher}  {judged}".strip()


def _judged(event: TlsStarted, days_left: DaysLeft | None) -> str:
    if not event.chain:
        return ""
    judged = "certificate not checked"
    if event.pinned:
        judged = "certificate accepted"
    elif event.verified:
        judged = "certificate valid"
    days = days_left(event.chain[0]) if days_left is not None else None
    if days is None:
        return judged
    if days < 0:
        return f"{judged}, expired"
    return f"{judged}, {plural(days, '{} day')} left"
