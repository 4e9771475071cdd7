"""Why TLS fails: a key for each reason, what to say of it, and how OpenSSL puts it.

Only tables. tls.py finds the key of a failed handshake, certificate_problems.py those of a
certificate; both take their words from here. `{names}` in braces are filled in by them.
"""

from __future__ import annotations

from typing import NamedTuple


class TlsFact(NamedTuple):
    """One reason. `says` is one sentence on this case, `means` explains it to a newcomer.

    `certificate` is true when it is a fault of the certificate, which the user may accept all
    the same; no decision helps against the others.
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
        "A certificate is good for a limited time and has to be renewed before its end. Mostly "
        "the renewal failed, or the mail server was not told to load the new one.",
        "On the server, renew the certificate and reload the mail server. If the date is wrong "
        "here, set the clock of this machine.",
        True,
    ),
    "not-yet-valid": TlsFact(
        "Not valid yet",
        "The certificate of {name} is valid only from {since} on, {ahead}.",
        "Either it was put to use too early, or a clock is wrong: that of this machine, or that "
        "of the machine where it was made.",
        "Check date and time on this machine, then on the server.",
        True,
    ),
    "name-mismatch": TlsFact(
        "Made for another name",
        "The certificate is not for {host}: it is for {names}.",
        "A certificate counts only for the names that stand in it. The server goes by another "
        "name, or this is another server than the one you meant to reach.",
        "If it is the right server, connect to a name that stands in the certificate, or have "
        "{host} added to it.",
        True,
    ),
    "self-signed": TlsFact(
        "Self-signed",
        "The certificate of {name} is signed with its own key: no authority vouches for it.",
        "Anybody can make such a certificate, with any name in it. It is usual on test machines "
        "and on mail servers that were just installed.",
        "If the server is yours, give its certificate as the CA file, or compare the SHA-256 "
        "with the server's and accept it. Otherwise the server needs a certificate of a CA.",
        True,
    ),
    "unknown-ca": TlsFact(
        "Unknown authority",
        "The certificate of {name} was issued by {issuer}, which is not trusted here.",
        "Every certificate has to lead to an authority (CA) in the list of those trusted here. "
        "The CA of a company or of a test is in no public list. It looks the same when the "
        "server does not send an intermediate certificate that belongs in between.",
        "If {issuer} is to be trusted, give its certificate as the CA file. Otherwise see "
        "whether the server sends its whole chain.",
        True,
    ),
    "incomplete-chain": TlsFact(
        "An intermediate is missing",
        "The server did not send the certificate of {issuer}, which issued that of {name}.",
        "Between a server's certificate and a trusted authority there is mostly an intermediate "
        "certificate, and the server has to send it along. Browsers often find it by "
        "themselves, mail programs do not. It looks the same when {issuer} is an authority "
        "itself, and not trusted here.",
        "On the server, use the file that holds the whole chain (often called fullchain.pem).",
        True,
    ),
    "weak-key": TlsFact(
        "Weak key",
        "The key of {name} is too weak: {key}.",
        "A key as short as that can be found by computing; whoever does that can pose as the "
        "server. An RSA key should have 2048 bits at least.",
        "On the server, make a new key (RSA 2048 or ECDSA P-256) and get a certificate for it.",
        True,
    ),
    "weak-signature": TlsFact(
        "Weak signature",
        "The certificate of {name} is signed in a way that can be forged: {signature}.",
        "For SHA-1 and MD5 one can make two certificates to which the same signature fits. "
        "No authority signs like that any more.",
        "The certificate has to be issued again, signed with SHA-256.",
        True,
    ),
    "wrong-purpose": TlsFact(
        "Made for another purpose",
        "The certificate of {name} is not meant for a server.",
        "A certificate says what it may be used for. This one is for something else: for a "
        "client, perhaps, or for signing mail.",
        "The server needs a certificate for 'TLS Web Server Authentication' (serverAuth).",
        True,
    ),
    "revoked": TlsFact(
        "Revoked",
        "The certificate of {name} was called back by its issuer.",
        "That is done when a key was stolen, or a certificate issued by mistake.",
        "Do not trust it. The server needs a new certificate, with a new key.",
        True,
    ),
    "bad-certificate": TlsFact(
        "Not accepted",
        "The certificate was not accepted: {said}.",
        "That is what OpenSSL says of it.",
        "Look at the chain, certificate by certificate.",
        True,
    ),
    "pin-mismatch": TlsFact(
        "Another certificate than the accepted one",
        "The server shows another certificate than the one that you accepted.",
        "It was renewed since, or another server answers in its place. Nothing was sent.",
        "Compare its SHA-256 with the server's own before you accept it.",
        True,
    ),
    # Of one certificate in a chain, and no reason to fail
    "wrong-order": TlsFact(
        "In the wrong place",
        "The certificate of {name} does not stand behind the one that it vouches for.",
        "Each certificate should vouch for the one before it (RFC 5246 section 7.4.2). OpenSSL "
        "sorts them; other programs may fail.",
        "On the server, put them in order: its own first, then the one that issued it, and so on.",
        True,
    ),
    "not-in-chain": TlsFact(
        "Does not belong here",
        "The certificate of {name} vouches for no other that the server sent.",
        "It is left over, often from a CA that was used before.",
        "Take it out of the server's file.",
        True,
    ),
    "unreadable": TlsFact(
        "Unreadable",
        "This certificate cannot be read: {said}.",
        "What the server sent is broken, or in a form that is not known here.",
        "Save it and look at it with other tools.",
        True,
    ),
    # Of the handshake
    "not-tls": TlsFact(
        "No TLS on this port",
        "{host} does not speak TLS here: what it sent is no TLS record.",
        "On most ports a mail server begins in clear, and turns to TLS after STARTTLS.",
        "Connect without TLS and send STARTTLS (ports 25 and 587), or use port 465.",
    ),
    "no-shared-version": TlsFact(
        "No TLS version in common",
        "{host} and this side have no version of TLS in common.",
        "Either the server knows only old versions (TLS 1.0 and 1.1, not safe any more), or the "
        "versions that you asked for are not on offer there.",
        "Widen the minimum and maximum version, to see what the server knows.",
    ),
    "no-shared-cipher": TlsFact(
        "No cipher in common",
        "{host} broke the handshake off: it found nothing in common to work with.",
        "Client and server have to share a cipher, a kind of key and a curve. Some servers say "
        "the same when they have no certificate for this name, or none at all.",
        "Take out the limits on ciphers and versions. On the server, look whether a certificate "
        "is set.",
    ),
    "weak-exchange": TlsFact(
        "Weak key exchange",
        "{host} offers a key exchange that is too weak.",
        "The numbers that it uses for it (Diffie-Hellman parameters) are too short.",
        "On the server, use parameters of 2048 bits, or ECDHE alone.",
    ),
    "client-certificate-wanted": TlsFact(
        "Client certificate wanted",
        "{host} wants a certificate of this side, and got none.",
        "The server lets only those in who show a certificate that it knows.",
        "Give a client certificate and its key.",
    ),
    "client-certificate-refused": TlsFact(
        "Refused by the server",
        "{host} broke the handshake off: {said}.",
        "That is what a server says which does not accept the certificate of this side, or "
        "does not let it in.",
        "Look at the client certificate: is it valid, and of a CA that the server trusts? The "
        "server's log says more.",
    ),
    "unknown-name": TlsFact(
        "The server does not go by this name",
        "{host} does not know the name that it was called by: {server_name}.",
        "The client says at the start which name it wants to reach (SNI); the server has no "
        "certificate for it.",
        "Connect to the server by its own name.",
    ),
    "no-shared-protocol": TlsFact(
        "No application protocol in common",
        "{host} speaks none of the protocols that were offered by ALPN.",
        "Mail servers need no ALPN.",
        "Offer no ALPN.",
    ),
    "closed": TlsFact(
        "Closed in the handshake",
        "{host} closed the connection in the middle of the TLS handshake.",
        "A server does so when its TLS is not set up, when it is overloaded, or when it does "
        "not want this client; a firewall or virus scanner in between may do so too.",
        "Look at the server's log for this moment.",
    ),
    "timed-out": TlsFact(
        "No answer in the handshake",
        "{host} did not finish the TLS handshake in time.",
        "Often that is a server that waits for a command in clear, or a firewall in between "
        "that swallows large packets.",
        "On ports 25 and 587, connect without TLS and send STARTTLS.",
    ),
    "other": TlsFact(
        "TLS failed",
        "The TLS handshake with {host} failed: {said}.",
        "That is what OpenSSL says of it.",
        "The server's log may say more.",
    ),
}

# OpenSSL's X509_V_ERR_… (x509_vfy.h, 3.x) -> key. Of an issuer that is not to be had (2, 20, 21)
# the chain tells whether an intermediate was left out: certificate_problems.untrusted().
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

# OpenSSL's word for a failure (ssl.SSLError.reason) -> key.
WORDS: dict[str, str] = {
    "WRONG_VERSION_NUMBER": "not-tls",  # a record that begins like no record
    "RECORD_LAYER_FAILURE": "not-tls",  # the same, from OpenSSL 3.2 on
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
    "UNEXPECTED_EOF_WHILE_READING": "closed",
    "EE_KEY_TOO_SMALL": "weak-key",
    "CA_KEY_TOO_SMALL": "weak-key",
    "CA_MD_TOO_WEAK": "weak-signature",
}

# What a certificate's signature is called (RFC 3279, 4055, 5758, 8410), by object identifier.
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

# Curves by OpenSSL's name -> NIST's, which people know (RFC 5480).
CURVES = {"secp192r1": "P-192", "secp224r1": "P-224", "secp256r1": "P-256",
          "secp384r1": "P-384", "secp521r1": "P-521"}  # fmt: skip
# The fewest bits a key may have, by kind; the Edwards curves are strong enough.
FEWEST_BITS = {"RSA": 2048, "DSA": 2048, "ECDSA": 224}
