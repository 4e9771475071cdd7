"""Each kind of error leads to its own exit status."""

from __future__ import annotations

import smtplib
import ssl

import pytest
from heloscope.app.cli.status import Stage, status_of
from heloscope.session import ConnectionLost, DialError, ReplyTimedOut, TargetError
from heloscope.session.events import Cause
from support.rows import for_each


@for_each(
    [
        (smtplib.SMTPDataError(550, b"no"), Stage.REST, 1),
        (smtplib.SMTPRecipientsRefused({}), Stage.REST, 1),
        (smtplib.SMTPConnectError(554, b"no"), Stage.CONNECT, 1),
        (TargetError("no"), Stage.REST, 2),
        (ValueError("no"), Stage.REST, 2),
        (DialError(Cause.REFUSED, "no"), Stage.CONNECT, 3),
        (ConnectionLost(Cause.CLOSED_BY_SERVER, "no"), Stage.LOGIN, 3),
        (ReplyTimedOut("MAIL", 3), Stage.REST, 3),
        (ConnectionLost(Cause.TLS_FAILED, "no"), Stage.CONNECT, 4),
        (ssl.SSLCertVerificationError("no"), Stage.CONNECT, 4),
        (smtplib.SMTPNotSupportedError("no"), Stage.TLS, 4),
        (smtplib.SMTPResponseException(454, "no"), Stage.TLS, 4),
        (smtplib.SMTPAuthenticationError(535, b"no"), Stage.LOGIN, 5),
        (smtplib.SMTPNotSupportedError("no"), Stage.LOGIN, 5),
        (KeyboardInterrupt(), Stage.REST, 130),
    ]
)
def test_the_status_of_an_error(error: BaseException, stage: Stage, status: int):
    assert status_of(error, stage) == status


def test_a_mistake_of_ours_is_no_status():
    with pytest.raises(KeyError):
        status_of(KeyError("mistake"))
