"""A transcript as text that people read: a line for each row and each fact.

    -- connected to mail.example.org:25 (192.0.2.1:25)
    S: 220 mail.example.org ESMTP
    C: EHLO me.example

CRLF, which ends a line as it should, is not shown; all else that is invisible is (visible.py).
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

_DATED = 366 * 86400.0  # seconds since 1970: less is the time since a beginning of unknown date


def lines(
    events: Iterable[Event], shown: Callable[[Line], bytes], wall: Callable[[float], float] | None
) -> Iterator[str]:
    """The lines for these events; `shown` is what may be seen of a row.

    With `wall`, which makes seconds since 1970 of those of an event, each begins with its time.
    """
    for event in events:
        if isinstance(event, Line):
            data = shown(event).removesuffix(b"\r\n")
            text = f"{'C' if event.direction is CLIENT else 'S'}: {visible(data)}".rstrip()
        else:
            told = _told(event)
            if not told:
                continue
            text = f"-- {visible_text(told)}"
        yield text if wall is None else f"{_time(wall(event.at))} {text}"


def summary(peer: str, rows: int, facts: Iterable[Event]) -> str:
    """A transcript in some words: with whom, how long, and how it is protected and ended."""
    words = [visible_text(peer)] if peer else []
    words.append(plural(rows, "{} row"))
    for event in facts:
        if isinstance(event, TlsStarted):
            words.append(event.version)
        elif isinstance(event, Disconnected):
            words.append(event.cause.value)
    return ", ".join(words)


def _time(seconds: float) -> str:
    """A time of day; of a log without a date, the seconds since its beginning."""
    if seconds < _DATED:
        return f"{seconds:8.3f}"
    when = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _told(event: Event) -> str:
    """A fact in words; "" for what the rows say themselves."""
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
    """What a handshake agreed on; the log of another program may say only that there was one."""
    words = [word for word in (event.version, event.cipher) if word]
    if event.verified:
        words.append("the certificate was verified")
    elif event.chain:
        words.append("the certificate was not verified")
    return f"TLS: {', '.join(words)}" if words else "TLS begins"
