"""The exit statuses of the command line, and which of them an error leads to.

0 as asked; 1 refused, or not as expected; 2 bad input; 3 no connection, or lost; 4 TLS;
5 authentication; 130 interrupted.
"""

from __future__ import annotations

import ssl
from enum import Enum
from smtplib import SMTPAuthenticationError, SMTPException, SMTPServerDisconnected

from ...session.errors import ConnectionLost, ReplyTimedOut
from ...session.events import Cause
from ...session.net.dial import DialError

DONE, REFUSED, BAD_INPUT, NO_CONNECTION, NO_TLS, NO_LOGIN, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


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
