"""An exception is unchanged after it has been passed from one process to another."""

from __future__ import annotations

import pickle

from heloscope.session import (
    AnswersNotSent,
    AuthGivenUp,
    CannotSkip,
    ConnectionLost,
    DialError,
    EnvelopeMismatch,
    PeerFlood,
    PinMismatch,
    ReplyTimedOut,
    RerunDiffers,
    RerunStep,
    RerunStopped,
    SaslError,
    SMTPException,
    TargetError,
)
from heloscope.session.events import Cause
from heloscope.session.net.dial import Attempt
from support.rows import for_each

STEP = RerunStep(2, "NOOP", b"NOOP\r\n")


@for_each(
    [
        ConnectionLost(Cause.RESET, "the server reset the connection"),
        PeerFlood(1000),
        ReplyTimedOut("MAIL", 5.0),
        AnswersNotSent(2),
        AuthGivenUp(501, b"cancelled", "SCRAM-SHA-1: the salt is too short"),
        EnvelopeMismatch(550, b"no", "a@example.org"),
        DialError(Cause.REFUSED, "h:25 refused.", [Attempt("192.0.2.1", 0.1, "refused")]),
        PinMismatch(),
        RerunStopped("Stopped at line 3.", 2, STEP),
        RerunDiffers("Another code", "250", "550", 2, STEP, None, ["SIZE"]),
        CannotSkip("MAIL cannot be skipped"),
        TargetError("The target is missing."),
    ],
    lambda error: type(error).__name__,
)
def test_an_error_is_pickled_with_its_details(error: Exception):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))


def test_a_lost_connection_says_why_as_one_that_was_never_made_does():
    lost = ConnectionLost(Cause.RESET, "the server reset the connection")
    assert (lost.cause, lost.detail) == (Cause.RESET, "the server reset the connection")
    assert str(lost) == lost.detail
    assert PeerFlood(1000).detail == str(PeerFlood(1000))


def test_every_error_of_the_network_or_the_server_is_an_os_error():
    for error in (ConnectionLost, ReplyTimedOut, DialError, PinMismatch, AnswersNotSent,
                  RerunStopped, SMTPException, SaslError):  # fmt: skip
        assert issubclass(error, OSError), error
