"""The lines that a client sends during AUTH, in parts and without secrets.

These lines are enough to repeat the login. A part is text, or names its source: a password, a
token, or a proof that is computed again. If the mechanism is unknown, or a response does not have
the form that the mechanism prescribes, the whole response is omitted.
"""

from __future__ import annotations

import base64
import binascii
import enum
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ...session.facts.mechanisms import TOKEN_MECHANISMS
from ...session.sasl.exchange import from_saslname
from ...session.secret import MASK


class AuthPartKind(enum.Enum):
    """The kind of a part of an AUTH line, which says where the part comes from."""

    TEXT = "text"  # data: its octets, before base64
    USER = "the user"  # whose name the recording does not contain
    PASSWORD = "the password"
    TOKEN = "the token"
    CRAM_MD5 = "the HMAC of the challenge"
    SCRAM_FIRST = "the first message of SCRAM"  # data: its GS2 header
    SCRAM_FINAL = "the proof of SCRAM"
    AS_SENT = "a response that is not base64"  # data: the response, such as *
    LEFT_OUT = "a whole response"


class AuthPart(NamedTuple):
    """A part of a response. `data` is empty for the kinds that have no data."""

    kind: AuthPartKind
    data: bytes = b""


class AuthLine(NamedTuple):
    """A line that the client sends in a login. `head` is an AUTH command, or empty for a response.

    `parts` make up the response. They are empty for an empty response, and None for AUTH without an
    initial response. `codes` are the codes of the replies to the line. If the response was omitted,
    `answer` is the name under which it is to be supplied.
    """

    head: bytes
    parts: tuple[AuthPart, ...] | None
    codes: tuple[int, ...] = ()
    answer: str = ""

    def has(self, *kinds: AuthPartKind) -> bool:
        """Return whether any of the parts is of one of these kinds."""
        return any(part.kind in kinds for part in self.parts or ())


USER_NAME = "USER_NAME"
"""The environment variable for a user name that the recording does not contain."""

SECRET_KINDS = (
    AuthPartKind.PASSWORD,
    AuthPartKind.TOKEN,
    AuthPartKind.CRAM_MD5,
    AuthPartKind.SCRAM_FIRST,
    AuthPartKind.SCRAM_FINAL,
)
"""The kinds of parts that are made from the password or the token."""

_EMPTY: tuple[AuthPart, ...] = ()
_LEFT_OUT = (AuthPart(AuthPartKind.LEFT_OUT),)
_MASKED = (AuthPart(AuthPartKind.LEFT_OUT, b"masked"),)  # masked by stars in a recording
_PLACE = "\ue000"  # the place of the user in a login whose user is unknown


def secret_name(mechanism: str) -> str:
    """Return the name of a mechanism's secret, or "" if it has none."""
    if mechanism in ("EXTERNAL", "ANONYMOUS"):
        return ""
    return "TOKEN" if mechanism in TOKEN_MECHANISMS else "PASSWORD"


