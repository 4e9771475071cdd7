"""The procedure that asks what a server offers, before and after STARTTLS (RFC 3207 section 4.2).

Many servers list AUTH, or take mail at all, only inside TLS: so both lists are of interest, and
what differs between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..protocol.ehlo import difference
from .steps import Call, Peer, Procedure, Skipped, StartTls


class Offers(NamedTuple):
    """What was offered: keyword in lower case -> parameters; None where nobody was asked.

    `plain` in clear, `inside` within TLS; `refusal` is the reply to STARTTLS that was no 220.
    """

    plain: Mapping[str, str] | None = None
    inside: Mapping[str, str] | None = None
    refusal: tuple[int, bytes] | None = None

    @property
    def appeared(self) -> tuple[str, ...]:
        """The keywords that came with TLS, in upper case."""
        return self._difference()[0]

    @property
    def gone(self) -> tuple[str, ...]:
        """Those that went, STARTTLS excepted: it has done its work."""
        return tuple(keyword for keyword in self._difference()[1] if keyword != "STARTTLS")

    @property
    def changed(self) -> tuple[str, ...]:
        """Those with other parameters than before."""
        return self._difference()[2]

    def _difference(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        if self.plain is None or self.inside is None:
            return (), (), ()
        return difference(_keywords(self.plain), _keywords(self.inside))


def _keywords(features: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {keyword.upper(): tuple(words.split()) for keyword, words in features.items()}


def probe(peer: Peer, name: str = "", tls: Any = None) -> Procedure:
    """EHLO, and where it is offered STARTTLS and EHLO once more. The result is `Offers`.

    Nothing is sent that changes anything. Over TLS already, or without STARTTLS, one list is all.
    Raises what the handshake raises.
    """
    yield from _greeting(peer, name)
    features = dict(peer.esmtp_features) if peer.does_esmtp else None
    if peer.tls:
        return Offers(inside=features)
    if features is None or not peer.has_extn("starttls"):
        return Offers(features)
    try:
        code, text = yield Call("docmd", ("STARTTLS",))
    except Skipped:
        return Offers(features)
    if code != 220:
        return Offers(features, refusal=(code, text))
    yield StartTls(tls)
    yield from _greeting(peer, name)
    return Offers(features, dict(peer.esmtp_features) if peer.does_esmtp else None)


def _greeting(peer: Peer, name: str) -> Procedure:
    """EHLO, else HELO; a server that was greeted and takes no second EHLO stands by its first."""
    try:
        yield Call("ehlo", (name,))
    except Skipped:
        pass
    if not peer.does_esmtp and peer.helo_resp is None and not peer.lmtp:
        yield Call("helo", (name,))
