"""Creates the certificates of the practice server: its own, and deliberately faulty ones.

`cryptography` is imported when the first certificate is created. Keys exist for this run only.
"""

from __future__ import annotations

import hashlib
import ipaddress
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import private_file
from .mailboxes import DOMAIN, ELSEWHERE

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate, GeneralName

DAYS = 30
SHORT, LONG = timedelta(hours=1), timedelta(days=DAYS)


class Issued(NamedTuple):
    """A certificate and its private key."""

    certificate: Certificate
    key: EllipticCurvePrivateKey

    @property
    def fingerprint(self) -> str:
        """The SHA-256 fingerprint of the certificate, in hexadecimal digits."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return hashlib.sha256(self.certificate.public_bytes(Encoding.DER)).hexdigest()

    @property
    def pem(self) -> bytes:
        """The certificate in PEM format."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return self.certificate.public_bytes(Encoding.PEM)


def self_signed(name: str = DOMAIN) -> Issued:
    """Create a self-signed certificate for this server."""
    return issue(name, None)


def issue(
    name: str,
    issuer: Issued | None,
    *,
    authority: bool = False,
    names: tuple[str, ...] | None = None,
    until: timedelta = timedelta(days=DAYS, hours=1),
) -> Issued:
    """Create a certificate for `name`, signed by `issuer`, or by its own key if `issuer` is None.

    The certificate expires after `until`, which is negative for an expired certificate.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signer = issuer.key if issuer is not None else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer is not None else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(
            now + min(until, timedelta(0)) - (SHORT if until > timedelta(0) else LONG)
        )
        .not_valid_after(now + until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if authority:
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
            key_encipherment=False, data_encipherment=False, key_agreement=False,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip
        builder = builder.add_extension(usage, critical=True)
    else:
        hosts = (DOMAIN, "localhost", "127.0.0.1") if names is None else names
        alternatives = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(alternatives, critical=False)
        builder = builder.add_extension(purpose, critical=False)
    if issuer is not None or authority:
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        builder = builder.add_extension(own, critical=False)
    if issuer is not None:
        theirs = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        builder = builder.add_extension(theirs, critical=False)
    return Issued(builder.sign(signer, hashes.SHA256()), key)


def _general_name(host: str) -> GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def context_with(own: Issued, chain: tuple[Issued, ...] = ()) -> ssl.SSLContext:
    """Return a server's TLS context that sends this certificate, followed by those of `chain`."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = own.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:  # mode 0700; ssl loads a key only from a file
        file = Path(folder, "practice.pem")
        pems = (own.pem, *(issued.pem for issued in chain))
        private_file.create_with(file, b"".join((*pems, key)))
        context.load_cert_chain(file)
    return context


class Authority:
    """A root certificate, and an intermediate certificate that signs the server's."""

    def __init__(self) -> None:
        self.root = issue("heloscope practice root", None, authority=True)
        self._intermediate = issue("heloscope practice intermediate", self.root, authority=True)

    def context_of(self, kind: str) -> ssl.SSLContext:
        """Create a TLS context with this kind of certificate, one of CERTIFICATES."""
        if kind == "self-signed":
            return context_with(self_signed())
        if kind == "expired":
            own = issue(DOMAIN, self._intermediate, until=timedelta(days=-3))
        elif kind == "other-name":
            own = issue(ELSEWHERE, self._intermediate, names=(ELSEWHERE,))
        else:
            own = issue(DOMAIN, self._intermediate)
        chain = () if kind == "no-intermediate" else (self._intermediate,)
        return context_with(own, chain)
