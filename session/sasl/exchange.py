"""What every SASL mechanism of ours is made of: credentials, an exchange, and its error."""

from __future__ import annotations

from smtplib import SMTPException

import msgspec

from ..plural import plural
from ..secret import Secret


class SaslError(SMTPException):
    """The exchange cannot begin, or not go on; one sentence. AUTH is then cancelled with `*`."""


class Credentials(msgspec.Struct, frozen=True):
    """Who logs in. `secret` is the password or the token.

    `authzid` is the user to act as, when that is another one. `host` and `port` are those that
    the token is meant for (OAUTHBEARER); empty and 0 leave them out.
    """

    user: str
    secret: Secret
    authzid: str = ""
    host: str = ""
    port: int = 0


class Exchange:
    """One run of a mechanism; calling it is the `Responder`.

    `exchange(None)` is the initial response, None when the server speaks first.
    `exchange(challenge)` is the next response, and raises SaslError for a challenge that is
    malformed, false, or one too many. All of them raw bytes, not base64.
    """

    mechanism: str
    failure: bytes
    """What the server said about why it failed (JSON; XOAUTH2 and OAUTHBEARER), else empty."""
    proved: bool | None
    """Whether the server has proved that it knows the password, too; None where none does."""

    client_first = True
    answers = 1  # how many a successful exchange has

    def __init__(self, mechanism: str, credentials: Credentials) -> None:
        self.mechanism = mechanism
        self.failure = b""
        self.proved = None
        self._credentials = credentials
        self._given = 0
        self._first: bytes | None = None  # sent as initial response, not yet taken for sure

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
        """A server that takes no initial response asks for it with an empty challenge."""
        return not challenge

    def _answer(self, number: int, challenge: bytes) -> bytes:
        """Answer `number` (from 0), to `challenge`."""
        raise NotImplementedError

    def _over(self) -> SaslError:
        answers = plural(self.answers, "one answer", "{} answers")
        return SaslError(f"{self.mechanism} ends after {answers}, and the server asks for more")


# Credentials as they are sent


def utf8(what: str, text: str) -> bytes:
    """`text` as it is sent; `what` names it in the error."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise SaslError(f"the {what} holds half of a character (a lone surrogate)") from None


def secret_text(mechanism: str, credentials: Credentials) -> str:
    """The secret as text, for the libraries, which take nothing else."""
    try:
        return credentials.secret.reveal().decode()
    except UnicodeDecodeError:
        pass
    # Out of the handler: the error that was caught there has the whole secret in it.
    raise SaslError(f"{mechanism} sends UTF-8, and the secret is not UTF-8")


def saslname(name: str) -> str:
    """A name within a GS2 header (RFC 5801 section 4)."""
    return name.replace("=", "=3D").replace(",", "=2C")
