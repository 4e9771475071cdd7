"""Parsed certificates, and their faults in words."""

from __future__ import annotations

import random
import ssl
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from heloscope.session.facts.tls_failures import REASONS, VERIFY_CODES
from heloscope.session.tls.certificates import Certificate, parse, parse_chain
from heloscope.session.tls.diagnosis import CertificateProblem, is_for, problems, untrusted
from hypothesis import given
from hypothesis import strategies as st
from support import made_certificates as made
from support.made_certificates import HOST, ISSUER_URL, Made
from support.rows import for_each

AT = made.NOW.timestamp()
# By `openssl req -x509 -sha1`, RSA 1024: what nobody makes any more.
OLD = """\
-----BEGIN CERTIFICATE-----
MIICEjCCAXugAwIBAgIUDX3PcIXSLOgkJR56GIKVLMEQ528wDQYJKoZIhvcNAQEF
BQAwGzEZMBcGA1UEAwwQbWFpbC5leGFtcGxlLm9yZzAeFw0yNjExMjUwMDQ5NTVa
Fw0zNjExMjIwMDQ5NTVaMBsxGTAXBgNVBAMMEG1haWwuZXhhbXBsZS5vcmcwgZ8w
DQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBAMTg1EXcc4Yg1piGELtJfhRpsjfa9mzX
ACjQkpZNDEy4UFMWun4cqIpWM6/wwS8F0FAJWfdZHxSduB/ijaSd5dpg/p2MFWNb
+X7slnaP6Z6jKiB+rlot/gzcYT+dI3RIb2sbJvx/EWarc4jWqmhJPcCybE/OS7wP
s8fVgjVIRkrLAgMBAAGjUzBRMB0GA1UdDgQWBBS3GCRXZMqDbta/qZo4L3v8ap5c
KTAfBgNVHSMEGDAWgBS3GCRXZMqDbta/qZo4L3v8ap5cKTAPBgNVHRMBAf8EBTAD
AQH/MA0GCSqGSIb3DQEBBQUAA4GBAHcEGarsyTBeogAMnf82IHe+p6GPEnWSwsv2
kTHSbPptQtDQchoLew5kPW/VKhbOz82V8n44CIA8m7zHFZ7gbOqWhbYWmM7ua9Fw
s8uF40F+BYwL9asnY2feqo3ITQP+BQ7LsmPgxLH7J4ZNXw5kJfIvAZTILJBEhRBy
nSXowzOV
-----END CERTIFICATE-----
"""


GOOD = parse(made.good().chain[0])


def wrong(kind: Made, host: str = HOST, at: float = AT, **verdict) -> list[CertificateProblem]:
    """Return the faults of a server's own certificate."""
    return list(problems(parse_chain(kind.chain), host, at, **verdict)[0])


def keys(found) -> list[str]:
    return [problem.key for problem in found]


# Taking apart


def test_the_fields_of_a_certificate_are_parsed():
    leaf, ca = parse_chain(made.good_by_intermediate().chain)
    assert leaf.subject.startswith(f"CN={HOST},OU=")
    assert leaf.name == HOST
    assert leaf.issuer == ca.subject
    assert leaf.issuer_name.startswith("Testing CA #")
    assert leaf.issuer_organisation == "Example Trust"
    assert leaf.names == (HOST,)
    assert leaf.key == "ECDSA P-256"
    assert leaf.signature == "SHA-256 with ECDSA"
    assert int(leaf.serial, 16) > 0
    assert (leaf.is_ca, ca.is_ca) == (False, True)
    assert not leaf.self_signed
    assert not ca.self_signed
    assert leaf.not_before < AT < leaf.not_after
    assert not leaf.unreadable


def test_the_fingerprints_are_those_that_other_tools_show():
    import hashlib

    der = made.good().chain[0]
    leaf = parse(der)
    assert leaf.sha256.replace(":", "").lower() == hashlib.sha256(der).hexdigest()
    assert leaf.sha1.replace(":", "").lower() == hashlib.sha1(der).hexdigest()
    assert (len(leaf.sha256), len(leaf.sha1)) == (95, 59)
    assert leaf.sha256 == leaf.sha256.upper()


def test_a_certificate_saved_as_pem_is_the_same():
    leaf = parse(made.good().chain[0])
    assert ssl.PEM_cert_to_DER_cert(leaf.pem) == leaf.der == made.good().chain[0]


def test_the_days_that_are_left():
    leaf = parse(made.good().chain[0])
    end = leaf.not_after
    assert [leaf.days_left(end - s) for s in (86400 * 3 + 1, 86399, -1, -86401)] == [3, 0, -1, -2]


def test_names_are_hosts_and_addresses():
    leaf = made.authority().issue_cert("*.example.org", "192.0.2.1", "2001:db8::1")
    found = parse_chain([ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())])
    assert found[0].names == ("*.example.org", "192.0.2.1", "2001:db8::1")


