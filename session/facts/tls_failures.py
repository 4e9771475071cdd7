"""The reasons why TLS fails, by key: the texts for each reason, and OpenSSL's errors for it.

`tls/handshake.py` finds the key for a failed handshake, and `tls/diagnosis.py` finds the keys for a
certificate. Both fill in the placeholders in braces.
"""

from __future__ import annotations

import msgspec


class TlsFact(msgspec.Struct, frozen=True):
    """A reason why TLS failed, or a fault of a certificate.

    `says` states the fault in one sentence, and `means` explains it to a newcomer. `certificate` is
    true for a fault of the certificate, which the user may choose to accept; after any other
    failure there is nothing to accept.
    """

    title: str
    says: str
    means: str
    try_next: str
    certificate: bool = False


REASONS: dict[str, TlsFact] = {
    "expired": TlsFact(
        "Expired",
        "The certificate of {name} expired on {until}, {ago}.",
        (
            "A certificate is valid for a limited time and must be renewed before it expires. "
            "Usually the renewal failed, or the mail server has not loaded the new certificate."
        ),
        (
            "On the server, renew the certificate and reload the mail server. If the date on "
            "this machine is wrong, correct its clock."
        ),
        True,
    ),
    "not-yet-valid": TlsFact(
        "Not valid yet",
        "The certificate of {name} is not valid before {since}, {ahead}.",
        (
            "The certificate was installed too early, or a clock is wrong: this machine's, or that "
            "of the machine that issued the certificate."
        ),
        "Check the date and time on this machine, then on the server.",
        True,
    ),
    "name-mismatch": TlsFact(
        "Name mismatch",
        "The certificate is not valid for {host}, only for {names}.",
        (
            "A certificate is valid only for the names it contains. The server has another "
            "name, or this is not the server that you meant to reach."
        ),
        (
            "If this is the right server, connect to a name in the certificate, or have {host} "
            "added to the certificate."
        ),
        True,
    ),
    "self-signed": TlsFact(
        "Self-signed",
        "The certificate of {name} is self-signed: no authority vouches for it.",
        (
            "Anyone can make such a certificate, for any name. Such certificates are common on "
            "test machines and on newly installed mail servers."
        ),
        (
            "If the server is yours, use its certificate as the CA file, or compare the SHA-256 "
            "fingerprint with that on the server and accept it. Otherwise the server needs a "
            "certificate issued by a CA."
        ),
        True,
    ),
    "unknown-ca": TlsFact(
        "Unknown authority",
        "The certificate of {name} was issued by {issuer}, which is not trusted here.",
        (
            "Every certificate must chain to a certificate authority (CA) that is trusted on this "
            "machine. A company's or a test setup's own CA is not in any public list. The result "
            "is the same when the server omits an intermediate certificate."
        ),
        (
            "If you trust {issuer}, use its certificate as the CA file. Otherwise check whether "
            "the server sends its full chain."
        ),
        True,
    ),
    "incomplete-chain": TlsFact(
        "Missing intermediate",
        "The server did not send the certificate of {issuer}, which issued that of {name}.",
        (
            "Between a server's certificate and a trusted authority there is usually an "
            "intermediate certificate, which the server must send as well. Browsers often fetch it "
            "themselves, but mail programs do not. The result is the same when {issuer} is itself "
            "an authority that is not trusted here."
        ),
        "On the server, use the file with the full chain (often named fullchain.pem).",
        True,
    ),
    "weak-key": TlsFact(
        "Weak key",
        "The key of {name} is too weak: {key}.",
        (
            "A key this short can be broken by computation, and anyone who breaks it can "
            "impersonate the server. An RSA key should have at least 2048 bits."
        ),
        (
            "On the server, generate a new key (RSA 2048 or ECDSA P-256) and get a certificate "
            "for it."
        ),
        True,
    ),
    "weak-signature": TlsFact(
        "Weak signature",
        "The certificate of {name} has a signature that can be forged: {signature}.",
        (
            "With SHA-1 and MD5 it is possible to create two certificates with the same "
            "signature. Authorities no longer use them."
        ),
        "Have the certificate reissued with a SHA-256 signature.",
        True,
    ),
    "wrong-purpose": TlsFact(
        "Wrong purpose",
        "The certificate of {name} is not a server certificate.",
        (
            "A certificate states what it may be used for. This one is for something else, such "
            "as authenticating a client or signing mail."
        ),
        (
            "The server needs a certificate with the extended key usage serverAuth (TLS Web "
            "Server Authentication)."
        ),
        True,
    ),
    "revoked": TlsFact(
        "Revoked",
        "The certificate of {name} was revoked by its issuer.",
        "Issuers revoke a certificate when its key was stolen or when it was issued by mistake.",
        "Do not trust it. The server needs a new certificate, with a new key.",
        True,
    ),
    "bad-certificate": TlsFact(
        "Rejected",
        "The certificate was rejected: {said}.",
        "This is the reason that OpenSSL gives.",
        "Check the chain, one certificate at a time.",
        True,
    ),
    "pin-mismatch": TlsFact(
        "Certificate changed",
        "The server's certificate is not the one that you accepted.",
        "The certificate was renewed, or another server is answering. Nothing was sent.",
        "Compare its SHA-256 fingerprint with that on the server before you accept it.",
        True,
    ),
    # Faults of one certificate in a chain, which do not make the handshake fail
    "wrong-order": TlsFact(
        "Wrong order",
        "The certificate of {name} does not follow the certificate that it vouches for.",
        (
            "Each certificate must vouch for the one before it (RFC 5246 section 7.4.2). "
            "OpenSSL sorts them; other programs may fail."
        ),
        (
            "On the server, put the certificates in order: its own first, then its issuer's, and "
            "so on."
        ),
        True,
    ),
    "not-in-chain": TlsFact(
        "Unrelated",
        "The certificate of {name} issued none of the others that the server sent.",
        "It is a leftover, often from a previous CA.",
        "Remove it from the server's certificate file.",
        True,
    ),
    "unreadable": TlsFact(
        "Unreadable",
        "This certificate cannot be read: {said}.",
        "The certificate is corrupt, or in a format that heloscope does not support.",
        "Save it and examine it with another tool.",
        True,
    ),
    # Failures of the handshake
    "not-tls": TlsFact(
        "No TLS on this port",
        "{host} does not speak TLS here: its first bytes are not a TLS record.",
        "On most ports a mail server starts without TLS and switches to it after STARTTLS.",
        "Connect without TLS and send STARTTLS (ports 25 and 587), or use port 465.",
    ),
    "plain-smtp": TlsFact(
        "No TLS on this port",
        "{host} sent an unencrypted greeting: it is a mail server that starts without TLS.",
        "On most ports a mail server starts without TLS and switches to it after STARTTLS.",
        "Connect without TLS (smtp:// with this port), and send STARTTLS.",
    ),
    "not-mail": TlsFact(
        "Not a mail server with TLS",
        "{host} does not speak TLS here. {what}.",
        "Its first bytes are not a TLS record; they belong to another protocol.",
        "Check the host and port: mail servers with TLS from the first byte listen on port 465.",
    ),
    "no-shared-version": TlsFact(
        "No TLS version in common",
        "{host} and heloscope have no TLS version in common.",
        (
            "The server supports only old versions (TLS 1.0 and 1.1, which are no longer "
            "secure), or it does not support the versions that you asked for."
        ),
        "Allow more TLS versions (minimum and maximum) to see what the server supports.",
    ),
    "no-shared-cipher": TlsFact(
        "No cipher in common",
        "{host} aborted the handshake: client and server have no parameters in common.",
        (
            "Client and server need a cipher, a key type and a curve in common. Some servers "
            "report the same error when they have no certificate for this name, or none at all."
        ),
        (
            "Remove the restrictions on ciphers and versions. On the server, check that a "
            "certificate is configured."
        ),
    ),
    "weak-exchange": TlsFact(
        "Weak key exchange",
        "{host} uses a key exchange that is too weak.",
        "Its Diffie-Hellman parameters are too short.",
        "On the server, use parameters of 2048 bits, or ECDHE only.",
    ),
    "client-certificate-wanted": TlsFact(
        "Client certificate required",
        "{host} requires a client certificate, but none was sent.",
        "The server accepts only clients with a certificate that it trusts.",
        "Configure a client certificate and its key.",
    ),
    "client-certificate-refused": TlsFact(
        "Refused by the server",
        "{host} aborted the handshake: {said}.",
        (
            "Servers report this when they do not accept the client certificate or the client "
            "itself."
        ),
        (
            "Check the client certificate: is it valid, and issued by a CA that the server "
            "trusts? The server's log has details."
        ),
    ),
    "unknown-name": TlsFact(
        "Unknown server name",
        "{host} does not recognise the requested server name: {server_name}.",
        (
            "At the start of the handshake the client names the server that it wants to reach "
            "(SNI), but this server has no certificate for that name."
        ),
        "Connect with a name that the server recognises.",
    ),
    "no-shared-protocol": TlsFact(
        "No application protocol in common",
        "{host} supports none of the protocols that were offered by ALPN.",
        "Mail servers do not need ALPN.",
        "Do not offer ALPN.",
    ),
    "server-fault": TlsFact(
        "Server error",
        "{host} aborted the handshake because of an error on its side: {said}.",
        (
            "The server reports an internal error. Often it cannot use its private key: the key "
            "cannot be read, or belongs to another certificate. The client is not at fault."
        ),
        "Check the server's log for that time, and its certificate and key.",
    ),
    "closed": TlsFact(
        "Closed during the handshake",
        "{host} closed the connection during the TLS handshake.",
        (
            "Servers do this when TLS is not configured, when they are overloaded, or when they "
            "block this client; a firewall or virus scanner on the path may do it too."
        ),
        "Check the server's log for that time.",
    ),
    "timed-out": TlsFact(
        "No answer to the handshake",
        "{host} did not complete the TLS handshake in time.",
        (
            "Usually the server is waiting for a plaintext command, or a firewall on the path "
            "drops large packets."
        ),
        "On ports 25 and 587, connect without TLS and send STARTTLS.",
    ),
    "other": TlsFact(
        "TLS failed",
        "The TLS handshake with {host} failed: {said}.",
        "This is the reason that OpenSSL gives.",
        "The server's log may have details.",
    ),
}

