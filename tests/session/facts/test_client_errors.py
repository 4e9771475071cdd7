"""The error messages of mail programs, in their own words, and what they mean."""

from __future__ import annotations

from heloscope.session.facts.client_errors import client_error
from support.rows import for_each


@for_each([
        ("curl: (7) Failed to connect to mx port 25: Connection refused", "port is closed"),
        ("socket.gaierror: [Errno -2] Name or service not known", "the server's name"),
        ("curl: (6) Could not resolve host: mx.example.org", "the server's name"),
        ("socket.timeout: timed out", "no answer in time"),
        ("OSError: [Errno 101] Network is unreachable", "is unreachable"),
        ("ConnectionResetError: [Errno 104] Connection reset by peer", "was reset"),
        ("smtplib.SMTPServerDisconnected: Connection unexpectedly closed", "server closed"),
        ("smtplib.SMTPNotSupportedError: STARTTLS extension not supported by server.",
         "does not offer"),
        ("ssl.SSLError: [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)",
         "TLS failed: no TLS on this port"),
        ("certificate verify failed: Hostname mismatch, certificate is not valid for 'x'.",
         "certificate (name mismatch)"),
        ("certificate verify failed: self-signed certificate in certificate chain",
         "certificate (unknown authority)"),
        ("curl: (60) SSL certificate problem: certificate has expired", "certificate (expired)"),
        ("curl: (60) SSL certificate problem: unable to get local issuer certificate",
         "certificate (unknown authority)"),
        ("error:0A000086:SSL routines::certificate verify failed", "server's certificate"),
        ("PKIX path building failed: unable to find valid certification path", "authority)"),
        ("Auth not attempted, requested type not available", "no login: the client found no mech"),
        ("No suitable authentication method found.", "no login: the client found no mechanism"),
        ("error:0A00010A:SSL routines:can_renegotiate:wrong ssl version:../ssl/ssl_lib.c:2287:",
         "openssl s_client took it for a command of its own"),
        ("error:0A00042E:SSL routines::tlsv1 alert protocol version", "no TLS version in common"),
    ])  # fmt: skip
def test_a_message_has_a_meaning(message: str, title: str):
    found = client_error(message)
    assert found is not None
    assert title in found.title
    assert found.means
    assert "{" not in found.means + found.try_next


def test_an_unknown_message_has_no_meaning():
    assert client_error("SMTP Error: Could not authenticate.") is None
