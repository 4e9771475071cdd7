"""What the TLS panel says: the last handshake of a conversation, and its certificates, in words.

OpenSSL has judged; session/certificate_problems.py puts that into words. Nothing here decides.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ...session.events import INJECTED, Event, TlsFailed, TlsStarted, Violation
from ...session.facts.tls_failures import NO_ISSUER, REASONS
from ...session.plural import plural
from ...session.protocol.violations import RULES
from ...session.tls.certificates import Certificate, parse_chain
from ...session.tls.diagnosis import Problem, problems, top
from ...session.visible import beginning, visible
from ...widgets.panels.tls import ChainEntry, Detail, Fault, TlsView

if TYPE_CHECKING:
    from ...session.record.transcript import Transcript

SOON = 21  # days; a certificate that is good for no longer should have been renewed
LISTED_NAMES = 30  # of a certificate, that are listed
QUOTED, LINES = 120, 3  # octets of a line that was injected, and how many are shown
_NO_CHAIN = "client-certificate-wanted", "client-certificate-refused"


def matters(event: Event) -> bool:
    """Whether an event is one that the panel tells of."""
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
    """What to show of the last handshake; None when there was none.

    `marks` are the events of the transcript, those at least that matter; `accepted` is whether
    the user took a certificate that had failed, `own` the file of this side's certificate; `now`
    is seconds since 1970.
    """
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
        return _started(event, faults, accepted, own, at)
    if isinstance(event, TlsFailed):
        return _failed(event, faults, own, at)
    if faults:
        return TlsView("No TLS yet", "$text-error", faults=faults)
    return None


def _refused_later(began: TlsStarted, failed: TlsFailed) -> TlsFailed:
    """In TLS 1.3 a server says only after the handshake that it does not let this side in."""
    if failed.chain:
        return failed
    import msgspec

    return msgspec.structs.replace(failed, chain=began.chain)


def empty_view(
    *, connected: bool, stage: str, keywords: object, offered: bool, over: bool
) -> TlsView:
    """What to do next, where there was no handshake."""
    if stage:
        return TlsView(empty=f"Waiting for {stage} …")
    if not connected:
        if over:
            return TlsView(empty="This conversation was in clear.\n\nF9 connects again, Ctrl+O "
                           "elsewhere; the dialog asks for TLS.")  # fmt: skip
        return TlsView()
    clear = "This conversation is in clear: whoever is on the way can read and change it.\n\n"
    if keywords is None:
        return TlsView(
            empty=clear + "EHLO me asks whether the server offers STARTTLS. With it TLS begins, "
            "and what it agreed on and the certificates of the server are shown here."
        )
    if offered:
        return TlsView(
            empty=clear + "The server offers STARTTLS: type it, or :starttls to take it step by "
            "step. The certificates of the server are then shown here."
        )
    return TlsView(
        empty=clear + "The server does not list STARTTLS. Many have TLS from the first byte on "
        "another port: smtps://host is port 465."
    )


# Handshakes


def _started(
    event: TlsStarted, faults: tuple[Fault, ...], accepted: bool, own: str, at: float
) -> TlsView:
    chain = parse_chain(event.chain)
    # -1 is no verdict of OpenSSL's: it has the reason put first, as OpenSSL would have found it.
    verdict = 0 if event.verified else (-1 if event.problem else None)
    found = problems(chain, event.server_name, at, verify_code=verdict, reason=event.problem)
    if event.pinned and not accepted:  # it is known beforehand, and all is as it should be
        found = tuple(tuple(p for p in one if p.key != event.problem) for one in found)
    version = event.version.replace("v", " ") or "TLS"
    if event.verified:
        head, style = f"{version}, and the certificate is valid", "$text-success"
    elif accepted:
        head, style = f"{version}, certificate NOT verified: you accepted it", "$text-warning"
    elif event.pinned:
        head, style = f"{version}, with exactly the certificate that is expected", "$text-success"
    else:
        head, style = f"{version}, certificate not checked", "$text-warning"
    facts = (
        Detail("Protocol", version),
        Detail("Cipher", event.cipher),
        Detail("Session", "resumed: no certificate was shown again" if event.resumed else "new, "
               "not resumed"),
        Detail("ALPN", event.alpn or "none; mail needs none"),
        Detail("SNI", _sni(event.server_name)),
        Detail("Own", f"{own}, if the server asked" if own else "no client certificate"),
    )  # fmt: skip
    above = "trusted here; need not be sent" if event.verified else "not sent"
    tree = _tree(chain, found, at, above, event.verified)
    return TlsView(head, style, faults=faults, facts=facts, chain=tree)


def _failed(event: TlsFailed, faults: tuple[Fault, ...], own: str, at: float) -> TlsView:
    fact = REASONS.get(event.reason, REASONS["other"])
    chain = parse_chain(event.chain)
    code = event.verify_code or (0 if event.reason in _NO_CHAIN else None)
    found = problems(
        chain, event.server_name, at,
        verify_code=code, verify_message=event.said, reason=event.reason,
    )  # fmt: skip
    if event.reason == "pin-mismatch":
        found = problems(chain, event.server_name, at)
    advice = ""
    elsewhere = not any(problem.key == event.reason for one in found for problem in one)
    if elsewhere:
        fields = {"host": event.server_name or "The server", "server_name": event.server_name,
                  "said": event.said}  # fmt: skip
        try_next = fact.try_next if "{" not in fact.try_next else fact.try_next.format_map(fields)
        faults = (*faults, Fault(fact.title, f"{event.detail} {fact.means}", try_next))
    elif fact.certificate:
        advice = "Nothing was sent in TLS. :trust, or t here, goes on in spite of it."
    facts = (
        Detail("SNI", _sni(event.server_name)),
        Detail("Own", own or "no client certificate"),
        Detail("OpenSSL", event.said),
    )
    untrusted = event.reason in ("unknown-ca", "incomplete-chain") or code in NO_ISSUER
    above = "not sent, and not trusted here" if untrusted else "not sent"
    head = f"No TLS: {fact.title[0].lower()}{fact.title[1:]}"
    tree = _tree(chain, found, at, above, not untrusted)
    return TlsView(head, "$text-error", advice, fact.certificate, faults, facts, tree)


def _sni(name: str) -> str:
    if not name:
        return "no name was asked for"
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return name
    return f"none: {name} is an address"


def _injection(transcript: Transcript, first: int) -> Fault:
    """What came in clear where TLS should have begun, word by word."""
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
        quoted.append(f"and {row - first - LINES:,} lines more")
    rule = RULES["injected"]
    return Fault(
        f"Injected: {plural(size, '{} octet')} of clear text",
        f"{', '.join(quoted)}. {rule.why} It was kept out of the conversation. {rule.rfc}, and "
        "the NO STARTTLS paper of 2021.",
        "Do not trust this connection. A server that does so by itself is broken.",
    )


# Certificates


def _tree(
    chain: Sequence[Certificate],
    found: Sequence[Sequence[Problem]],
    at: float,
    above: str,
    trusted: bool,
) -> tuple[ChainEntry, ...]:
    """The chain as it was sent, and above it what would have to be there."""
    shown = [_shown(one, wrong, at) for one, wrong in zip(chain, found, strict=True)]
    if chain:
        last = chain[top(chain)]
        if not last.self_signed and not last.unreadable:
            style = "dim" if trusted else "$text-error"
            shown.append(ChainEntry(last.issuer_name, above, style, facts=_not_sent(last, trusted),
                               sent=False))  # fmt: skip
    return tuple(shown)


def _not_sent(below: Certificate, trusted: bool) -> tuple[Detail, ...]:
    said = (
        "Its certificate was not sent. That of an authority need not be: whoever trusts it has it."
        if trusted
        else "Its certificate was not sent, and none of that name is trusted here. Without it "
        f"nobody vouches for {below.name}."
    )
    where = (Detail("Is to be had", below.issuer_url),) if below.issuer_url else ()
    return (Detail("", said), Detail("Name", below.issuer), *where)


def _shown(one: Certificate, wrong: Sequence[Problem], at: float) -> ChainEntry:
    faults = tuple(Fault(problem.title, problem.text, problem.try_next) for problem in wrong)
    if one.unreadable:
        facts = (Detail("SHA-256", one.sha256), Detail("Size", plural(len(one.der), "{} octet")))
        return ChainEntry(one.name, "unreadable", "$text-error", faults, facts)
    left, style = left_words(one, at)
    good = one.not_before <= at <= one.not_after
    note = f"✗ {wrong[0].title}" if wrong else f"{left}{' left' if good else ''}"
    names = ", ".join(one.names[:LISTED_NAMES])
    if len(one.names) > LISTED_NAMES:
        names += f" and {len(one.names) - LISTED_NAMES:,} more"
    # A root is judged by whether it is trusted: what it is for, it does not say.
    facts = (
        Detail("Made for", names or ("an authority: it vouches for others" if one.is_ca else "no "
                                   "host at all")),
        Detail("Issued by", "itself" if one.self_signed else one.issuer_name),
        Detail("Valid", f"{_date(one.not_before)} to {_date(one.not_after)}"),
        Detail("Left", left, style),
        Detail("Key", _key(one)),
        Detail("Signed", one.signature),
        Detail("Subject", one.subject),
        Detail("Issuer", one.issuer),
        Detail("Serial", one.serial),
        Detail("SHA-256", one.sha256.replace(":", " ")),
    )  # fmt: skip
    return ChainEntry(one.name, note, "$text-error" if wrong else style, faults, facts)


def left_words(one: Certificate, at: float) -> tuple[str, str]:
    """(how long a certificate is good for at `at`, the style to say it in)."""
    days = one.days_left(at)
    if at > one.not_after:
        return f"expired {_count(-days - 1)} ago", "$text-error"
    if at < one.not_before:
        return f"valid only from {_date(one.not_before)} on", "$text-error"
    return _count(days), "$text-warning" if days < SOON else "dim"


def _count(days: int) -> str:
    return "less than a day" if days < 1 else plural(days, "{} day")


def _key(one: Certificate) -> str:
    # RSA has its size in the name already; of a curve people ask how many bits it is.
    bits = f", {one.key_bits} bits" if one.key_bits and str(one.key_bits) not in one.key else ""
    return f"{one.key}{bits}"


def _date(when: float) -> str:
    return f"{datetime.fromtimestamp(when, UTC):%Y-%m-%d}"


# Saving


def pem_of(chain: Sequence[bytes]) -> str:
    """The chain as text, each certificate with a comment that says which it is."""
    parts: list[str] = []
    for one in parse_chain(chain):
        about = visible(one.subject.encode("utf-8", "surrogateescape")) or one.name
        parts += [f"# {about}", f"# SHA-256 {one.sha256}", one.pem.rstrip("\n"), ""]
    return "\n".join(parts)
