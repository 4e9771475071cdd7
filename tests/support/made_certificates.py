"""Certificates for tests: good ones made by trustme, and others that no CA would issue.

They are made once per process, with elliptic-curve keys, because RSA keys take longer to generate.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

HOST = "mail.example.org"
ISSUER_URL = "http://ca.example.org/issuing.crt"
NOW = datetime.now(UTC)
YESTERDAY = NOW - timedelta(days=1)
LAST_YEAR = NOW - timedelta(days=365)
TOMORROW = NOW + timedelta(days=1)
NEXT_YEAR = NOW + timedelta(days=365)


class Made:
    """A certificate, its key, and what a server sends after the certificate, all in PEM format."""

    def __init__(self, key: bytes, certificates: Sequence[bytes]) -> None:
        self.key = key
        self.certificates = list(certificates)

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates that a server sends if this is its own, in DER format."""
        return tuple(ssl.PEM_cert_to_DER_cert(pem.decode()) for pem in self.certificates)


@cache
def authority() -> trustme.CA:
    """Return the CA that tests trust."""
    return trustme.CA(organization_name="Example Trust")


@cache
def stranger() -> trustme.CA:
    """Return a CA that nobody trusts."""
    return trustme.CA(organization_name="Stranger")


@cache
def intermediate() -> trustme.CA:
    """Return an intermediate CA, issued by `authority`."""
    return trustme.CA(authority(), organization_name="Example Trust")


def by(ca: trustme.CA, name: str = HOST, **more: Any) -> Made:
    """Create a good certificate for `name`, issued by `ca`."""
    leaf = ca.issue_cert(name, common_name=name, **more)
    return Made(leaf.private_key_pem.bytes(), [pem.bytes() for pem in leaf.cert_chain_pems])


def issue(
    name: str = HOST,
    ca: trustme.CA | None = None,
    *,
    names: Sequence[str] | None = None,
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None = None,
    url: str = "",
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
    until: datetime = NEXT_YEAR,
) -> Made:
    """Create a certificate of any kind, self-signed if `ca` is None."""
    key = key or curve_key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer: Any = key
    issuer = subject
    if ca is not None:
        signer = serialization.load_pem_private_key(ca.private_key_pem.bytes(), None)
        issuer = x509.load_pem_x509_certificate(ca.cert_pem.bytes()).subject
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(LAST_YEAR)
        .not_valid_after(until)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    )
    names = (name,) if names is None else names
    if names:
        found = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
        builder = builder.add_extension(found, critical=False)
    if url:
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(url)
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    made = builder.sign(signer, hashes.SHA256())
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Made(private, [made.public_bytes(pem)])


@cache
def curve_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def weak_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 1024)


@cache
def good() -> Made:
    return by(authority())


@cache
def good_by_intermediate() -> Made:
    return by(intermediate())


@cache
def expired() -> Made:
    return by(authority(), not_before=LAST_YEAR, not_after=NOW - timedelta(days=12))


@cache
def not_yet_valid() -> Made:
    return by(authority(), not_before=NOW + timedelta(days=12, hours=1), not_after=NEXT_YEAR)


@cache
def wrong_name() -> Made:
    return by(authority(), "mx1.example.net")


@cache
def self_signed() -> Made:
    return issue()


@cache
def unknown_ca() -> Made:
    return by(stranger())


@cache
def unknown_ca_with_root() -> Made:
    made = by(stranger())
    return Made(made.key, [*made.certificates, stranger().cert_pem.bytes()])


@cache
def incomplete() -> Made:
    """Create a chain without its intermediate, whose organisation is that of a trusted CA."""
    made = good_by_intermediate()
    return Made(made.key, made.certificates[:1])


@cache
def incomplete_public() -> Made:
    """Create a chain without its intermediate, whose URL is in the server's certificate."""
    return issue(ca=stranger(), url=ISSUER_URL)


@cache
def weak() -> Made:
    return issue(ca=authority(), key=weak_key())


@cache
def for_a_client() -> Made:
    return issue(ca=authority(), purpose=ExtendedKeyUsageOID.CLIENT_AUTH)


def in_files(folder: Path, own: Made) -> dict[str, Any]:
    """Write the certificate and its key to `folder`, and return them as TLS settings."""
    certificate, key = folder / "own.pem", folder / "key.pem"
    certificate.write_bytes(b"".join(own.certificates))
    key.write_bytes(own.key)
    return {"certfile": str(certificate), "keyfile": str(key)}
