"""Descriptions of a conversation's last handshake and its certificates, for the TLS panel.

OpenSSL decides whether the chain is accepted, and `session.tls.diagnosis` explains why. This module
decides neither.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ...session.events import INJECTED, Event, TlsFailed, TlsStarted, Violation
from ...session.facts.other_protocols import first_octets
from ...session.facts.tls_failures import NO_ISSUER, REASONS
from ...session.plural import plural
from ...session.protocol.violations import RULES
from ...session.tls.certificates import Certificate, parse_chain
from ...session.tls.diagnosis import CertificateProblem, problems, top
from ...session.visible import beginning, visible
from ...widgets.panels.tls_view import ChainEntry, Detail, Fault, TlsView
from .advice import BEGIN_TLS, NOT_CONNECTED, NOT_ENCRYPTED_ANY_MORE, TRUST, WITHOUT_TLS

if TYPE_CHECKING:
    from ...session.record.transcript import Transcript

SOON = 21  # days; a certificate that expires earlier should have been renewed
LISTED_NAMES = 30  # the most names of a certificate listed
QUOTED, LINES = 120, 3  # octets of an injected line, and injected lines, shown at most
_NO_CHAIN = "client-certificate-wanted", "client-certificate-refused"


def matters(event: Event) -> bool:
    """Return whether the TLS panel shows this event."""
    if isinstance(event, Violation):
        return event.rule == "injected"
    return isinstance(event, TlsStarted | TlsFailed)


def view_of(
    transcript: Transcript,
    marks: Iterable[Event],
    *,
    accepted: bool = False,
    own: str = "",
    now: float | None = None,
) -> TlsView | None:
    """Return the view of the last handshake, or None if there was none.

    `marks` are the events of the transcript, or at least those for which `matters` is true.
    `accepted` is true if the user accepted a certificate that failed verification, `own` is the
    file name of the client certificate, and `now` is in seconds since the epoch. If names are
    masked, the view quotes stand-ins instead.
    """
    shown = transcript.secrets.mask_names
    at = time.time() if now is None else now
    event: TlsStarted | TlsFailed | None = None
    injected: Violation | None = None
    for mark in marks:
        if isinstance(mark, TlsFailed) and isinstance(event, TlsStarted):
            event = _refused_later(event, mark)
        elif isinstance(mark, TlsStarted | TlsFailed):
            event = mark
        elif isinstance(mark, Violation) and mark.rule == "injected":
            injected = mark
    faults = () if injected is None else (_injection(transcript, injected.row),)
    if isinstance(event, TlsStarted):
        return _masked(_started(event, faults, accepted, own, at, shown), shown)
    if isinstance(event, TlsFailed):
        return _masked(_failed(event, faults, own, at, shown), shown)
    if faults:
        return TlsView("No TLS yet", "$text-error", faults=faults)
    return None


def _masked(view: TlsView, mask: Callable[[str], str]) -> TlsView:
    """Return the view with stand-ins for the names in its facts.

    The sentences in the view already contain stand-ins.
    """
    import msgspec

    def masked(facts: Sequence[Detail]) -> tuple[Detail, ...]:
        return tuple(msgspec.structs.replace(each, text=mask(each.text)) for each in facts)

    chain = tuple(
        msgspec.structs.replace(each, name=mask(each.name), facts=masked(each.facts))
        for each in view.chain
    )
    return msgspec.structs.replace(view, facts=masked(view.facts), chain=chain)


def _refused_later(began: TlsStarted, failed: TlsFailed) -> TlsFailed:
    """Return `failed` with the chain of the handshake that it follows.

    In TLS 1.3, a refusal may come only after the handshake.
    """
    if failed.chain:
        return failed
    import msgspec

    return msgspec.structs.replace(failed, chain=began.chain)


def empty_view(
    *, connected: bool, stage: str, keywords: object, offered: bool, over: bool
) -> TlsView:
    """Return the view for a connection without a handshake. It says what to do next.

    `stage` names what the connection is waiting for, or is empty. `keywords` is None before EHLO,
    and `offered` is true if the server offers STARTTLS. `over` is true if there has been a
    conversation without TLS.
    """
    if stage:
        return TlsView(empty=f"Waiting for {stage} …")
    if not connected:
        if over:
            return TlsView(empty=NOT_ENCRYPTED_ANY_MORE)
        return TlsView(empty=NOT_CONNECTED)
    clear = (
        "This conversation is not encrypted: anyone on the network path can read and change it.\n\n"
    )
    if keywords is None:
        return TlsView(
            empty=clear
            + "EHLO me shows whether the server offers STARTTLS, which starts TLS. Once "
            "TLS is on, the negotiated parameters and the server's certificates are shown here."
        )
    if offered:
        return TlsView(empty=clear + BEGIN_TLS)
    return TlsView(
        empty=clear + "The EHLO reply does not list STARTTLS. Many servers offer implicit TLS on "
        "another port: smtps://host connects to port 465."
    )


# Handshakes


def _started(
    event: TlsStarted,
    faults: tuple[Fault, ...],
    accepted: bool,
    own: str,
    at: float,
    shown: Callable[[str], str],
) -> TlsView:
    chain = parse_chain(event.chain)
    # -1 is not a verdict of OpenSSL's: it puts the reason first, as a verdict would have.
    verdict = 0 if event.verified else (-1 if event.problem else None)
    found = problems(
        chain, event.server_name, at, verify_code=verdict, reason=event.problem, shown=shown
    )
    if event.pinned and not accepted:  # the certificate was known in advance
        found = tuple(tuple(p for p in one if p.key != event.problem) for one in found)
    version = event.version.replace("v", " ") or "TLS"
    if event.verified:
        head, style = f"{version}, with a valid certificate", "$text-success"
    elif accepted:
        head, style = f"{version}, certificate NOT verified but accepted by you", "$text-warning"
    elif event.pinned:
        head, style = f"{version}, with exactly the expected certificate", "$text-success"
    else:
        head, style = f"{version}, certificate not verified", "$text-warning"
    facts = (
        Detail("Protocol", version),
        Detail("Cipher", event.cipher),
        Detail("Session", "resumed: no certificate was sent" if event.resumed else "new, not "
             "resumed"),
        Detail("ALPN", event.alpn or "none; not needed for mail"),
        Detail("SNI", _sni(event.server_name)),
        Detail("Own", f"{own}, if the server asked for it" if own else "no client certificate"),
    )  # fmt: skip
    above = "trusted here; need not be sent" if event.verified else "not sent"
    tree = _tree(chain, found, at, above, event.verified, shown)
    return TlsView(head, style, faults=faults, facts=facts, chain=tree)


def _failed(
    event: TlsFailed,
    faults: tuple[Fault, ...],
    own: str,
    at: float,
    shown: Callable[[str], str],
) -> TlsView:
    fact = REASONS.get(event.reason, REASONS["other"])
    chain = parse_chain(event.chain)
    code = event.verify_code or (0 if event.reason in _NO_CHAIN else None)
    found = problems(
        chain, event.server_name, at,
        verify_code=code, verify_message=event.said, reason=event.reason, shown=shown,
    )  # fmt: skip
    if event.reason == "pin-mismatch":
        found = problems(chain, event.server_name, at, shown=shown)
    advice = ""
    elsewhere = not any(problem.key == event.reason for one in found for problem in one)
    if elsewhere:
        name = shown(event.server_name)
        fields = {"host": name or "The server", "server_name": name, "said": shown(event.said)}
        try_next = fact.try_next if "{" not in fact.try_next else fact.try_next.format_map(fields)
        faults = (*faults, Fault(fact.title, f"{shown(event.detail)} {fact.means}", try_next))
    elif fact.certificate:
        advice = TRUST
    if event.reason == "plain-smtp":
        advice = WITHOUT_TLS
    facts = (
        *([Detail("Received", first_octets(event.received))] if _is_evidence(event) else []),
        Detail("SNI", _sni(event.server_name)),
        Detail("Own", own or "no client certificate"),
        Detail("OpenSSL", event.said),
    )
    untrusted = event.reason in ("unknown-ca", "incomplete-chain") or code in NO_ISSUER
    above = "not sent, and not trusted here" if untrusted else "not sent"
    head = f"No TLS: {fact.title[0].lower()}{fact.title[1:]}"
    tree = _tree(chain, found, at, above, not untrusted, shown)
    return TlsView(head, "$text-error", advice, fact.certificate, faults, facts, tree)


def _is_evidence(event: TlsFailed) -> bool:
    """Return whether the handshake failed because the octets received are not TLS.

    These octets then explain the failure.
    """
    return bool(event.received) and not event.chain


def _sni(name: str) -> str:
    if not name:
        return "no name was requested"
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return name
    return f"none: {name} is an IP address"


def _injection(transcript: Transcript, first: int) -> Fault:
    """Return the fault for plaintext injected where TLS should have started, quoting the text."""
    row, size = first, 0
    quoted: list[str] = []
    while row < len(transcript) and transcript.flags(row) & INJECTED:
        data = transcript.masked(row)
        size += len(data)
        if len(quoted) < LINES:
            text = data.rstrip(b"\r\n")
            more = "…" if len(text) > QUOTED else ""
            quoted.append(f"“{visible(beginning(text, QUOTED))}{more}”")
        row += 1
    if row - first > LINES:
        quoted.append(f"and {row - first - LINES:,} more lines")
    rule = RULES["injected"]
    return Fault(
        f"Injected: {plural(size, '{} octet')} of plaintext",
        f"{', '.join(quoted)}. {rule.why} The conversation does not include this plaintext. "
        f"See {rule.rfc} and the NO STARTTLS paper of 2021.",
        "Do not trust this connection. If the server itself sent this, it is faulty.",
    )


# Certificates


def _tree(
    chain: Sequence[Certificate],
    found: Sequence[Sequence[CertificateProblem]],
    at: float,
    above: str,
    trusted: bool,
    shown: Callable[[str], str],
) -> tuple[ChainEntry, ...]:
    """Return the chain as sent, followed by an entry for an issuer that was not sent, if any."""
    entries = [_entry(one, wrong, at) for one, wrong in zip(chain, found, strict=True)]
    if chain:
        last = chain[top(chain)]
        if not last.self_signed and not last.unreadable:
            style = "dim" if trusted else "$text-error"
            facts = _not_sent(last, trusted, shown)
            entries.append(ChainEntry(last.issuer_name, above, style, facts=facts, sent=False))
    return tuple(entries)


def _not_sent(below: Certificate, trusted: bool, shown: Callable[[str], str]) -> tuple[Detail, ...]:
    said = (
        "Its certificate was not sent. A root need not be sent: clients that trust it already "
        "have it."
        if trusted
        else "Its certificate was not sent, and no certificate of that name is trusted here. "
        f"Without it, {shown(below.name)} cannot be verified."
    )
    where = (Detail("Available", below.issuer_url),) if below.issuer_url else ()
    return (Detail("", said), Detail("Name", below.issuer), *where)


def _entry(one: Certificate, wrong: Sequence[CertificateProblem], at: float) -> ChainEntry:
    faults = tuple(Fault(problem.title, problem.text, problem.try_next) for problem in wrong)
    if one.unreadable:
        facts = (Detail("SHA-256", one.sha256), Detail("Size", plural(len(one.der), "{} octet")))
        return ChainEntry(one.name, "unreadable", "$text-error", faults, facts)
    left, style = left_words(one, at)
    note = f"✗ {wrong[0].title}" if wrong else left
    names = ", ".join(one.names[:LISTED_NAMES])
    if len(one.names) > LISTED_NAMES:
        names += f" and {len(one.names) - LISTED_NAMES:,} more"
    # A root certificate states no purpose; it only has to be trusted.
    facts = (
        Detail("Valid for", names or ("issuing certificates (CA)" if one.is_ca else "no host")),
        Detail("Issued by", "itself" if one.self_signed else one.issuer_name),
        Detail("Period", f"{_date(one.not_before)} to {_date(one.not_after)}"),
        Detail("Validity", left, style),
        Detail("Key", _key(one)),
        Detail("Signed", one.signature),
        Detail("Subject", one.subject),
        Detail("Issuer", one.issuer),
        Detail("Serial", one.serial),
        Detail("SHA-256", one.sha256.replace(":", " ")),
    )  # fmt: skip
    return ChainEntry(one.name, note, "$text-error" if wrong else style, faults, facts)


def left_words(one: Certificate, at: float) -> tuple[str, str]:
    """Return how long a certificate remains valid at time `at`, and the style of that text."""
    days = one.days_left(at)
    if at > one.not_after:
        return f"expired {_count(-days - 1)} ago", "$text-error"
    if at < one.not_before:
        return f"not valid before {_date(one.not_before)}", "$text-error"
    return f"{_count(days)} left", "$text-warning" if days < SOON else "dim"


def _count(days: int) -> str:
    return "less than a day" if days < 1 else plural(days, "{} day")


def _key(one: Certificate) -> str:
    # The name of an RSA key contains its size; for a curve the bits are added.
    bits = f", {one.key_bits} bits" if one.key_bits and str(one.key_bits) not in one.key else ""
    return f"{one.key}{bits}"


def _date(when: float) -> str:
    return f"{datetime.fromtimestamp(when, UTC):%Y-%m-%d}"


# Saving


def pem_of(chain: Sequence[bytes]) -> str:
    """Return the chain in PEM format, with comments that identify each certificate."""
    parts: list[str] = []
    for one in parse_chain(chain):
        about = visible(one.subject.encode("utf-8", "surrogateescape")) or one.name
        parts += [f"# {about}", f"# SHA-256 {one.sha256}", one.pem.rstrip("\n"), ""]
    return "\n".join(parts)
