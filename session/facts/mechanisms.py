"""SASL mechanisms: how each logs in, what a listener learns of it, and where it is written down.

A name comes from the wire: whoever shows one that is not in this table passes it through
`visible_text`. Which of them the engine can run itself is sasl.py's subject.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

WhoFirst = Literal["client", "server"]


class MechanismFact(NamedTuple):
    """`readable`: whoever listens learns the password or the token itself, not only a proof.

    `messages` are those of the exchange in order, as ("client" or "server", what it says), with
    the base64 taken off; `learns` says what somebody learns who hears them; `sure` is False for
    what is known only by hearsay.
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
    "The password never crosses the wire: each side proves to the other that it knows it, over "
    "two fresh random numbers, and the password is salted and hashed many times over."
)
_PLUS_MEANS = (
    f"{_SCRAM_MEANS} The proof also covers the TLS connection that it travels in, so that nobody "
    "can sit in the middle of it unseen."
)
_SCRAM_LEARNS = "The user name, salt and count: enough to try out passwords at home."
_SCRAM_MESSAGES = (
    ("client", "channel binding flag, user name, the client's nonce"),
    ("server", "both nonces, the salt, how many times to hash"),
    ("client", "channel binding, both nonces, the proof"),
    ("server", "the server's signature, or why it failed"),
    ("client", "nothing: an empty line, after which the reply comes"),
)
_KERBEROS_LEARNS = "The names in the ticket; no password."
_TOKENS = (("client", "a Kerberos token"), ("server", "a token, and so on until both are content"))


def _scram(name: str, strength: str, status: str, rfc: str, sure: bool = True) -> MechanismFact:
    means = _PLUS_MEANS if name.endswith("-PLUS") else _SCRAM_MEANS
    return MechanismFact(
        name, False, strength, "client", means, _SCRAM_LEARNS, _SCRAM_MESSAGES, status, rfc, sure
    )


