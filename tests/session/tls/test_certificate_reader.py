"""The fields of a certificate, even if it is unusual or damaged."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

import pytest
from cryptography import x509
from heloscope.session.tls.certificate_fields import CertificateFields, Name
from heloscope.session.tls.certificate_reader import read
from heloscope.session.tls.certificates import parse
from support import made_certificates as made
from support.made_certificates import HOST

# A certificate as a public authority issues it, for made-up names: two hosts and an address of
# either family, RSA, signed with the key of a CA on P-384.
PUBLIC = """\
-----BEGIN CERTIFICATE-----
MIIDgjCCAwmgAwIBAgIEAP8AqjAKBggqhkjOPQQDAzAyMRYwFAYDVQQKDA1FeGFt
cGxlIFRydXN0MRgwFgYDVQQDDA9FeGFtcGxlIFLDtnQgQ0EwIBcNMjYwMTAyMDMw
NDA1WhgPMjA1MTEyMzEyMzU5NTlaMD4xCzAJBgNVBAYTAkRFMRYwFAYDVQQKDA1F
eGFtcGxlLCBJbmMuMRcwFQYDVQQDDA5teC5leGFtcGxlLm9yZzCCASIwDQYJKoZI
hvcNAQEBBQADggEPADCCAQoCggEBAMtCBxfrap8eF0C7bfa9RG5J0ZFmkK8ZhiGD
8BjyAVFLEYlWh2ndBsvkolsXxLjOZ2wz6Zqr4WDZEum1fO7/sFauMypQEsaiweMN
BlOKD1a5yHF1XIMmF0Fs1YKcdSGtIcz4xYK0NrLjK0TDOzw5NDhzLHFZVSWtlLy6
6wyk5Wov4Xs5zyWA9O9HTQHwqgjAmMH+TfooXQWQOqC1PZ2t4BaBhfj6yghY0TvO
FIrDIwBwNnzmAbG8VINFLezttMflYKoKCaR1xrgjnhMwY7IXtfGs9ikV8vpmxS4d
aZ9wDXTeOc9nahiBoJDluvrSacdI6jDluxVK4MD/atIPihr3Dv8CAwEAAaOCATIw
ggEuMA4GA1UdDwEB/wQEAwIFoDATBgNVHSUEDDAKBggrBgEFBQcDATAMBgNVHRMB
Af8EAjAAMB0GA1UdDgQWBBSoPYBKalKMAyNC+PcqWcSys6WNUTAfBgNVHSMEGDAW
gBToVwIYq6XeAcc0mxtueg93j+2TazBiBggrBgEFBQcBAQRWMFQwIwYIKwYBBQUH
MAGGF2h0dHA6Ly9vY3NwLmV4YW1wbGUub3JnMC0GCCsGAQUFBzAChiFodHRwOi8v
Y2EuZXhhbXBsZS5vcmcvaXNzdWluZy5jcnQwQAYDVR0RBDkwN4IObXguZXhhbXBs
ZS5vcmeCDSouZXhhbXBsZS5uZXSHBMAAAgGHECABDbgAAAAAAAAAAAAAAAEwEwYD
VR0gBAwwCjAIBgZngQwBAgEwCgYIKoZIzj0EAwMDZwAwZAIwDmBjx91BJKWRStx3
TwvX2OjOuN3sZ2sgAZO+W+9Dnsa3yWkqI0FQ+De/3Q2w9JOkAjAYGsG25Q6GKG3i
+v5Z3BCTiCmw4ymlRXzFpGU6LomSn+yK+81/g9Vv+d95amsmmng=
-----END CERTIFICATE-----
"""
MAIL = "1.2.840.113549.1.9.1=ca@example.org"  # RFC 4514 has no keyword for it


def der_of(pem: bytes | str) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem if isinstance(pem, str) else pem.decode())


def test_every_field_is_read():
    assert read(der_of(PUBLIC)) == CertificateFields(
        subject=Name(
            "CN=mx.example.org,O=Example\\, Inc.,C=DE",
            (("2.5.4.6", "DE"), ("2.5.4.10", "Example, Inc."), ("2.5.4.3", "mx.example.org")),
        ),
        issuer=Name(
            "CN=Example Röt CA,O=Example Trust",
            (("2.5.4.10", "Example Trust"), ("2.5.4.3", "Example Röt CA")),
        ),
        hosts=("mx.example.org", "*.example.net"),
        addresses=("192.0.2.1", "2001:db8::1"),
        not_before=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp(),
        not_after=datetime(2051, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp(),
        key="RSA 2048",
        key_bits=2048,
        signature="1.2.840.10045.4.3.3",
        serial="ff00aa",
        is_ca=False,
        issuer_url="http://ca.example.org/issuing.crt",
    )


def unusual(case: str) -> bytes:
    """Return a certificate that is valid, but has an unusual form."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import Encoding

    common = x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)
    mail = x509.NameAttribute(x509.NameOID.EMAIL_ADDRESS, "ca@example.org")
    subject = x509.Name([common])
    key, signer, digest = made.curve_key().public_key(), made.curve_key(), hashes.SHA256()
    names: list[x509.GeneralName] = [x509.DNSName(HOST)]
    match case:
        case "an attribute without a keyword":
            subject = x509.Name([common, mail])
        case "two attributes at once":
            subject = x509.Name([x509.RelativeDistinguishedName([common, mail])])
        case "a space at the end":
            subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{HOST} ")])
        case "an unusual curve":
            key = ec.generate_private_key(ec.SECP521R1()).public_key()
        case "an Edwards curve":
            key = ed25519.Ed25519PrivateKey.generate().public_key()
        case _:
            names.append(x509.RFC822Name("ca@example.org"))
    return (
        x509.CertificateBuilder(subject, subject, key, 7)
        .not_valid_before(made.LAST_YEAR)
        .not_valid_after(made.NEXT_YEAR)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(signer, digest)
        .public_bytes(Encoding.DER)
    )


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("an attribute without a keyword", ("subject", f"{MAIL},CN={HOST}")),
        ("two attributes at once", ("subject", f"CN={HOST}+{MAIL}")),
        ("a space at the end", ("subject", f"CN={HOST}\\ ")),
        ("an unusual curve", ("key", "ECDSA P-521")),
        ("an Edwards curve", ("key", "Ed25519")),
        ("an address of mail", ("names", (HOST,))),
    ],
)  # fmt: skip
def test_an_unusual_certificate_is_read(case: str, told: tuple[str, object]):
    name, value = told
    assert getattr(parse(unusual(case)), name) == value


def test_a_point_that_is_not_on_its_curve_is_not_a_key():
    der = made.good().chain[0]
    point = der.index(bytes.fromhex("03420004")) + 4  # uncompressed, in a BIT STRING of 66 octets
    spoilt = bytearray(der)
    spoilt[point + 63] ^= 1
    assert parse(bytes(spoilt)).key == "unknown"
