"""AUTH answered by hand: which parts a person is asked for, and what is made of them.

A table says for each mechanism, and for each of the client's messages, which parts go into it;
the message itself is made by sasl.py, from the parts and the challenges so far. No state: the
same parts and challenges make the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from ..secret import Secret
from .exchange import Credentials, SaslError


class AuthField(NamedTuple):
    """One part to ask for. `key` names its value, `words` say what it is."""

    key: str
    label: str
    words: str
    secret: bool = False
    optional: bool = False


ACT_AS = AuthField("authzid", "act as", "the user to act as; mostly left empty", optional=True)
USER = AuthField("user", "user", "who logs in")
PASSWORD = AuthField("secret", "password", "the password of that user", secret=True)
TOKEN = AuthField("secret", "token", "the access token, without the word Bearer", secret=True)
TRACE = AuthField(
    "user", "trace", "what a guest leaves behind: an address, as a rule", optional=True
)

AuthFields = tuple[AuthField, ...]
_SCRAM: tuple[AuthFields, ...] = ((USER,), (PASSWORD,), ())
# Mechanism -> the parts of each of the client's messages; () is a message without any.
_STEPS: dict[str, tuple[AuthFields, ...]] = {
    "PLAIN": ((ACT_AS, USER, PASSWORD),),
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
"""The mechanisms whose first message may go out in the AUTH line (RFC 4954 section 4)."""


def fields(
    mechanism: str, number: int, challenge: bytes | None, known: Container[str]
) -> AuthFields | None:
    """The parts of the client's message `number` (from 0); None where none are known.

    `challenge` is what is answered, decoded, None for an initial response; `known` the keys
    of the parts that went out already: of a SCRAM begun as typed, the user is still to be asked.
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
    """LOGIN asks in words; where they do not say for whom, the order of old does."""
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
    """What the client says now, without its base64.

    `challenges` are all so far, decoded, the one to answer last; the first is None where the AUTH
    line has an initial response. `asked`: the parts of this very message. Raises SaslError for
    parts that the mechanism cannot carry, and for a challenge that is malformed or false.
    """
    if mechanism == "LOGIN":
        return parts[asked[0].key].reveal()
    from .mechanisms import responder

    user, authzid = (_text(parts, key) for key in ("user", "authzid"))
    # SCRAM says the user before it needs the password, and wants both to begin.
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
    raise SaslError("user names are sent in UTF-8, and this one is not")


_SCRAM_FIRST = re.compile(rb"[npy][^,]{0,100},(?:a=[^,]*)?,n=([^,]*),r=([^,]+)")


def begun(mechanism: str, first: bytes) -> tuple[str, str] | None:
    """(user, nonce) of a SCRAM that began with `first`, the client's own first message."""
    found = _SCRAM_FIRST.match(first) if mechanism.startswith("SCRAM-") else None
    if found is None:
        return None
    user, nonce = (part.decode("utf-8", "replace") for part in found.groups())
    return user.replace("=2C", ",").replace("=3D", "="), nonce
