"""SASL, the client's side: what AUTH answers to a challenge (RFC 4422, RFC 4954).

Sans-IO, and with no chance of its own: the nonce is given, so that an exchange can be stepped
through again. Base64, the AUTH line and what a reply code means belong to the procedure.

pysasl runs PLAIN, EXTERNAL and XOAUTH2, scramp the SCRAM family; both are imported when they are
needed. Ours are
- OAUTHBEARER and ANONYMOUS, which neither of them has;
- LOGIN: pysasl's answers by counting challenges, which goes wrong after an initial response
  that the server ignores, and it has nothing to answer when there is no challenge yet;
- CRAM-MD5: pysasl's prepares the password with SASLprep, which RFC 2195 does not know and
  servers do not do, and puts the whole password into its ValueError.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING

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
    "answering",
    "choose",
    "decoded",
    "encoded",
    "responder",
]

Responder = Callable[[bytes | None], bytes | None]

_LONGEST_TRACE = 255  # characters; RFC 4505 section 2


class _OneAnswer(Exchange):
    """A mechanism of one message, which is made before it begins."""

    def __init__(self, mechanism: str, credentials: Credentials, message: bytes) -> None:
        super().__init__(mechanism, credentials)
        self._message = message

    def _answer(self, number: int, challenge: bytes) -> bytes:
        if number:
            raise self._over()
        return self._message


class _Token(_OneAnswer):
    """XOAUTH2 and OAUTHBEARER: a failure comes as a challenge, answered for form's sake."""

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
    """LOGIN: first the user, then the password; of what the server asks only `user` is heard."""

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
    """CRAM-MD5: the challenge's hash, keyed with the password (RFC 2195 section 2)."""

    client_first = False

    def _answer(self, number: int, challenge: bytes) -> bytes:
        if number:
            raise self._over()
        if not challenge:
            raise SaslError("CRAM-MD5 needs a challenge, and the server's is empty")
        try:
            digest = hmac.new(self._credentials.secret.reveal(), challenge, "md5").hexdigest()
        except ValueError:  # OpenSSL in FIPS mode
            raise SaslError("this system has MD5 switched off: no CRAM-MD5") from None
        return utf8("user name", self._credentials.user) + b" " + digest.encode()


# Credentials that a mechanism cannot carry


def _without(mechanism: str, forbidden: str, name: str, credentials: Credentials) -> None:
    """No part may hold the byte that sets the parts apart."""
    parts = {
        "user to act as": credentials.authzid,
        "user name": credentials.user,
        "secret": secret_text(mechanism, credentials),
        "host": credentials.host,
    }
    for what, text in parts.items():
        utf8(what, text)
        if forbidden in text:
            raise SaslError(f"{mechanism} ends each part with {name}, and the {what} holds one")


def _only_for_oneself(mechanism: str, credentials: Credentials) -> None:
    if credentials.authzid not in ("", credentials.user):
        raise SaslError(f"{mechanism} cannot ask to act as another user")


# The mechanisms


def _by_pysasl(mechanism: ClientMechanism, credentials: Credentials) -> bytes:
    """The one message of a mechanism that pysasl makes."""
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
    """RFC 7628 section 3.1; the user stands in the GS2 header, as the one to act as."""
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
        raise SaslError("EXTERNAL allows no NUL in the user to act as")
    return _OneAnswer(name, credentials, _by_pysasl(ExternalMechanism(), credentials))


def _anonymous(name: str, credentials: Credentials, _: str) -> Exchange:
    """RFC 4505: a trace of up to 255 characters, here the user name."""
    trace = credentials.user
    if len(trace) > _LONGEST_TRACE:
        raise SaslError(f"ANONYMOUS takes a trace of {_LONGEST_TRACE} characters at most")
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
    """A fresh run of `mechanism` (in any case).

    `nonce` is the client's part of SCRAM's: printable ASCII without a comma, different each
    time; other mechanisms leave it alone. Raises SaslError for a mechanism that is not known
    here, and for credentials that it cannot carry.
    """
    name = mechanism.upper()
    make = _MECHANISMS.get(name)
    if make is None:
        raise SaslError(f"heloscope cannot log in with {visible_text(mechanism[:40])}")
    return make(name, credentials, nonce)


def answering(mechanism: str, credentials: Credentials, nonce: str) -> Callable[..., bytes | None]:
    """The same as smtplib's authobjects are called: `()`, then `(challenge)`.

    It begins at its first call, and raises there what `responder` raises.
    """
    begun: list[Exchange] = []

    def answer(challenge: bytes | None = None) -> bytes | None:
        if not begun:
            begun.append(responder(mechanism, credentials, nonce))
        return begun[0](challenge)

    return answer


def when_asked(answer: Callable[..., bytes | None]) -> Callable[..., bytes | None]:
    """The same without an initial response: the server asks for everything."""

    def answer_only(challenge: bytes | None = None) -> bytes | None:
        return None if challenge is None else answer(challenge)

    return answer_only


# Base64 around it (RFC 4954 section 4)


def decoded(challenge: bytes) -> bytes:
    """The text of a 334 without its base64. Raises SaslError when it is none."""
    text = challenge.strip()
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SaslError("the server's challenge is not base64") from None


def encoded(response: bytes, *, initial: bool = False) -> bytes:
    """A response as it goes on the wire; an empty one in the AUTH line itself is `=`."""
    return base64.b64encode(response) or (b"=" if initial else b"")
