"""The vocabulary of SMTP and LMTP: classes of verbs, and how the verb of a line is recognised.

Code that needs to know whether a verb opens an AUTH exchange, or may be in a pipelined group, asks
here; no other file contains such a list. facts/commands.py describes the purpose of each command,
and protocol/states.py the states in which it is allowed.

Some entries are not words that a client sends: `END_OF_DATA` and `AUTH_RESPONSE` stand for lines
that have a reply of their own, and " LAST" marks the chunk that ends a message.
"""

from __future__ import annotations

import re
from typing import AnyStr

GREETING = "greeting"  # in place of a verb, for the reply that answers no command
END_OF_DATA = "."
AUTH_RESPONSE = "(auth)"

GREETINGS = ("EHLO", "HELO", "LHLO")
AUTH_VERBS = ("AUTH", "X-EXPS")
"""Commands that open a SASL exchange (RFC 4954; X-EXPS is specific to Exchange)."""
AUTH_EXCHANGE = (*AUTH_VERBS, AUTH_RESPONSE)
"""The commands and lines that may be answered with 334, or with 235 after a login."""
TLS_VERBS = ("STARTTLS", "X-ANONYMOUSTLS")
"""Commands whose 220 reply is followed by a TLS handshake (RFC 3207)."""
TURN_VERBS = ("ATRN", "TURN")
"""Commands that swap the roles of client and server (RFC 2645)."""

SENDER_VERBS = ("MAIL", "SEND", "SOML", "SAML")
"""Commands that open a mail transaction (RFC 5321 section 3.3, RFC 821 section 3.4)."""
CHUNK_VERBS = ("BDAT", "BURL")
"""Commands that carry a chunk of a message (RFC 3030, RFC 4468)."""
LAST_CHUNKS = tuple(f"{verb} LAST" for verb in CHUNK_VERBS)
MESSAGE_ENDS = (END_OF_DATA, *LAST_CHUNKS)
"""The commands and lines that end a message, and with it the transaction."""
CONTENT_VERBS = ("DATA", *CHUNK_VERBS, *MESSAGE_ENDS)
"""The commands and lines with which the message itself is sent."""

QUERIES = ("NOOP", "HELP", "VRFY", "EXPN")
"""Commands that may be sent at any time and change nothing."""

# RFC 2920 section 3.1, and what RFC 3030 section 4.2, RFC 4468 section 3.2 and Postfix's
# XFORWARD_README add. All others end a pipelined group.
MID_GROUP = frozenset(
    ("RSET", *SENDER_VERBS, "RCPT", *CHUNK_VERBS, *LAST_CHUNKS, "XFORWARD", END_OF_DATA)
)

MECHANISM_NAMES = frozenset((
    "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-512-PLUS", "XOAUTH",
    "XOAUTH2", "OAUTHBEARER", "OAUTH10A", "EXTERNAL", "ANONYMOUS", "GSSAPI", "GS2-KRB5",
    "GS2-KRB5-PLUS", "GSS-SPNEGO", "NTLM", "NEGOTIATE", "MSN", "OTP", "SKEY", "SECURID",
    "KERBEROS_V4", "SRP", "EAP-AES128", "SAML20", "OPENID20", "EXCHANGEAUTH",
    "9798-M-DSA-SHA1", "9798-M-ECDSA-SHA1", "9798-M-RSA-SHA1-ENC", "9798-U-DSA-SHA1",
    "9798-U-ECDSA-SHA1", "9798-U-RSA-SHA1-ENC", "EAP-AES128-PLUS", "ECDH-X25519-CHALLENGE",
    "ECDSA-NIST256P-CHALLENGE", "KERBEROS_V5", "NMAS-SAMBA-AUTH", "NMAS_AUTHEN", "NMAS_LOGIN",
    "SPNEGO", "SPNEGO-PLUS", "SXOVER-PLUS",
))  # fmt: skip
"""The names of the known SASL mechanisms, in upper case.

facts/mechanisms.py describes each of them; its table is too large to load at startup.
"""

# The usual beginnings of a command line -> the verb.
_FIRST = {
    spelt.encode() + end: verb
    for verb in (*GREETINGS, *SENDER_VERBS, *QUERIES, *CHUNK_VERBS,
                 "RCPT", "DATA", "RSET", "QUIT", "AUTH", "VERB", "ETRN")
    for spelt in (verb, verb.lower())  # smtplib writes some of them in lower case
    for end in (b" ", b"\r", b"")
}  # fmt: skip

_NAMES = "|".join(map(re.escape, AUTH_VERBS))
# Compiled with the first AUTH.
_AUTH_TEXT = rf"(?is)(\s*(?:{_NAMES})\s+)(\S+)(\s*)(.*)"
_AUTH_BYTES = _AUTH_TEXT.encode()
_MECHANISM = r"[A-Z0-9_-]{1,20}\Z"  # RFC 4422 section 3.1


def verb_of(line: bytes) -> str:
    """Return the verb of a command line: its first word in upper case, or "" for a blank line."""
    verb = _FIRST.get(line[:5])
    if verb is not None:
        return verb
    words = line.split(None, 1)
    return words[0].decode("ascii", "replace").upper() if words else ""


def opens_auth(line: str | bytes) -> bool:
    """Return whether a command line opens a SASL exchange."""
    if isinstance(line, str):
        line = line.encode("utf-8", "replace")
    return verb_of(line) in AUTH_VERBS


def names_mechanism(word: str) -> bool:
    """Return whether a word after AUTH may be a SASL mechanism, or the beginning of one.

    Any other word in that place is treated as secret, as a response whose mechanism was omitted.
    """
    if re.match(_MECHANISM, word) is not None:
        return True
    begun = word.upper()
    return any(name.startswith(begun) for name in MECHANISM_NAMES)


def auth_parts(line: AnyStr) -> tuple[AnyStr, AnyStr, AnyStr, AnyStr] | None:
    """Split an AUTH command into four parts that, when joined, make up the line again.

    The parts are the verb with the spaces around it, the mechanism, the spaces after the mechanism,
    and the initial response. If no mechanism is recognised, the last part is everything after the
    verb. Return None if nothing follows the verb, or the command is not AUTH.
    """
    if isinstance(line, str):
        if not line.lstrip().upper().startswith(AUTH_VERBS):
            return None
        text = re.match(_AUTH_TEXT, line)
        if text is None:
            return None
        if not names_mechanism(text[2]):
            return text[1], "", "", text[2] + text[3] + text[4]
        return text[1], text[2], text[3], text[4]
    match = re.match(_AUTH_BYTES, line)
    if match is None:
        return None
    if not names_mechanism(match[2].decode("latin-1")):
        return match[1], b"", b"", match[2] + match[3] + match[4]
    return match[1], match[2], match[3], match[4]


def is_last_chunk(line: str | bytes) -> bool:
    """Return whether a BDAT or BURL command line carries the keyword LAST."""
    words = line.upper().split(None, 3)
    return len(words) > 2 and words[2] in ("LAST", b"LAST")
