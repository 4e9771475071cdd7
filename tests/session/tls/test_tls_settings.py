"""TLS settings that name files: certificates, keys, session keys; and the name to check."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from heloscope.session.events import TlsFailed
from heloscope.session.secret import Secret
from heloscope.session.tls.handshake import (
    HandshakeRecord,
    TlsSettings,
    TlsSettingsError,
    accept,
    make_context,
    name_of,
)
from support import made_certificates as made
from support.made_certificates import HOST, in_files
from support.rows import for_each
from support.tls_servers import blocking, server_context, serving

# Settings


@pytest.fixture
def own(tmp_path: Path) -> dict[str, Any]:
    return in_files(tmp_path, made.good())


@pytest.fixture
def locked(tmp_path: Path) -> dict[str, Any]:
    """Return settings with a key whose password is "wonderland"."""
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
        (made_of(ca_file="/nowhere/ca.pem"), "Cannot read the CA file /nowhere/ca.pem: No"),
        (made_of(ca_file="/dev/zero"), "/dev/zero: it is a device, not a file"),
        (made_of(certfile="/nowhere/me.pem"), "Cannot read the certificate file /nowhere/me.pem"),
        (made_of(certfile="/nowhere/\x1b[2J\0"), "Cannot read"),
        (made_of(keyfile="/nowhere/key.pem"), "The client certificate is missing"),
        (made_of(certfile="/dev/zero"), "/dev/zero: it is a device, not a file"),
        (made_of(minimum="SSLv3"), "Unknown TLS version SSLv3"),
        (made_of(maximum="TLSv1.4"), "Unknown TLS version TLSv1.4"),
        (made_of(minimum="TLSv1.3", maximum="TLSv1.2"), "TLSv1.3, is above the maximum"),
        (made_of(ciphers="ROT13"), "No OpenSSL cipher matches ROT13"),
        (made_of(ciphers="\0"), "No OpenSSL cipher"),
        (made_of(alpn=("",)), "1 to 255 ASCII characters"),
        (made_of(alpn=("ü",)), "1 to 255 ASCII characters"),
        (made_of(pinned="abc"), "64 hexadecimal digits"),
    ],
    ids=lambda value: ascii(value) if isinstance(value, str) else "",
)
def test_settings_that_cannot_work_are_explained_in_one_sentence(
    settings: Callable[[], TlsSettings], said: str
):
    """The error occurs where the settings are created, or where the context is made from them."""
    assert said in complaint(settings)


def test_a_key_that_does_not_belong_to_the_certificate(own: dict[str, Any], tmp_path: Path):
    Path(own["keyfile"]).write_bytes(made.expired().key)
    assert "does not belong to the certificate" in complaint(TlsSettings(**own))


def test_a_key_file_without_a_key(own: dict[str, Any]):
    own["keyfile"] = own["certfile"]
    assert "does not contain a private key" in complaint(TlsSettings(**own))


def test_a_locked_key_is_opened_by_its_password_alone(locked: dict[str, Any]):
    make_context(TlsSettings(**locked, key_password=Secret("wonderland")), HandshakeRecord())
    assert "requires a password" in complaint(TlsSettings(**locked))
    wrong = complaint(TlsSettings(**locked, key_password=Secret("looking glass")))
    assert "The password for the key" in wrong
    assert "looking glass" not in wrong


def test_the_password_is_in_no_repr():
    assert "wonderland" not in repr(TlsSettings(key_password=Secret("wonderland")))


@pytest.mark.parametrize("word", ["TLSv1.2", "tlsv1.2", "TLS 1.2", "1.2"])
def test_a_version_may_be_written_in_several_ways(word: str):
    context = make_context(TlsSettings(minimum=word), HandshakeRecord())
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("field", ["ca_file", "certfile"])
def test_a_file_without_a_certificate_is_reported(tmp_path: Path, field: str):
    (tmp_path / "empty").touch()
    named: dict[str, Any] = {field: str(tmp_path / "empty")}
    settings = TlsSettings(**named)
    assert "empty does not contain a certificate in PEM format." in complaint(settings)


@pytest.mark.parametrize("field", ["ca_file", "certfile"])
def test_an_endless_file_or_a_pipe_is_not_a_certificate(tmp_path: Path, field: str):
    with (tmp_path / "sparse").open("wb") as out:
        out.truncate(1 << 40)
    os.mkfifo(tmp_path / "pipe")
    for name, said in (("sparse", "it is larger than 16,777,216 bytes"), ("pipe", "a named pipe")):
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
    assert "keys: it is a named pipe" in complaint(TlsSettings())


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
    assert "Cannot write the file named by SSLKEYLOGFILE /nowhere/keys" in complaint(settings)


@for_each(
    [
        (TlsSettings(), "mail.example.org", "mail.example.org"),
        (TlsSettings(), "mail.example.org.", "mail.example.org"),
        (TlsSettings(server_name="mx"), "mail.example.org", "mx"),
        (TlsSettings(), "fe80::1%eth0", "fe80::1"),
        (TlsSettings(), "münchen.example", "münchen.example"),
        (TlsSettings(verify=False), "", ""),
        (TlsSettings(pinned="00" * 32), "", ""),
        (None, "localhost", "localhost"),
    ]
)
def test_the_name_that_is_asked_for(settings: TlsSettings | None, host: str, name: str):
    assert name_of(settings, host) == name


@for_each(
    [
        ("", "No host name to check the certificate against"),
        ("a" * 70, "not a valid server name"),
        (".example.org", "not a valid server name"),
        ("a\0b", "not a valid server name"),
        ("\ud800", "not a valid server name"),
    ]
)
def test_a_name_that_cannot_be_asked_for(host: str, said: str):
    with pytest.raises(TlsSettingsError, match=said):
        name_of(TlsSettings(), host)


def test_a_failure_for_another_reason_leaves_nothing_to_accept():
    with pytest.raises(TlsSettingsError, match="none to accept"):
        accept(TlsSettings(), TlsFailed(1.0, "not-tls", "", (b"der",)))
    with pytest.raises(TlsSettingsError, match="none to accept"):
        accept(TlsSettings(), TlsFailed(1.0, "expired", ""))
