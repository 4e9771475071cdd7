"""Determines who could read data sent on a connection: anyone, unless TLS protects it."""

from __future__ import annotations

from ...session.aio.session import Session
from ...session.events import TlsStarted

_ANYONE = "anyone on the network path"
_HOLDER = "the holder of its key, who may be anyone,"


def who_can_read(session: Session, *, accepted: bool) -> str:
    """Explain why a secret could be read on the network path, and by whom; "" if it is protected.

    `accepted` is true if the user has accepted a certificate that failed verification.
    """
    if not session.tls:
        local = session.target is not None and session.target.path
        return "" if local else f"This connection is not encrypted: {_ANYONE}"
    for event in reversed(session.transcript.marks_after(0)):
        if isinstance(event, TlsStarted):
            if accepted:
                return f"You accepted a certificate that failed verification: {_HOLDER}"
            if not (event.verified or event.pinned):
                return f"This server's certificate was not verified: {_HOLDER}"
            break
    return ""
