"""Diagnoses a failed TLS handshake, and tells a client's mistake from a justified refusal.

A scenario may have a certificate that is faulty on purpose. A client that refuses it follows the
standard, and the diagnosis confirms this.
"""

from __future__ import annotations

from typing import NamedTuple

from .certificate import GOOD
from .diagnosis import WORDS, Words
from .mailboxes import DOMAIN


class FailedHandshake(NamedTuple):
    """A rule of `diagnosis.py`, what was seen, and the texts that explain it."""

    rule: str
    seen: str
    words: Words


class _Fault(NamedTuple):
    """The fault of a certificate, and the RFC sections that require a client to refuse it."""

    why: str
    rfc: str
    signed: bool
    """Whether the path to the root is complete.

    If so, only clients that trust the CA see the fault; others report an unknown issuer instead.
    """


FAULTS: dict[str, _Fault] = {
    "expired": _Fault("has expired", "RFC 5280 4.1.2.5, 6.1.3", True),
    "other-name": _Fault(f"is for a host other than {DOMAIN}", "RFC 9525 6, RFC 7817 3", True),
    "self-signed": _Fault("is self-signed, and not in the CA file", "RFC 5280 6.1", False),
    "no-intermediate": _Fault(
        "is sent without the intermediate certificate, so no path leads to the root in the CA file",
        "RFC 8446 4.4.2, RFC 5280 6.1",
        False,
    ),
}
"""The fault of each kind of certificate in CERTIFICATES, except the good one."""

HIDDEN = ""
"""The kind of certificate to pass if the certificate's fault is a puzzle for the user to solve."""
_PUZZLE = Words(
    "The client refuses the certificates that the server sends. This scenario is a puzzle, so "
    "heloscope does not say whether the client is right.",
    "RFC 5280 6.1, RFC 7817 3",
    "Read the reason that the client gives, and check the certificates that the server sends.",
)
_CA = (
    " If it names an unknown issuer instead, have it trust the practice server's CA file, for this "
    "server only."
)
_GOOD = " To connect without this fault, use a scenario such as friendly."
_NOT_TLS = ("WRONG_VERSION", "HTTP", "UNKNOWN_PROTOCOL")
_OF_CERTIFICATES = ("CERT", "UNKNOWN_CA")


def failed_handshake(reason: str, certificate: str = GOOD) -> FailedHandshake:
    """Return the diagnosis of a failed handshake.

    `reason` is OpenSSL's name for the failure, or a description of it. `certificate` is the kind of
    certificate that the server sent, one of CERTIFICATES, or HIDDEN.
    """
    words = reason.replace("_", " ").lower()
    if any(part in reason for part in _NOT_TLS):
        rule = "clear-on-tls-port"
        seen = "the client sent something other than a TLS handshake"
        return FailedHandshake(rule, seen, WORDS[rule])
    if "ALERT" in reason and any(part in reason for part in _OF_CERTIFICATES):
        rule = "certificate-refused"
        seen = f"the client ended the TLS handshake ({words})"
    else:
        rule = "handshake-failed"
        seen = f"the TLS handshake failed ({words})"
    if certificate == HIDDEN:
        return FailedHandshake(rule, seen, _PUZZLE)
    fault = FAULTS.get(certificate)
    if fault is None:
        return FailedHandshake(rule, seen, WORDS[rule])
    why = (
        f"In this scenario, the certificate {fault.why}. This is intended: a client is right to "
        "refuse it."
    )
    rfc = fault.rfc
    advice = "If the client gives this as its reason, change nothing in the client."
    if rule == "handshake-failed":
        why = f"{WORDS[rule].why} {why}"
        rfc = f"{WORDS[rule].rfc}, {rfc}"
        advice = (
            "Read the client's error message. If the client refuses the certificate, change "
            "nothing in the client."
        )
    advice += (_CA if fault.signed else "") + _GOOD
    return FailedHandshake(rule, seen, Words(why, rfc, advice))
