"""The engine of heloscope: observe and drive SMTP and LMTP conversations, without a screen.

    from heloscope.session import Session, SMTP, SMTP_SSL, LMTP, Transcript, events

Nothing here prints (except smtplib's own debug output, on request), depends on a screen, or keeps
global state. `__all__` is the public interface; the submodules, and any name that is not listed
there, may change from one version to the next. Each name is imported when it is first used, so that
a program pays only for what it needs.

    send, send_blocking         send one message with one call
    Session                     for asyncio: smtplib's methods as coroutines, and many more
    SMTP, SMTP_SSL, LMTP        blocking: drop-in replacements for smtplib's classes
    Stepper, BlockingStepper    a delivery, one command at a time
    Transcript, events          what crossed the wire, and what it meant
    Recording, replay           a recording as rows, and as a conversation
    PracticeServer              a mail server for practice and tests, with a choice of scenarios
    shown_on_failure            prints the conversation if the block in the `with` statement fails
"""

from __future__ import annotations

from .version import VERSION as __version__

TYPE_CHECKING = False  # typing takes longer to import than `heloscope --version` in all
if TYPE_CHECKING:
    from smtplib import (
        SMTPAuthenticationError,
        SMTPConnectError,
        SMTPDataError,
        SMTPException,
        SMTPHeloError,
        SMTPNotSupportedError,
        SMTPRecipientsRefused,
        SMTPResponseException,
        SMTPSenderRefused,
        SMTPServerDisconnected,
    )

    from . import events
    from .aio.manual import Manual
    from .aio.send import SendOptions, send, send_blocking
    from .aio.session import Session
    from .errors import (
        AnswersNotSent,
        AuthGivenUp,
        CannotRepeat,
        CannotSkip,
        ConnectionLost,
        CredentialsRefused,
        EnvelopeMismatch,
        PeerFlood,
        ReplyTimedOut,
    )
    from .net.dial import Attempt, DialError
    from .net.outgoing_proxy import OutgoingProxy, parse_proxy
    from .net.proxy_header import ProxyHeaderError, proxy_header
    from .practice.client_summary import ClientSummary
    from .practice.clients import ConnectedClients
    from .practice.diagnosis import Diagnosis
    from .practice.events import (
        ClientConnected,
        ClientGone,
        ClientSaid,
        MessageArrived,
        PracticeEvent,
        ReportDelivered,
        ServerSaid,
    )
    from .practice.mailboxes import Mailboxes, Message
    from .practice.scenarios.model import Rule, Scenario
    from .practice.scenarios.reader import Mistake, ScenarioError
    from .practice.scenarios.table import SCENARIOS, read_scenario
    from .practice.server import PracticeServer
    from .procedures.content import Content, Readable
    from .procedures.probe import Offers
    from .procedures.rerun import RerunDiffers, RerunReply, RerunStep, RerunStopped
    from .procedures.send_result import SendResult
    from .procedures.steps import Manner
    from .protocol.conversation import Conversation
    from .protocol.message_syntax import MessageTraits
    from .protocol.replay import Recorded, replay
    from .protocol.states import State
    from .record.body import Body
    from .record.on_failure import HasTranscript, ShownOnFailure, shown_on_failure
    from .record.reader import RecordedRow, Recording, RecordingError, RecordingHeader
    from .record.transcript import Transcript
    from .reply import Reply
    from .sasl.exchange import SaslError
    from .sasl.selection import MechanismChoice
    from .secret import Secret
    from .stepping.blocking_stepper import BlockingStepper
    from .stepping.breakpoints import Breakpoint, BreakpointError, Stop, parse_breakpoint
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
    "LMTP",
    "SCENARIOS",
    "SMTP",
    "SMTP_SSL",
    "AnswersNotSent",
    "Attempt",
    "AuthGivenUp",
    "BlockingStepper",
    "Body",
    "Breakpoint",
    "BreakpointError",
    "CannotRepeat",
    "CannotSkip",
    "ClientConnected",
    "ClientGone",
    "ClientSaid",
    "ClientSummary",
    "ConnectedClients",
    "ConnectionLost",
    "Content",
    "Conversation",
    "CredentialsRefused",
    "Diagnosis",
    "DialError",
    "Done",
    "EnvelopeMismatch",
    "HasTranscript",
    "Mailboxes",
    "Manner",
    "Manual",
    "MechanismChoice",
    "Message",
    "MessageArrived",
    "MessageTraits",
    "Mistake",
    "Offers",
    "OutgoingProxy",
    "PeerFlood",
    "PinMismatch",
    "Planned",
    "PracticeEvent",
    "PracticeServer",
    "ProxyHeaderError",
    "Readable",
    "Recorded",
    "RecordedRow",
    "Recording",
    "RecordingError",
    "RecordingHeader",
    "Reply",
    "ReplyTimedOut",
    "ReportDelivered",
    "RerunDiffers",
    "RerunReply",
    "RerunStep",
    "RerunStopped",
    "Rule",
    "SMTPAuthenticationError",
    "SMTPConnectError",
    "SMTPDataError",
    "SMTPException",
    "SMTPHeloError",
    "SMTPNotSupportedError",
    "SMTPRecipientsRefused",
    "SMTPResponseException",
    "SMTPSenderRefused",
    "SMTPServerDisconnected",
    "SaslError",
    "Scenario",
    "ScenarioError",
    "Secret",
    "SendOptions",
    "SendResult",
    "ServerSaid",
    "Session",
    "ShownOnFailure",
    "State",
    "Stepper",
    "Stop",
    "Target",
    "TargetError",
    "Timeouts",
    "TlsSettings",
    "TlsSettingsError",
    "Transcript",
    "__version__",
    "events",
    "parse_breakpoint",
    "parse_proxy",
    "parse_target",
    "proxy_header",
    "read_scenario",
    "replay",
    "send",
    "send_blocking",
    "shown_on_failure",
]  # fmt: skip