_ALL = (
    MechanismFact(
        "PLAIN",
        readable=True,
        strength="none of its own: over TLS only",
        who_first="client",
        means=(
            "User name and password, as they are. Over TLS that is the usual way: simple, and "
            "the server may store the password in any form."
        ),
        learns="Everything: user name and password.",
        messages=(("client", "whom to act as (mostly empty), user name, password"),),
        status="standard",
        rfc="RFC 4616",
    ),
    MechanismFact(
        "LOGIN",
        readable=True,
        strength="none of its own: over TLS only",
        who_first="server",
        means=(
            "The server asks for the user name, then for the password. Many clients put the user "
            "name into the AUTH line at once. PLAIN does the same in one go."
        ),
        learns="Everything: user name and password.",
        messages=(
            ("server", "Username:"),
            ("client", "the user name"),
            ("server", "Password:"),
            ("client", "the password"),
        ),
        status="obsolete, and still everywhere",
        rfc="draft-murchison-sasl-login; MS-XLOGIN",
    ),
    MechanismFact(
        "CRAM-MD5",
        readable=False,
        strength="weak",
        who_first="server",
        means=(
            "The server sends a text that it has never sent before; the client answers with its "
            "MD5 hash, keyed with the password. The server has to store the password itself, or "
            "something as good; and it proves nothing of its own."
        ),
        learns="The user name, and enough to try out passwords at home.",
        messages=(
            ("server", "a number, a time and a host: a text never sent before"),
            ("client", "user name, a blank, the keyed hash in 32 hexadecimal digits"),
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
            "Much as CRAM-MD5, with a realm, and a number of the client's own in the hash; too "
            "many options for two programs to agree on all of them."
        ),
        learns="User name and realm, and enough to try out passwords at home.",
        messages=(
            ("server", "realm, nonce, what it can do"),
            ("client", "user name, realm, both nonces, smtp/host, the hash"),
            ("server", "rspauth: the server's own proof"),
            ("client", "nothing: an empty line"),
        ),
        status="obsolete (moved to historic)",
        rfc="RFC 2831; RFC 6331",
    ),
    _scram("SCRAM-SHA-1", "fair", "standard; newer ones preferred", "RFC 5802"),
    _scram("SCRAM-SHA-1-PLUS", "fair, and tied to its TLS", "standard", "RFC 5802; RFC 9266"),
    _scram("SCRAM-SHA-256", "good, with a good password", "standard", "RFC 7677"),
    _scram("SCRAM-SHA-256-PLUS", "good, and tied to its TLS", "standard", "RFC 7677; RFC 9266"),
    _scram(
        "SCRAM-SHA-512",
        "good, with a good password",
        "in no IANA list; met in XMPP and in some mail servers",
        "draft-melnikov-scram-sha-512",
        sure=False,
    ),
    _scram(
        "SCRAM-SHA-512-PLUS",
        "good, and tied to its TLS",
        "in no IANA list",
        "draft-melnikov-scram-sha-512",
        sure=False,
    ),
    MechanismFact(
        "XOAUTH2",
        readable=True,
        strength="none of its own: over TLS only",
        who_first="client",
        means=(
            "No password but a token, which the provider gave out after a login in the browser "
            "and which runs out, mostly within an hour."
        ),
        learns="The user name, and a token that is good until it runs out.",
        messages=(
            ("client", "user=address, auth=Bearer token, set apart by the byte 1"),
            ("server", "only when it failed: a JSON text that says why"),
            ("client", "then: nothing, an empty line, after which the reply comes"),
        ),
        status="private (Google, Microsoft)",
        rfc="Google XOAUTH2 (private)",
    ),
    MechanismFact(
        "OAUTHBEARER",
        readable=True,
        strength="none of its own: over TLS only",
        who_first="client",
        means="The standard's form of XOAUTH2: a token from the provider in place of a password.",
        learns="The user name, and a token that is good until it runs out.",
        messages=(
            ("client", "user name, host, port, auth=Bearer token, set apart by the byte 1"),
            ("server", "only when it failed: a JSON text that says why"),
            ("client", "then: the byte 1, after which the reply comes"),
        ),
        status="standard",
        rfc="RFC 7628",
    ),
    MechanismFact(
        "OAUTH10A",
        readable=False,
        strength="fair",
        who_first="client",
        means="As OAUTHBEARER, with the older OAuth 1.0a: a token, and values signed with its key.",
        learns="User name and token, but not the key that signs.",
        messages=(
            ("client", "user name, host, port, auth=OAuth with signed values"),
            ("server", "only when it failed: a JSON text that says why"),
            ("client", "then: the byte 1"),
        ),
        status="standard, unused",
        rfc="RFC 7628",
    ),
    MechanismFact(
        "EXTERNAL",
        readable=False,
        strength="that of the client's certificate",
        who_first="client",
        means=(
            "The server knows already who this is, mostly by the certificate that the client "
            "showed when TLS began; the client may say as whom it wants to act."
        ),
        learns="The name; nothing secret.",
        messages=(("client", "whom to act as, mostly empty (= in the AUTH line)"),),
        status="standard",
        rfc="RFC 4422 appendix A",
    ),
    MechanismFact(
        "ANONYMOUS",
        readable=False,
        strength="none: it is no login",
        who_first="client",
        means="A guest comes in without a password and leaves a trace, such as an address.",
        learns="The trace.",
        messages=(("client", "any text as a trace"),),
        status="standard; of no use on most mail servers",
        rfc="RFC 4505",
    ),
    MechanismFact(
        "GSSAPI",
        readable=False,
        strength="good; can encrypt what follows, too",
        who_first="client",
        means="Kerberos: a ticket from the domain's own server says who this is.",
        learns=_KERBEROS_LEARNS,
        messages=(*_TOKENS, ("client", "security layer, buffer size, whom to act as")),
        status="standard",
        rfc="RFC 4752",
    ),
    MechanismFact(
        "GS2-KRB5",
        readable=False,
        strength="good",
        who_first="client",
        means="Kerberos again, with a header as SCRAM has it.",
        learns=_KERBEROS_LEARNS,
        messages=_TOKENS,
        status="standard, rare",
        rfc="RFC 5801",
    ),
    MechanismFact(
        "GS2-KRB5-PLUS",
        readable=False,
        strength="good, and tied to its TLS",
        who_first="client",
        means="Kerberos, tied to the TLS connection that it travels in.",
        learns=_KERBEROS_LEARNS,
        messages=_TOKENS,
        status="standard, rare",
        rfc="RFC 5801",
    ),
    MechanismFact(
        "GSS-SPNEGO",
        readable=False,
        strength="that of what is inside",
        who_first="client",
        means="Windows login: both sides first agree on Kerberos or NTLM.",
        learns="Names; with NTLM inside also enough to try out passwords at home.",
        messages=(("client", "an SPNEGO token"), ("server", "a token, and so on")),
        status="limited use (Windows)",
        rfc="IANA registry (Paul Leach)",
    ),
    MechanismFact(
        "NTLM",
        readable=False,
        strength="weak",
        who_first="client",
        means="The old login of Windows domains: a challenge, answered with hashes.",
        learns=(
            "The names of the Windows domain and of the user, and enough to try out passwords at "
            "home; whoever is in the middle can pass it on and come in himself."
        ),
        messages=(
            ("client", "type 1: what it can do"),
            ("server", "type 2: the challenge, names of server and domain"),
            ("client", "type 3: domain, user name, the answer"),
        ),
        status="limited use (Exchange)",
        rfc="MS-SMTPNTLM (private); IANA registry",
    ),
    MechanismFact(
        "NEGOTIATE",
        readable=False,
        strength="that of what is inside",
        who_first="client",
        means="Another name for GSS-SPNEGO.",
        learns="As with GSS-SPNEGO.",
        messages=(("client", "an SPNEGO token"), ("server", "a token, and so on")),
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
        learns="As with NTLM.",
        messages=(("client", "type 1"), ("server", "type 2"), ("client", "type 3")),
        status="private, gone",
        rfc="Microsoft (private)",
        sure=False,
    ),
    MechanismFact(
        "OTP",
        readable=False,
        strength="fair",
        who_first="client",
        means="Passwords that are good once, worked out from a pass phrase.",
        learns="The user name and a password that is used up; a weak pass phrase can be guessed.",
        messages=(
            ("client", "whom to act as, user name"),
            ("server", "kind of hash, number in the sequence, seed"),
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
        means="OTP in an older form.",
        learns="The user name and a password that is used up.",
        messages=(
            ("client", "user name"),
            ("server", "number in the sequence, seed"),
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
        means="The code that a small device shows, new each minute.",
        learns="The user name and a code that is used up.",
        messages=(("client", "whom to act as, user name, the code, a PIN if asked for"),),
        status="standard, rare",
        rfc="RFC 2808",
    ),
    MechanismFact(
        "KERBEROS_V4",
        readable=False,
        strength="broken (DES)",
        who_first="server",
        means="The Kerberos before today's.",
        learns="Names.",
        messages=(
            ("server", "a random number"),
            ("client", "the ticket"),
            ("server", "a check"),
            ("client", "a check"),
        ),
        status="obsolete",
        rfc="RFC 2222",
    ),
    MechanismFact(
        "SRP",
        readable=False,
        strength="good",
        who_first="client",
        means="Both sides agree on a key that only those can know who know the password.",
        learns="The user name only: nobody can try out passwords at home.",
        messages=(
            ("client", "whom to act as, user name"),
            ("server", "salt and public values"),
            ("client", "its public value, the proof"),
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
        means="Login by an EAP method, as in eduroam.",
        learns="That depends on the EAP method.",
        messages=(("client", "a GS2 header"), ("server", "EAP messages, and so on")),
        status="standard, rare",
        rfc="RFC 7055",
    ),
    MechanismFact(
        "SAML20",
        readable=False,
        strength="that of the login in the browser",
        who_first="client",
        means="The user logs in at an identity provider, in the browser.",
        learns="Which identity provider.",
        messages=(
            ("client", "a GS2 header, the identity provider"),
            ("server", "an address for the browser"),
            ("client", "nothing: an empty line"),
        ),
        status="standard, unused",
        rfc="RFC 6595",
    ),
    MechanismFact(
        "OPENID20",
        readable=False,
        strength="that of the login in the browser",
        who_first="client",
        means="The user logs in at an OpenID provider, in the browser.",
        learns="The OpenID.",
        messages=(
            ("client", "a GS2 header, the OpenID"),
            ("server", "an address for the browser"),
            ("client", "nothing: an empty line"),
        ),
        status="standard, unused",
        rfc="RFC 6616",
    ),
    MechanismFact(
        "EXCHANGEAUTH",
        readable=False,
        strength="that of the Windows domain",
        who_first="client",
        means="Exchange servers of one organisation log in to each other (X-EXPS).",
        learns="Names of servers.",
        messages=(("client", "a token, after X-ANONYMOUSTLS; the 235 brings one back"),),
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
)

MECHANISMS: dict[str, MechanismFact] = {fact.name: fact for fact in _ALL}


def mechanism(name: str) -> MechanismFact | None:
    """What is known about a mechanism, by its name in any case; None for one not in the table."""
    return MECHANISMS.get(name.upper())
