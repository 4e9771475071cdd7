"""The exceptions that the engine adds to smtplib's; most of them derive from those.

Nothing that a peer sends makes the conversation raise: a driver raises these, in the call that
waits for a reply.
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
from .plural import in_seconds


class ConnectionLost(SMTPServerDisconnected):
    """The connection closed or was never made: `cause` for programs, the message for people.

    `cause` is one of events.Cause; `detail` is the message.
    """

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail

    def __reduce__(self) -> tuple[Any, ...]:  # here and below: so that it can be pickled
        return type(self), (self.cause, str(self)), self.__dict__


class PeerFlood(ConnectionLost):
    """The peer exceeded `limit`, so the connection was closed.

    It sent that many octets in one endless line or reply, or in replies that answer no command; or,
    if `early`, it kept sending before the client had said anything. What was received until then is
    in the transcript.
    """

    def __init__(self, limit: int, early: bool = False) -> None:
        words = TALKS_EARLY if early else f"{flood_words(limit)} (the limit is flood_limit)"
        super().__init__(Cause.CLOSED_BY_CLIENT, f"hung up: {words}")
        self.limit = limit
        self.early = early

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.limit, self.early), self.__dict__


class ReplyTimedOut(SMTPException, TimeoutError):
    """No reply to `verb` within `seconds`. The connection stays open; a late reply is recorded.

    `verb` is empty if the data sent was not a command. `begun` is true if part of the reply has
    arrived, and its last line announces more.
    """

    def __init__(self, verb: str, seconds: float, begun: bool = False) -> None:
        what = "greeting" if verb == "greeting" else f"reply to {verb}" if verb else "reply"
        more = ": its last line announces more" if begun else ""
        end = "end of the " if begun else ""
        super().__init__(f"no {end}{what} within {in_seconds(seconds)}{more}")
        self.verb = verb
        self.seconds = seconds
        self.begun = begun

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.verb, self.seconds, self.begun), self.__dict__


class AnswersNotSent(SMTPException):
    """AUTH ended before the server asked for the last `count` answers, so they were not sent."""

    def __init__(self, count: int) -> None:
        answers = "1 answer was" if count == 1 else f"{count} answers were"
        super().__init__(f"AUTH was over before {answers} asked for; not sent")
        self.count = count

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.count,), self.__dict__


class CredentialsRefused(SMTPAuthenticationError):
    """The server refused user or password with `mechanism`.

    The `untried` mechanisms are offered, too, but were not tried with the same password: after a
    few failures, many servers lock the account.
    """

    def __init__(self, code: int, text: bytes, mechanism: str, untried: tuple[str, ...]) -> None:
        super().__init__(code, text)
        self.mechanism = mechanism
        self.untried = untried

    def __reduce__(self) -> tuple[Any, ...]:
        args = (self.smtp_code, self.smtp_error, self.mechanism, self.untried)
        return type(self), args, self.__dict__


class AuthGivenUp(SMTPAuthenticationError):
    """AUTH was cancelled with `*`, because no response could be made; `reason` says why.

    The reply is that to the `*`.
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
    """MAIL was refused, but DATA of the same group was answered 354: the connection was closed.

    The server must have another envelope, and the dot would send an empty message to it.
    """

    def __str__(self) -> str:
        text = self.smtp_error.decode("utf-8", "replace")
        return (
            f"MAIL was refused ({self.smtp_code} {text}), but DATA was answered 354: the "
            "connection was closed, so that no message goes to another envelope"
        )


class CannotSkip(ValueError):
    """A step of a Stepper cannot be skipped; the message says why."""


class CannotRepeat(ValueError):
    """A step of a Stepper cannot be taken again; the message says why."""


def mask_secrets(error: BaseException, masks: Masks) -> None:
    """Mask the secrets that the server repeats in the reply of an error, which may be logged."""
    if not isinstance(error, SMTPResponseException) or not isinstance(error.smtp_error, bytes):
        return
    said = error.smtp_error
    masked = masks.mask_reply_text(said)
    if masked != said:
        error.smtp_error = masked
        plain = cast(Any, error)  # whose args vary: SMTPSenderRefused has three
        plain.args = tuple(masked if each is said else each for each in plain.args)
