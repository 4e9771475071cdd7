"""Determines the exit status for an error or a refused recipient."""

from __future__ import annotations

import sys
from enum import Enum

from ...session import raised
from ...session.events import Cause
from ...session.net.dial_error import DialError
from ..exit_status import BAD_INPUT, INTERRUPTED, NO_CONNECTION, NO_LOGIN, NO_TLS, REFUSED


class Stage(Enum):
    """The stage that a command had reached when an error was raised."""

    CONNECT = "connect"
    TLS = "tls"
    LOGIN = "login"
    REST = "rest"


_BY_STAGE = {Stage.TLS: NO_TLS, Stage.LOGIN: NO_LOGIN}


def status_of(error: BaseException, stage: Stage = Stage.REST) -> int:
    """Return the exit status for `error`, raised at `stage`. Raises `error` if it is unexpected.

    The status of a lost connection is 3 at any stage, unless TLS caused the loss. The status of a
    refusal depends on the stage.
    """
    match error:
        case KeyboardInterrupt():
            return INTERRUPTED
        case _ if _is_tls(error):
            return NO_TLS
        case DialError() | raised.ConnectionLost():
            return NO_TLS if error.cause is Cause.TLS_FAILED else NO_CONNECTION
        case raised.ReplyTimedOut() | raised.SMTPServerDisconnected():
            return NO_CONNECTION
        case raised.SMTPAuthenticationError():
            return NO_LOGIN
        case raised.SMTPException():
            return _BY_STAGE.get(stage, REFUSED)
        case OSError():
            return NO_TLS if stage is Stage.TLS else NO_CONNECTION
        case ValueError():  # TargetError, TlsSettingsError and their like
            return BAD_INPUT
        case _:
            raise error


def report_accepted(taken: int, of: int) -> int:
    """Print on standard error how many recipients were accepted, and return REFUSED."""
    print(f"heloscope: {taken} of {of} recipients accepted.", file=sys.stderr)
    return REFUSED


def _is_tls(error: BaseException) -> bool:
    """Return whether `error` is an error of TLS, such as a PinMismatch.

    The result is False while `ssl` has not been imported.
    """
    ssl = sys.modules.get("ssl")
    return ssl is not None and isinstance(error, ssl.SSLError)
