"""TLS verifies the name of the host to which this connection was made."""

from __future__ import annotations

import contextlib
import socket
import ssl

import pytest
import trustme
from heloscope.session import LMTP, SMTP, SMTP_SSL
from support.tls_servers import serving


@pytest.fixture
def ca() -> trustme.CA:
    return trustme.CA()


def contexts(ca: trustme.CA, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a server's context with a certificate for `name`, and a client's that trusts it."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(name).configure_cert(server)
    client = ssl.create_default_context()
    ca.configure_trust(client)
    return server, client


def starttls_peer(server: ssl.SSLContext):
    def peer(sock: socket.socket) -> None:
        sock.sendall(b"220 hello\r\n")
        while line := sock.recv(1000):
            if line.upper().startswith(b"STARTTLS"):
                sock.sendall(b"220 go on\r\n")
                with contextlib.suppress(OSError), server.wrap_socket(sock, server_side=True):
                    pass
                return
            hello = line.upper().startswith((b"EHLO", b"LHLO"))
            sock.sendall(b"250-hello\r\n250 STARTTLS\r\n" if hello else b"221 bye\r\n")

    return peer


@pytest.mark.parametrize("kind", [SMTP, LMTP])
@pytest.mark.parametrize(("name", "verified"), [("localhost", True), ("127.0.0.1", False)])
def test_starttls_verifies_the_host_of_the_second_connection(
    ca: trustme.CA, name: str, verified: bool, kind: type[SMTP]
) -> None:
    server, client = contexts(ca, name)
    with serving(starttls_peer(server), 2) as served:
        smtp = kind()
        smtp.connect("127.0.0.1", served.port)
        smtp.quit()
        smtp.connect("localhost", served.port)
        if verified:
            assert smtp.starttls(context=client)[0] == 220
        else:
            with pytest.raises(ssl.SSLCertVerificationError):
                smtp.starttls(context=client)
        smtp.close()


def test_smtp_ssl_verifies_the_second_host_after_a_refused_connection(ca: trustme.CA) -> None:
    server, client = contexts(ca, "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        unused = closed.getsockname()[1]
    smtp = SMTP_SSL(context=client)
    with pytest.raises(OSError):
        smtp.connect("127.0.0.1", unused)
    with serving(server) as served, pytest.raises(ssl.SSLCertVerificationError):
        smtp.connect("localhost", served.port)
