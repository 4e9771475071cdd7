"""Diagnoses the faults of each certificate in a chain.

OpenSSL decides whether a chain is accepted, and stops at the first fault. This module explains that
verdict, and adds the other faults. Names are compared as in RFC 6125; the order of a chain is that
of RFC 5246 section 7.4.2. No input from a peer raises an exception. The texts come from
`facts/tls_failures.py`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from ..facts.tls_failures import FEWEST_BITS, NO_ISSUER, REASONS, VERIFY_CODES, WEAK_SIGNATURES
from ..plural import plural
from .certificates import DAY, Certificate

# The first octets of a TLS record (RFC 8446 section 5.1), even if incomplete.
_TLS_RECORD = rb"[\x14-\x17](?:\x03|\Z)"
_SMTP_GREETING = rb"[245]\d\d[ \r\n-]"  # RFC 5321 section 4.2
MOST_NAMES = 5  # names of a certificate that a sentence lists


class CertificateProblem(NamedTuple):
    """A fault of a certificate; `key` is a key of `facts.tls_failures.REASONS`."""

    key: str
    title: str
    text: str
    try_next: str
    said: str = ""
    """OpenSSL's description of the fault, or why a certificate could not be parsed."""


def problems(
    chain: Sequence[Certificate],
    host: str,
    at: float,
    *,
    verify_code: int | None = None,
    verify_message: str = "",
    reason: str = "",
    shown: Callable[[str], str] | None = None,
) -> tuple[tuple[CertificateProblem, ...], ...]:
    """Return the faults of each certificate in `chain` at the time `at` (seconds since 1970).

    `host` is the requested name, or "" if no name is checked. `verify_code` is OpenSSL's verdict: 0
    if OpenSSL accepted the chain, None if it did not verify the chain. `verify_message` is
    OpenSSL's description of the fault that it found, and `reason` is the key of a TlsFailed, if
    there is one. The fault that OpenSSL reported comes first. `shown` masks each name that a
    sentence quotes.
    """
    if not chain:
        return ()
    found = [[*_of_one(certificate, at)] for certificate in chain]
    for place, key in _out_of_place(chain):
        found[place].append(_problem(key, chain[place], host, at))
    leaf = chain[0]
    if host and verify_code != 0 and not leaf.unreadable and not is_for(leaf, host):
        found[0].append(_problem("name-mismatch", leaf, host, at))
    if verify_code is None and leaf.self_signed:
        found[0].append(_problem("self-signed", leaf, host, at))
    if verify_code:
        _put_first(found, chain, host, at, verify_code, verify_message, reason)
    if shown is None:
        return tuple(tuple(one) for one in found)
    return tuple(
        tuple(_problem(each.key, one, host, at, each.said, shown) for each in faults)
        for one, faults in zip(chain, found, strict=True)
    )


def sentence(key: str, certificate: Certificate | None, host: str, at: float, said: str) -> str:
    """Return the sentence that describes the fault `key` of this certificate.

    `said` is OpenSSL's description of the fault.
    """
    return REASONS[key].says.format_map(_fields(certificate, host, at, said))


def untrusted(chain: Sequence[Certificate], organisations: Collection[str] = ()) -> str:
    """Return why the issuer was not found: "incomplete-chain" or "unknown-ca".

    This is a heuristic. If the server sent a single certificate that contains the URL of its
    issuer's certificate (as those of public CAs do) or was issued by one of the trusted
    `organisations`, an intermediate certificate was probably omitted.
    """
    if len(chain) != 1 or chain[0].self_signed or chain[0].unreadable:
        return "unknown-ca"
    leaf = chain[0]
    if leaf.issuer_url or leaf.issuer_organisation in organisations:
        return "incomplete-chain"
    return "unknown-ca"


def not_tls(received: bytes) -> str:
    """Return what a server's first octets in a handshake are, if they do not belong to TLS.

    The result is a key of `facts.tls_failures.REASONS`: "plain-smtp", "not-mail" or "not-tls". It
    is "" if the octets do belong to TLS, or if there are none.
    """
    if not received or re.match(_TLS_RECORD, received):
        return ""
    from ..facts.other_protocols import NOT_SMTP, recognise

    protocol = recognise(received)
    if protocol is None:
        return "plain-smtp" if re.match(_SMTP_GREETING, received) else "not-tls"
    return "not-mail" if protocol is not NOT_SMTP else "not-tls"


def is_for(certificate: Certificate, host: str) -> bool:
    """Return whether the certificate is valid for `host`, a name or an address.

    Names are compared as in RFC 6125 section 6.4.
    """
    import ipaddress

    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        wanted = _ascii(host)
        return any(_covers(_ascii(name), wanted) for name in certificate.names)
    return str(address) in certificate.names


def _ascii(name: str) -> str:
    name = name.rstrip(".").lower()
    if not name.isascii():
        with contextlib.suppress(UnicodeError):
            return name.encode("idna").decode("ascii")
    return name


