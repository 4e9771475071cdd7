"""Decodes the messages of an AUTH exchange into their parts.

Secrets are masked unless their part is to be revealed. No input raises an exception; a malformed
message is described as such. All text is safe to show.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Container
from typing import Any, NamedTuple, cast

import msgspec

from ..facts.mechanisms import GO_AHEAD, MECHANISMS
from ..plural import plural
from ..secret import MASK
from ..visible import visible, visible_text
from .exchange import from_saslname

USERS = ("user", "act as")
"""The labels of the parts that name a user."""


class Part(NamedTuple):
    """A decoded part of an AUTH message.

    `text` is the content of the part, which is safe to show. It is masked if the part is `secret`
    and not revealed. `means` says what the part is for, and describes its faults.
    """

    label: str
    text: str
    secret: bool = False
    means: str = ""


class _Raw(NamedTuple):
    """A part before it is masked and made safe to show."""

    label: str
    data: bytes
    secret: bool = False
    means: str = ""


EMPTY = "(empty)"
LONGEST_PART = 1000  # characters of one part
_MOST_FIELDS = 50


def decode(
    mechanism: str,
    number: int,
    sent: bool,
    data: bytes,
    *,
    asked: bytes | None = None,
    reveal: Container[str] = (),
    known: Callable[[bytes], bytes] | None = None,
) -> tuple[Part, ...]:
    """Return the decoded parts of an AUTH message.

    `sent` is true for the client's messages. `number` counts the messages of one side from 0; the
    initial response in the AUTH line is the client's number 0. `data` is the base64 from the wire,
    with or without a line ending; for a reply, it is the text after "334 ". `asked` is the
    challenge that the message answers, as on the wire, if available (for LOGIN). `reveal` holds the
    labels of secret parts to show. `known` masks known secrets (`KnownSecrets.mask`) in all other
    parts.
    """
    name = mechanism.upper()
    text = data.strip(b" \t\r\n")
    special = _special(text, sent)
    if special is not None:
        return (special,)
    message = _plain_text(text)
    if message is None and not sent and not number and name in GO_AHEAD:
        raw = [_Raw("no challenge", text, False, GO_AHEAD[name])]
    elif message is None:
        raw = [
            _Raw(
                "not base64",
                text,
                sent,
                "All messages in AUTH must be base64 (RFC 4954 4). "
                + ("The server will reply 501." if sent else "Cancel with *."),
            )
        ]
    else:
        if known is not None and not sent:
            message = known(message)  # before it becomes labels
        raw = _parts(name, number, sent, message, _plain_text((asked or b"").strip()))
    return tuple(_shown(part, reveal, known) for part in raw)


def _special(text: bytes, sent: bool) -> Part | None:
    if sent and text == b"*":
        return Part("cancelled", "*", False, "The client cancels AUTH; the server replies 501.")
    if sent and text == b"=":
        return Part("empty", "=", False, "Stands for an empty response in the AUTH line.")
    if text:
        return None
    if sent:
        return Part("empty", EMPTY, False, "An empty response; the server may continue.")
    return Part("empty challenge", EMPTY, False, "The client speaks first.")


def _plain_text(text: bytes) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _shown(part: _Raw, reveal: Container[str], known: Callable[[bytes], bytes] | None) -> Part:
    if part.secret and part.label not in reveal:
        return Part(part.label, MASK if part.data else EMPTY, True, part.means)
    data = part.data if part.secret or known is None else known(part.data)
    text = visible(data[: 4 * LONGEST_PART])
    if len(text) > LONGEST_PART or len(data) > 4 * LONGEST_PART:
        text = f"{text[:LONGEST_PART]}… ({plural(len(data), '{} byte')})"
    return Part(part.label, text or EMPTY, part.secret, part.means)


def _parts(name: str, number: int, sent: bool, message: bytes, asked: bytes | None) -> list[_Raw]:
    if name.startswith("SCRAM-"):
        return (_scram_client if sent else _scram_server)(message)
    if name == "LOGIN" and sent:
        return _login(number, message, asked or b"")
    found = _READERS.get((name, sent))
    return found(message) if found is not None else _unknown(name, sent, message)


def _unknown(name: str, sent: bool, message: bytes) -> list[_Raw]:
    known = " of a mechanism that heloscope does not decode" if name in MECHANISMS else ""
    if sent:
        return [_Raw("response", message, True, f"A response{known}.")]
    return [_Raw("challenge", message, False, f"A challenge{known}.")]


# PLAIN, LOGIN, CRAM-MD5, EXTERNAL, ANONYMOUS

_AUTHZID = "The user to act as; usually empty, which means the user who has logged in."


def _plain(message: bytes) -> list[_Raw]:
    parts = message.split(b"\0")
    if len(parts) != 3:
        return [
            _Raw(
                "malformed",
                message,
                True,
                "PLAIN has three parts, separated by NUL: the user to act as, the user and the "
                f"password (RFC 4616 2). This message has {plural(len(parts) - 1, '{} NUL')}.",
            )
        ]
    acting, user, password = parts
    return [
        _Raw("act as", acting, False, _AUTHZID),
        _Raw(
            "user", user, False, "The user to log in as." if user else "The user name is missing."
        ),
        _Raw("password", password, True, _password(password)),
    ]


def _password(password: bytes) -> str:
    if not password:
        return "The password is empty."
    try:
        password.decode()
    except UnicodeDecodeError:
        return "The password, readable by anyone who sees this message; it is not UTF-8."
    return "The password, readable by anyone who sees this message."


def _login(number: int, message: bytes, asked: bytes) -> list[_Raw]:
    prompt = asked.lower()
    if number == 0 and b"pass" not in prompt:
        return [_Raw("user", message, False, "The user to log in as.")]
    if b"user" in prompt:  # asked again: a client that ignores prompts sends the password
        return [
            _Raw("user or password", message, True, "The server asked for the user name again.")
        ]
    means = _password(message)
    if number > 1:
        means += " LOGIN has two responses; this is an additional one."
    return [_Raw("password", message, True, means)]


def _no_challenge(message: bytes) -> list[_Raw]:
    return [
        _Raw("challenge", message, False, "Has no meaning here, because the client speaks first.")
    ]


def _login_asks(message: bytes) -> list[_Raw]:
    means = "A prompt for the next response; clients need not interpret it."
    return [_Raw("question", message, False, means)]


def _cram_asks(message: bytes) -> list[_Raw]:
    means = "A unique challenge, so that no earlier response is valid (RFC 2195 2)."
    if not (message.startswith(b"<") and message.endswith(b">") and b"@" in message):
        means += " It should look like <number.time@host>."
    return [_Raw("challenge", message, False, means)]


def _cram_answers(message: bytes) -> list[_Raw]:
    user, blank, digest = message.rpartition(b" ")
    if not blank or len(digest) != 32 or digest.strip(b"0123456789abcdef"):
        means = "This should be a user name, a space and 32 lower-case hexadecimal digits."
        return [_Raw("malformed", message, True, means)]
    return [
        _Raw("user", user, False, "The user to log in as."),
        _Raw("proof", digest, True, "The HMAC-MD5 of the challenge, with the password as the key."),
    ]


def _external(message: bytes) -> list[_Raw]:
    return [_Raw("act as", message, False, _AUTHZID)]


def _anonymous(message: bytes) -> list[_Raw]:
    return [_Raw("trace", message, False, "Trace information from the guest; it proves nothing.")]


# SCRAM (RFC 5802 section 5.1)

_FLAGS = {
    b"n": "The client does not support channel binding.",
    b"y": (
        "The client supports channel binding and believes that the server does not. If the "
        "server does, the list of mechanisms was tampered with, and the server must refuse."
    ),
    b"p": "The client binds the login to the TLS connection, using this channel binding type.",
}
_SCRAM_CLIENT: dict[bytes, tuple[str, bool, str]] = {
    b"n": ("user", False, "The user to log in as."),
    b"r": (
        "nonce",
        False,
        "A random number, unique to this exchange, so that no earlier message can be replayed.",
    ),
    b"c": ("channel binding", False, "The GS2 header repeated, so that it cannot be modified."),
    b"p": (
        "proof",
        True,
        (
            "Proves that the client knows the password, without sending it. Allows an offline "
            "guessing attack."
        ),
    ),
}
_SCRAM_SERVER: dict[bytes, tuple[str, bool, str]] = {
    b"r": ("nonce", False, "The client's nonce, followed by the server's own."),
    b"s": (
        "salt",
        False,
        "Hashed with the password, so that the same password gives a different hash elsewhere.",
    ),
    b"i": (
        "iterations",
        False,
        "The number of hash iterations; the more there are, the more each guess costs.",
    ),
    b"v": (
        "signature",
        True,
        "The server's proof that it knows the password. Allows an offline guessing attack.",
    ),
    b"e": ("error", False, "Why the login failed. The client responds with an empty line or *."),
}
_RFC_7677_LEAST = 4096


def _scram_client(message: bytes) -> list[_Raw]:
    if message[:1] == b"c":
        return _attributes(message, _SCRAM_CLIENT)
    flag, _, rest = message.partition(b",")
    acting, comma, bare = rest.partition(b",")
    if not comma or flag[:1] not in _FLAGS or (acting and not acting.startswith(b"a=")):
        return [_Raw("malformed", message, True, "This is not a SCRAM message (RFC 5802 5.1).")]
    return [
        _Raw("channel binding flag", flag, False, _FLAGS[flag[:1]]),
        _Raw("act as", from_saslname(acting[2:]), False, _AUTHZID),
        *_attributes(bare, _SCRAM_CLIENT),
    ]


def _scram_server(message: bytes) -> list[_Raw]:
    return _attributes(message, _SCRAM_SERVER)


def _attributes(message: bytes, meanings: dict[bytes, tuple[str, bool, str]]) -> list[_Raw]:
    """Return the `x=value` attributes of a SCRAM message as parts.

    An unknown attribute is treated as secret if the client sent it.
    """
    sent = meanings is _SCRAM_CLIENT
    found: list[_Raw] = []
    *parts, last = message.split(b",", _MOST_FIELDS)
    for part in [*parts, last]:
        key, value = part[:1], part[2:]
        if part[1:2] != b"=":
            found.append(_Raw("malformed", part, sent, "This should have the form x=value."))
            continue
        known = meanings.get(key)
        if known is None:
            means = "A mandatory extension." if key == b"m" else "An extension."
            found.append(_Raw(f"attribute {visible(key)}", value, sent, means))
            continue
        label, secret, means = known
        if key == b"n":
            value = from_saslname(value)
        elif key == b"c":
            decoded = _plain_text(value)
            value, means = (decoded, means) if decoded is not None else (value, _NOT_BASE64)
        elif key in (b"s", b"v", b"p") and _plain_text(value) is None:
            means = _NOT_BASE64
        elif key == b"i":
            means += _about_iterations(value)
        found.append(_Raw(label, value, secret, means))
    return found


_NOT_BASE64 = "This should be base64 inside the base64, but is not."


def _about_iterations(value: bytes) -> str:
    if not value.isdigit():
        return " This is not a number."
    if len(value) < 5 and int(value) < _RFC_7677_LEAST:
        return f" Too few: RFC 7677 requires at least {_RFC_7677_LEAST:,}."
    return ""


# XOAUTH2 and OAUTHBEARER (RFC 7628 section 3.1)

_OAUTH_FIELDS = {
    b"user": ("user", "The user to log in as."),
    b"host": ("host", "The server for which the token is intended."),
    b"port": ("port", "The port for which the token is intended."),
    b"mthd": ("method", "Used for the signature (OAuth 1.0a)."),
    b"path": ("path", "Used for the signature (OAuth 1.0a)."),
}


def _oauth_answers(message: bytes) -> list[_Raw]:
    if message == b"\x01":
        return [_Raw("byte 1", message, False, "Requests the final reply after a failure.")]
    found: list[_Raw] = []
    *fields, last = message.split(b"\x01", _MOST_FIELDS)
    for number, field in enumerate([*fields, last]):
        key, equals, value = field.partition(b"=")
        if number == 0 and field.startswith((b"n,", b"y,", b"p=")):
            flag, _, acting = field.partition(b",")
            found.append(_Raw("channel binding flag", flag, False, _FLAGS[flag[:1]]))
            user = from_saslname(acting.removesuffix(b",").removeprefix(b"a="))
            secret = b"auth=" in user.lower()
            means = "A byte of value 1 is missing here." if secret else "The user to log in as."
            found.append(_Raw("malformed" if secret else "user", user, secret, means))
        elif key == b"auth" and equals:
            scheme, _, token = value.partition(b" ")
            found.append(_token(scheme, token))
        elif key in _OAUTH_FIELDS and equals:
            label, means = _OAUTH_FIELDS[key]
            if b"auth=" in value.lower():  # typed without the separators
                found.append(_Raw("malformed", field, True, "A byte of value 1 is missing here."))
            else:
                found.append(_Raw(label, value, False, means))
        elif field:
            found.append(_Raw("field", field, True, "An unknown field."))
    if not message.endswith(b"\x01\x01"):
        means = "The message should end with two bytes of value 1, but does not."
        found.append(_Raw("end", message[-1:], True, means))
    return found


def _token(scheme: bytes, token: bytes) -> _Raw:
    if scheme.lower() == b"bearer" and token:
        means = "A bearer token: it grants access to anyone who has it, until it expires."
        return _Raw("token", token, True, means)
    if scheme.lower() == b"oauth" and token:
        return _Raw("token", token, True, "An OAuth 1.0a token, with signed values.")
    return _Raw(
        "token", token or scheme, True, "This should be the word Bearer, a space and the token."
    )


_JSON_FIELDS = {
    "status": (
        "invalid_token, 401 or 400: the token has expired or is for another purpose; "
        "insufficient_scope or 403: the token does not allow sending mail."
    ),
    "schemes": "The types of token that the server accepts.",
    "scope": "The scope that a token must have.",
    "openid-configuration": "The URL of the instructions for getting a token.",
}


def _oauth_fails(message: bytes) -> list[_Raw]:
    try:
        said: Any = msgspec.json.decode(message)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return [
            _Raw(
                "failure",
                message,
                False,
                "The login failed. The reason given is not a JSON object.",
            )
        ]
    found: list[_Raw] = []
    fields = cast(dict[str, Any], said)  # the keys of a JSON object are strings
    for key, value in list(fields.items())[:_MOST_FIELDS]:
        data = value.encode() if isinstance(value, str) else msgspec.json.encode(value)
        found.append(_Raw(visible_text(key[:LONGEST_PART]), data, False, _JSON_FIELDS.get(key, "")))
    return found or [
        _Raw("failure", message, False, "The login failed; the server gave no reason.")
    ]


_READERS: dict[tuple[str, bool], Callable[[bytes], list[_Raw]]] = {
    ("PLAIN", True): _plain,
    ("PLAIN", False): _no_challenge,
    ("LOGIN", False): _login_asks,
    ("CRAM-MD5", False): _cram_asks,
    ("CRAM-MD5", True): _cram_answers,
    ("EXTERNAL", True): _external,
    ("EXTERNAL", False): _no_challenge,
    ("ANONYMOUS", True): _anonymous,
    ("ANONYMOUS", False): _no_challenge,
    ("XOAUTH2", True): _oauth_answers,
    ("XOAUTH2", False): _oauth_fails,
    ("OAUTHBEARER", True): _oauth_answers,
    ("OAUTHBEARER", False): _oauth_fails,
    ("OAUTH10A", True): _oauth_answers,
    ("OAUTH10A", False): _oauth_fails,
}
