"""Recognises credentials in a client's lines by their shape, before any value is known.

It recognises AUTH with its response (RFC 4954 section 4), even if it is mistyped (`AUHT PLAIN
...`), lacks a mechanism, or is spelt as in other protocols and programs (`PASS ...`, `LOGIN ...`,
`--password ...`); the response of PLAIN, XOAUTH2, OAUTHBEARER or CRAM-MD5 wherever it occurs; and
the password in a URL. The transcript, the journal, the history and the command line all use
`secret_spans`, so that none of them shows text that another one hides.
"""

from __future__ import annotations

import binascii
import re
from functools import lru_cache

from ..secret import MASK
from ..target import password_spans, without_password
from ..verbs import AUTH_VERBS, MECHANISM_NAMES, auth_parts

Span = tuple[int, int]
"""The (start, end) range of a part of a line that must not be shown."""
SHORTEST_BASE64 = 6  # characters of a word that is decoded

_WORD = r"\S+"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
_OTHER_PROTOCOLS = r"(?i:PASS|PWD)"  # POP3, FTP, or an improvised command
_OTHERS_LOGIN = ("LOGIN", "AUTHENTICATE", "USER")  # IMAP, after a tag; POP3, with a password
_OWN_VALUE = r"(?i:PASS|PWD)\w*[:=](?=.)"
# The options of swaks, curl and others, and the words that people use for a password.
_NAMED_BY = ("PASS", "-AP")  # each of the options contains one of them, in upper case
_NAMED = r"(?i)(?:.*[^A-Z])?(?:PASSWORD|PASSWD|PASSPHRASE|-PASS|-AP)[\"']?([:=](?=.)|[:=]?\Z)"
_BASE64_WORD = rf"[A-Za-z0-9+/_-]{{{SHORTEST_BASE64},}}={{0,2}}"
_NOT_SECRET = ("", "=", "*")  # no response, an empty one, cancelled
# Decoded messages that carry a secret: PLAIN (RFC 4616), XOAUTH2 and OAUTHBEARER (RFC 7628),
# CRAM-MD5 (RFC 2195), the proof of SCRAM (RFC 5802).
_MESSAGES = rb"(?is)[^\0]*\0[^\0]+\0[^\0]+\Z|.*\x01auth=\S|\S+ [0-9a-f]{32}\Z|c=[^,]+,r=[^,]+,p="
# No rule applies to these: nearly all lines end here.
_HARMLESS = re.compile(
    r"(?:MAIL|RCPT|EHLO|HELO|LHLO|DATA|RSET|QUIT|STARTTLS|BDAT)\b(?!.*://)", re.IGNORECASE
)


@lru_cache(maxsize=1)
def _mistyped() -> frozenset[str]:
    """Return the words that result from a single typo in a verb that opens a SASL exchange."""
    found: set[str] = set()
    for verb in AUTH_VERBS:
        for at in range(len(verb) + 1):
            head, tail = verb[:at], verb[at:]
            found.update(head + letter + tail for letter in _LETTERS)
            found.update(head + letter + tail[1:] for letter in _LETTERS if tail)
            found.add(head + tail[1:])
            found.add(head + tail[1:2] + tail[:1] + tail[2:])
    return frozenset(found)


def resembles_auth(word: str) -> bool:
    """Return whether the first word of a line is AUTH or X-EXPS, or resembles one of them."""
    word = word.upper()
    return word.startswith(AUTH_VERBS) or word.endswith(AUTH_VERBS) or word in _mistyped()


def is_message(word: str) -> bool:
    """Return whether a word is a base64 response whose decoded value contains a secret.

    A password alone, as LOGIN sends it, is not recognised, because it looks like any other word.
    """
    if re.fullmatch(_BASE64_WORD, word) is None:
        return False
    bare = word.rstrip("=").replace("-", "+").replace("_", "/")
    if len(bare) % 4 == 1:
        bare = bare[:-1]  # cut off, or mistyped
    try:
        return re.match(_MESSAGES, binascii.a2b_base64(bare + "=" * (-len(bare) % 4))) is not None
    except (binascii.Error, ValueError):
        return False


def without_credentials(text: str) -> str:
    """Mask recognisable secrets in a text that may quote a line, such as an error, and return it.

    These secrets are base64 responses that contain a secret, and passwords in URLs.
    """
    responses = [run.span() for run in re.finditer(_BASE64_WORD, text) if is_message(run[0])]
    for start, end in reversed(responses):
        text = text[:start] + MASK + text[end:]
    return without_password(text)


def secret_spans(line: str) -> tuple[Span, ...]:
    """Return the parts of a client's line that must not be shown, in order."""
    if _HARMLESS.match(line) is not None:
        return ()
    start = _secret_from(line)
    if start is None:
        return password_spans(line)
    head = password_spans(line[:start])
    return (*head, (start, len(line.rstrip("\r\n"))))


def secret_spans_of(line: bytes) -> tuple[Span, ...]:
    """Return the parts of a line of octets that must not be shown, in order."""
    return secret_spans(line.decode("latin-1"))


def _secret_from(line: str) -> int | None:
    """Return the position from which the rest of a line is credentials, or None."""
    parts = auth_parts(line)
    if parts is not None:
        verb, mechanism, blanks, response = parts
        known = response.strip() in _NOT_SECRET
        return None if known else len(verb) + len(mechanism) + len(blanks)
    words = list(re.finditer(_WORD, line))
    if not words:
        return None
    first = words[0][0]
    following = [word.start() for word in words[1:]]
    if following and resembles_auth(first):
        if words[1][0].upper() in MECHANISM_NAMES:
            return following[1] if len(following) > 1 else None
        return following[0]
    if own := re.match(_OWN_VALUE, first):
        return words[0].start() + own.end()
    if following and (re.match(_OTHER_PROTOCOLS, first) or first.upper() in MECHANISM_NAMES):
        return following[0]
    if len(words) > 2 and (first.upper() == "USER" or words[1][0].upper() in _OTHERS_LOGIN):
        return following[1]
    for number, word in enumerate(words):
        if not any(part in word[0].upper() for part in _NAMED_BY):
            continue
        named = re.match(_NAMED, word[0])
        if named is not None and named.end() < len(word[0]):
            return word.start() + named.end()
        if named is not None and number + 1 < len(words):
            return words[number + 1].start()
    return next((word.start() for word in words if is_message(word[0])), None)