def _covers(name: str, wanted: str) -> bool:
    if name.startswith("*."):
        first, dot, rest = wanted.partition(".")
        return bool(first and dot) and rest == name[2:]
    return name == wanted


def _of_one(certificate: Certificate, at: float) -> Iterator[CertificateProblem]:
    """Yield the faults of a certificate that do not depend on the chain."""
    if certificate.unreadable:
        yield _problem("unreadable", certificate, "", at, certificate.unreadable)
        return
    if at > certificate.not_after:
        yield _problem("expired", certificate, "", at)
    if at < certificate.not_before:
        yield _problem("not-yet-valid", certificate, "", at)
    if 0 < certificate.key_bits < FEWEST_BITS.get(certificate.key.partition(" ")[0], 0):
        yield _problem("weak-key", certificate, "", at)
    # The signature of a root certificate proves nothing, whatever its algorithm.
    if certificate.signature.startswith(WEAK_SIGNATURES) and not certificate.self_signed:
        yield _problem("weak-signature", certificate, "", at)


def _out_of_place(chain: Sequence[Certificate]) -> Iterator[tuple[int, str]]:
    """Yield the index and fault of each certificate that did not issue the one before it."""
    for place in range(1, len(chain)):
        here = chain[place]
        if here.unreadable or chain[place - 1].issuer == here.subject:
            continue
        others = (c for number, c in enumerate(chain) if number != place)
        vouches = any(other.issuer == here.subject for other in others)
        yield place, "wrong-order" if vouches else "not-in-chain"


def _put_first(
    found: list[list[CertificateProblem]],
    chain: Sequence[Certificate],
    host: str,
    at: float,
    code: int,
    said: str,
    reason: str,
) -> None:
    """Move the fault that OpenSSL reported to the front of the list of its certificate.

    If that fault has not been found, add it there. `code` and `said` are OpenSSL's verdict and its
    description.
    """
    key = reason
    if key not in REASONS or not REASONS[key].certificate:
        key = untrusted(chain) if code in NO_ISSUER else VERIFY_CODES.get(code, "bad-certificate")
    for one in found:
        for problem in one:
            if problem.key == key:
                one.remove(problem)
                one.insert(0, problem)
                return
    place = top(chain) if key in ("unknown-ca", "incomplete-chain") or code == 67 else 0
    if key in ("expired", "not-yet-valid") or (key.startswith("weak") and code != 66):
        # Not a fault of a certificate that was sent, but of a trusted one.
        key, place = "bad-certificate", top(chain)
    found[place].insert(0, _problem(key, chain[place], host, at, said or f"error {code}"))


def top(chain: Sequence[Certificate]) -> int:
    """Return the index of the last certificate on the path that starts at the first one.

    The path leads from each certificate to its issuer, as far as the chain contains it.
    """
    place, seen = 0, {0}
    while not chain[place].self_signed:
        above = [
            number
            for number, other in enumerate(chain)
            if number not in seen and other.subject and other.subject == chain[place].issuer
        ]
        if not above:
            break
        place = above[0]
        seen.add(place)
    return place


def _problem(
    key: str,
    certificate: Certificate,
    host: str,
    at: float,
    said: str = "",
    shown: Callable[[str], str] = str,
) -> CertificateProblem:
    fact = REASONS[key]
    fields = _fields(certificate, host, at, said, shown)
    text = f"{fact.says} {fact.means}".format_map(fields)
    try_next = fact.try_next.format_map(fields)
    if key == "incomplete-chain" and certificate.issuer_url:
        try_next += f" The missing certificate is available from {shown(certificate.issuer_url)}."
    return CertificateProblem(key, fact.title, text, try_next, said)


def _fields(
    certificate: Certificate | None,
    host: str,
    at: float,
    said: str,
    shown: Callable[[str], str] = str,
) -> dict[str, str]:
    """Return the values for the placeholders in the texts of `facts.tls_failures`."""
    host = shown(host)
    fields = {
        "host": host or "the server",
        "server_name": host,
        "said": shown(said) or "no further details",
        "name": host or "the server",
        "issuer": "its issuer",
        "names": "others",
        "until": "",
        "since": "",
        "ago": "",
        "ahead": "",
        "key": "",
        "signature": "",
    }
    if certificate is not None:
        fields |= {
            "name": shown(certificate.name),
            "issuer": shown(certificate.issuer_name),
            "names": shown(_listed(certificate.names)),
            "until": _date(certificate.not_after),
            "since": _date(certificate.not_before),
            "ago": f"{_days(at - certificate.not_after)} ago",
            "ahead": f"in {_days(certificate.not_before - at)}",
            "key": certificate.key,
            "signature": certificate.signature,
        }
    return fields


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "no host"
    listed = ", ".join(names[:MOST_NAMES])
    return f"{listed} and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else listed


def _date(when: float) -> str:
    return f"{datetime.fromtimestamp(when, UTC):%Y-%m-%d}"


def _days(seconds: float) -> str:
    days = int(seconds // DAY)
    return "less than a day" if days < 1 else plural(days, "{} day")
