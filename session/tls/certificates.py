"""Parses the certificates that a peer sent (X.509: RFC 5280).

`certificate_reader` reads them with `cryptography`, which takes a long time to import and is
therefore imported only when it is needed. No input from a peer raises an exception: a certificate
that cannot be parsed is marked as unreadable. All text in a certificate comes from the wire, and
must pass through `visible_text` before it is shown. `diagnosis` finds the faults of a certificate.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Sequence

import msgspec

from ..facts.tls_failures import SIGNATURES
from .certificate_fields import COMMON_NAME, ORGANISATION, UNIT, CertificateFields, Name

DAY = 86400.0


class Certificate(msgspec.Struct, frozen=True):
    """A parsed certificate. Times are in seconds since 1970; fingerprints are in hex with colons.

    `subject` and `issuer` are complete names (RFC 4514), `name` and `issuer_name` their usual short
    forms. `names` holds the hosts and addresses for which the certificate is valid. `issuer_url` is
    the URL of the issuer's certificate. `unreadable` explains why the certificate could not be
    parsed.
    """

    der: bytes
    sha256: str
    sha1: str
    subject: str = ""
    issuer: str = ""
    name: str = ""
    issuer_name: str = ""
    issuer_organisation: str = ""
    names: tuple[str, ...] = ()
    not_before: float = 0.0
    not_after: float = 0.0
    key: str = ""
    key_bits: int = 0
    signature: str = ""
    serial: str = ""
    is_ca: bool = False
    issuer_url: str = ""
    unreadable: str = ""

    @property
    def self_signed(self) -> bool:
        """Whether the certificate is signed with its own key. Each access verifies the signature.

        If the signature algorithm is not supported, this is true if subject and issuer are the
        same.
        """
        if self.unreadable or self.subject != self.issuer:
            return False
        from .certificate_reader import signed_by_itself

        try:
            return signed_by_itself(self.der)
        except Exception:  # any input from a peer
            return False

    @property
    def pem(self) -> str:
        """The certificate in PEM format (RFC 7468)."""
        return ssl.DER_cert_to_PEM_cert(self.der)

    def days_left(self, at: float) -> int:
        """Return the number of whole days from `at` (seconds since 1970) to the expiry date.

        The number is negative if `at` is after that date.
        """
        return int((self.not_after - at) // DAY)


def parse_chain(chain: Sequence[bytes]) -> tuple[Certificate, ...]:
    """Return the parsed certificates of `chain` (DER), in the same order. Never raises an
    exception.
    """
    return tuple(parse(der) for der in chain)


def parse(der: bytes) -> Certificate:
    """Return the parsed certificate. Never raises an exception; see `Certificate.unreadable`."""
    sha256 = _hex(hashlib.sha256(der).digest())
    sha1 = _hex(hashlib.sha1(der, usedforsecurity=False).digest())
    try:
        from .certificate_reader import read

        return _parsed(read(der), der, sha256, sha1)
    except Exception as error:  # any input from a peer
        why = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
        return Certificate(der, sha256, sha1, name="an unreadable certificate", unreadable=why)


def _parsed(found: CertificateFields, der: bytes, sha256: str, sha1: str) -> Certificate:
    subject, issuer = found.subject, found.issuer
    names = _names(found)
    return Certificate(
        der=der,
        sha256=sha256,
        sha1=sha1,
        subject=subject.text,
        issuer=issuer.text,
        name=_short(subject) or subject.text or (names[0] if names else "no name"),
        issuer_name=_short(issuer) or issuer.text or "an issuer without a name",
        issuer_organisation=issuer.first_of(ORGANISATION),
        names=names,
        not_before=found.not_before,
        not_after=found.not_after,
        key=found.key,
        key_bits=found.key_bits,
        signature=SIGNATURES.get(found.signature, found.signature) or "unknown",
        serial=found.serial,
        is_ca=found.is_ca,
        issuer_url=found.issuer_url,
    )


def _hex(digest: bytes) -> str:
    return digest.hex(":").upper()


def _short(name: Name) -> str:
    return name.first_of(COMMON_NAME, UNIT, ORGANISATION)


def _names(found: CertificateFields) -> tuple[str, ...]:
    """Return the hosts and addresses for which the certificate is valid.

    If the subjectAltName contains no host, the common name counts as one, as in OpenSSL.
    """
    if found.hosts is None:
        return ()
    hosts = found.hosts
    if not hosts:
        common = found.subject.first_of(COMMON_NAME)
        if common and " " not in common and common not in found.addresses:
            hosts = (common,)
    return (*hosts, *found.addresses)
