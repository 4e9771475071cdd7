"""The engine of heloscope: watch and lead SMTP and LMTP conversations, without a screen.

    from heloscope.session import Session, SMTP, SMTP_SSL, LMTP, Transcript, events

Nothing in here prints, knows a screen, or keeps global state. What is named below is imported
when it is first used, so that a program pays only for what it needs.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing takes longer to import than `heloscope --version` in all
if TYPE_CHECKING:
    from . import events
    from .aio.session import Session
    from .protocol.conversation import Conversation
    from .record.transcript import Transcript
    from .secret import Secret
    from .stepping.breakpoints import Breakpoint, parse_breakpoint
    from .stepping.stepper import Stepper
    from .sync.lmtp import LMTP
    from .sync.smtp import SMTP
    from .sync.smtp_ssl import SMTP_SSL
    from .tls.settings import TlsSettings

__all__ = [
    "LMTP", "SMTP", "SMTP_SSL", "Breakpoint", "Conversation", "Secret", "Session", "Stepper",
    "TlsSettings", "Transcript", "events", "parse_breakpoint",
]  # fmt: skip

_HOME = {
    "LMTP": "sync.lmtp",
    "SMTP": "sync.smtp",
    "SMTP_SSL": "sync.smtp_ssl",
    "Breakpoint": "stepping.breakpoints",
    "Conversation": "protocol.conversation",
    "Secret": "secret",
    "Session": "aio.session",
    "Stepper": "stepping.stepper",
    "TlsSettings": "tls.settings",
    "Transcript": "record.transcript",
    "parse_breakpoint": "stepping.breakpoints",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "events":
        return import_module(".events", __name__)
    if name in _HOME:
        return getattr(import_module("." + _HOME[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
