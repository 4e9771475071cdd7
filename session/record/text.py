"""A transcript as text for readers: a line for each row and each fact.

    -- connected to mail.example.org:25 (192.0.2.1:25)
    S: 220 mail.example.org ESMTP
    C: EHLO me.example

CRLF at the end of a line is not shown; all other invisible characters are escaped (visible.py).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator

from ..events import (
    CLIENT,
    Connected,
    Disconnected,
    Event,
    Line,
    Note,
    TlsFailed,
    TlsStarted,
    Violation,
)
from ..plural import plural
from ..visible import visible, visible_text

_DATED = 366 * 86400.0  # seconds since 1970; less is the time since an unknown date


def lines(
    events: Iterable[Event], shown: Callable[[Line], bytes], wall: Callable[[float], float] | None
) -> Iterator[str]:
    """Yield the lines for these events. `shown` returns the bytes of a row as they may be shown.

    If `wall` is given, it converts the time of an event to seconds since the epoch, and each line
    begins with its time.
    """
    for event in events:
        if isinstance(event, Line):
            data = shown(event).removesuffix(b"\r\n")
            text = f"{'C' if event.direction is CLIENT else 'S'}: {visible(data)}".rstrip()
        else:
            words = _words(event)
            if not words:
                continue
            text = f"-- {visible_text(words)}"
        yield text if wall is None else f"{_time(wall(event.at))} {text}"


def summary(peer: str, rows: int, facts: Iterable[Event]) -> str:
    """Return a transcript in a few words: the peer, the number of rows, TLS, and the end."""
    words = [visible_text(peer)] if peer else []
    words.append(plural(rows, "{} row"))
    for event in facts:
        if isinstance(event, TlsStarted):
            words.append(event.version)
        elif isinstance(event, Disconnected):
            words.append(event.cause.value)
    return ", ".join(words)


def _time(seconds: float) -> str:
    """Return a time of day or, for a log without dates, the seconds since the log began."""
    if seconds < _DATED:
        return f"{seconds:8.3f}"
    when = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _words(event: Event) -> str:
    """Return a fact in words, or "" for an event that the rows already show."""
    match event:
        case Connected(peer=peer, address=address):
            known = not address or address == peer
            to = f" to {peer}" if peer else ""
            return f"connected{to}" if known else f"connected{to} ({address})"
        case TlsStarted():
            return _tls(event)
        case TlsFailed(detail=detail):
            return f"TLS failed: {detail}"
        case Disconnected(cause=cause, detail=detail):
            return f"disconnected: {detail or cause.value}"
        case Note(text=text):
            return text
        case Violation(rule=rule, words=words):
            return f"violation: {rule} ({words})" if words else f"violation: {rule}"
        case _:
            return ""


def _tls(event: TlsStarted) -> str:
    """Return the result of a handshake in words.

    Another program's log may show only that there was a handshake.
    """
    words = [word for word in (event.version, event.cipher) if word]
    if event.verified:
        words.append("the certificate was verified")
    elif event.chain:
        words.append("the certificate was not verified")
    return f"TLS: {', '.join(words)}" if words else "TLS begins"
