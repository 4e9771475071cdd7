"""SCRAM (RFC 5802, RFC 7677), implemented with scramp, with explanations of its errors.

There is no channel binding, because scramp lacks tls-exporter, the only kind defined for TLS 1.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..visible import visible_text
from .exchange import Credentials, Exchange, SaslError, saslname, secret_text, utf8

if TYPE_CHECKING:
    from scramp.core import Gs2Header  # pyright: ignore[reportMissingTypeStubs]: it has none

# Bounds the time that a server can make a login take: a million iterations take half a second.
MOST_ITERATIONS = 1_000_000


class Scram(Exchange):
    """SCRAM without channel binding (RFC 5802, RFC 7677), implemented with scramp."""

    answers = 3

    def __init__(self, mechanism: str, credentials: Credentials, nonce: str) -> None:
        from scramp import (  # pyright: ignore[reportMissingTypeStubs]: it has none
            ScramClient,
            ScramException,
        )

        super().__init__(mechanism, credentials)
        self.proved = False
        self._nonce = nonce
        self._refused = ScramException
        try:
            self._client: Any = ScramClient(
                [mechanism],
                credentials.user,
                secret_text(mechanism, credentials),
                c_nonce=nonce,
            )
        except ScramException as error:
            said = str(error.args[0]).lower()
            raise SaslError(f"{mechanism} cannot start: {said}") from None
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
                f"{self.mechanism}: the server demands {count:,} iterations; heloscope computes at "
                f"most {MOST_ITERATIONS:,}"
            )
        return self._client.get_client_final().encode()

    def _why(self, said: str, refused: str, number: int) -> str:
        """Return an explanation of a server message that scramp rejected.

        `said` is the message, `refused` is scramp's reason, and `number` counts the server's
        messages from 1.
        """
        parts = {part[:1]: part[2:] for part in said.split(",") if part[1:2] == "="}
        if "e" in parts:
            return f"the server reports an error: {visible_text(parts['e'][:80])}"
        if number == 2 and "signature" in refused:
            return (
                "the server's signature is invalid: it does not know the password, or a man in the "
                "middle changed the exchange"
            )
        nonce = parts.get("r")
        if number == 1 and nonce is not None and not nonce.startswith(self._nonce):
            return (
                "the server's nonce does not begin with the client's: the message belongs to "
                "another exchange, or was modified in transit"
            )
        if nonce == self._nonce:
            return "the server did not add its own part to the nonce"
        return f"the server's message is invalid: {refused[:1].lower()}{refused[1:]}"


def _header(authzid: str) -> Gs2Header:
    """Return a GS2 header that names the user to act as.

    scramp's own header never names one.
    """
    from scramp.core import Gs2Header  # pyright: ignore[reportMissingTypeStubs]: it has none

    said = f"n,a={saslname(authzid)},"

    class Header(Gs2Header):
        def __str__(self) -> str:
            return said

        def __bytes__(self) -> bytes:
            return said.encode()

    return Header("n", None)
