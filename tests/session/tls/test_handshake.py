"""Handshakes on loopback, with every kind of faulty certificate, blocking and with asyncio."""

from __future__ import annotations

import hashlib
import socket
import ssl
from pathlib import Path

import pytest
from heloscope.session.events import TlsStarted
from heloscope.session.facts.tls_failures import OPENSSL_REASONS, REASONS, VERIFY_CODES
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record import format as recording
from heloscope.session.tls.handshake import (
    HandshakeRecord,
    PinMismatch,
    TlsSettings,
    accept,
    check_pinned,
    started,
)
from support import made_certificates as made
from support.made_certificates import HOST
from support.tls_servers import HELLO, LIMIT, blocking, failure_of, server_context, serving

# What goes well


@pytest.mark.parametrize("kind", [made.good, made.good_by_intermediate], ids=lambda f: f.__name__)
def test_a_good_certificate_is_verified_and_its_chain_known(meet, trusted: str, kind):
    seen = HandshakeRecord()
    with serving(server_context(kind())) as server:
        fact = meet(server.port, TlsSettings(ca_file=trusted), HOST, seen)
    assert fact.version == "TLSv1.3"
    assert fact.verified
    assert not fact.pinned
    assert fact.server_name == HOST
    assert fact.chain == seen.chain == kind().chain
    assert (seen.verify_code, fact.problem, fact.resumed) == (0, "", False)
    assert server.received == HELLO


def test_the_negotiated_parameters_are_reported(meet, trusted: str):
    context = server_context(made.good())
    context.set_alpn_protocols(["smtp"])
    settings = TlsSettings(
        ca_file=trusted,
        alpn=("other", "smtp"),
        maximum="TLSv1.2",
        ciphers="ECDHE-ECDSA-AES256-GCM-SHA384",
    )
    with serving(context) as server:
        fact = meet(server.port, settings, HOST, HandshakeRecord())
    assert (fact.version, fact.cipher) == ("TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384")
    assert fact.alpn == "smtp"


def test_the_server_name_is_asked_for_and_looked_for_instead_of_the_host(meet, trusted: str):
    asked: list[object] = []
    context = server_context(made.good())
    context.sni_callback = lambda tls, name, context: asked.append(name)
    settings = TlsSettings(ca_file=trusted, server_name=HOST)
    with serving(context) as server:
        fact = meet(server.port, settings, "127.0.0.1", HandshakeRecord())
    assert asked == [HOST]
    assert fact.verified


def test_an_address_in_the_certificate_counts_for_that_address(meet, trusted: str):
    with serving(server_context(made.by(made.authority(), "127.0.0.1"))) as server:
        fact = meet(server.port, TlsSettings(ca_file=trusted), "127.0.0.1", HandshakeRecord())
    assert fact.verified


def test_a_certificate_given_as_the_ca_file_is_trusted(meet, tmp_path: Path):
    own = tmp_path / "own.pem"
    own.write_bytes(made.self_signed().certificates[0])
    with serving(server_context(made.self_signed())) as server:
        fact = meet(server.port, TlsSettings(ca_file=str(own)), HOST, HandshakeRecord())
    assert fact.verified


def test_without_verification_any_certificate_is_accepted_as_unverified(meet):
    seen = HandshakeRecord()
    with serving(server_context(made.expired())) as server:
        fact = meet(server.port, TlsSettings(verify=False), "localhost", seen)
    assert not fact.verified
    assert fact.chain == made.expired().chain
    assert server.received == HELLO


def test_a_context_of_the_callers_own_is_left_alone_and_its_chain_read_anyway(trusted: str):
    context = ssl.create_default_context(cafile=trusted)
    with (
        serving(server_context(made.good_by_intermediate())) as server,
        socket.create_connection(("127.0.0.1", server.port), LIMIT) as sock,
        context.wrap_socket(sock, server_hostname=HOST) as tls,
    ):
        fact = started(tls, None, None, HOST, 1.0)
    assert type(tls) is ssl.SSLSocket
    assert fact.chain == made.good_by_intermediate().chain
    assert fact.verified


# What goes wrong with certificates

