"""Explains the TLS alert with which a server aborts a handshake."""

from __future__ import annotations

from .explanation import Explanation

_HEADER = 5  # octets before the level and the description, RFC 8446 5.1

# Description -> name (RFC 8446 section 6), and what most often causes it.
_ALERTS: dict[int, tuple[str, str]] = {
    40: ("handshake_failure", "no version, cipher suite or key type suits both sides"),
    42: ("bad_certificate", "the server does not accept the client's certificate"),
    47: ("illegal_parameter", "the two TLS libraries do not understand each other"),
    48: ("unknown_ca", "the server does not trust the issuer of the client's certificate"),
    70: ("protocol_version", "the server does not accept the TLS versions that the client offers"),
    71: ("insufficient_security", "the server requires stronger ciphers than the client offers"),
    80: (
        "internal_error",
        "the server's TLS is misconfigured, for example with a key that it cannot read",
    ),
    112: ("unrecognized_name", "the server has no certificate for the host name (SNI)"),
    116: ("certificate_required", "the server requires a client certificate"),
    120: ("no_application_protocol", "the server supports none of the protocols offered by ALPN"),
}


def alert(data: bytes) -> Explanation | None:
    """Explain a TLS alert in reply to a ClientHello, or return None for any other data."""
    if not data.startswith(b"\x15\x03") or len(data) <= _HEADER + 1:
        return None
    number = data[_HEADER + 1]
    name, cause = _ALERTS.get(number, (f"number {number}", ""))
    why = f": {cause}" if cause else ""
    return Explanation(
        "the server aborted the TLS handshake",
        f"It sent the TLS alert {name}{why}. The port speaks TLS, but the two sides could not "
        "agree on its parameters.",
        "",
        "Check which TLS versions, ciphers and host name the client offers; the server's log gives "
        "its administrator the reason.",
        ("RFC 8446 6",),
    )
