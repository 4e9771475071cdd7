"""Handshakes on loopback: with every kind of broken certificate, blocking and with asyncio."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from heloscope.session.events import HANDSHAKE_KEPT, TlsFailed, TlsStarted
from heloscope.session.facts.tls_failures import OPENSSL_REASONS, REASONS, VERIFY_CODES
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record import format as recording
from heloscope.session.secret import Secret
from heloscope.session.tls.handshake import (
    HandshakeRecord,
    PinMismatch,
    TlsSettings,
    TlsSettingsError,
    accept,
    check_pinned,
    failed,
    make_context,
    name_of,
    started,
)
from support import made_certificates as made
from support.made_certificates import HOST, Made
from support.tls_servers import HELLO, LIMIT, WAYS, blocking, server_context, serving


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    made.authority().cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
def meet(request: pytest.FixtureRequest):
    """Each test that asks for it is run blocking, with TLS from the start, and with start_tls."""
    return request.param


def failure_of(meet, port: int, settings: TlsSettings, host: str = HOST, **more) -> TlsFailed:
    """The fact that a driver notes of a handshake that has to fail."""
    seen = HandshakeRecord()
    with pytest.raises(OSError) as error:
        meet(port, settings, host, seen, **more)
    return failed(error.value, seen, host, 2.0)


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


def test_what_was_agreed_on_is_told(meet, trusted: str):
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


def test_without_verification_everything_goes_and_is_called_unverified(meet):
    seen = HandshakeRecord()
    with serving(server_context(made.expired())) as server:
        fact = meet(server.port, TlsSettings(verify=False), "localhost", seen)
    assert not fact.verified
    assert fact.chain == made.expired().chain
    assert server.received == HELLO


def test_a_context_of_the_callers_own_is_left_alone_and_its_chain_read_all_the_same(trusted: str):
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
def test_no_other_is_accepted_in_its_place_be_it_good_and_nothing_is_sent(meet, trusted: str, kind):
    accepted = hashlib.sha256(made.expired().chain[0]).hexdigest()
    settings = TlsSettings(ca_file=trusted, pinned=accepted)
    with serving(server_context(kind())) as server:
        fact = failure_of(meet, server.port, settings)
    assert fact.reason == "pin-mismatch"
    assert "is not the one that you accepted" in fact.detail
    assert fact.chain == kind().chain
    assert server.received == b""


def test_a_fingerprint_is_taken_as_people_write_it(meet):
    written = hashlib.sha256(made.self_signed().chain[0]).digest().hex(":").upper()
    with serving(server_context(made.self_signed())) as server:
        fact = meet(server.port, TlsSettings(pinned=written), HOST, HandshakeRecord())
    assert fact.pinned


def test_with_a_context_of_the_callers_own_the_driver_checks(trusted: str):
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


# What goes wrong without them


def plain(sock: socket.socket) -> None:
    sock.recv(4096)  # first, or it would come before the client turns to TLS
    sock.sendall(b"220 mail.example.org ESMTP\r\n")
    sock.recv(4096)


def hang_up(sock: socket.socket) -> None:
    sock.recv(4096)


def test_a_server_that_begins_in_clear_is_told_from_one_that_speaks_tls(meet, trusted: str):
    with serving(plain) as server:
        fact = failure_of(meet, server.port, TlsSettings(ca_file=trusted))
    assert fact.reason == "plain-smtp"
    assert fact.detail == (
        f"{HOST} greets in clear here: it is a mail server that begins without TLS."
    )
    assert fact.received == b"220 mail.example.org ESMTP\r\n"
    assert fact.chain == ()


@pytest.mark.parametrize(
    ("said", "reason", "detail"),
    [
        (b"554-no\r\n554 service\r\n", "plain-smtp", "greets in clear"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n<html>", "not-mail", "This is a web server"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "not-mail", "This is an SSH server"),
        (b"* OK [CAPABILITY IMAP4rev1] ready\r\n", "not-mail", "This is an IMAP server"),
        (b"+OK Dovecot ready.\r\n", "not-mail", "This is a POP3 server"),
        (b"J\0\0\0\x0a8.0.36", "not-mail", "This is a MySQL or MariaDB database"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08", "not-tls", "what it sent is not a TLS record"),
        (b"\x15\x03\x01\0\x02\x02\x28", "no-shared-cipher", "aborted the handshake"),
        (b"220 " + b"x" * 5000 + b"\r\n", "plain-smtp", "greets in clear"),
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


def test_a_server_that_hangs_up_in_the_handshake(meet, trusted: str):
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
def test_who_asks_for_an_old_version_gets_it(meet, setting: str):
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


def test_a_client_certificate_lets_one_in(meet, trusted: str, tmp_path: Path):
    own = made.by(made.authority(), "me@example.org")
    settings = TlsSettings(ca_file=trusted, **in_files(tmp_path, own))
    with serving(demanding()) as server:
        meet(server.port, settings, HOST, HandshakeRecord())
    assert server.received == HELLO


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_a_client_certificate_that_the_server_does_not_like(
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


@pytest.mark.parametrize(
    "error",
    [
        ssl.SSLError(1, "[SSL] something new (_ssl.c:1000)"),
        ssl.SSLError(),
        ssl.SSLCertVerificationError("no code at all"),
        ssl.SSLCertVerificationError(1, "\x1b]0;title\x07"),
        OSError(),
        RuntimeError("of another kind"),
    ],
    ids=repr,
)
def test_whatever_was_raised_is_put_into_a_sentence(error: Exception):
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
    assert fact.detail.startswith(f"{HOST} aborted the handshake, because something failed")


def test_every_reason_that_can_come_up_has_its_words():
    assert {*OPENSSL_REASONS.values(), *VERIFY_CODES.values()} <= set(REASONS)


# Settings


def in_files(folder: Path, own: Made) -> dict[str, Any]:
    certificate, key = folder / "own.pem", folder / "key.pem"
    certificate.write_bytes(b"".join(own.certificates))
    key.write_bytes(own.key)
    return {"certfile": str(certificate), "keyfile": str(key)}


@pytest.fixture
def own(tmp_path: Path) -> dict[str, Any]:
    return in_files(tmp_path, made.good())


@pytest.fixture
def locked(tmp_path: Path) -> dict[str, Any]:
    """A key that has a password: "wonderland"."""
    from cryptography.hazmat.primitives import serialization as s

    files = in_files(tmp_path, made.self_signed())
    Path(files["keyfile"]).write_bytes(
        made.curve_key().private_bytes(
            s.Encoding.PEM, s.PrivateFormat.PKCS8, s.BestAvailableEncryption(b"wonderland")
        )
    )
    return files


def made_of(**how: Any) -> Callable[[], TlsSettings]:
    return lambda: TlsSettings(**how)


def complaint(settings: TlsSettings | Callable[[], TlsSettings]) -> str:
    with pytest.raises(TlsSettingsError) as error:
        make_context(
            settings if isinstance(settings, TlsSettings) else settings(), HandshakeRecord()
        )
    said = str(error.value)
    assert said.isprintable()
    assert said.endswith(".")
    return said


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (made_of(ca_file="/nowhere/ca.pem"), "The CA file /nowhere/ca.pem cannot be read: No"),
        (made_of(ca_file="/dev/zero"), "/dev/zero cannot be read: it is a device, not a file"),
        (made_of(certfile="/nowhere/me.pem"), "The certificate file /nowhere/me.pem cannot"),
        (made_of(certfile="/nowhere/\x1b[2J\0"), "cannot be read"),
        (made_of(keyfile="/nowhere/key.pem"), "no certificate for it"),
        (made_of(certfile="/dev/zero"), "/dev/zero cannot be read: it is a device, not a file"),
        (made_of(minimum="SSLv3"), "Unknown TLS version SSLv3"),
        (made_of(maximum="TLSv1.4"), "Unknown TLS version TLSv1.4"),
        (made_of(minimum="TLSv1.3", maximum="TLSv1.2"), "TLSv1.3, is above the maximum"),
        (made_of(ciphers="ROT13"), "OpenSSL has no cipher that matches ROT13"),
        (made_of(ciphers="\0"), "OpenSSL has no cipher"),
        (made_of(alpn=("",)), "1 to 255 ASCII characters"),
        (made_of(alpn=("ü",)), "1 to 255 ASCII characters"),
        (made_of(pinned="abc"), "64 hexadecimal digits"),
    ],
    ids=lambda value: ascii(value) if isinstance(value, str) else "",
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    settings: Callable[[], TlsSettings], said: str
):
    """Where they are given, or where the context is made of them."""
    assert said in complaint(settings)


def test_a_key_that_does_not_belong_to_the_certificate(own: dict[str, Any], tmp_path: Path):
    Path(own["keyfile"]).write_bytes(made.expired().key)
    assert "does not belong to the certificate" in complaint(TlsSettings(**own))


def test_a_key_file_that_holds_none(own: dict[str, Any]):
    own["keyfile"] = own["certfile"]
    assert "contains no private key" in complaint(TlsSettings(**own))


def test_a_locked_key_is_opened_by_its_password_alone(locked: dict[str, Any]):
    make_context(TlsSettings(**locked, key_password=Secret("wonderland")), HandshakeRecord())
    assert "its password is required" in complaint(TlsSettings(**locked))
    wrong = complaint(TlsSettings(**locked, key_password=Secret("looking glass")))
    assert "The password for the key" in wrong
    assert "looking glass" not in wrong


def test_the_password_is_in_no_repr():
    assert "wonderland" not in repr(TlsSettings(key_password=Secret("wonderland")))


@pytest.mark.parametrize("word", ["TLSv1.2", "tlsv1.2", "TLS 1.2", "1.2"])
def test_a_version_may_be_written_as_people_do(word: str):
    context = make_context(TlsSettings(minimum=word), HandshakeRecord())
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("field", ["ca_file", "certfile"])
def test_a_file_without_a_certificate_is_told(tmp_path: Path, field: str):
    (tmp_path / "empty").touch()
    named: dict[str, Any] = {field: str(tmp_path / "empty")}
    settings = TlsSettings(**named)
    assert "empty contains no certificate in PEM format." in complaint(settings)


@pytest.mark.parametrize("field", ["ca_file", "certfile"])
def test_an_endless_file_or_a_pipe_is_no_certificate(tmp_path: Path, field: str):
    with (tmp_path / "sparse").open("wb") as out:
        out.truncate(1 << 40)
    os.mkfifo(tmp_path / "pipe")
    for name, said in (("sparse", "has more than 16,777,216 bytes"), ("pipe", "a named pipe")):
        named: dict[str, Any] = {field: str(tmp_path / name)}
        assert said in complaint(TlsSettings(**named))


def test_session_keys_are_for_the_user_alone_and_never_go_into_a_pipe(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    log = tmp_path / "keys"
    log.touch(mode=0o644)
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    make_context(TlsSettings(), HandshakeRecord())
    assert log.stat().st_mode & 0o777 == 0o600
    log.unlink()
    os.mkfifo(log)
    assert "keys cannot be written: a named pipe is in its place" in complaint(TlsSettings())


def test_session_keys_are_logged_where_the_usual_variable_says(
    monkeypatch: pytest.MonkeyPatch, trusted: str, tmp_path: Path
):
    log = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    settings = TlsSettings(ca_file=trusted)
    with serving(server_context(made.good())) as server:
        blocking(server.port, settings, HOST, HandshakeRecord())
    assert "CLIENT_TRAFFIC_SECRET_0 " in log.read_text()
    monkeypatch.setenv("SSLKEYLOGFILE", "/nowhere/keys")
    assert "The file named by SSLKEYLOGFILE /nowhere/keys cannot be" in complaint(settings)


@pytest.mark.parametrize(
    ("settings", "host", "name"),
    [
        (TlsSettings(), "mail.example.org", "mail.example.org"),
        (TlsSettings(), "mail.example.org.", "mail.example.org"),
        (TlsSettings(server_name="mx"), "mail.example.org", "mx"),
        (TlsSettings(), "fe80::1%eth0", "fe80::1"),
        (TlsSettings(), "münchen.example", "münchen.example"),
        (TlsSettings(verify=False), "", ""),
        (TlsSettings(pinned="00" * 32), "", ""),
        (None, "localhost", "localhost"),
    ],
)
def test_the_name_that_is_asked_for(settings: TlsSettings | None, host: str, name: str):
    assert name_of(settings, host) == name


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("", "no host name to check the certificate for"),
        ("a" * 70, "not a valid server name"),
        (".example.org", "not a valid server name"),
        ("a\0b", "not a valid server name"),
        ("\ud800", "not a valid server name"),
    ],
    ids=ascii,
)
def test_a_name_that_cannot_be_asked_for(host: str, said: str):
    with pytest.raises(TlsSettingsError, match=said):
        name_of(TlsSettings(), host)


def test_a_failure_for_another_reason_leaves_nothing_to_accept():
    with pytest.raises(TlsSettingsError, match="none to accept"):
        accept(TlsSettings(), TlsFailed(1.0, "not-tls", "", (b"der",)))
    with pytest.raises(TlsSettingsError, match="none to accept"):
        accept(TlsSettings(), TlsFailed(1.0, "expired", ""))


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


def test_a_recording_says_of_a_handshake_only_what_there_is_to_say():
    transcript = Conversation().transcript
    bare = TlsStarted(transcript.anchor[1], "TLSv1.3", "AES", (b"der",))
    full = TlsStarted(transcript.anchor[1], "TLSv1.3", "AES", (), server_name=HOST, verified=True)
    assert recording.fact(transcript, bare) == (
        b'{"at":0.0,"fact":"tls","version":"TLSv1.3","cipher":"AES","chain":["ZGVy"]}\n'
    )
    assert b'"chain":[],"server_name":"mail.example.org","verified":true}' in recording.fact(
        transcript, full
    )
