"""Handshakes with a server that has no TLS or another version, or requests a certificate."""

from __future__ import annotations

import base64
import json
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import pytest
from heloscope.session.events import HANDSHAKE_KEPT
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record import format as recording
from heloscope.session.tls.handshake import (
    HandshakeRecord,
    TlsSettings,
    failed,
)
from support import made_certificates as made
from support.made_certificates import HOST, in_files
from support.rows import for_each
from support.tls_servers import HELLO, failure_of, server_context, serving

# What goes wrong without them


def plain(sock: socket.socket) -> None:
    sock.recv(4096)  # first, or it would come before the client turns to TLS
    sock.sendall(b"220 mail.example.org ESMTP\r\n")
    sock.recv(4096)


def hang_up(sock: socket.socket) -> None:
    sock.recv(4096)


def test_a_server_that_begins_in_cleartext_is_distinguished_from_one_that_speaks_tls(
    meet, trusted: str
):
    with serving(plain) as server:
        fact = failure_of(meet, server.port, TlsSettings(ca_file=trusted))
    assert fact.reason == "plain-smtp"
    assert fact.detail == (
        f"{HOST} sent an unencrypted greeting: it is a mail server that starts without TLS."
    )
    assert fact.received == b"220 mail.example.org ESMTP\r\n"
    assert fact.chain == ()