# OpenSSL's X509_V_ERR_… (x509_vfy.h, 3.x) -> key. For an issuer that was not found (2, 20, 21)
# `tls.diagnosis.untrusted` finds out from the chain whether an intermediate is missing.
NO_ISSUER = frozenset((2, 20, 21))
VERIFY_CODES: dict[int, str] = {
    2: "unknown-ca",
    9: "not-yet-valid",
    10: "expired",
    18: "self-signed",
    19: "unknown-ca",
    20: "unknown-ca",
    21: "unknown-ca",
    23: "revoked",
    26: "wrong-purpose",
    27: "unknown-ca",
    62: "name-mismatch",
    64: "name-mismatch",
    66: "weak-key",
    67: "weak-key",
    68: "weak-signature",
}

# OpenSSL's name for a failure (ssl.SSLError.reason) -> key.
OPENSSL_REASONS: dict[str, str] = {
    "WRONG_VERSION_NUMBER": "not-tls",  # the data does not begin like a record
    "RECORD_LAYER_FAILURE": "not-tls",  # the name since OpenSSL 3.2
    "PACKET_LENGTH_TOO_LONG": "not-tls",
    "HTTP_REQUEST": "not-tls",
    "HTTPS_PROXY_REQUEST": "not-tls",
    "UNKNOWN_PROTOCOL": "not-tls",
    "UNSUPPORTED_PROTOCOL": "no-shared-version",
    "VERSION_TOO_LOW": "no-shared-version",
    "WRONG_SSL_VERSION": "no-shared-version",
    "NO_PROTOCOLS_AVAILABLE": "no-shared-version",
    "TLSV1_ALERT_PROTOCOL_VERSION": "no-shared-version",
    "NO_CIPHERS_AVAILABLE": "no-shared-cipher",
    "WRONG_CIPHER_RETURNED": "no-shared-cipher",
    "UNKNOWN_CIPHER_RETURNED": "no-shared-cipher",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "no-shared-cipher",
    "TLSV1_ALERT_INSUFFICIENT_SECURITY": "no-shared-cipher",
    "DH_KEY_TOO_SMALL": "weak-exchange",
    "BAD_DH_VALUE": "weak-exchange",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "client-certificate-wanted",
    "SSLV3_ALERT_NO_CERTIFICATE": "client-certificate-wanted",
    "SSLV3_ALERT_BAD_CERTIFICATE": "client-certificate-refused",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "client-certificate-refused",
    "SSLV3_ALERT_CERTIFICATE_REVOKED": "client-certificate-refused",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": "client-certificate-refused",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": "client-certificate-refused",
    "TLSV1_ALERT_ACCESS_DENIED": "client-certificate-refused",
    "TLSV1_ALERT_DECRYPT_ERROR": "client-certificate-refused",
    "TLSV1_ALERT_UNKNOWN_CA": "client-certificate-refused",
    "TLSV1_UNRECOGNIZED_NAME": "unknown-name",
    "TLSV1_ALERT_NO_APPLICATION_PROTOCOL": "no-shared-protocol",
    "TLSV1_ALERT_INTERNAL_ERROR": "server-fault",
    "UNEXPECTED_EOF_WHILE_READING": "closed",
    "EE_KEY_TOO_SMALL": "weak-key",
    "CA_KEY_TOO_SMALL": "weak-key",
    "CA_MD_TOO_WEAK": "weak-signature",
}