class LoginReader:
    """A reader of the lines of one login.

    `user` is the name of the user logging in, or "" if it is unknown. `mask` replaces known
    secrets. If the text of a response contains a known secret, the response is omitted.
    """

    def __init__(self, mechanism: str, mask: Callable[[bytes], bytes]) -> None:
        self.mechanism = mechanism
        self.user = ""
        self.lines: list[AuthLine] = []
        self._mask = mask
        self._number = 0  # of the client's messages so far

    def begin(self, head: bytes, response: bytes, codes: tuple[int, ...]) -> None:
        """Record the AUTH command `head` and its initial response, which is empty if there is none.

        `codes` are the codes of the replies to the command.
        """
        parts = self._parts(response, b"") if response else None
        self.lines.append(AuthLine(head, parts, codes))

    def answer(self, response: bytes, challenge: bytes, codes: tuple[int, ...]) -> None:
        """Record a response and the challenge that it answers, both as sent, without line endings.

        `codes` are the codes of the replies to the response.
        """
        self.lines.append(AuthLine(b"", self._parts(response, challenge), codes))

    def _parts(self, response: bytes, challenge: bytes) -> tuple[AuthPart, ...]:
        first = not self.lines
        if len(response) >= len(MASK) and not response.strip(b"*"):
            self._number += 1
            return _MASKED
        if response == b"*" or (response == b"=" and not first):
            return (AuthPart(AuthPartKind.AS_SENT, response),)
        number, self._number = self._number, self._number + 1
        octets = b"" if response == b"=" and first else _decoded(response)
        if not octets:  # nothing that could be a secret, or not base64
            return _LEFT_OUT if octets is None else _EMPTY
        found = self._of_mechanism(number, octets, _decoded(challenge) or b"")
        texts = [part.data for part in found if part.kind is AuthPartKind.TEXT]
        texts.append(self.user.encode("utf-8", "surrogateescape"))
        if any(self._mask(text) != text for text in texts):
            self.user = ""
            return _LEFT_OUT
        return found

    def _of_mechanism(self, number: int, octets: bytes, asked: bytes) -> tuple[AuthPart, ...]:
        if self.mechanism == "LOGIN":
            return self._login(number, octets, asked.lower())
        if self.mechanism.startswith("SCRAM-"):
            return self._scram(number, octets)
        if number:  # after a failure, a token mechanism has an empty response
            empty = self.mechanism in TOKEN_MECHANISMS and octets == b"\x01"
            return _text(octets) if empty else _LEFT_OUT
        pattern = _PATTERNS.get(self.mechanism)
        match = pattern.fullmatch(octets) if pattern is not None else None
        if match is None:
            return _LEFT_OUT
        found = match.groupdict()
        user = found.get("user") or b""
        self.user = _shown(from_saslname(user) if self.mechanism == "OAUTHBEARER" else user)
        kind = _SECRETS[self.mechanism]
        secret = (AuthPart(kind),) if kind is not None and found["secret"] else _EMPTY
        return (*_text(found["before"]), *secret, *_text(found.get("after") or b""))

    def _login(self, number: int, octets: bytes, prompt: bytes) -> tuple[AuthPart, ...]:
        if number == 0 and b"pass" not in prompt:
            self.user = _shown(octets)
            return _text(octets)
        if b"user" in prompt and octets == self.user.encode("utf-8", "surrogateescape"):
            return _text(octets)
        return (AuthPart(AuthPartKind.PASSWORD),)

    def _scram(self, number: int, octets: bytes) -> tuple[AuthPart, ...]:
        if number == 0:
            match = _SCRAM_FIRST.fullmatch(octets)
            if match is None:
                return _LEFT_OUT
            self.user = _shown(from_saslname(match[2]))
            return (AuthPart(AuthPartKind.SCRAM_FIRST, match[1]),)
        begun = [part for line in self.lines for part in line.parts or ()]
        if not begun or begun[0].kind is not AuthPartKind.SCRAM_FIRST:
            return _LEFT_OUT
        if number == 1:
            match = _SCRAM_FINAL.fullmatch(octets)
            same = match is not None and _decoded(match[1]) == begun[0].data
            return (AuthPart(AuthPartKind.SCRAM_FINAL),) if same else _LEFT_OUT
        return _LEFT_OUT


_SECRETS = {
    "PLAIN": AuthPartKind.PASSWORD,
    "CRAM-MD5": AuthPartKind.CRAM_MD5,
    "XOAUTH2": AuthPartKind.TOKEN,
    "OAUTHBEARER": AuthPartKind.TOKEN,
    "EXTERNAL": None,
    "ANONYMOUS": None,
}
# The first message of each: the part before its secret, the secret, the part after it.
_PATTERNS = {
    name: re.compile(pattern, re.DOTALL)
    for name, pattern in {
        "PLAIN": rb"(?P<before>[^\0]*\0(?P<user>[^\0]*)\0)(?P<secret>[^\0]*)",
        "CRAM-MD5": rb"(?P<before>(?P<user>.*) )(?P<secret>[0-9a-f]{32})",
        "XOAUTH2": rb"(?P<before>user=(?P<user>[^\x01]*)\x01auth=Bearer )(?P<secret>[^\x01]+)"
        rb"(?P<after>\x01\x01)",
        "OAUTHBEARER": rb"(?P<before>n,(?:a=(?P<user>[^,\x01]*))?,\x01(?:(?:host|port)=[^\x01=]*"
        rb"\x01)*auth=Bearer )(?P<secret>[^\x01]+)(?P<after>\x01\x01)",
        "EXTERNAL": rb"(?P<before>(?P<user>[^\0]*))(?P<secret>)",
        "ANONYMOUS": rb"(?P<before>(?P<user>.*))(?P<secret>)",
    }.items()
}
_SCRAM_FIRST = re.compile(rb"([ny],(?:a=[^,]*)?,)n=([^,]*),r=[!-+\--~]+")
_SCRAM_FINAL = re.compile(rb"c=([^,]+),r=[!-+\--~]+,p=[^,]+")


