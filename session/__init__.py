"""The engine of heloscope: watch and lead SMTP and LMTP conversations, without a screen.

    from heloscope.session import Session, SMTP, SMTP_SSL, LMTP, Transcript, events

Nothing in here prints, knows a screen, or keeps global state. What is named below is imported
when it is first used, so that a program pays only for what it needs.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing takes longer to import than `heloscope --version` in all
if TYPE_CHECKING:
    from . import events
    from .conversation import Conversation
    from .lmtp import LMTP
    from .secret import Secret
    from .session import Session
    from .smtp import SMTP
    from .smtp_ssl import SMTP_SSL
    from .stepper import Stepper
    from .tls_settings import TlsSettings
    from .transcript import Transcript

__all__ = [
    "LMTP", "SMTP", "SMTP_SSL", "Conversation", "Secret", "Session", "Stepper", "TlsSettings",
    "Transcript", "events",
]  # fmt: skip

_HOME = {
    "LMTP": "lmtp",
    "SMTP": "smtp",
    "SMTP_SSL": "smtp_ssl",
    "Conversation": "conversation",
    "Secret": "secret",
    "Session": "session",
    "Stepper": "stepper",
    "TlsSettings": "tls_settings",
    "Transcript": "transcript",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "events":
        return import_module(".events", __name__)
    if name in _HOME:
        return getattr(import_module("." + _HOME[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
