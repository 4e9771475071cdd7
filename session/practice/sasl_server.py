"""The server side of the practice server's SASL mechanisms (RFC 4422, RFC 4954).

An exchange is a generator that yields challenges, is sent the responses, and returns the user who
logged in. Base64 and replies are handled by `login`. pysasl provides PLAIN, LOGIN and CRAM-MD5, and
scramp provides SCRAM; both are imported at the first login.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from .mailboxes import PASSWORDS, PEOPLE

if TYPE_CHECKING:
    from pysasl.creds.server import ServerCredentials

Login = Generator[bytes, bytes, str]

# Mechanism -> whether it sends the password itself and is therefore offered over TLS only.
MECHANISMS = {"PLAIN": True, "LOGIN": True, "CRAM-MD5": False, "SCRAM-SHA-256": False}
CLIENT_FIRST = frozenset(("PLAIN", "LOGIN", "SCRAM-SHA-256"))  # these allow an initial response


class Malformed(Exception):
    """Raised when a response does not fit the mechanism. The message says what is expected."""


class Denied(Exception):
    """Raised for a wrong user name or password; `user` is the user name that was tried."""

    def __init__(self, user: str = "") -> None:
        super().__init__(user)
        self.user = user


def offered(*, encrypted: bool) -> list[str]:
    """Return the mechanisms that the EHLO reply lists; those that send the password require TLS."""
    return [name for name, shows in MECHANISMS.items() if encrypted or not shows]


def exchange(mechanism: str) -> Login:
    """Start a new exchange, which raises Malformed or Denied if the login fails."""
    return _scram(mechanism) if mechanism.startswith("SCRAM-") else _by_pysasl(mechanism)


_SHAPES = {
    "PLAIN": "authorization identity, NUL, user name, NUL, password",
    "LOGIN": "the user name, then the password, in UTF-8",
    "CRAM-MD5": "the user name, a space and 32 hexadecimal digits",
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
            raise Malformed(f"{mechanism} expects {_SHAPES[mechanism]}") from None
        else:
            return _checked(who)


def _checked(who: ServerCredentials) -> str:
    from pysasl.identity import ClearIdentity

    password = PASSWORDS.get(who.authcid)
    try:
        good = password is not None and who.verify(ClearIdentity(who.authcid, password))
    except ValueError:  # characters that SASLprep forbids, so not a valid password
        good = False
    if not good or who.authzid != who.authcid:
        raise Denied(who.authcid)
    return who.authcid


def _scram(mechanism: str) -> Login:
    """Carry out a SCRAM exchange (RFC 5802, RFC 7677) without channel binding."""
    # scramp has no type stubs: its objects are Any.
    from scramp import ScramException, ScramMechanism  # pyright: ignore[reportMissingTypeStubs]

    asked: list[str] = []

    def stored(user: str) -> tuple[bytes, bytes, bytes, int]:
        asked.append(user)
        return _stored(mechanism, PASSWORDS.get(user))

    server: Any = cast(Any, ScramMechanism(mechanism)).make_server(stored)
    try:
        server.set_client_first((yield b"").decode())
        server.set_client_final((yield server.get_server_first().encode()).decode())
    except UnicodeDecodeError:
        raise Malformed(f"{mechanism} messages must be UTF-8") from None
    except ScramException as error:
        if error.server_error is not None and error.server_error.name == "INVALID_PROOF":
            raise Denied(asked[0]) from None
        raise Malformed(f"{mechanism}: {str(error.args[0]).rstrip('.').splitlines()[0]}") from None
    [user] = asked
    if user not in PEOPLE or user not in PASSWORDS:
        raise Denied(user)
    if (yield server.get_server_final().encode()):
        raise Malformed(f"{mechanism} ends with an empty response")
    return user


@cache
def _stored(mechanism: str, password: str | None) -> tuple[bytes, bytes, bytes, int]:
    """Return the data that SCRAM stores for `password`, or for a random password if it is None."""
    import secrets

    from scramp import ScramMechanism  # pyright: ignore[reportMissingTypeStubs]: it has none

    return cast(Any, ScramMechanism(mechanism)).make_auth_info(
        password or secrets.token_urlsafe(24)
    )
