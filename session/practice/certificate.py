"""The practice server's certificate, generated when TLS is first used, and valid for this run only.

It is self-signed, so that only heloscope, which knows its fingerprint, trusts it. `cryptography` is
imported when the certificate is generated.
"""

from __future__ import annotations

import hashlib
import ipaddress
import ssl
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .. import private_file
from ..tls.settings import TlsSettings
from .mailboxes import DOMAIN

DAYS = 30


class ServerCertificate:
    """A certificate and its key, generated once, at the first use; safe to use from any thread."""

    def __init__(self) -> None:
        self._made: tuple[ssl.SSLContext, str] | None = None
        self._lock = threading.Lock()

    @property
    def context(self) -> ssl.SSLContext:
        """The server's TLS context."""
        return self._get()[0]

    def trusted(self) -> TlsSettings:
        """TLS settings for a client that accepts only this certificate."""
        return TlsSettings(pinned=self._get()[1], pinned_problem="self-signed")

    def _get(self) -> tuple[ssl.SSLContext, str]:
        with self._lock:
            if self._made is None:
                self._made = _make()
            return self._made


def _make() -> tuple[ssl.SSLContext, str]:
    """(context, SHA-256 of the certificate)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DOMAIN)])
    now = datetime.now(UTC)
    names = [
        x509.DNSName(DOMAIN),
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=DAYS, hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    text = serialization.Encoding.PEM
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:  # mode 0700; ssl loads a key only from a file
        file = Path(folder, "practice.pem")
        private_file.create_with(
            file,
            certificate.public_bytes(text)
            + key.private_bytes(
                text, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        )
        context.load_cert_chain(file)
    der = certificate.public_bytes(serialization.Encoding.DER)
    return context, hashlib.sha256(der).hexdigest()