# Object identifier -> name of a signature algorithm (RFC 3279, 4055, 5758, 8410).
SIGNATURES: dict[str, str] = {
    "1.2.840.113549.1.1.2": "MD2 with RSA",
    "1.2.840.113549.1.1.4": "MD5 with RSA",
    "1.2.840.113549.1.1.5": "SHA-1 with RSA",
    "1.3.14.3.2.29": "SHA-1 with RSA",
    "1.2.840.113549.1.1.14": "SHA-224 with RSA",
    "1.2.840.113549.1.1.11": "SHA-256 with RSA",
    "1.2.840.113549.1.1.12": "SHA-384 with RSA",
    "1.2.840.113549.1.1.13": "SHA-512 with RSA",
    "1.2.840.113549.1.1.10": "RSA-PSS",
    "1.2.840.10045.4.1": "SHA-1 with ECDSA",
    "1.2.840.10045.4.3.1": "SHA-224 with ECDSA",
    "1.2.840.10045.4.3.2": "SHA-256 with ECDSA",
    "1.2.840.10045.4.3.3": "SHA-384 with ECDSA",
    "1.2.840.10045.4.3.4": "SHA-512 with ECDSA",
    "1.2.840.10040.4.3": "SHA-1 with DSA",
    "2.16.840.1.101.3.4.3.2": "SHA-256 with DSA",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
}
WEAK_SIGNATURES = ("MD2 ", "MD5 ", "SHA-1 ")

# OpenSSL's name of a curve -> NIST's, which is better known (RFC 5480).
CURVES = {"secp192r1": "P-192", "secp224r1": "P-224", "secp256r1": "P-256",
          "secp384r1": "P-384", "secp521r1": "P-521"}  # fmt: skip
# Minimum bits of a key, by type; all Edwards curves are strong enough.
FEWEST_BITS = {"RSA": 2048, "DSA": 2048, "ECDSA": 224}
