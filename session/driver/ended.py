"""Short descriptions of why an established connection ended, and of an overdue reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..events import Cause

if TYPE_CHECKING:
    from ..errors import ReplyTimedOut
    from ..record.transcript import Transcript


def why_lost(error: Exception | None, closing: Cause | None) -> tuple[Cause, str]:
    """Return why an established connection closed: the cause, and a short description.

    `error` is the exception that ended the connection, if any, and `closing` is the cause if it was
    known beforehand.
    """
    if closing is Cause.CLOSED_BY_CLIENT:
        return closing, "closed by us"
    if closing is Cause.CANCELLED:
        return closing, "cancelled"
    if closing is Cause.TLS_FAILED:
        return closing, ""
    if error is None:
        return Cause.CLOSED_BY_SERVER, "the server closed the connection"
    if isinstance(error, ConnectionError):
        return Cause.RESET, "the server reset the connection, closing it without reading further"
    if isinstance(error, TimeoutError):
        return Cause.TIMED_OUT, "the connection timed out: the other side no longer answers"
    return Cause.OTHER, str(error) or type(error).__name__


def overdue_words(error: ReplyTimedOut) -> str:
    """Return the text of a note about a reply that has not arrived in time."""
    return f"{error}; the connection stays open"


def reply_begun(transcript: Transcript) -> bool:
    """Return whether the last row is part of a reply that is still incomplete."""
    last = transcript[len(transcript) - 1] if len(transcript) else None
    return last is not None and not last.sent and last.data[3:4] == b"-"


def is_tls(error: Exception) -> bool:
    """Return whether `error` comes from TLS.

    Such an error may come late: in TLS 1.3, a server rejects a client certificate only after the
    handshake.
    """
    import ssl

    return isinstance(error, ssl.SSLError)
