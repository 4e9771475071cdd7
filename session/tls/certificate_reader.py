"""Reads certificates with `cryptography`, and returns every part that can be parsed."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID

from ..facts.tls_failures import CURVES
from .certificate_fields import CertificateFields, Name

_T = TypeVar("_T")
_NO_NAMES: tuple[tuple[str, ...] | None, tuple[str, ...]] = (None, ())


def read(der: bytes) -> CertificateFields:
    """Return the fields of a certificate (DER).

    Raises any kind of Exception for data that is not a certificate.
    """
    with warnings.catch_warnings():  # about unusual certificates
        warnings.simplefilter("ignore")
        return _fields(x509.load_der_x509_certificate(der))


def _fields(found: x509.Certificate) -> CertificateFields:
    key, bits = _or(lambda: _key(found), ("unknown", 0))
    hosts, addresses = _or(lambda: _alternative_names(found), _NO_NAMES)
    return CertificateFields(
        subject=_or(lambda: _name(found.subject), Name()),
        issuer=_or(lambda: _name(found.issuer), Name()),
        hosts=hosts,
        addresses=addresses,
        not_before=found.not_valid_before_utc.timestamp(),
        not_after=found.not_valid_after_utc.timestamp(),
        key=key,
        key_bits=bits,
        signature=_or(lambda: found.signature_algorithm_oid.dotted_string, ""),
        serial=_or(lambda: f"{found.serial_number:x}", ""),
        is_ca=_or(lambda: _is_ca(found), False),
        issuer_url=_or(lambda: _issuer_url(found), ""),
    )


def signed_by_itself(der: bytes) -> bool:
    """Return whether the subject is the issuer, and the certificate is signed with its own key.

    If the signature algorithm is not supported, the certificate is assumed to be signed with its
    own key. Raises any kind of Exception for invalid data.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _signed_by_itself(x509.load_der_x509_certificate(der))


def _signed_by_itself(found: x509.Certificate) -> bool:
    if found.issuer != found.subject:
        return False
    try:
        found.verify_directly_issued_by(found)
    except InvalidSignature:  # issued by another authority with the same name
        return False
    except Exception:  # an unsupported signature algorithm: rely on the names
        pass
    return True


def _or(look: Callable[[], _T], otherwise: _T) -> _T:
    try:
        return look()
    except Exception:  # this part cannot be parsed, but the others may be
        return otherwise


def _name(name: x509.Name) -> Name:
    attributes = tuple((each.oid.dotted_string, str(each.value)) for each in name if each.value)
    return Name(name.rfc4514_string(), attributes)


def _alternative_names(found: x509.Certificate) -> tuple[tuple[str, ...], tuple[str, ...]]:
    with contextlib.suppress(x509.ExtensionNotFound):
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        addresses = names.get_values_for_type(x509.IPAddress)
        return tuple(names.get_values_for_type(x509.DNSName)), tuple(map(str, addresses))
    return (), ()


def _key(found: x509.Certificate) -> tuple[str, int]:
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


def _is_ca(found: x509.Certificate) -> bool:
    return found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def _issuer_url(found: x509.Certificate) -> str:
    wanted = AuthorityInformationAccessOID.CA_ISSUERS
    where = found.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    for access in where:
        place = access.access_location
        if access.access_method == wanted and isinstance(place, x509.UniformResourceIdentifier):
            return place.value
    return ""
