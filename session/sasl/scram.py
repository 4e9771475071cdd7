"""SCRAM by scramp, and in words what scramp does not like (RFC 5802, RFC 7677).

Without channel binding: scramp has no tls-exporter, which is the one that TLS 1.3 wants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..visible import visible_text
from .exchange import Credentials, Exchange, SaslError, saslname, secret_text, utf8

if TYPE_CHECKING:
    from scramp.core import Gs2Header

# The time that a server can make us spend on one login: a million takes half a second.
MOST_ITERATIONS = 1_000_000


class Scram(Exchange):
    """SCRAM without channel binding (RFC 5802, RFC 7677), by scramp."""

    answers = 3

    def __init__(self, mechanism: str, credentials: Credentials, nonce: str) -> None:
        from scramp import ScramClient, ScramException

        super().__init__(mechanism, credentials)
        self.proved = False
        self._nonce = nonce
        self._refused = ScramException
        try:
            self._client = ScramClient(
                [mechanism],
                credentials.user,
                secret_text(mechanism, credentials),
                c_nonce=nonce,
            )
        except ScramException as error:
            said = str(error.args[0]).lower()
            raise SaslError(f"{mechanism} cannot begin: {said}") from None
        if credentials.authzid:
            utf8("user to act as", credentials.authzid)
            self._client.gs2_header = _header(credentials.authzid)

    def _answer(self, number: int, challenge: bytes) -> bytes:
        if number == 0:
            return self._client.get_client_first().encode()
        if number > 2:
            raise self._over()
        try:
            said = challenge.decode()
        except UnicodeDecodeError:
            raise SaslError(f"{self.mechanism}: the server's message is not UTF-8") from None
        try:
            if number == 1:
                return self._proof(said)
            self._client.set_server_final(said)
        except self._refused as error:
            why = self._why(said, str(error.args[0]), number)
            raise SaslError(f"{self.mechanism}: {why}") from None
        self.proved = True
        return b""

    def _proof(self, said: str) -> bytes:
        self._client.set_server_first(said)
        count = int(self._client.iterations)
        if count > MOST_ITERATIONS:
            raise SaslError(
                f"{self.mechanism}: the server wants the password hashed {count:,} times; more "
                f"than {MOST_ITERATIONS:,} would only keep this program busy"
            )
        return self._client.get_client_final().encode()

    def _why(self, said: str, refused: str, number: int) -> str:
        """scramp has judged; here is what it means for whoever reads it."""
        parts = {part[:1]: part[2:] for part in said.split(",") if part[1:2] == "="}
        if "e" in parts:
            return f"the server says that it failed: {visible_text(parts['e'][:80])}"
        if number == 2 and "signature" in refused:
            return (
                "the server's signature is false: it does not know the password, or somebody is "
                "in between"
            )
        nonce = parts.get("r")
        if number == 1 and nonce is not None and not nonce.startswith(self._nonce):
            return (
                "the server's nonce does not begin with ours: this answers another exchange, or "
                "somebody changed it on the way"
            )
        if nonce == self._nonce:
            return "the server has added nothing of its own to the nonce"
        return f"the server's message is no good: {refused[:1].lower()}{refused[1:]}"


def _header(authzid: str) -> Gs2Header:
    """SCRAM's first words with a user to act as, whom scramp always leaves out."""
    from scramp.core import Gs2Header

    said = f"n,a={saslname(authzid)},"

    class Header(Gs2Header):
        def __str__(self) -> str:
            return said

        def __bytes__(self) -> bytes:
            return said.encode()

    return Header("n", None)
