"""SASL mechanisms: how each one works, what an eavesdropper learns, and where it is defined.

A mechanism name that is not in this table comes from the wire, so pass it through `visible_text`
before showing it. `sasl/selection.py` determines which mechanisms the engine can run itself.
"""

from __future__ import annotations

from typing import Literal

import msgspec

WhoFirst = Literal["client", "server"]


TOKEN_MECHANISMS = ("OAUTHBEARER", "XOAUTH2", "OAUTH10A", "XOAUTH", "PLAIN-CLIENTTOKEN")
"""The mechanisms that send an access token instead of a password."""


class MechanismFact(msgspec.Struct, frozen=True):
    """A SASL mechanism: its strength, how it works, and what an eavesdropper learns.

    `readable` is true if the mechanism sends the password or token itself rather than a proof of
    it. `messages` are the messages of the exchange in order, each a pair of its sender and its
    content before base64 encoding; `learns` is what the messages reveal to an eavesdropper. `sure`
    is False for a mechanism known only from second-hand reports.
    """

    name: str
    readable: bool
    strength: str
    who_first: WhoFirst
    means: str
    learns: str
    messages: tuple[tuple[str, str], ...]
    status: str
    rfc: str
    sure: bool = True


_SCRAM_MEANS = (
    "The password is never sent: client and server prove to each other that they know it, "
    "using two random nonces and a salted hash of the password with many iterations."
)
_PLUS_MEANS = (
    f"{_SCRAM_MEANS} The proof is also bound to the TLS connection, which makes a man in the "
    "middle detectable."
)
_SCRAM_LEARNS = (
    "The user name, the nonces, the salt, the iteration count and the proof: together enough for "
    "an offline guessing attack."
)
_SCRAM_MESSAGES = (
    ("client", "channel binding flag, user name, client nonce"),
    ("server", "both nonces, salt, iteration count"),
    ("client", "channel binding, both nonces, client proof"),
    ("server", "server signature, or the error"),
    ("client", "an empty response; the reply follows"),
)
_KERBEROS_LEARNS = "The names in the ticket, but no password."
_TOKENS = (("client", "a Kerberos token"), ("server", "tokens, until both sides are satisfied"))


def _scram(name: str, strength: str, status: str, rfc: str, sure: bool = True) -> MechanismFact:
    means = _PLUS_MEANS if name.endswith("-PLUS") else _SCRAM_MEANS
    return MechanismFact(
        name, False, strength, "client", means, _SCRAM_LEARNS, _SCRAM_MESSAGES, status, rfc, sure
    )