def test_the_common_name_is_a_name_only_where_there_is_no_other():
    assert parse(made.issue(names=()).chain[0]).names == (HOST,)
    assert parse(made.issue("Our mail server", names=()).chain[0]).names == ()
    assert parse(made.issue(names=("mx",)).chain[0]).names == ("mx",)


def test_a_certificate_by_another_of_the_same_name_is_not_self_signed():
    ca = parse(ssl.PEM_cert_to_DER_cert(made.stranger().cert_pem.bytes().decode()))
    assert ca.self_signed
    assert parse(made.self_signed().chain[0]).self_signed
    assert not parse(by_a_namesake()).self_signed


def by_a_namesake() -> bytes:
    """Return a certificate whose issuer and subject have the same name, but not the same key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    return (
        x509.CertificateBuilder(name, name, made.curve_key().public_key(), 7)
        .not_valid_before(made.LAST_YEAR)
        .not_valid_after(made.NEXT_YEAR)
        .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
        .public_bytes(Encoding.DER)
    )


def test_where_the_issuers_certificate_is_available():
    assert parse(made.incomplete_public().chain[0]).issuer_url == ISSUER_URL
    assert parse(made.good().chain[0]).issuer_url == ""


@pytest.mark.parametrize("der", [b"", b"0", b"\x30\x82\xff\xff", b"220 mail.example.org\r\n"])
def test_what_cannot_be_read_is_called_unreadable(der: bytes):
    (found,) = parse_chain([der])
    assert found.unreadable
    assert found.der == der
    assert found.pem.startswith("-----BEGIN")
    ((problem,),) = problems([found], HOST, AT)
    assert problem.key == "unreadable"


@given(st.integers(0, 2**32), st.integers(1, 8))
def test_no_certificate_makes_anything_raise(seed: int, changes: int):
    chance = random.Random(seed)
    chain: list[bytes] = []
    for der in made.unknown_ca_with_root().chain:
        spoilt = bytearray(der)
        for _ in range(changes):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        chain.append(bytes(spoilt))
    found = parse_chain(chain)
    for code in (None, 0, chance.choice([*VERIFY_CODES, 1, 79])):
        assert len(problems(found, HOST, AT, verify_code=code)) == 2


@given(st.binary(max_size=100), st.text(max_size=20), st.floats(0, 1e12))
def test_no_bytes_host_or_time_makes_anything_raise(der: bytes, host: str, at: float):
    problems((parse(der), GOOD), host, at, verify_code=20)


def test_an_old_weak_certificate_can_still_be_examined():
    old = parse(ssl.PEM_cert_to_DER_cert(OLD))
    assert old.key == "RSA 1024"
    assert old.signature == "SHA-1 with RSA"


def test_cryptography_is_not_imported_before_a_certificate_is_examined():
    code = (
        "import sys; import heloscope.session.tls.handshake, heloscope.session.tls.diagnosis; "
        "sys.exit('cryptography' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# What is wrong


def test_a_good_certificate_has_no_faults():
    assert problems(parse_chain(made.good_by_intermediate().chain), HOST, AT, verify_code=0) == (
        (),
        (),
    )
    assert problems((), HOST, AT) == ()


@for_each(
    [
        (made.expired, "expired", f"of {HOST} expired on {made.NOW - timedelta(12):%Y-%m-%d}, 12"),
        (made.not_yet_valid, "not-yet-valid", "is not valid before"),
        (made.wrong_name, "name-mismatch", f"not valid for {HOST}, only for mx1.example.net."),
        (made.self_signed, "self-signed", "no authority vouches for it"),
        (made.weak, "weak-key", f"The key of {HOST} is too weak: RSA 1024."),
    ]
)
def test_visible_faults_are_reported_without_openssl(kind, key: str, words: str):
    (problem,) = wrong(kind())
    assert problem.key == key
    assert words in problem.text
    assert problem.title == REASONS[key].title
    assert problem.try_next.endswith(".")


@for_each(
    [
        (made.self_signed, 18, "self-signed"),
        (made.unknown_ca, 20, "unknown-ca"),
        (made.incomplete_public, 21, "incomplete-chain"),
        (made.for_a_client, 26, "wrong-purpose"),
        (made.wrong_name, 62, "name-mismatch"),
        (made.expired, 10, "expired"),
        (made.weak, 66, "weak-key"),
    ]
)
def test_the_verdict_of_openssl_is_put_into_words(kind, code: int, key: str):
    assert keys(wrong(kind(), verify_code=code)) == [key]


def test_the_fault_that_openssl_reported_comes_first():
    kind = made.issue("other.example", until=made.YESTERDAY, key=made.weak_key())
    assert keys(wrong(kind, verify_code=18)) == [
        "self-signed",
        "expired",
        "weak-key",
        "name-mismatch",
    ]
    assert keys(wrong(kind, verify_code=62))[0] == "name-mismatch"


def test_the_unknown_authority_is_named_where_the_chain_ends():
    chain = parse_chain(made.unknown_ca_with_root().chain)
    leaf, root = problems(chain, HOST, AT, verify_code=19)
    assert leaf == ()
    assert keys(root) == ["unknown-ca"]
    assert chain[1].name in root[0].text


def test_a_missing_intermediate_is_distinguished_from_an_unknown_authority():
    alone = parse_chain(made.incomplete().chain)
    assert untrusted(alone) == "unknown-ca"
    assert untrusted(alone, {"Example Trust"}) == "incomplete-chain"
    assert untrusted(parse_chain(made.incomplete_public().chain)) == "incomplete-chain"
    assert untrusted(parse_chain(made.good_by_intermediate().chain)) == "unknown-ca"
    assert untrusted(parse_chain(made.self_signed().chain), {"Example Trust"}) == "unknown-ca"
    assert untrusted(()) == "unknown-ca"
    for key in ("incomplete-chain", "unknown-ca"):  # each says that it may be the other
        (problem,) = wrong(made.incomplete(), verify_code=20, reason=key)
        assert problem.key == key
        assert "The result is the same when" in problem.text


def test_the_address_of_a_missing_intermediate_is_reported():
    (problem,) = wrong(made.incomplete_public(), verify_code=20)
    assert ISSUER_URL in problem.try_next


def test_a_fault_in_a_certificate_that_was_not_sent_is_not_blamed_on_one_that_was():
    (problem,) = wrong(made.good(), verify_code=10, verify_message="certificate has expired")
    assert problem.key == "bad-certificate"
    assert "certificate has expired" in problem.text


def test_a_verdict_that_is_in_no_table_is_reported_in_openssls_words():
    (problem,) = wrong(made.good(), verify_code=79, verify_message="invalid CA certificate")
    assert problem.key == "bad-certificate"
    assert "invalid CA certificate" in problem.text


def test_a_name_that_openssl_accepted_is_not_called_wrong():
    assert wrong(made.wrong_name(), verify_code=0) == []


def test_where_no_name_was_to_be_checked_none_is_wrong():
    assert wrong(made.wrong_name(), "") == []


def test_of_many_names_a_few_are_reported():
    kind = made.issue(ca=made.authority(), names=[f"mx{n}.example.net" for n in range(100)])
    (problem,) = wrong(kind)
    assert "mx4.example.net and 95 more." in problem.text
    assert "mx5" not in problem.text


def test_certificates_out_of_order_and_left_over_are_pointed_out():
    leaf, above = made.good_by_intermediate().chain
    root = ssl.PEM_cert_to_DER_cert(made.authority().cert_pem.bytes().decode())
    stray = made.self_signed().chain[0]
    found = problems(parse_chain([leaf, root, above, stray]), HOST, AT, verify_code=0)
    assert [keys(one) for one in found] == [
        [],
        ["wrong-order"],
        ["wrong-order"],
        ["not-in-chain"],
    ]
    in_order = problems(parse_chain([leaf, above, root]), HOST, AT, verify_code=0)
    assert in_order == ((), (), ())


def test_a_weak_signature_counts_unless_it_is_a_roots_own():
    old = parse(ssl.PEM_cert_to_DER_cert(OLD))
    assert keys(problems([old], "", old.not_before, verify_code=0)[0]) == ["weak-key"]
    issued = Certificate(b"", "", "", name="x", signature="SHA-1 with RSA", not_after=AT)
    (problem,) = problems([issued], "", AT - 1, verify_code=0)[0]
    assert problem.key == "weak-signature"
    assert "SHA-1 with RSA" in problem.text


@for_each(
    [
        ("mail.example.org", "mail.example.org", True),
        ("MAIL.example.ORG", "mail.EXAMPLE.org.", True),
        ("*.example.org", "mail.example.org", True),
        ("*.example.org", "example.org", False),
        ("*.example.org", "a.mail.example.org", False),
        ("*.example.org", ".example.org", False),
        ("m*.example.org", "mail.example.org", False),
        ("xn--mnchen-3ya.example", "münchen.example", True),
        ("192.0.2.1", "192.0.2.1", True),
        ("2001:db8::1", "2001:DB8:0::1", True),
        ("fe80::1", "fe80::1%eth0", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("mail.example.org", "\ud800", False),
    ]
)
def test_which_names_a_certificate_is_for(name: str, host: str, fits: bool):
    assert is_for(Certificate(b"", "", "", names=(name,)), host) is fits


@for_each(REASONS)
def test_every_reason_is_reported_in_whole_sentences(key: str):
    fact = REASONS[key]
    assert not fact.title.endswith(".")
    for text in (fact.says, fact.means, fact.try_next):
        assert text.endswith((".", "?"))
        assert text[0].isupper() or text[0] == "{"


def test_a_time_is_given_in_days():
    kind = made.expired()
    end = parse(kind.chain[0]).not_after
    for seconds, words in ((1, "less than a day ago"), (90000, "1 day ago"), (10**9, "11,574 d")):
        assert words in wrong(kind, at=end + seconds)[0].text
    assert (
        datetime.fromtimestamp(end, made.NOW.tzinfo).strftime("%Y-%m-%d")
        in wrong(kind, at=end + 1)[0].text
    )
