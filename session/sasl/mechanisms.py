"""The SASL mechanisms of a client: its responses to the challenges (RFC 4422, RFC 4954).

Sans-IO and deterministic: the nonce is an argument, so that an exchange can be repeated. The
procedure handles base64, the AUTH line and the reply codes.

pysasl provides PLAIN, EXTERNAL and XOAUTH2, and scramp the SCRAM family; both are imported when
they are needed. The following are implemented here:
- OAUTHBEARER and ANONYMOUS, which neither library has;
- LOGIN, because pysasl counts challenges, which fails if the server ignores an initial response,
  and cannot respond before the first challenge;
- CRAM-MD5, because pysasl applies SASLprep to the password, although RFC 2195 does not specify it
  and servers do not apply it, and includes the whole password in its ValueError.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..facts.mechanisms import GO_AHEAD
from ..visible import visible_text
from .exchange import Credentials, Exchange, SaslError, saslname, secret_text, utf8
from .scram import Scram
from .selection import SPOKEN, STRONGEST_FIRST, MechanismChoice, choose

if TYPE_CHECKING:
    from pysasl.mechanism import ClientMechanism

__all__ = [
    "SPOKEN",
    "STRONGEST_FIRST",
    "Credentials",
    "Exchange",
    "MechanismChoice",
    "Responder",
    "SaslError",
    "authobject",
    "challenge_in",
    "choose",
    "decoded",
    "encoded",
    "responder",
]

Responder = Callable[[bytes | None], bytes | None]

_LONGEST_TRACE = 255  # characters; RFC 4505 section 2


class _OneAnswer(Exchange):
    """A mechanism with a single message, which is built in advance."""

    def __init__(self, mechanism: str, credentials: Credentials, message: bytes) -> None:
        super().__init__(mechanism, credentials)
        self._message = message

    def _answer(self, number: int, challenge: bytes) -> bytes:
        if number:
            raise self._over()
        return self._message


class _Token(_OneAnswer):
    """XOAUTH2 or OAUTHBEARER: a failure arrives as a challenge, which needs a response.

    That response is `for_form`, a fixed text that carries no information.
    """

    def __init__(
        self, mechanism: str, credentials: Credentials, message: bytes, for_form: bytes
    ) -> None:
        super().__init__(mechanism, credentials, message)
        self._for_form = for_form

    def _answer(self, number: int, challenge: bytes) -> bytes:
        if number == 1:
            self.failure = challenge
            return self._for_form
        return super()._answer(number, challenge)


class _Login(Exchange):
    """LOGIN, which sends the user name and then the password, whatever the server's prompts say.

    The user name is sent again if the server asks for it again.
    """

    answers = 2

    def _asked_again(self, challenge: bytes) -> bool:
        return not challenge or b"user" in challenge.lower()

    def _answer(self, number: int, challenge: bytes) -> bytes:
        if number == 0:
            return utf8("user name", self._credentials.user)
        if number == 1:
            return self._credentials.secret.reveal()
        raise self._over()


class _CramMd5(Exchange):
    """CRAM-MD5: the HMAC of the challenge, with the password as the key (RFC 2195 section 2)."""

    client_first = False

    def _answer(self, number: int, challenge: bytes) -> bytes:
        if number:
            raise self._over()
        if not challenge:
            raise SaslError("CRAM-MD5 needs a challenge, but the server's is empty")
        try:
            digest = hmac.new(self._credentials.secret.reveal(), challenge, "md5").hexdigest()
        except ValueError:  # OpenSSL in FIPS mode
            raise SaslError("CRAM-MD5 is not possible: MD5 is disabled on this system") from None
        return utf8("user name", self._credentials.user) + b" " + digest.encode()


# Credentials that a mechanism cannot carry


def _without(mechanism: str, forbidden: str, name: str, credentials: Credentials) -> None:
    """Raise SaslError if a credential contains `forbidden`, the separator of the parts.

    `name` names the separator in the error message.
    """
    parts = {
        "user to act as": credentials.authzid,
        "user name": credentials.user,
        "secret": secret_text(mechanism, credentials),
        "host": credentials.host,
    }
    for what, text in parts.items():
        utf8(what, text)
        if forbidden in text:
            raise SaslError(
                f"{mechanism} separates its parts with {name}, but the {what} contains one"
            )


def _only_for_oneself(mechanism: str, credentials: Credentials) -> None:
    if credentials.authzid not in ("", credentials.user):
        raise SaslError(f"{mechanism} cannot ask to act as another user")


# The mechanisms


def _by_pysasl(mechanism: ClientMechanism, credentials: Credentials) -> bytes:
    """Return the single message of a mechanism that pysasl implements."""
    from pysasl.creds.client import ClientCredentials

    name = mechanism.name.decode()
    secret = "" if name == "EXTERNAL" else secret_text(name, credentials)
    who = ClientCredentials(credentials.user, secret, credentials.authzid)
    return mechanism.client_attempt(who, []).response


def _plain(name: str, credentials: Credentials, _: str) -> Exchange:
    from pysasl.mechanism.plain import PlainMechanism

    _without(name, "\0", "a NUL", credentials)
    return _OneAnswer(name, credentials, _by_pysasl(PlainMechanism(), credentials))


def _login(name: str, credentials: Credentials, _: str) -> Exchange:
    _only_for_oneself(name, credentials)
    return _Login(name, credentials)


def _cram_md5(name: str, credentials: Credentials, _: str) -> Exchange:
    _only_for_oneself(name, credentials)
    return _CramMd5(name, credentials)


def _xoauth2(name: str, credentials: Credentials, _: str) -> Exchange:
    from pysasl.mechanism.oauth import OAuth2Mechanism

    _only_for_oneself(name, credentials)
    _without(name, "\x01", "a byte 1", credentials)
    message = _by_pysasl(OAuth2Mechanism(), credentials)
    return _Token(name, credentials, message, for_form=b"")


def _oauthbearer(name: str, credentials: Credentials, _: str) -> Exchange:
    """Return an OAUTHBEARER exchange (RFC 7628 section 3.1).

    The GS2 header names the user to act as, or the user who logs in if there is none.
    """
    _without(name, "\x01", "a byte 1", credentials)
    who = saslname(credentials.authzid or credentials.user)
    fields = [f"n,a={who}," if who else "n,,"]
    if credentials.host:
        fields.append(f"host={credentials.host}")
    if credentials.port:
        fields.append(f"port={credentials.port}")
    fields.append(f"auth=Bearer {secret_text(name, credentials)}")
    message = ("\x01".join(fields) + "\x01\x01").encode()
    return _Token(name, credentials, message, for_form=b"\x01")


def _external(name: str, credentials: Credentials, _: str) -> Exchange:
    from pysasl.mechanism.external import ExternalMechanism

    if b"\0" in utf8("user to act as", credentials.authzid):
        raise SaslError("EXTERNAL does not allow a NUL in the user to act as")
    return _OneAnswer(name, credentials, _by_pysasl(ExternalMechanism(), credentials))


def _anonymous(name: str, credentials: Credentials, _: str) -> Exchange:
    """Return an ANONYMOUS exchange (RFC 4505), with the user name as trace information.

    Raises SaslError if the user name is longer than 255 characters.
    """
    trace = credentials.user
    if len(trace) > _LONGEST_TRACE:
        raise SaslError(
            f"ANONYMOUS allows at most {_LONGEST_TRACE} characters of trace information"
        )
    return _OneAnswer(name, credentials, utf8("trace", trace))


_MECHANISMS: dict[str, Callable[[str, Credentials, str], Exchange]] = {
    "SCRAM-SHA-256": Scram,
    "SCRAM-SHA-1": Scram,
    "CRAM-MD5": _cram_md5,
    "PLAIN": _plain,
    "LOGIN": _login,
    "OAUTHBEARER": _oauthbearer,
    "XOAUTH2": _xoauth2,
    "EXTERNAL": _external,
    "ANONYMOUS": _anonymous,
}


def responder(mechanism: str, credentials: Credentials, nonce: str) -> Exchange:
    """Return a new exchange of `mechanism`, whose name is case-insensitive.

    `nonce` is the client's part of a SCRAM nonce: printable ASCII without a comma, unique to each
    exchange; other mechanisms ignore it. Raises SaslError for a mechanism that is not implemented,
    and for credentials that the mechanism cannot carry.
    """
    name = mechanism.upper()
    make = _MECHANISMS.get(name)
    if make is None:
        raise SaslError(f"heloscope cannot log in with {visible_text(mechanism[:40])}")
    return make(name, credentials, nonce)


def authobject(mechanism: str, credentials: Credentials, nonce: str) -> Callable[..., bytes | None]:
    """Return a callable with the interface of smtplib's authobjects.

    `()` returns the initial response or None, and `(challenge)` each further response. The first
    call starts the exchange, and raises the errors that `responder` raises.
    """
    begun: list[Exchange] = []

    def answer(challenge: bytes | None = None) -> bytes | None:
        if not begun:
            begun.append(responder(mechanism, credentials, nonce))
        return begun[0](challenge)

    return answer


def without_initial_response(answer: Callable[..., bytes | None]) -> Callable[..., bytes | None]:
    """Return a function like `answer`, but without an initial response.

    The server then asks for every message.
    """

    def answer_only(challenge: bytes | None = None) -> bytes | None:
        return None if challenge is None else answer(challenge)

    return answer_only


# Base64 around it (RFC 4954 section 4)


def decoded(challenge: bytes) -> bytes:
    """Return the text of a 334 reply, decoded from base64. Raises SaslError for invalid base64."""
    text = challenge.strip()
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SaslError("the server's challenge is not base64") from None


def challenge_in(text: bytes, mechanism: str, responses: int) -> bytes:
    """Return the decoded challenge in the text of a 334 reply.

    Before the client's first response (`responses` is 0), words that only invite the client to
    send, such as "ntlm supported", count as an empty challenge. Raises SaslError for any other text
    that is not base64.
    """
    try:
        return decoded(text)
    except SaslError:
        if not responses and mechanism.upper() in GO_AHEAD:
            return b""
        raise


def encoded(response: bytes, *, initial: bool = False) -> bytes:
    """Return a response in base64. An empty initial response (in the AUTH line) becomes `=`."""
    return base64.b64encode(response) or (b"=" if initial else b"")