_ALL = (
    MechanismFact(
        "PLAIN",
        readable=True,
        strength="none of its own: use over TLS only",
        who_first="client",
        means=(
            "Sends the user name and the password as they are. Over TLS this is the usual "
            "mechanism: it is simple, and the server may store the password in any form."
        ),
        learns="Everything: the user name and the password.",
        messages=(("client", "authorization identity (usually empty), user name, password"),),
        status="standard",
        rfc="RFC 4616",
    ),
    MechanismFact(
        "LOGIN",
        readable=True,
        strength="none of its own: use over TLS only",
        who_first="server",
        means=(
            "The server asks for the user name, then for the password. Many clients send "
            "the user name in the AUTH line. PLAIN does the same in a single message."
        ),
        learns="Everything: the user name and the password.",
        messages=(
            ("server", "Username:"),
            ("client", "the user name"),
            ("server", "Password:"),
            ("client", "the password"),
        ),
        status="obsolete, but still widespread",
        rfc="draft-murchison-sasl-login; MS-XLOGIN",
    ),
    MechanismFact(
        "CRAM-MD5",
        readable=False,
        strength="weak",
        who_first="server",
        means=(
            "The server sends a unique challenge; the client returns its HMAC-MD5, with the "
            "password as the key. The server must store the password or an equivalent, and "
            "does not prove its own identity."
        ),
        learns="The user name, and enough for an offline guessing attack.",
        messages=(
            ("server", "a unique challenge made of a number, the time and the host"),
            ("client", "user name, a space, the digest in 32 hexadecimal digits"),
        ),
        status="limited use; historic in practice",
        rfc="RFC 2195",
    ),
    MechanismFact(
        "DIGEST-MD5",
        readable=False,
        strength="weak",
        who_first="server",
        means=(
            "Similar to CRAM-MD5, with a realm and a client nonce; it has so many options "
            "that implementations often do not interoperate."
        ),
        learns="The user name and the realm, and enough for an offline guessing attack.",
        messages=(
            ("server", "realm, nonce, options"),
            ("client", "user name, realm, both nonces, smtp/host, digest"),
            ("server", "rspauth, the server's proof"),
            ("client", "an empty response"),
        ),
        status="obsolete (moved to historic)",
        rfc="RFC 2831; RFC 6331",
    ),
    _scram("SCRAM-SHA-1", "fair", "standard; newer variants preferred", "RFC 5802"),
    _scram(
        "SCRAM-SHA-1-PLUS", "fair, bound to the TLS connection", "standard", "RFC 5802; RFC 9266"
    ),
    _scram("SCRAM-SHA-256", "good, with a strong password", "standard", "RFC 7677"),
    _scram(
        "SCRAM-SHA-256-PLUS", "good, bound to the TLS connection", "standard", "RFC 7677; RFC 9266"
    ),
    _scram(
        "SCRAM-SHA-512",
        "good, with a strong password",
        "not registered with IANA; used in XMPP and by some mail servers",
        "draft-melnikov-scram-sha-512",
        sure=False,
    ),
    _scram(
        "SCRAM-SHA-512-PLUS",
        "good, bound to the TLS connection",
        "not registered with IANA",
        "draft-melnikov-scram-sha-512",
        sure=False,
    ),
    MechanismFact(
        "XOAUTH2",
        readable=True,
        strength="none of its own: use over TLS only",
        who_first="client",
        means=(
            "Sends a token instead of a password. The provider issues it after a login in "
            "the browser; it expires, usually within an hour."
        ),
        learns="The user name, and a token that is valid until it expires.",
        messages=(
            ("client", "user=address and auth=Bearer token, separated by Ctrl-A (byte 1)"),
            ("server", "after a failure only: the error, in JSON"),
            ("client", "an empty response; the reply follows"),
        ),
        status="private (Google, Microsoft)",
        rfc="Google XOAUTH2 (private)",
    ),
    MechanismFact(
        "OAUTHBEARER",
        readable=True,
        strength="none of its own: use over TLS only",
        who_first="client",
        means="The standardised form of XOAUTH2: a token from the provider instead of a password.",
        learns="The user name, and a token that is valid until it expires.",
        messages=(
            (
                "client",
                (
                    "user name, the host and port that the client connected to, auth=Bearer "
                    "token, separated by byte 1"
                ),
            ),
            ("server", "after a failure only: the error, in JSON"),
            ("client", "a single byte 1; the reply follows"),
        ),
        status="standard",
        rfc="RFC 7628",
    ),
    MechanismFact(
        "OAUTH10A",
        readable=False,
        strength="fair",
        who_first="client",
        means="Like OAUTHBEARER, but with OAuth 1.0a: a token, and values signed with its key.",
        learns="The user name and the token, but not the signing key.",
        messages=(
            ("client", "user name, host, port, auth=OAuth with signed values"),
            ("server", "after a failure only: the error, in JSON"),
            ("client", "a single byte 1"),
        ),
        status="standard, unused",
        rfc="RFC 7628",
    ),
    MechanismFact(
        "EXTERNAL",
        readable=False,
        strength="that of the client certificate",
        who_first="client",
        means=(
            "The server already knows who the client is, usually from its TLS client certificate; "
            "the client may name the identity to act as."
        ),
        learns="The name, but nothing secret.",
        messages=(("client", "authorization identity, usually empty (= in the AUTH line)"),),
        status="standard",
        rfc="RFC 4422 appendix A",
    ),
    MechanismFact(
        "ANONYMOUS",
        readable=False,
        strength="none: it does not authenticate",
        who_first="client",
        means=(
            "Guest access without a password; the client sends trace information, such as an "
            "e-mail address."
        ),
        learns="The trace information.",
        messages=(("client", "trace information, any text"),),
        status="standard; useless on most mail servers",
        rfc="RFC 4505",
    ),
    MechanismFact(
        "GSSAPI",
        readable=False,
        strength="good; can also encrypt the session",
        who_first="client",
        means="Kerberos: a ticket from the domain's key distribution centre identifies the user.",
        learns=_KERBEROS_LEARNS,
        messages=(*_TOKENS, ("client", "security layer, buffer size, authorization identity")),
        status="standard",
        rfc="RFC 4752",
    ),
    MechanismFact(
        "GS2-KRB5",
        readable=False,
        strength="good",
        who_first="client",
        means="Kerberos with a GS2 header like that of SCRAM.",
        learns=_KERBEROS_LEARNS,
        messages=_TOKENS,
        status="standard, rare",
        rfc="RFC 5801",
    ),
    MechanismFact(
        "GS2-KRB5-PLUS",
        readable=False,
        strength="good, bound to the TLS connection",
        who_first="client",
        means="Kerberos, bound to the TLS connection.",
        learns=_KERBEROS_LEARNS,
        messages=_TOKENS,
        status="standard, rare",
        rfc="RFC 5801",
    ),
    MechanismFact(
        "GSS-SPNEGO",
        readable=False,
        strength="that of the negotiated mechanism",
        who_first="client",
        means="Windows authentication: both sides first negotiate Kerberos or NTLM.",
        learns="Names; with NTLM also enough for an offline guessing attack.",
        messages=(("client", "an SPNEGO token"), ("server", "further tokens")),
        status="limited use (Windows)",
        rfc="IANA registry (Paul Leach)",
    ),
    MechanismFact(
        "NTLM",
        readable=False,
        strength="weak",
        who_first="client",
        means="The old Windows domain authentication: a challenge, answered with hashes.",
        learns=(
            "The names of the Windows domain and the user, and enough for an offline guessing "
            "attack; a man in the middle can relay the exchange and log in as the user."
        ),
        messages=(
            ("client", "type 1: capabilities"),
            ("server", "type 2: challenge, names of server and domain"),
            ("client", "type 3: domain, user name, response"),
        ),
        status="limited use (Exchange)",
        rfc="MS-SMTPNTLM (private); IANA registry",
    ),
    MechanismFact(
        "NEGOTIATE",
        readable=False,
        strength="that of the negotiated mechanism",
        who_first="client",
        means="Another name for GSS-SPNEGO.",
        learns="The same as with GSS-SPNEGO.",
        messages=(("client", "an SPNEGO token"), ("server", "further tokens")),
        status="private",
        rfc="Microsoft (private)",
        sure=False,
    ),
    MechanismFact(
        "MSN",
        readable=False,
        strength="weak",
        who_first="client",
        means="An older name for NTLM.",
        learns="The same as with NTLM.",
        messages=(("client", "type 1"), ("server", "type 2"), ("client", "type 3")),
        status="private, no longer used",
        rfc="Microsoft (private)",
        sure=False,
    ),
    MechanismFact(
        "OTP",
        readable=False,
        strength="fair",
        who_first="client",
        means="One-time passwords, derived from a pass phrase.",
        learns=(
            "The user name and a password that is no longer valid; a weak pass phrase can be "
            "guessed."
        ),
        messages=(
            ("client", "authorization identity, user name"),
            ("server", "hash algorithm, sequence number, seed"),
            ("client", "the one-time password"),
        ),
        status="standard, rare",
        rfc="RFC 2444",
    ),
    MechanismFact(
        "SKEY",
        readable=False,
        strength="weak",
        who_first="client",
        means="An older form of OTP.",
        learns="The user name and a password that is no longer valid.",
        messages=(
            ("client", "user name"),
            ("server", "sequence number, seed"),
            ("client", "the one-time password"),
        ),
        status="obsolete",
        rfc="RFC 2222; RFC 2444",
    ),
    MechanismFact(
        "SECURID",
        readable=False,
        strength="fair",
        who_first="client",
        means="The code shown on a hardware token, which changes every minute.",
        learns="The user name and a code that is no longer valid.",
        messages=(("client", "authorization identity, user name, code, PIN if required"),),
        status="standard, rare",
        rfc="RFC 2808",
    ),
    MechanismFact(
        "KERBEROS_V4",
        readable=False,
        strength="broken (DES)",
        who_first="server",
        means="The predecessor of today's Kerberos.",
        learns="Names.",
        messages=(
            ("server", "a random number"),
            ("client", "the ticket"),
            ("server", "a verification value"),
            ("client", "a verification value"),
        ),
        status="obsolete",
        rfc="RFC 2222",
    ),
    MechanismFact(
        "SRP",
        readable=False,
        strength="good",
        who_first="client",
        means="Both sides derive a shared key that requires knowledge of the password.",
        learns="Only the user name: no offline guessing attack is possible.",
        messages=(
            ("client", "authorization identity, user name"),
            ("server", "salt, public values"),
            ("client", "public value, proof"),
        ),
        status="draft, never a standard",
        rfc="draft-burdis-cat-srp-sasl",
        sure=False,
    ),
    MechanismFact(
        "EAP-AES128",
        readable=False,
        strength="good",
        who_first="client",
        means="Authentication by an EAP method, as in eduroam.",
        learns="Depends on the EAP method.",
        messages=(("client", "GS2 header"), ("server", "EAP messages")),
        status="standard, rare",
        rfc="RFC 7055",
    ),
    MechanismFact(
        "SAML20",
        readable=False,
        strength="that of the login in the browser",
        who_first="client",
        means="The user logs in to an identity provider in the browser.",
        learns="The name of the identity provider.",
        messages=(
            ("client", "GS2 header, identity provider"),
            ("server", "a URL for the browser"),
            ("client", "an empty response"),
        ),
        status="standard, unused",
        rfc="RFC 6595",
    ),
    MechanismFact(
        "OPENID20",
        readable=False,
        strength="that of the login in the browser",
        who_first="client",
        means="The user logs in to an OpenID provider in the browser.",
        learns="The OpenID.",
        messages=(
            ("client", "GS2 header, OpenID"),
            ("server", "a URL for the browser"),
            ("client", "an empty response"),
        ),
        status="standard, unused",
        rfc="RFC 6616",
    ),
    MechanismFact(
        "EXCHANGEAUTH",
        readable=False,
        strength="that of the Windows domain",
        who_first="client",
        means="Authentication between Exchange servers of one organisation (X-EXPS).",
        learns="The names of the servers.",
        messages=(("client", "a token, after X-ANONYMOUSTLS; the 235 reply returns one"),),
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    MechanismFact(
        "9798-U-DSA-SHA1",
        readable=False,
        strength="weak today (SHA-1)",
        who_first="server",
        means=(
            "ISO/IEC 9798-3: the client alone signs random numbers with a private key "
            "(DSA with SHA-1)."
        ),
        learns="Certificates and signatures, but nothing secret.",
        messages=(
            ("server", "a random number"),
            ("client", "a random number, a certificate, the signature"),
        ),
        status="registered, unused",
        rfc="RFC 3163",
    ),
    MechanismFact(
        "9798-U-ECDSA-SHA1",
        readable=False,
        strength="weak today (SHA-1)",
        who_first="server",
        means=(
            "ISO/IEC 9798-3: the client alone signs random numbers with a private key "
            "(ECDSA with SHA-1)."
        ),
        learns="Certificates and signatures, but nothing secret.",
        messages=(
            ("server", "a random number"),
            ("client", "a random number, a certificate, the signature"),
        ),
        status="registered, unused",
        rfc="RFC 3163",
    ),
    MechanismFact(
        "9798-U-RSA-SHA1-ENC",
        readable=False,
        strength="weak today (SHA-1)",
        who_first="server",
        means=(
            "ISO/IEC 9798-3: the client alone signs random numbers with a private key "
            "(RSA with SHA-1)."
        ),
        learns="Certificates and signatures, but nothing secret.",
        messages=(
            ("server", "a random number"),
            ("client", "a random number, a certificate, the signature"),
        ),
        status="registered, unused",
        rfc="RFC 3163",
    ),
    MechanismFact(
        "9798-M-DSA-SHA1",
        readable=False,
        strength="weak today (SHA-1)",
        who_first="server",
        means=(
            "ISO/IEC 9798-3: client and server each sign random numbers with a private "
            "key (DSA with SHA-1)."
        ),
        learns="Certificates and signatures, but nothing secret.",
        messages=(
            ("server", "a random number"),
            ("client", "a random number, a certificate, the signature"),
        ),
        status="registered, unused",
        rfc="RFC 3163",
    ),
    MechanismFact(
        "9798-M-ECDSA-SHA1",
        readable=False,
        strength="weak today (SHA-1)",
        who_first="server",
        means=(
            "ISO/IEC 9798-3: client and server each sign random numbers with a private "
            "key (ECDSA with SHA-1)."
        ),
        learns="Certificates and signatures, but nothing secret.",
        messages=(
            ("server", "a random number"),
            ("client", "a random number, a certificate, the signature"),
        ),
        status="registered, unused",
        rfc="RFC 3163",
    ),
    MechanismFact(
        "9798-M-RSA-SHA1-ENC",
        readable=False,
        strength="weak today (SHA-1)",
        who_first="server",
        means=(
            "ISO/IEC 9798-3: client and server each sign random numbers with a private "
            "key (RSA with SHA-1)."
        ),
        learns="Certificates and signatures, but nothing secret.",
        messages=(
            ("server", "a random number"),
            ("client", "a random number, a certificate, the signature"),
        ),
        status="registered, unused",
        rfc="RFC 3163",
    ),
    MechanismFact(
        "EAP-AES128-PLUS",
        readable=False,
        strength="good, bound to the TLS connection",
        who_first="client",
        means="Like EAP-AES128, but bound to the TLS connection.",
        learns="Depends on the EAP method.",
        messages=(
            ("client", "GS2 header"),
            ("server", "EAP messages"),
        ),
        status="standard, rare",
        rfc="RFC 7055",
    ),
    MechanismFact(
        "ECDH-X25519-CHALLENGE",
        readable=False,
        strength="good",
        who_first="client",
        means="The client proves that it has an X25519 key that the server knows.",
        learns="The user name, but nothing secret.",
        messages=(
            ("client", "authorization identity, user name"),
            ("server", "a public key, a challenge"),
            ("client", "the response"),
        ),
        status="registered, rare",
        rfc="IANA registry (Atheme)",
        sure=False,
    ),
    MechanismFact(
        "ECDSA-NIST256P-CHALLENGE",
        readable=False,
        strength="good",
        who_first="client",
        means="The client signs a challenge with an ECDSA key that the server knows.",
        learns="The user name, but nothing secret.",
        messages=(
            ("client", "user name"),
            ("server", "a challenge"),
            ("client", "the signature"),
        ),
        status="registered, rare",
        rfc="IANA registry (Atheme)",
        sure=False,
    ),
    MechanismFact(
        "KERBEROS_V5",
        readable=False,
        strength="that of Kerberos",
        who_first="client",
        means="A name registered for Kerberos 5; in practice, GSSAPI is used instead.",
        learns="The names in the ticket, but no password.",
        messages=(
            ("client", "a Kerberos token"),
            ("server", "tokens"),
        ),
        status="registered, unused",
        rfc="IANA registry",
        sure=False,
    ),
    MechanismFact(
        "NMAS_AUTHEN",
        readable=False,
        strength="unknown",
        who_first="client",
        means="Login by Novell's Modular Authentication Service; its messages are not public.",
        learns="Not known.",
        messages=(("client", "private messages"),),
        status="registered, limited use (Novell)",
        rfc="IANA registry",
        sure=False,
    ),
    MechanismFact(
        "NMAS_LOGIN",
        readable=False,
        strength="unknown",
        who_first="client",
        means="Login by Novell's Modular Authentication Service; its messages are not public.",
        learns="Not known.",
        messages=(("client", "private messages"),),
        status="registered, limited use (Novell)",
        rfc="IANA registry",
        sure=False,
    ),
    MechanismFact(
        "NMAS-SAMBA-AUTH",
        readable=False,
        strength="unknown",
        who_first="client",
        means="Login by Novell's Modular Authentication Service; its messages are not public.",
        learns="Not known.",
        messages=(("client", "private messages"),),
        status="registered, limited use (Novell)",
        rfc="IANA registry",
        sure=False,
    ),
    MechanismFact(
        "SPNEGO",
        readable=False,
        strength="that of the negotiated mechanism",
        who_first="client",
        means=(
            "Negotiates a mechanism, as GSS-SPNEGO does; the name is registered, but must not be "
            "used with GS2."
        ),
        learns="Names; the rest depends on the mechanism.",
        messages=(
            ("client", "an SPNEGO token"),
            ("server", "further tokens"),
        ),
        status="registered, must not be used",
        rfc="RFC 5801",
    ),
    MechanismFact(
        "SPNEGO-PLUS",
        readable=False,
        strength="that of the negotiated mechanism",
        who_first="client",
        means="SPNEGO with channel binding; the name is registered, but must not be used.",
        learns="Names; the rest depends on the mechanism.",
        messages=(
            ("client", "an SPNEGO token"),
            ("server", "further tokens"),
        ),
        status="registered, must not be used",
        rfc="RFC 5801",
    ),
    MechanismFact(
        "SXOVER-PLUS",
        readable=False,
        strength="good, bound to the TLS connection",
        who_first="client",
        means="Federated login: the server relays messages between the client and another realm.",
        learns="The name of the realm.",
        messages=(
            ("client", "realm, encrypted tokens"),
            ("server", "encrypted tokens"),
        ),
        status="draft",
        rfc="draft-vanrein-diameter-sasl",
        sure=False,
    ),
    MechanismFact(
        "XOAUTH",
        readable=True,
        strength="none of its own: use over TLS only",
        who_first="client",
        means="The forerunner of XOAUTH2, with OAuth 1.0 signatures; no longer accepted.",
        learns="The user name and a signed request.",
        messages=(("client", "a signed request instead of the password"),),
        status="obsolete, private (Google)",
        rfc="Google (private)",
        sure=False,
    ),
)

MECHANISMS: dict[str, MechanismFact] = {fact.name: fact for fact in _ALL}


_SUPPORTED = "The server supports the mechanism; the client speaks first"
GO_AHEAD: dict[str, str] = {
    "NTLM": f"{_SUPPORTED} (MS-SMTPNTLM 2.2.1.4).",
    **dict.fromkeys(("MSN", "GSSAPI", "GSS-SPNEGO", "NEGOTIATE"), f"{_SUPPORTED}."),
}
"""The meaning of a first 334 with words such as "ntlm supported" instead of base64.

Keyed by mechanism.
"""
