"""Replies that a client requests in an address, or in the host name of EHLO.

An address such as `r550.5.1.1@practice.test` gets the reply 550 5.1.1 to the command that uses the
address, MAIL or RCPT. As in BadSMTP, a verb before the code names the command that gets the reply
(`rcpt550_5.1.1@`, and in the address of MAIL also `data552@`, `dot550@`, `rset421@`, `noop421@`,
`quit421@`, `starttls454@`). `full@` is over its quota; `late@` is accepted, but bounces.

In the host name, between dots or hyphens, `helo500` requests the reply 500 to EHLO. `no8bit`,
`nopipelining`, `nosize`, `nostarttls`, `nochunking`, `nosmtputf8`, `nodsn`, `noauth`,
`noenhancedstatuscodes`, `size10000` and `authplain`, `authlogin`, `authcram`, `authscram` change
what the EHLO reply lists.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..facts.reply_codes import CODES
from .mailboxes import local_part

FULL = "full"
LATE = "late"
_HERE = re.compile(r"r([2-5]\d\d)(?:[._](\d\.\d{1,3}\.\d{1,3}))?")
_AT_VERB = re.compile(
    r"(mail|rcpt|data|dot|rset|quit|noop|starttls)([2-5]\d\d)(?:_(\d\.\d{1,3}\.\d{1,3}))?"
)
_HELO = re.compile(r"(?:helo|ehlo)([45]\d\d)")
_SIZE = re.compile(r"size(\d{3,8})")
_WITHOUT = {
    "no8bit": "8BITMIME", "nosize": "SIZE", "nopipelining": "PIPELINING",
    "nostarttls": "STARTTLS", "nochunking": "CHUNKING", "nosmtputf8": "SMTPUTF8", "nodsn": "DSN",
    "noauth": "AUTH", "noenhancedstatuscodes": "ENHANCEDSTATUSCODES",
}  # fmt: skip
_MECHANISMS = {
    "authplain": "PLAIN",
    "authlogin": "LOGIN",
    "authcram": "CRAM-MD5",
    "authscram": "SCRAM-SHA-256",
}
_MISLEADING = {
    "2": "Refused: no such mailbox",
    "3": "The message is complete",
    "4": "Accepted, thank you",
    "5": "OK, all is well",
}


class AskedFor(NamedTuple):
    """A reply that an address requests, and the command that gets it ("." for the end of data)."""

    verb: str
    code: str
    enhanced: str = ""

    def reply(self, *, misleading: bool = False) -> str:
        """Return the reply, with a text that fits its code or, if `misleading`, contradicts it."""
        if misleading:
            text = _MISLEADING[self.code[0]]
        else:
            fact = CODES.get(int(self.code))
            text = (fact.short or fact.means) if fact is not None else "As requested in the address"
        return " ".join(word for word in (self.code, self.enhanced, text) if word)


def asked_in(address: str, verb: str) -> AskedFor | None:
    """Return the reply that the address of `verb`, MAIL or RCPT, requests, or None."""
    local = address.rpartition("@")[0].lower()
    here = _HERE.fullmatch(local)
    if here is not None:
        return AskedFor(verb, here[1], here[2] or "")
    named = _AT_VERB.fullmatch(local)
    if named is None or (verb == "RCPT" and named[1] != "rcpt"):
        return None
    command = "." if named[1] == "dot" else named[1].upper()
    return AskedFor(command, named[2], named[3] or "")


def is_special(address: str, name: str) -> bool:
    """Return whether the address is this server's `name@`, such as `full@` or `late@`."""
    return local_part(address) == name


class Wishes(NamedTuple):
    """The behaviour that the host name of EHLO requests."""

    refusal: str = ""
    without: frozenset[str] = frozenset()
    size: int = 0
    mechanisms: tuple[str, ...] | None = None


def wishes_of(hostname: str) -> Wishes:
    """Return the behaviour that a host name requests; most request nothing."""
    words = re.split(r"[.-]", hostname.lower()[:255])
    refusal, size = "", 0
    mechanisms: list[str] = []
    for word in words:
        helo, sized = _HELO.fullmatch(word), _SIZE.fullmatch(word)
        if helo is not None:
            refusal = AskedFor("EHLO", helo[1]).reply()
        elif sized is not None:
            size = int(sized[1])
        elif word in _MECHANISMS:
            mechanisms.append(_MECHANISMS[word])
    without = frozenset(_WITHOUT[word] for word in words if word in _WITHOUT)
    return Wishes(refusal, without, size, tuple(mechanisms) or None)


__all__ = ["FULL", "LATE", "AskedFor", "Wishes", "asked_in", "is_special", "wishes_of"]
