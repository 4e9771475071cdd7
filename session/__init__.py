"""The engine of heloscope: observe and drive SMTP and LMTP conversations, without a screen.

    from heloscope.session import Session, SMTP, SMTP_SSL, LMTP, Transcript, events

Nothing in here prints (except smtplib's own debug output, when asked for), knows a screen, or keeps
global state. `__all__` is the public interface; the modules beneath, and whatever is not named
here, may change from one version to the next. Each name is imported when it is first used, so that
a program pays only for what it needs.

Session             asyncio: smtplib's methods as coroutines, and what goes beyond them
SMTP, SMTP_SSL, LMTP    blocking: drop-ins for smtplib's
Stepper, Breakpoint     a delivery, one command at a time
Transcript, events      what crossed the wire, and what it meant
"""

from __future__ import annotations

from .version import VERSION as __version__

TYPE_CHECKING = False  # typing takes longer to import than `heloscope --version` in all
if TYPE_CHECKING:
    from . import events
    from .aio.manual import Manual
    from .aio.session import Session
    from .errors import (
        AnswersNotSent,
        CannotRepeat,
        CannotSkip,
        ConnectionLost,
        EnvelopeMismatch,
        PeerFlood,
        ReplyTimedOut,
    )
    from .net.dial import DialError
    from .protocol.conversation import Conversation
    from .protocol.states import State
    from .record.transcript import Transcript
    from .reply import Reply
    from .sasl.exchange import SaslError
    from .secret import Secret
    from .stepping.breakpoints import Breakpoint, BreakpointError, parse_breakpoint
    from .stepping.plan import Done, Planned
    from .stepping.stepper import Stepper
    from .sync.lmtp import LMTP
    from .sync.smtp import SMTP
    from .sync.smtp_ssl import SMTP_SSL
    from .target import Target, TargetError, parse_target
    from .timeouts import Timeouts
    from .tls.handshake import PinMismatch
    from .tls.settings import TlsSettings, TlsSettingsError

__all__ = [
    "LMTP", "SMTP", "SMTP_SSL", "AnswersNotSent", "Breakpoint", "BreakpointError",
    "CannotRepeat", "CannotSkip", "ConnectionLost", "Conversation", "DialError", "Done",
    "EnvelopeMismatch", "Manual", "PeerFlood", "PinMismatch", "Planned", "Reply",
    "ReplyTimedOut", "SaslError", "Secret", "Session", "State", "Stepper", "Target",
    "TargetError", "Timeouts", "TlsSettings", "TlsSettingsError", "Transcript", "__version__",
    "events", "parse_breakpoint", "parse_target",
]  # fmt: skip

_MODULES = {
    "LMTP": "sync.lmtp",
    "SMTP": "sync.smtp",
    "SMTP_SSL": "sync.smtp_ssl",
    "AnswersNotSent": "errors",
    "Breakpoint": "stepping.breakpoints",
    "BreakpointError": "stepping.breakpoints",
    "CannotRepeat": "errors",
    "CannotSkip": "errors",
    "ConnectionLost": "errors",
    "Conversation": "protocol.conversation",
    "DialError": "net.dial",
    "Done": "stepping.plan",
    "EnvelopeMismatch": "errors",
    "Manual": "aio.manual",
    "PeerFlood": "errors",
    "PinMismatch": "tls.handshake",
    "Planned": "stepping.plan",
    "Reply": "reply",
    "ReplyTimedOut": "errors",
    "SaslError": "sasl.exchange",
    "Secret": "secret",
    "Session": "aio.session",
    "State": "protocol.states",
    "Stepper": "stepping.stepper",
    "Target": "target",
    "TargetError": "target",
    "Timeouts": "timeouts",
    "TlsSettings": "tls.settings",
    "TlsSettingsError": "tls.settings",
    "Transcript": "record.transcript",
    "events": "",
    "parse_breakpoint": "stepping.breakpoints",
    "parse_target": "target",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if not _MODULES[name]:
        return import_module(f".{name}", __name__)
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
