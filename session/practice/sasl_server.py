"""AUTH as the practice server does it, without the lines around it (RFC 4422, RFC 4954).

An exchange is a generator: it yields challenges, is sent the responses, and returns who logged
in. Base64 and replies are smtpd's business. pysasl has the server's side of PLAIN, LOGIN and
CRAM-MD5, scramp that of SCRAM; both are imported when somebody logs in.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import cache
from typing import TYPE_CHECKING

from .mailboxes import PASSWORDS, PEOPLE

if TYPE_CHECKING:
    from pysasl.creds.server import ServerCredentials

Login = Generator[bytes, bytes, str]

# Mechanism -> whether it shows the password, and so is offered only inside TLS.
MECHANISMS = {"PLAIN": True, "LOGIN": True, "CRAM-MD5": False, "SCRAM-SHA-256": False}
CLIENT_FIRST = frozenset(("PLAIN", "LOGIN", "SCRAM-SHA-256"))  # an initial response is in order
CHALLENGES = 5  # more than any of them needs


class Malformed(Exception):
    """The response is not what the mechanism has there; the message says what it has."""


class Denied(Exception):
    """User or password is wrong."""


def offered(*, encrypted: bool) -> list[str]:
    """The mechanisms that EHLO lists."""
    return [name for name, shows in MECHANISMS.items() if encrypted or not shows]


def exchange(mechanism: str) -> Login:
    """A fresh exchange. The generator raises Malformed or Denied."""
    return _scram(mechanism) if mechanism.startswith("SCRAM-") else _by_pysasl(mechanism)


_SHAPES = {
    "PLAIN": "whom to act as, NUL, user, NUL, password",
    "LOGIN": "the user, then the password, in UTF-8",
    "CRAM-MD5": "the user, a blank and 32 hexadecimal digits",
}


def _by_pysasl(mechanism: str) -> Login:
    from pysasl.exception import InvalidResponse
    from pysasl.mechanism import ChallengeResponse, ServerChallenge, ServerMechanism
    from pysasl.mechanism.crammd5 import CramMD5Mechanism
    from pysasl.mechanism.login import LoginMechanism
    from pysasl.mechanism.plain import PlainMechanism

    kinds: dict[str, Callable[[], ServerMechanism]] = {
        "PLAIN": PlainMechanism,
        "LOGIN": LoginMechanism,
        "CRAM-MD5": CramMD5Mechanism,
    }
    server = kinds[mechanism]()
    said: list[ChallengeResponse] = []
    while True:
        try:
            who, _ = server.server_attempt(said)
        except ServerChallenge as challenge:
            said.append(ChallengeResponse(challenge.data, (yield challenge.data)))
        except (InvalidResponse, UnicodeDecodeError):
            raise Malformed(f"{mechanism} has here {_SHAPES[mechanism]}") from None
        else:
            return _checked(who)


def _checked(who: ServerCredentials) -> str:
    from pysasl.identity import ClearIdentity

    password = PASSWORDS.get(who.authcid)
    try:
        good = password is not None and who.verify(ClearIdentity(who.authcid, password))
    except ValueError:  # characters that SASLprep forbids: nobody's password
        good = False
    if not good or who.authzid != who.authcid:
        raise Denied
    return who.authcid


def _scram(mechanism: str) -> Login:
    """SCRAM (RFC 5802, RFC 7677), without channel binding."""
    from scramp import ScramException, ScramMechanism

    asked: list[str] = []

    def stored(user: str) -> tuple[bytes, bytes, bytes, int]:
        asked.append(user)
        return _stored(mechanism, PASSWORDS.get(user))

    server = ScramMechanism(mechanism).make_server(stored)
    try:
        server.set_client_first((yield b"").decode())
        server.set_client_final((yield server.get_server_first().encode()).decode())
    except UnicodeDecodeError:
        raise Malformed(f"{mechanism} is said in UTF-8") from None
    except ScramException as error:
        if error.server_error is not None and error.server_error.name == "INVALID_PROOF":
            raise Denied from None
        raise Malformed(f"{mechanism}: {str(error.args[0]).rstrip('.').splitlines()[0]}") from None
    [user] = asked
    if user not in PEOPLE or user not in PASSWORDS:
        raise Denied
    if (yield server.get_server_final().encode()):
        raise Malformed(f"{mechanism} ends with an empty response")
    return user


@cache
def _stored(mechanism: str, password: str | None) -> tuple[bytes, bytes, bytes, int]:
    """What SCRAM keeps of a password. One who is not known has one that nobody knows."""
    import secrets

    from scramp import ScramMechanism

    return ScramMechanism(mechanism).make_auth_info(password or secrets.token_urlsafe(24))