@pytest.mark.parametrize(
    ("said", "reason", "detail"),
    [
        (b"554-no\r\n554 service\r\n", "plain-smtp", "an unencrypted greeting"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n<html>", "not-mail", "This is a web server"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "not-mail", "This is an SSH server"),
        (b"* OK [CAPABILITY IMAP4rev1] ready\r\n", "not-mail", "This is an IMAP server"),
        (b"+OK Dovecot ready.\r\n", "not-mail", "This is a POP3 server"),
        (b"J\0\0\0\x0a8.0.36", "not-mail", "This is a MySQL or MariaDB database"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08", "not-tls", "its first bytes are not a TLS record"),
        (b"\x15\x03\x01\0\x02\x02\x28", "no-shared-cipher", "aborted the handshake"),
        (b"220 " + b"x" * 5000 + b"\r\n", "plain-smtp", "an unencrypted greeting"),
    ],
)
def test_what_a_server_sends_in_the_handshake_is_kept_and_says_what_it_is(
    meet, trusted: str, said: bytes, reason: str, detail: str
):
    def peer(sock: socket.socket) -> None:
        sock.sendall(said)
        while sock.recv(4096):
            pass

    with serving(peer) as server:
        fact = failure_of(meet, server.port, TlsSettings(ca_file=trusted))
    assert fact.received == said[:HANDSHAKE_KEPT]
    assert fact.reason == reason
    assert detail in fact.detail
    assert "{" not in fact.detail


def test_what_comes_octet_by_octet_is_kept_once(meet, trusted: str):
    said = b"\x16\x03\x03\x00\x04\x0e\x00\x00\x00"  # a record that makes no sense as the first

    def peer(sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.recv(4096)
        for octet in said:
            sock.sendall(bytes([octet]))
            time.sleep(0.01)
        while sock.recv(4096):
            pass

    with serving(peer) as server:
        fact = failure_of(meet, server.port, TlsSettings(ca_file=trusted))
    assert fact.received == said


def test_a_recording_keeps_what_came(trusted: str):
    talk = Conversation()
    talk.note(failed(OSError("x"), HandshakeRecord(), HOST, 1.0))
    seen = HandshakeRecord()
    seen.received = b"220 plain\r\n"
    fact = failed(ssl.SSLError(1, "[SSL] any words at all (_ssl.c:1)"), seen, HOST, 1.0)
    assert fact.reason == "plain-smtp"
    line = json.loads(recording.fact(talk.transcript, fact))
    assert base64.b64decode(line["received"]) == b"220 plain\r\n"


def test_a_server_that_disconnects_in_the_handshake(meet, trusted: str):
    with serving(hang_up) as server:
        fact = failure_of(meet, server.port, TlsSettings(ca_file=trusted))
    assert fact.reason == "closed"
    assert "closed the connection" in fact.detail


@pytest.mark.parametrize(("ours", "theirs"), [("TLSv1.2", "TLSv1_3"), ("TLSv1.3", "TLSv1_2")])
def test_no_version_in_common(meet, trusted: str, ours: str, theirs: str):
    context = server_context(made.good())
    context.minimum_version = context.maximum_version = ssl.TLSVersion[theirs]
    settings = TlsSettings(ca_file=trusted, minimum=ours, maximum=ours)
    with serving(context) as server:
        fact = failure_of(meet, server.port, settings)
    assert fact.reason == "no-shared-version"


def test_no_cipher_in_common(meet, trusted: str):
    context = server_context(made.good())
    context.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
    settings = TlsSettings(
        ca_file=trusted, maximum="TLSv1.2", ciphers="ECDHE-ECDSA-AES256-GCM-SHA384"
    )
    with serving(context) as server:
        fact = failure_of(meet, server.port, settings)
    assert fact.reason == "no-shared-cipher"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("setting", ["minimum", "maximum"])
def test_an_old_version_can_be_requested(meet, setting: str):
    context = server_context(made.issue(ca=made.authority(), key=made.weak_key()))
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    asked: dict[str, Any] = {setting: "TLSv1"}
    settings = TlsSettings(verify=False, **asked)
    with serving(context) as server:
        fact = meet(server.port, settings, HOST, HandshakeRecord())
    assert fact.version == "TLSv1"


def demanding() -> ssl.SSLContext:
    context = server_context(made.good())
    context.verify_mode = ssl.CERT_REQUIRED
    made.authority().configure_trust(context)
    return context


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_a_server_that_wants_a_client_certificate(meet, trusted: str, version: str):
    settings = TlsSettings(ca_file=trusted, minimum=version, maximum=version)
    with serving(demanding()) as server:  # in TLS 1.3 it says so to the first read
        fact = failure_of(meet, server.port, settings, listen=True)
    assert fact.reason == "client-certificate-wanted"
    assert "requires a client certificate" in fact.detail
    assert fact.chain[:1] == made.good().chain
    assert server.received == b""


def test_a_client_certificate_is_accepted(meet, trusted: str, tmp_path: Path):
    own = made.by(made.authority(), "me@example.org")
    settings = TlsSettings(ca_file=trusted, **in_files(tmp_path, own))
    with serving(demanding()) as server:
        meet(server.port, settings, HOST, HandshakeRecord())
    assert server.received == HELLO


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_a_client_certificate_that_the_server_rejects(
    meet, trusted: str, tmp_path: Path, version: str
):
    own = in_files(tmp_path, made.by(made.stranger(), "me@example.org"))
    settings = TlsSettings(ca_file=trusted, minimum=version, maximum=version, **own)
    with serving(demanding()) as server:
        fact = failure_of(meet, server.port, settings, listen=True)
    assert fact.reason == "client-certificate-refused"
    assert "unknown ca" in fact.detail


def test_a_handshake_that_is_not_finished_in_time():
    late = ConnectionAbortedError("SSL handshake is taking longer than 60.0 seconds: aborting")
    for error in (TimeoutError("timed out"), late):
        assert failed(error, HandshakeRecord(), HOST, 1.0).reason == "timed-out"


@for_each(
    [
        ssl.SSLError(1, "[SSL] something new (_ssl.c:1000)"),
        ssl.SSLError(),
        ssl.SSLCertVerificationError("no code at all"),
        ssl.SSLCertVerificationError(1, "\x1b]0;title\x07"),
        OSError(),
        RuntimeError("of another kind"),
    ],
    repr,
)
def test_any_error_becomes_a_sentence(error: Exception):
    for seen in (None, HandshakeRecord()):
        fact = failed(error, seen, "", 1.0)
        assert fact.reason == "other"
        assert fact.detail.isprintable()
        assert fact.detail.endswith(".")


def test_a_word_of_openssl_that_python_does_not_know_is_taken_from_the_message():
    error = ssl.SSLError(1, "[SSL] record layer failure (_ssl.c:1000)")
    fact = failed(error, None, HOST, 1.0)
    assert (fact.reason, fact.said) == ("not-tls", "record layer failure")


def test_an_alert_about_an_internal_error_is_a_fault_of_the_server():
    error = ssl.SSLError(
        1, "[SSL: TLSV1_ALERT_INTERNAL_ERROR] tlsv1 alert internal error (_ssl.c:1)"
    )
    fact = failed(error, None, HOST, 1.0)
    assert fact.reason == "server-fault"
    assert fact.detail.startswith(f"{HOST} aborted the handshake because of an error")
