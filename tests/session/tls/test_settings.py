"""TLS settings are checked before connecting, without loading what only a handshake needs."""

from __future__ import annotations

import re
import ssl

import pytest
from heloscope.session.tls.settings import TlsSettings, TlsSettingsError, check


@pytest.fixture(autouse=True)
def without_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the CAs of the system were loaded")

    monkeypatch.delenv("SSLKEYLOGFILE", raising=False)
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", never)


def test_valid_settings_are_accepted():
    check(TlsSettings())
    check(TlsSettings(minimum="TLSv1.2", verify=False, server_name="mx.example.org"))
    check(TlsSettings(minimum="TLSv1.2", ciphers="DEFAULT", alpn=("smtp",)))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (TlsSettings(ca_file="/nowhere/ca"), "Cannot read the CA file /nowhere/ca"),
        (TlsSettings(certfile="/nowhere/a"), "Cannot read the certificate file /nowhere/a"),
        (
            TlsSettings(keyfile="/nowhere/a"),
            "The client certificate is missing: only its key is given.",
        ),
        (TlsSettings(ciphers="NONE-SUCH"), "No OpenSSL cipher matches NONE-SUCH."),
        (TlsSettings(alpn=("",)), "An ALPN protocol name must be 1 to 255"),
    ],
)
def test_invalid_settings_are_reported(settings: TlsSettings, said: str):
    with pytest.raises(TlsSettingsError, match=re.escape(said)):
        check(settings)


def test_a_key_log_that_cannot_be_written_is_reported(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSLKEYLOGFILE", "/nowhere/keys")
    with pytest.raises(
        TlsSettingsError, match="Cannot write the file named by SSLKEYLOGFILE /nowhere/keys"
    ):
        check(TlsSettings())
