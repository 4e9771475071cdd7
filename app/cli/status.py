"""Which exit status an error leads to."""

from __future__ import annotations

import ssl
from enum import Enum
from smtplib import SMTPAuthenticationError, SMTPException, SMTPServerDisconnected

from ...session.errors import ConnectionLost, ReplyTimedOut
from ...session.events import Cause
from ...session.net.dial import DialError
from ..exit_status import BAD_INPUT, INTERRUPTED, NO_CONNECTION, NO_LOGIN, NO_TLS, REFUSED


class Stage(Enum):
    """How far a command had come when an error was raised."""

    CONNECT = "connect"
    TLS = "tls"
    LOGIN = "login"
    REST = "rest"


_BY_STAGE = {Stage.TLS: NO_TLS, Stage.LOGIN: NO_LOGIN}


def status_of(error: BaseException, stage: Stage = Stage.REST) -> int:
    """The exit status for `error`, raised at `stage`.

    A lost connection is 3 at any stage, unless TLS is why. A refusal counts by its stage.
    """
    match error:
        case KeyboardInterrupt():
            return INTERRUPTED
        case ssl.SSLError():  # a PinMismatch is one
            return NO_TLS
        case DialError() | ConnectionLost():
            return NO_TLS if error.cause is Cause.TLS_FAILED else NO_CONNECTION
        case ReplyTimedOut() | SMTPServerDisconnected():
            return NO_CONNECTION
        case SMTPAuthenticationError():
            return NO_LOGIN
        case SMTPException():
            return _BY_STAGE.get(stage, REFUSED)
        case OSError():
            return NO_TLS if stage is Stage.TLS else NO_CONNECTION
        case ValueError():  # TargetError, TlsSettingsError and their like
            return BAD_INPUT
        case _:
            raise error
