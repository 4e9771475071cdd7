"""The state of a conversation when a reply arrives: the evidence besides the reply's text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ...verbs import (
    AUTH_RESPONSE,
    CHUNK_VERBS,
    END_OF_DATA,
    GREETINGS,
    auth_parts,
    is_last_chunk,
    verb_of,
)
from ...verbs import GREETING as GREETING

CLIENT_HELLO = "(tls)"
"""The verb that stands for the client's TLS handshake, to which a server may reply without TLS."""

NAMED = {
    "(greeting)": GREETING,
    "(connect)": GREETING,
    "(tls)": CLIENT_HELLO,
    "(auth)": AUTH_RESPONSE,
    ".": END_OF_DATA,
}
"""The verbs of answered lines that are not commands, keyed by the name used for each line."""
_PATH = re.compile(r"\s*(?:FROM|TO)\s*:\s*(<[^<>]*>|\S*)(.*)\Z", re.IGNORECASE | re.DOTALL)
_SIZE = re.compile(r"\bSIZE=([0-9]{1,20})\b", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,20}\Z")  # RFC 1870 section 4


class Situation(NamedTuple):
    """The line that was answered, and what was known about the session when it was sent.

    `verb` is a verb of `session.verbs` ("." for the end of a message, "(auth)" for a response
    within AUTH), "greeting" or "(tls)"; it is empty if it is not known what the reply answers.
    `line` is the line as sent, with secrets masked. `offered` contains the keywords of the last
    EHLO reply with their parameters; it is None before EHLO and empty after HELO. `challenges` are
    the texts of the 334 replies so far, and `greeting` is the text of the server's greeting, if
    known.
    """

    verb: str = ""
    line: str = ""
    offered: Mapping[str, tuple[str, ...]] | None = None
    tls: bool = False
    authenticated: bool = False
    mechanism: str = ""
    challenges: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    helo: str = ""
    greeting: str = ""
    length: int = 0

    def lists(self, keyword: str) -> bool:
        """Return whether the EHLO reply lists `keyword`."""
        return self.offered is not None and keyword in self.offered

    @property
    def after_helo(self) -> bool:
        """Whether the client sent HELO, after which no extension is in use."""
        return self.offered is not None and not self.offered

    @property
    def lacks_auth(self) -> bool:
        """Whether the server has replied to EHLO or HELO without offering AUTH."""
        return self.offered is not None and "AUTH" not in self.offered

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """The SASL mechanisms that the EHLO reply lists, in upper case."""
        return tuple(word.upper() for word in (self.offered or {}).get("AUTH", ()))

    @property
    def argument(self) -> str:
        """The part of the line after the verb."""
        return self.line.strip().partition(" ")[2].strip()

    @property
    def path(self) -> str:
        """The address in MAIL or RCPT as it was sent, including its angle brackets; "" if none."""
        return self._path_and_rest[0]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the ESMTP parameters after the address, in upper case."""
        return tuple(word.partition("=")[0].upper() for word in self._path_and_rest[1].split())

    @property
    def body(self) -> str:
        """The value of the BODY parameter in upper case, or "" if there is none."""
        words = (word.upper().partition("=") for word in self._path_and_rest[1].split())
        return next((value for name, _, value in words if name == "BODY"), "")

    @property
    def _path_and_rest(self) -> tuple[str, str]:
        match = _PATH.match(self.argument) if self.verb in ("MAIL", "RCPT") else None
        return (match[1], match[2]) if match else ("", "")

    @property
    def declared_size(self) -> int | None:
        """The number of octets that the SIZE parameter declares, or None if there is none."""
        found = _SIZE.search(self.line)
        return int(found[1]) if found else None

    @property
    def size_limit(self) -> int:
        """The number of octets that SIZE in the EHLO reply allows; 0 if no limit is stated."""
        stated = (*(self.offered or {}).get("SIZE", ()), "")[0]
        return int(stated) if _NUMBER.match(stated) else 0

    @property
    def cancelled(self) -> bool:
        """Whether the line is the * that cancels AUTH."""
        return self.verb == AUTH_RESPONSE and self.line.strip() == "*"

    @property
    def nameless(self) -> bool:
        """Whether the line is HELO, EHLO or LHLO without the name that must follow it."""
        return self.verb in GREETINGS and bool(self.line) and not self.helo

    @property
    def octets(self) -> int:
        """The length of the line in octets, including CRLF, or 0 if it is unknown."""
        if self.length or not self.line:
            return self.length
        return len(self.line.encode("utf-8", "surrogateescape")) + 2


def answering(line: str, situation: Situation | None = None) -> Situation:
    """Return `situation` with `line` as the answered line.

    `line` is a command, "." for the end of a message, or one of the names (greeting), (connect),
    (tls) and (auth).
    """
    known = situation or Situation()
    bare = line.strip()
    verb = NAMED.get(bare.lower())
    if bare == "*" and (known.mechanism or known.verb in ("", AUTH_RESPONSE)):
        return known._replace(verb=AUTH_RESPONSE, line=bare)
    if verb is not None:
        return known._replace(verb=verb, line="")
    found = verb_of(line.encode("utf-8", "surrogateescape"))
    if found in CHUNK_VERBS and is_last_chunk(line):
        found += " LAST"
    parts = auth_parts(line)
    mechanism = parts[1].upper() if parts is not None else known.mechanism
    helo = known.helo
    if found in ("EHLO", "HELO", "LHLO"):
        helo = bare[4:].strip()
    return known._replace(verb=found, line=line.rstrip("\r\n"), mechanism=mechanism, helo=helo)
