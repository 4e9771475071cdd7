"""The procedure that lists what a server offers before and after STARTTLS (RFC 3207 4.2).

Many servers list AUTH, or accept mail at all, only over TLS, so both lists and their differences
are of interest. The procedure starts no mail transaction and does not log in. `session/findings`
interprets the replies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..protocol.ehlo_keywords import difference
from . import commands
from .steps import Call, Expect, Peer, Procedure, Send, Skipped, StartTls

ASKED = "postmaster"  # asked for by VRFY and EXPN: every mail server knows it (RFC 5321 4.5.1)
MADE_UP = "no-such-name-4c1f8e27"  # asked for by VRFY: a server that verifies names refuses it
GROUP = ("RSET", "RSET", "NOOP")  # sent together


class Offers(NamedTuple):
    """The extensions that a server offers without TLS (`plain`) and over TLS (`inside`).

    Each is None if that list was not requested. The keys are keywords in lower case, and the values
    are their parameters. `refusal` is a reply to STARTTLS other than 220.
    """

    plain: Mapping[str, str] | None = None
    inside: Mapping[str, str] | None = None
    refusal: tuple[int, bytes] | None = None

    @property
    def appeared(self) -> tuple[str, ...]:
        """The keywords that are offered only over TLS, in upper case."""
        return self._difference()[0]

    @property
    def gone(self) -> tuple[str, ...]:
        """The keywords that are offered only without TLS, except STARTTLS, in upper case."""
        return tuple(keyword for keyword in self._difference()[1] if keyword != "STARTTLS")

    @property
    def changed(self) -> tuple[str, ...]:
        """The keywords whose parameters differ, in upper case."""
        return self._difference()[2]

    def _difference(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        if self.plain is None or self.inside is None:
            return (), (), ()
        return difference(_keywords(self.plain), _keywords(self.inside))


def _keywords(features: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {keyword.upper(): tuple(words.split()) for keyword, words in features.items()}


def probe(
    peer: Peer, name: str = "", tls: Any = None, *, starttls: bool = True, queries: bool = False
) -> Procedure:
    """Send EHLO, then STARTTLS and EHLO again if STARTTLS is offered. The result is `Offers`.

    There is only one list if `starttls` is false, TLS is already active, or STARTTLS is not
    offered. If `queries` is true, VRFY of a made-up name and of postmaster, EXPN and HELP follow
    and, if PIPELINING is offered, RSET, RSET and NOOP in one group. Nothing changes on the server,
    except that an open mail transaction is ended. Raises the errors of the handshake.
    """
    offers = yield from _offers(peer, name, tls, starttls)
    if queries and (peer.does_esmtp or peer.helo_resp is not None):
        yield from _ask(peer)
    return offers


def _offers(peer: Peer, name: str, tls: Any, starttls: bool) -> Procedure:
    yield from _greeting(peer, name)
    features = dict(peer.esmtp_features) if peer.does_esmtp else None
    if peer.tls:
        return Offers(inside=features)
    if features is None or not starttls or not peer.has_extn("starttls"):
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


def _ask(peer: Peer) -> Procedure:
    """Send VRFY for two names, EXPN, HELP, and a group (RFC 2920 section 3.1: NOOP ends it)."""
    for verb, argument in (("VRFY", MADE_UP), ("VRFY", ASKED), ("EXPN", ASKED), ("HELP", "")):
        try:
            code, _ = yield Call("docmd", (verb, argument) if argument else (verb,))
        except Skipped:
            continue
        if code == 421:
            return
    if not peer.has_extn("pipelining"):
        return
    sent = 0
    for verb in GROUP:
        try:
            yield Send(commands.line(verb), verb, more=verb != GROUP[-1])
        except Skipped:
            continue
        sent += 1
    for _ in range(sent):
        yield Expect()


def _greeting(peer: Peer, name: str) -> Procedure:
    """Send EHLO, then HELO unless an EHLO was accepted.

    If the server refuses a second EHLO, its reply to the first EHLO still counts.
    """
    try:
        yield Call("ehlo", (name,))
    except Skipped:
        pass
    if not peer.does_esmtp and peer.helo_resp is None and not peer.lmtp:
        yield Call("helo", (name,))
