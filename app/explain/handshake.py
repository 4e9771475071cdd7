"""Explanations of TLS handshakes, successful or failed, for the explanation panel."""

from __future__ import annotations

import time
from collections.abc import Callable

from ...session.events import TlsFailed, TlsStarted
from ...session.facts.other_protocols import first_octets
from ...session.facts.tls_failures import REASONS
from ...session.tls.certificates import Certificate, parse_chain
from ...session.tls.diagnosis import problems
from ...widgets.panels.line_explanation import LineExplanation
from .advice import WITHOUT_TLS
from .certificates import left_words
from .ending import no_tls

_PROTECTED = (
    "From here on, nobody on the network path can read the conversation or change it unnoticed."
)
_ACCEPTED = (
    "From here on, a passive eavesdropper on the network path learns nothing. Only the accepted "
    "certificate identifies the server: anyone who has its private key can read and change "
    "everything."
)
_NOT_PROTECTED = (
    "From here on, a passive eavesdropper on the network path learns nothing. Without a verified "
    "certificate, the other end may be anyone, so an active attacker can still read and change "
    "everything."
)
_EHLO_AGAIN = (
    "Anything learned earlier is no longer valid: send EHLO again to list the extensions offered "
    "over TLS."
)
_GREETING_NEXT = "The server's greeting comes next, over TLS."


def of_started(
    event: TlsStarted,
    now: float | None = None,
    *,
    implicit: bool = False,
    shown: Callable[[str], str] = str,
) -> LineExplanation:
    """Explain a successful handshake. `now` is in seconds since the epoch.

    `implicit` is true if TLS started with the connection, before the greeting. `shown` masks names.
    """
    at = time.time() if now is None else now
    chain = parse_chain(event.chain)
    found = problems(
        chain, "" if event.pinned else event.server_name, at,
        verify_code=0 if event.verified else None, shown=shown,
    )  # fmt: skip
    warnings = tuple(
        (problem.title, f"{problem.text} {problem.try_next}")
        for one in found
        for problem in one
        if not (event.pinned and problem.key == event.problem)
    )
    return LineExplanation(
        "TLS",
        f"{event.version.replace('v', ' ')} is on",
        "$text-accent",
        (
            ("It means", _protection(event)),
            ("Next", _GREETING_NEXT if implicit else _EHLO_AGAIN),
            ("Certificate", _trust(event)),
            *_certificate(chain, at, shown),
            ("Cipher", event.cipher),
            ("Requested name", shown(event.server_name)),
            ("ALPN", event.alpn),
        ),
        ("RFC 8314 3, RFC 8446" if implicit else "RFC 3207 4.2, 6, RFC 8446",),
        warnings=warnings,
    )


def of_failed(
    event: TlsFailed, now: float | None = None, *, shown: Callable[[str], str] = str
) -> LineExplanation:
    """Explain a failed handshake. `now` is in seconds since the epoch; `shown` masks names."""
    at = time.time() if now is None else now
    fact = REASONS[event.reason]
    chain = parse_chain(event.chain)
    cause = no_tls(event, at, shown)
    try_next = cause.try_next
    received = first_octets(event.received) if event.received and not chain else ""
    return LineExplanation(
        "no TLS",
        fact.title,
        "$text-error",
        (
            ("It means", cause.means),
            ("Try", f"{try_next} {WITHOUT_TLS}" if event.reason == "plain-smtp" else try_next),
            *_certificate(chain, at, shown),
            ("Received", shown(received)),
            ("OpenSSL says", shown(event.said)),
        ),
        ("RFC 3207 4.1, RFC 8446",),
    )


def _protection(event: TlsStarted) -> str:
    if event.pinned:
        return _ACCEPTED
    return _PROTECTED if event.verified else _NOT_PROTECTED


def _trust(event: TlsStarted) -> str:
    if event.pinned:
        problem = REASONS[event.problem].title.lower() if event.problem in REASONS else ""
        accepted = "accepted: only this certificate is trusted"
        return f"{accepted} ({problem})" if problem else accepted
    if event.verified:
        return "valid: issued by a trusted authority, for this name"
    return "not verified: the server may be anyone"


def _certificate(
    chain: tuple[Certificate, ...], at: float, shown: Callable[[str], str]
) -> list[tuple[str, str]]:
    if not chain or chain[0].unreadable:
        return []
    own = chain[0]
    return [
        ("Valid for", shown(", ".join(own.names[:5]) or own.name)),
        ("Issued by", "itself" if own.self_signed else shown(own.issuer_name)),
        ("Validity", left_words(own, at)[0]),
        ("Key", own.key),
        ("SHA-256", own.sha256),
    ]
