"""Parses the certificates that a peer sent (X.509: RFC 5280).

`cryptography` does the work, and is imported for the first certificate. No input from a peer
raises: a certificate that cannot be parsed is marked as unreadable. All text in a certificate comes
from the wire: pass it through `visible_text` before it is shown. The faults of a certificate are
the subject of `diagnosis`.
"""

from __future__ import annotations

import contextlib
import hashlib
import ssl
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import msgspec

from ..facts.tls_failures import CURVES, SIGNATURES

if TYPE_CHECKING:
    from cryptography import x509

_T = TypeVar("_T")
DAY = 86400.0


class Certificate(msgspec.Struct, frozen=True):
    """A parsed certificate; times are in seconds since 1970, fingerprints in hex with colons.

    `subject` and `issuer` are complete names (RFC 4514), `name` and `issuer_name` their common
    short forms. `names` are the hosts and addresses that the certificate is valid for. `issuer_url`
    is where its issuer's certificate is available. `unreadable` says why it could not be parsed.
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
    self_signed: bool = False
    issuer_url: str = ""
    unreadable: str = ""

    @property
    def pem(self) -> str:
        """The certificate in PEM format (RFC 7468)."""
        return ssl.DER_cert_to_PEM_cert(self.der)

    def days_left(self, at: float) -> int:
        """Whole days from `at` (seconds since 1970) to its expiry; negative after it."""
        return int((self.not_after - at) // DAY)


def parse_chain(chain: Sequence[bytes]) -> tuple[Certificate, ...]:
    """The parsed certificates of `chain` (DER), in the same order. Never raises."""
    return tuple(parse(der) for der in chain)


def parse(der: bytes) -> Certificate:
    """The parsed certificate. Never raises; see `Certificate.unreadable`."""
    sha256 = _hex(hashlib.sha256(der).digest())
    sha1 = _hex(hashlib.sha1(der, usedforsecurity=False).digest())
    try:
        from cryptography import x509

        with warnings.catch_warnings():  # about unusual certificates
            warnings.simplefilter("ignore")
            return _parsed(x509.load_der_x509_certificate(der), der, sha256, sha1)
    except Exception as error:  # any input from a peer
        why = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
        return Certificate(der, sha256, sha1, name="an unreadable certificate", unreadable=why)


def _parsed(found: x509.Certificate, der: bytes, sha256: str, sha1: str) -> Certificate:
    subject = _or(lambda: found.subject.rfc4514_string(), "")
    issuer = _or(lambda: found.issuer.rfc4514_string(), "")
    key, bits = _or(lambda: _key(found), ("unknown", 0))
    name = _or(lambda: _short(found.subject), "")
    names = _or(lambda: _names(found), ())
    return Certificate(
        der=der,
        sha256=sha256,
        sha1=sha1,
        subject=subject,
        issuer=issuer,
        name=name or subject or (names[0] if names else "no name"),
        issuer_name=_or(lambda: _short(found.issuer), "") or issuer or "an issuer without a name",
        issuer_organisation=_or(lambda: _organisation(found.issuer), ""),
        names=names,
        not_before=found.not_valid_before_utc.timestamp(),
        not_after=found.not_valid_after_utc.timestamp(),
        key=key,
        key_bits=bits,
        signature=_or(lambda: _signature(found), "unknown"),
        serial=_or(lambda: f"{found.serial_number:x}", ""),
        is_ca=_or(lambda: _is_ca(found), False),
        self_signed=_or(lambda: _self_signed(found), False),
        issuer_url=_or(lambda: _issuer_url(found), ""),
    )


def _or(look: Callable[[], _T], otherwise: _T) -> _T:
    try:
        return look()
    except Exception:  # this part cannot be parsed, but the others may be
        return otherwise


def _hex(digest: bytes) -> str:
    return digest.hex(":").upper()


def _attribute(name: x509.Name, *wanted: str) -> str:
    """The last value of the first of these attributes that is present."""
    for oid in wanted:
        values = [str(a.value) for a in name if a.oid.dotted_string == oid and a.value]
        if values:
            return values[-1]
    return ""


def _short(name: x509.Name) -> str:
    return _attribute(name, "2.5.4.3", "2.5.4.11", "2.5.4.10")  # CN, OU, O


def _organisation(name: x509.Name) -> str:
    return _attribute(name, "2.5.4.10")


def _names(found: x509.Certificate) -> tuple[str, ...]:
    """The hosts and addresses; without a host among them, the CN counts as one, as in OpenSSL."""
    from cryptography import x509

    hosts: list[str] = []
    addresses: list[str] = []
    with contextlib.suppress(x509.ExtensionNotFound):
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        hosts = names.get_values_for_type(x509.DNSName)
        addresses = [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    if not hosts:
        common = _attribute(found.subject, "2.5.4.3")
        if common and " " not in common and common not in addresses:
            hosts = [common]
    return (*hosts, *addresses)


def _key(found: x509.Certificate) -> tuple[str, int]:
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

    match found.public_key():
        case rsa.RSAPublicKey() as key:
            return f"RSA {key.key_size}", key.key_size
        case ec.EllipticCurvePublicKey() as key:
            return f"ECDSA {CURVES.get(key.curve.name, key.curve.name)}", key.curve.key_size
        case dsa.DSAPublicKey() as key:
            return f"DSA {key.key_size}", key.key_size
        case key:
            kind = type(key).__name__.removesuffix("PublicKey")
            return kind, 0


def _signature(found: x509.Certificate) -> str:
    oid = found.signature_algorithm_oid.dotted_string
    return SIGNATURES.get(oid, oid)


def _is_ca(found: x509.Certificate) -> bool:
    from cryptography import x509

    return found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def _self_signed(found: x509.Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature

    if found.issuer != found.subject:
        return False
    try:
        found.verify_directly_issued_by(found)
    except InvalidSignature:  # issued by another authority with the same name
        return False
    except Exception:  # an unsupported signature algorithm: rely on the names
        pass
    return True


def _issuer_url(found: x509.Certificate) -> str:
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID

    wanted = AuthorityInformationAccessOID.CA_ISSUERS
    where = found.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    for access in where:
        place = access.access_location
        if access.access_method == wanted and isinstance(place, x509.UniformResourceIdentifier):
            return place.value
    return ""
