"""The base of all SASL mechanisms: credentials, an exchange, and its error."""

from __future__ import annotations

from abc import ABC, abstractmethod
from smtplib import SMTPException

import msgspec

from ..plural import plural
from ..secret import Secret


class SaslError(SMTPException):
    """Raised when a SASL exchange cannot start or continue; the message is one sentence.

    AUTH is then cancelled.
    """


class Credentials(msgspec.Struct, frozen=True):
    """The credentials for a login; `secret` is the password or the token.

    `authzid` is the user to act as, if that is not `user`. `host` and `port` are those for which an
    OAUTHBEARER token was issued; an empty host or port 0 is omitted.
    """

    user: str
    secret: Secret
    authzid: str = ""
    host: str = ""
    port: int = 0


class Exchange(ABC):
    """One run of a mechanism; calling it returns the next response, as a `Responder` does.

    `exchange(None)` returns the initial response, or None if the server speaks first.
    `exchange(challenge)` returns the next response. The call raises SaslError if the challenge is
    malformed or false, or if no more challenges are expected. All messages are raw bytes, not
    base64.
    """

    mechanism: str
    failure: bytes
    """The server's error message (JSON) after a failed XOAUTH2 or OAUTHBEARER, or b""."""
    proved: bool | None
    """Whether the server proved that it knows the password; None if the mechanism has no proof."""

    client_first = True
    answers = 1  # responses in a successful exchange

    def __init__(self, mechanism: str, credentials: Credentials) -> None:
        self.mechanism = mechanism
        self.failure = b""
        self.proved = None
        self._credentials = credentials
        self._given = 0
        self._first: bytes | None = None  # the initial response, if the server may still ask for it

    def __repr__(self) -> str:
        return f"<{self.mechanism} exchange, {self._given} answered>"

    def __call__(self, challenge: bytes | None) -> bytes | None:
        if challenge is None:
            if self.client_first and not self._given:
                self._first = self._next(b"")
            return self._first
        first, self._first = self._first, None
        if first is not None and self._asked_again(challenge):
            return first
        return self._next(challenge)

    def _next(self, challenge: bytes) -> bytes:
        answer = self._answer(self._given, challenge)
        self._given += 1
        return answer

    def _asked_again(self, challenge: bytes) -> bool:
        """Return whether an empty challenge shows that the server ignored the initial response.

        The server then asks for that response again.
        """
        return not challenge

    @abstractmethod
    def _answer(self, number: int, challenge: bytes) -> bytes:
        """Return response `number` (counted from 0), which answers `challenge`."""

    def _over(self) -> SaslError:
        responses = plural(self.answers, "one response", "{} responses")
        return SaslError(f"{self.mechanism} ends after {responses}, but the server asks for more")


# The form in which credentials are sent


def utf8(what: str, text: str) -> bytes:
    """Return `text` in UTF-8.

    Raises SaslError if that is impossible; `what` names the text in the error message.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise SaslError(f"the {what} contains an unpaired surrogate (half a character)") from None


def secret_text(mechanism: str, credentials: Credentials) -> str:
    """Return the secret as text, which the SASL libraries require. Raises SaslError."""
    try:
        return credentials.secret.reveal().decode()
    except UnicodeDecodeError:
        pass
    # Raised outside the handler, because the error caught there contains the secret.
    raise SaslError(f"{mechanism} requires UTF-8, but the secret is not valid UTF-8")


def saslname(name: str) -> str:
    """Return a name as it is written in a GS2 header (RFC 5801 section 4)."""
    return name.replace("=", "=3D").replace(",", "=2C")


def from_saslname(name: bytes) -> bytes:
    """Return the name that is written as `name` in a GS2 header."""
    return name.replace(b"=2C", b",").replace(b"=3D", b"=")