_MODULES = {
    "ClientConnected": "practice.events",
    "ClientGone": "practice.events",
    "ClientSaid": "practice.events",
    "ClientSummary": "practice.client_summary",
    "ConnectedClients": "practice.clients",
    "Diagnosis": "practice.diagnosis",
    "Mailboxes": "practice.mailboxes",
    "MessageArrived": "practice.events",
    "Mistake": "practice.scenarios.reader",
    "PracticeEvent": "practice.events",
    "ReportDelivered": "practice.events",
    "RerunDiffers": "procedures.rerun",
    "ServerSaid": "practice.events",
    "LMTP": "sync.lmtp",
    "RerunReply": "procedures.rerun",
    "RerunStep": "procedures.rerun",
    "RerunStopped": "procedures.rerun",
    "Rule": "practice.scenarios.model",
    "SCENARIOS": "practice.scenarios.table",
    "SMTP": "sync.smtp",
    "SMTP_SSL": "sync.smtp_ssl",
    "AnswersNotSent": "errors",
    "Attempt": "net.dial",
    "BlockingStepper": "stepping.blocking_stepper",
    "Body": "record.body",
    "Breakpoint": "stepping.breakpoints",
    "BreakpointError": "stepping.breakpoints",
    "CannotRepeat": "errors",
    "CannotSkip": "errors",
    "ConnectionLost": "errors",
    "AuthGivenUp": "errors",
    "CredentialsRefused": "errors",
    "Content": "procedures.content",
    "Conversation": "protocol.conversation",
    "DialError": "net.dial",
    "Done": "stepping.plan",
    "EnvelopeMismatch": "errors",
    "HasTranscript": "record.on_failure",
    "Manner": "procedures.steps",
    "Manual": "aio.manual",
    "MechanismChoice": "sasl.selection",
    "Message": "practice.mailboxes",
    "MessageTraits": "protocol.message_syntax",
    "Offers": "procedures.probe",
    "OutgoingProxy": "net.outgoing_proxy",
    "PeerFlood": "errors",
    "PinMismatch": "tls.handshake",
    "Planned": "stepping.plan",
    "PracticeServer": "practice.server",
    "ProxyHeaderError": "net.proxy_header",
    "Readable": "procedures.content",
    "RecordedRow": "record.reader",
    "Recorded": "protocol.replay",
    "Recording": "record.reader",
    "RecordingError": "record.reader",
    "RecordingHeader": "record.reader",
    "Reply": "reply",
    "ReplyTimedOut": "errors",
    "SMTPAuthenticationError": "smtplib",
    "SMTPConnectError": "smtplib",
    "SMTPDataError": "smtplib",
    "SMTPException": "smtplib",
    "SMTPHeloError": "smtplib",
    "SMTPNotSupportedError": "smtplib",
    "SMTPRecipientsRefused": "smtplib",
    "SMTPResponseException": "smtplib",
    "SMTPSenderRefused": "smtplib",
    "SMTPServerDisconnected": "smtplib",
    "SaslError": "sasl.exchange",
    "Scenario": "practice.scenarios.model",
    "ScenarioError": "practice.scenarios.reader",
    "Secret": "secret",
    "SendOptions": "aio.send",
    "SendResult": "procedures.send_result",
    "Session": "aio.session",
    "ShownOnFailure": "record.on_failure",
    "State": "protocol.states",
    "Stepper": "stepping.stepper",
    "Stop": "stepping.breakpoints",
    "Target": "target",
    "TargetError": "target",
    "Timeouts": "timeouts",
    "TlsSettings": "tls.settings",
    "TlsSettingsError": "tls.settings",
    "Transcript": "record.transcript",
    "events": "",
    "parse_breakpoint": "stepping.breakpoints",
    "parse_proxy": "net.outgoing_proxy",
    "parse_target": "target",
    "proxy_header": "net.proxy_header",
    "read_scenario": "practice.scenarios.table",
    "replay": "protocol.replay",
    "send": "aio.send",
    "send_blocking": "aio.send",
    "shown_on_failure": "record.on_failure",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = _MODULES[name]
    if not module:
        return import_module(f".{name}", __name__)
    return getattr(import_module(module if module == "smtplib" else f".{module}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