def planned_login(mechanism: str, user: str, host: str = "", port: int = 0) -> tuple[AuthLine, ...]:
    """Return the lines that heloscope sends in a successful login.

    For a mechanism that heloscope does not implement, the response is omitted.
    """
    kind = AuthPartKind
    head = f"AUTH {mechanism}".encode()
    name = user.encode("utf-8", "surrogateescape")
    escaped = name.replace(b"=", b"=3D").replace(b",", b"=2C")
    done = (235,)
    match mechanism:
        case "PLAIN":
            parts = (AuthPart(kind.TEXT, b"\0" + name + b"\0"), AuthPart(kind.PASSWORD))
        case "LOGIN":
            password = AuthLine(b"", (AuthPart(kind.PASSWORD),), done)
            return (AuthLine(head, None, (334,)), AuthLine(b"", _text(name), (334,)), password)
        case "CRAM-MD5":
            proof = (AuthPart(kind.TEXT, name + b" "), AuthPart(kind.CRAM_MD5))
            return (AuthLine(head, None, (334,)), AuthLine(b"", proof, done))
        case "SCRAM-SHA-1" | "SCRAM-SHA-256":
            return (
                AuthLine(head, (AuthPart(kind.SCRAM_FIRST, b"n,,"),), (334,)),
                AuthLine(b"", (AuthPart(kind.SCRAM_FINAL),), (334,)),
                AuthLine(b"", _EMPTY, done),
            )
        case "XOAUTH2":
            before = b"user=" + name + b"\x01auth=Bearer "
            parts = (*_text(before), AuthPart(kind.TOKEN), *_text(b"\x01\x01"))
        case "OAUTHBEARER":
            before = b"n,a=" + escaped + b"," if escaped else b"n,,"
            before += b"\x01host=" + host.encode() if host else b""
            before += b"\x01port=%d" % port if port else b""
            before += b"\x01auth=Bearer "
            parts = (*_text(before), AuthPart(kind.TOKEN), *_text(b"\x01\x01"))
        case "EXTERNAL":
            parts = _EMPTY
        case "ANONYMOUS":
            parts = _text(name)
        case _:
            parts = _LEFT_OUT
    return (AuthLine(head, parts, done),)


def assumed_login(
    mechanism: str, lines: Sequence[AuthLine], host: str = "", port: int = 0
) -> tuple[AuthLine, ...] | None:
    """Replace the masked responses of a recorded login with the usual responses of its mechanism.

    The user name becomes a part that has to be supplied. Return None if no response was masked, or
    if the lines do not fit the usual login.
    """
    if not any(line.parts == _MASKED for line in lines) or not lines[0].head:
        return None
    whole = with_user_left_out(mechanism, host, port)
    usual = [line.parts for line in whole if line.parts is not None]
    if mechanism in TOKEN_MECHANISMS and lines[-1].codes[-1:] != (235,):
        usual.append(_text(b"\x01"))  # the answer to an error (RFC 7628 section 3.2.3)
    found: list[AuthLine] = []
    for line in lines:
        if line.parts is not None:
            parts = usual.pop(0) if usual else _LEFT_OUT
            if parts == _LEFT_OUT or line.parts not in (_MASKED, _EMPTY):
                return None
            if line.parts == _MASKED:
                if not parts:
                    return None
                line = line._replace(parts=parts)
        found.append(line)
    return tuple(found)


def with_user_left_out(mechanism: str, host: str = "", port: int = 0) -> tuple[AuthLine, ...]:
    """Return the lines of a successful login, with a USER part instead of a user name."""
    place = _PLACE.encode()
    found: list[AuthLine] = []
    for line in planned_login(mechanism, _PLACE, host, port):
        parts: list[AuthPart] = []
        for part in line.parts or ():
            if part.kind is AuthPartKind.TEXT and place in part.data:
                before, _, behind = part.data.partition(place)
                parts += (*_text(before), AuthPart(AuthPartKind.USER), *_text(behind))
            else:
                parts.append(part)
        found.append(line if line.parts is None else line._replace(parts=tuple(parts)))
    return tuple(found)


def challenge_needed(lines: Sequence[AuthLine], at: int) -> bool:
    """Return whether the next response is computed from the challenge that answers line `at`."""
    kinds = (AuthPartKind.CRAM_MD5, AuthPartKind.SCRAM_FINAL)
    return at + 1 < len(lines) and lines[at + 1].has(*kinds)


def _text(octets: bytes) -> tuple[AuthPart, ...]:
    return (AuthPart(AuthPartKind.TEXT, octets),) if octets else _EMPTY


def _decoded(text: bytes) -> bytes | None:
    """Return the text decoded from base64, or None if encoding it again changes the text."""
    try:
        octets = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return octets if base64.b64encode(octets) == text else None


def _shown(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
