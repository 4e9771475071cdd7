"""Prompts for an interactive AUTH: the fields of each message, and the message built from them.

A table lists the fields of each client message by mechanism, and `mechanisms` builds the message
from the values and the challenges so far. The functions are stateless: the same input always
produces the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from ..secret import Secret
from .exchange import Credentials, SaslError, from_saslname


class AuthField(NamedTuple):
    """A field to prompt for: the key of its value, a label, and a description (`words`)."""

    key: str
    label: str
    words: str
    secret: bool = False
    optional: bool = False


ACT_AS = AuthField("authzid", "act as", "a user to act as", optional=True)
USER = AuthField("user", "user", "the user to log in as")
PASSWORD = AuthField("secret", "password", "the user's password", secret=True)
TOKEN = AuthField("secret", "token", "the access token, without the word Bearer", secret=True)
TRACE = AuthField(
    "user", "trace", "trace information for the log, such as an email address", optional=True
)

AuthFields = tuple[AuthField, ...]
_SCRAM: tuple[AuthFields, ...] = ((USER,), (PASSWORD,), ())
# Mechanism -> the fields of each client message; () is a message without fields. The user to act
# as comes last, whatever its place in the message (RFC 4616 section 2): otherwise users might type
# the password into a field that is shown.
_STEPS: dict[str, tuple[AuthFields, ...]] = {
    "PLAIN": ((USER, PASSWORD, ACT_AS),),
    "LOGIN": ((USER,), (PASSWORD,)),
    "CRAM-MD5": ((USER, PASSWORD),),
    "SCRAM-SHA-1": _SCRAM,
    "SCRAM-SHA-256": _SCRAM,
    "XOAUTH2": ((USER, TOKEN), ()),
    "OAUTHBEARER": ((USER, TOKEN), ()),
    "EXTERNAL": ((ACT_AS,),),
    "ANONYMOUS": ((TRACE,),),
}
_SERVER_FIRST = ("LOGIN", "CRAM-MD5")
BUILT = frozenset(_STEPS) - frozenset(_SERVER_FIRST)
"""The mechanisms whose first message may be sent in the AUTH line (RFC 4954 section 4)."""


def fields(
    mechanism: str, number: int, challenge: bytes | None, known: Container[str]
) -> AuthFields | None:
    """Return the fields of client message `number` (from 0), or None if the message is unknown.

    `challenge` is the decoded challenge, or None for an initial response. `known` holds the keys of
    the fields already supplied. If the first message of a SCRAM exchange was typed, the user name
    is not among them, and is asked for with the password.
    """
    steps = _STEPS.get(mechanism)
    if steps is None or number >= len(steps):
        return None
    if mechanism == "LOGIN":
        return _login(number, (challenge or b"").lower())
    if mechanism.startswith("SCRAM-") and number and USER.key not in known:
        return (USER, PASSWORD) if number == 1 else None
    return steps[number]


def _login(number: int, prompt: bytes) -> AuthFields:
    """Return the field that a LOGIN prompt asks for.

    If the prompt is unclear, the field is the user name for message 0, and the password after that.
    """
    if number == 0 and b"pass" not in prompt:
        return (USER,)
    return (PASSWORD,)


def message(
    mechanism: str,
    parts: Mapping[str, Secret],
    challenges: Sequence[bytes | None],
    *,
    nonce: str = "",
    host: str = "",
    port: int = 0,
    asked: AuthFields = (),
) -> bytes:
    """Return the next client message, not yet encoded in base64.

    `parts` maps the keys of fields to their values. `challenges` holds all decoded challenges so
    far, the current one last; the first is None if the AUTH line has an initial response. `asked`
    holds the fields of this message. Raises SaslError for values that the mechanism cannot carry,
    and for a malformed or false challenge.
    """
    if mechanism == "LOGIN":
        return parts[asked[0].key].reveal()
    from .mechanisms import responder

    user, authzid = (_text(parts, key) for key in ("user", "authzid"))
    # SCRAM sends the user before it needs the password, but takes both at the beginning.
    secret = parts.get("secret") or Secret("not yet")
    exchange = responder(mechanism, Credentials(user, secret, authzid, host, port), nonce)
    said: bytes | None = None
    for challenge in challenges:
        said = exchange(challenge)
    return said or b""


def _text(parts: Mapping[str, Secret], key: str) -> str:
    value = parts.get(key)
    try:
        return value.reveal().decode() if value is not None else ""
    except UnicodeDecodeError:
        pass
    raise SaslError("user names are sent in UTF-8, but this one is not valid UTF-8")


_SCRAM_FIRST = re.compile(rb"[npy][^,]{0,100},(?:a=[^,]*)?,n=([^,]*),r=([^,]+)")


def scram_beginning(mechanism: str, first: bytes) -> tuple[str, str] | None:
    """Return the user and the nonce in the client's first SCRAM message.

    Return None if `first` is not such a message.
    """
    found = _SCRAM_FIRST.match(first) if mechanism.startswith("SCRAM-") else None
    if found is None:
        return None
    user, nonce = from_saslname(found[1]), found[2]
    return user.decode("utf-8", "replace"), nonce.decode("utf-8", "replace")