BROKEN = {
    "expired": (made.expired, "expired", ("expired on", "12 days ago", HOST)),
    "not yet valid": (made.not_yet_valid, "not-yet-valid", ("is not valid before", "in 12 days")),
    "wrong name": (made.wrong_name, "name-mismatch", ("not valid for " + HOST, "mx1.example.net")),
    "self-signed": (made.self_signed, "self-signed", ("is self-signed", HOST)),
    "unknown CA": (made.unknown_ca, "unknown-ca", ("which is not trusted here", "Testing CA")),
    "unknown CA, root sent": (made.unknown_ca_with_root, "unknown-ca", ("not trusted here",)),
    "intermediate missing": (made.incomplete, "incomplete-chain", ("did not send", "Testing CA")),
    "the same, public": (made.incomplete_public, "incomplete-chain", ("did not send",)),
    "weak key": (made.weak, "weak-key", ("too weak", "RSA 1024")),
    "wrong purpose": (made.for_a_client, "wrong-purpose", ("not a server certificate",)),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_bad_certificate_is_explained_and_its_chain_known_and_nothing_is_sent(
    meet, trusted: str, case: str
):
    kind, reason, words = BROKEN[case]
    with serving(server_context(kind())) as server:
        fact = failure_of(meet, server.port, TlsSettings(ca_file=trusted))
    assert fact.reason == reason
    assert fact.chain == kind().chain
    assert VERIFY_CODES[fact.verify_code] in (reason, "unknown-ca")
    for word in words:
        assert word in fact.detail
    assert fact.detail.endswith(".")
    assert fact.server_name == HOST
    assert server.received == b""


def test_what_a_certificate_says_can_do_nothing_to_a_terminal(trusted: str):
    sly = made.issue("\x1b]0;owned\x07\u202e", names=())
    with serving(server_context(sly)) as server:
        fact = failure_of(blocking, server.port, TlsSettings(ca_file=trusted))
    assert "\\x1b]0;owned\\x07\\u202e" in fact.detail
    assert fact.detail.isprintable()


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_the_chain_of_a_failed_handshake_is_known_in_every_version(meet, trusted: str, version):
    settings = TlsSettings(ca_file=trusted, minimum=version, maximum=version)
    with serving(server_context(made.expired())) as server:
        fact = failure_of(meet, server.port, settings)
    assert (fact.reason, fact.chain) == ("expired", made.expired().chain)


def test_what_the_system_trusts_counts_when_no_ca_file_is_given(meet):
    with serving(server_context(made.good())) as server:
        fact = failure_of(meet, server.port, TlsSettings())
    assert fact.reason == "unknown-ca"
    assert server.received == b""


@pytest.mark.parametrize("case", BROKEN)
def test_after_a_decision_exactly_this_certificate_is_accepted(meet, trusted: str, case: str):
    kind, reason, _ = BROKEN[case]
    settings = TlsSettings(ca_file=trusted)
    with serving(server_context(kind()), 2) as server:
        settings = accept(settings, failure_of(meet, server.port, settings))
        fact = meet(server.port, settings, HOST, HandshakeRecord())
    assert fact.pinned
    assert fact.problem == reason
    assert not fact.verified
    assert server.received == HELLO


@pytest.mark.parametrize("kind", [made.good, made.self_signed], ids=lambda f: f.__name__)
def test_no_other_certificate_is_accepted_even_a_good_one(meet, trusted: str, kind):
    accepted = hashlib.sha256(made.expired().chain[0]).hexdigest()
    settings = TlsSettings(ca_file=trusted, pinned=accepted)
    with serving(server_context(kind())) as server:
        fact = failure_of(meet, server.port, settings)
    assert fact.reason == "pin-mismatch"
    assert "is not the one that you accepted" in fact.detail
    assert fact.chain == kind().chain
    assert server.received == b""


def test_a_fingerprint_may_be_written_in_several_ways(meet):
    written = hashlib.sha256(made.self_signed().chain[0]).digest().hex(":").upper()
    with serving(server_context(made.self_signed())) as server:
        fact = meet(server.port, TlsSettings(pinned=written), HOST, HandshakeRecord())
    assert fact.pinned


def test_with_the_callers_own_context_the_driver_checks(trusted: str):
    context = ssl.create_default_context(cafile=trusted)
    with (
        serving(server_context(made.good())) as server,
        socket.create_connection(("127.0.0.1", server.port), LIMIT) as sock,
        context.wrap_socket(sock, server_hostname=HOST) as tls,
    ):
        check_pinned(tls, "")
        check_pinned(tls, hashlib.sha256(made.good().chain[0]).hexdigest())
        with pytest.raises(PinMismatch):
            check_pinned(tls, "00" * 32)


def test_every_possible_reason_has_an_explanation():
    assert {*OPENSSL_REASONS.values(), *VERIFY_CODES.values()} <= set(REASONS)


# In the record


def test_a_failed_handshake_is_a_fact_of_the_transcript(trusted: str):
    with serving(server_context(made.expired())) as server:
        fact = failure_of(blocking, server.port, TlsSettings(ca_file=trusted))
    conversation = Conversation()
    conversation.note(fact)
    assert list(conversation.transcript.events()) == [fact]
    written = recording.fact(conversation.transcript, fact).decode()
    assert '"fact":"tls failed","reason":"expired"' in written
    assert '"verify_code":10,"said":"certificate has expired"' in written


def test_a_recording_of_a_handshake_has_no_empty_fields():
    transcript = Conversation().transcript
    bare = TlsStarted(transcript.anchor[1], "TLSv1.3", "AES", (b"der",))
    full = TlsStarted(transcript.anchor[1], "TLSv1.3", "AES", (), server_name=HOST, verified=True)
    assert recording.fact(transcript, bare) == (
        b'{"at":0.0,"fact":"tls","version":"TLSv1.3","cipher":"AES","chain":["ZGVy"]}\n'
    )
    assert b'"chain":[],"server_name":"mail.example.org","verified":true}' in recording.fact(
        transcript, full
    )
