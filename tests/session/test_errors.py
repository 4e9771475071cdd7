"""An exception crosses from one process to another as it is."""

from __future__ import annotations

import pickle

import pytest
from heloscope.session import (
    AnswersNotSent,
    CannotSkip,
    ConnectionLost,
    DialError,
    EnvelopeMismatch,
    PeerFlood,
    PinMismatch,
    ReplyTimedOut,
    TargetError,
)
from heloscope.session.events import Cause
from heloscope.session.net.dial import Attempt


@pytest.mark.parametrize(
    "error",
    [
        ConnectionLost(Cause.RESET, "the server reset the connection"),
        PeerFlood(1000),
        ReplyTimedOut("MAIL", 5.0),
        AnswersNotSent(2),
        EnvelopeMismatch(550, b"no", "a@example.org"),
        DialError(Cause.REFUSED, "h:25 refused.", [Attempt("192.0.2.1", 0.1, "refused")]),
        PinMismatch(),
        CannotSkip("MAIL cannot be skipped"),
        TargetError("A target is missing."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_it_is_pickled_with_all_that_it_says(error: Exception):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))
