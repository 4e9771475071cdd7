"""Advice on what to do in heloscope after a connection ends or a certificate is not accepted.

The facts of `session` say what happened and what to try at the server or in the network. The orders
and keys of heloscope that help are added here, from the table of actions.
"""

from __future__ import annotations

from ...session.events import Cause
from ..advice import do, key_of

_AGAIN = f"{do('reconnect')} reconnects."
_AGAIN_OR_ELSEWHERE = f"{do('reconnect')} reconnects; {do('connect')} connects elsewhere."
_RETRY = f"{do('reconnect')} tries again."

_AFTER_CAUSE: dict[Cause, str] = {
    Cause.CLOSED_BY_SERVER: _AGAIN,
    Cause.CLOSED_BY_CLIENT: _AGAIN_OR_ELSEWHERE,
    Cause.RESET: _RETRY,
    Cause.CANCELLED: _RETRY,
    Cause.OTHER: _RETRY,
}

TRUST = f"Nothing was sent over TLS. {do('trust')}, or t here, continues despite this certificate."
WITHOUT_TLS = f"{do('switch')} connects to this port without TLS (smtp://)."
SAVE_ALL = f"{do('save')} saves all of it"
NOT_CONNECTED = f"Not connected.\n\n{key_of('connect') or do('connect')} connects."
NOT_ENCRYPTED_ANY_MORE = (
    f"This conversation was not encrypted.\n\n{do('reconnect')} reconnects; {do('connect')} "
    "connects elsewhere, with TLS if you choose it in the dialog."
)
BEGIN_TLS = (
    f"The server offers STARTTLS. Type it, or use {do('starttls')} to go through it step by step; "
    "the server's certificates will then be shown here."
)


def after_disconnect(cause: Cause, try_next: str) -> str:
    """Return the suggestion `try_next`. If reconnecting may help, add how to do so."""
    return " ".join(filter(None, (try_next, _AFTER_CAUSE.get(cause, ""))))
