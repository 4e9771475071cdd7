"""The engine's own exceptions, most of which derive from smtplib's.

Nothing that a peer sends makes the conversation itself raise an exception. These exceptions are
raised by a driver, in the call that waits for a reply.
"""

from __future__ import annotations

from smtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from typing import Any, cast

from .events import Cause, Masks
from .flood import TALKS_EARLY, flood_words
from .plural import in_seconds, plural


class ConnectionLost(SMTPServerDisconnected):
    """Raised when the connection was lost, or could not be established.

    `cause` is a member of events.Cause, for use by programs. `detail`, which is also the message,
    explains the cause to the user.
    """

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail

    def __reduce__(self) -> tuple[Any, ...]:  # here and below: so that it can be pickled
        return type(self), (self.cause, str(self)), self.__dict__


class PeerFlood(ConnectionLost):
    """Raised when the connection was closed because the peer sent too much.

    The peer sent more than `limit` octets in one unfinished line or reply, or in replies that do
    not answer any command. If `early` is true, the peer kept sending replies before the client had
    sent anything. The transcript holds what was received until then.
    """

    def __init__(self, limit: int, early: bool = False) -> None:
        words = TALKS_EARLY if early else f"{flood_words(limit)} (limit set by flood_limit)"
        super().__init__(Cause.CLOSED_BY_CLIENT, f"closed the connection: {words}")
        self.limit = limit
        self.early = early

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.limit, self.early), self.__dict__


class ReplyTimedOut(SMTPException, TimeoutError):
    """Raised when no complete reply to `verb` arrived within `seconds`.

    The connection stays open, and a late reply is recorded. `verb` is empty if the data sent was
    not a command. `begun` is true if part of the reply had arrived, but not all of it.
    """

    def __init__(self, verb: str, seconds: float, begun: bool = False) -> None:
        what = "greeting" if verb == "greeting" else f"reply to {verb}" if verb else "reply"
        limit = in_seconds(seconds)
        late = f"the {what} was still incomplete after {limit}"
        super().__init__(late if begun else f"no {what} within {limit}")
        self.verb = verb
        self.seconds = seconds
        self.begun = begun

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.verb, self.seconds, self.begun), self.__dict__


class AnswersNotSent(SMTPException):
    """Raised when AUTH ended before all answers had been sent.

    `count` is the number of answers that were not sent.
    """

    def __init__(self, count: int) -> None:
        answers = plural(count, "1 answer, which was not sent", "{} answers, which were not sent")
        super().__init__(f"AUTH ended before the server asked for {answers}")
        self.count = count

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.count,), self.__dict__


class CredentialsRefused(SMTPAuthenticationError):
    """Raised when the server refused the user name or password with the SASL mechanism `mechanism`.

    `untried` names the other mechanisms that the server offers. They were not tried with the same
    password, because many servers lock the account after a few failures.
    """

    def __init__(self, code: int, text: bytes, mechanism: str, untried: tuple[str, ...]) -> None:
        super().__init__(code, text)
        self.mechanism = mechanism
        self.untried = untried

    def __reduce__(self) -> tuple[Any, ...]:
        args = (self.smtp_code, self.smtp_error, self.mechanism, self.untried)
        return type(self), args, self.__dict__


class AuthGivenUp(SMTPAuthenticationError):
    """Raised when AUTH was cancelled with `*` because the client could not compute a response.

    `reason` explains why. The code and text are those of the reply to the `*`.
    """

    def __init__(self, code: int, text: bytes, reason: str) -> None:
        super().__init__(code, text)
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.smtp_code, self.smtp_error, self.reason), self.__dict__

    def __str__(self) -> str:
        said = cast(bytes, self.smtp_error).decode("utf-8", "replace").replace("\n", " ")
        return f"{self.reason}. AUTH was cancelled ({self.smtp_code} {said})"


class EnvelopeMismatch(SMTPSenderRefused):
    """Raised when MAIL was refused, but DATA in the same pipelined group was answered with 354.

    The server must have another envelope open, and ending the message would send an empty message
    to that envelope, so the connection was closed.
    """

    def __str__(self) -> str:
        text = self.smtp_error.decode("utf-8", "replace")
        return (
            f"MAIL was refused ({self.smtp_code} {text}), but the reply to DATA was 354; "
            "the connection was closed so that no message would be sent to a different envelope"
        )


class CannotSkip(ValueError):
    """Raised when a step of a Stepper cannot be skipped; the message explains why."""


class CannotRepeat(ValueError):
    """Raised when a step of a Stepper cannot be repeated; the message explains why."""


def mask_secrets(error: BaseException, masks: Masks) -> None:
    """Mask any secrets in the server's reply that `error` contains; errors may be logged."""
    if not isinstance(error, SMTPResponseException) or not isinstance(error.smtp_error, bytes):
        return
    said = error.smtp_error
    masked = masks.mask_reply_text(said)
    if masked != said:
        error.smtp_error = masked
        plain = cast(Any, error)  # whose args vary: SMTPSenderRefused has three
        plain.args = tuple(masked if each is said else each for each in plain.args)
