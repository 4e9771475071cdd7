"""Reads the client's lines within AUTH, decides which are secret, and learns the secrets in them.

See RFC 4954 section 4. A client that has not noticed the end of AUTH may keep sending responses,
for example when the user types or pastes them. Until the next command, therefore, a line that looks
like a response counts as a secret, and so does a single word that is not a command, since it may be
a password typed without base64. Two things are secret at any time: apparent credentials outside
AUTH commands (record/credentials.py), and the verb of a line if it is a known secret.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..record import responses
from ..record.credentials import secret_spans_of
from ..verbs import AUTH_VERBS, MECHANISM_NAMES, auth_parts, verb_of
from .connection_state import COMMAND, DOUBT, RESPONSE, ConnectionState
from .states import KNOWN_VERBS

ANSWER = "(answer)"
"""The verb recorded for a line whose first word may be a secret, as in a late AUTH response."""
MOST_AHEAD = 16  # lines sent before the reply to AUTH that may be responses: no exchange has more
LONGEST_COMMAND = 65536  # octets of a line that is searched for credentials
_IN_CLEAR = ("PLAIN", "LOGIN", "XOAUTH", "XOAUTH2", "OAUTHBEARER")


class AuthReader:
    """Reads AUTH commands and AUTH responses, and learns the secrets in them."""

    def __init__(self, known: ConnectionState) -> None:
        self._known = known
        self._mechanism = ""
        self._responses = 0
        self.wary = False
        """Whether a line that looks like an AUTH response counts as one although AUTH has ended."""
        self.ahead = False
        """Whether an AUTH command is among the lines sent before the reply to DATA."""

    def is_answer(self, said: bytes) -> bool:
        """Return whether `said`, the start of the client's next line, would be an AUTH response."""
        mode = self._known.mode
        if mode is RESPONSE:
            return True
        if mode is DOUBT:
            return self._known.auth_in_doubt
        return mode is COMMAND and self.wary and responses.looks_like_a_response(said)

    def is_secret(self, said: bytes) -> bool:
        """Return whether `said`, the beginning of the client's next line, would be masked."""
        if self.is_answer(said):
            return True
        mode = self._known.mode
        return (mode is COMMAND or mode is DOUBT) and (self.ahead or self.reveals(said))

    def reveals(self, line: bytes) -> bool:
        """Return whether a line, read as a command, is AUTH or contains credentials."""
        return verb_of(line[:64]) in AUTH_VERBS or bool(secret_spans_of(line[:LONGEST_COMMAND]))

    def may_be_secret(self, line: bytes) -> bool:
        """Return whether a line sent before the reply to DATA is masked until its meaning is known.

        This applies to a line with credentials, to an AUTH command, and to all lines after that
        command, since they may be responses.
        """
        if not self.ahead and verb_of(line[:64]) in AUTH_VERBS:
            self.ahead = True
        return self.ahead or self.reveals(line)

    def command(self, verb: str, line: bytes) -> tuple[str, bool]:
        """Return the verb to record for a line read as a command, and whether the line is secret.

        The secrets in the line are remembered. The verb is ANSWER if the line is a late response,
        or if its first word is a secret.
        """
        if verb in AUTH_VERBS:
            self.wary = True
            return verb, True
        known = self._known.transcript.secrets
        if verb in KNOWN_VERBS:
            self.wary = False
        elif self.wary and responses.looks_like_a_response(line):
            self.response(line)
            return ANSWER, True
        elif self.wary and not self._known.authenticated and len(line.split()) == 1:
            self._late_word(line.strip())
            return ANSWER, True
        spans = secret_spans_of(line[:LONGEST_COMMAND])
        for start, end in spans:
            for value in responses.learnt_from(line[start:end], _mechanism_in(line[:start])):
                known.add(value)
        if verb not in KNOWN_VERBS and known.known and known.mask(verb.encode()) != verb.encode():
            return ANSWER, bool(spans)
        blanks = len(line) - len(line.lstrip())
        if spans and spans[0][0] < blanks + len(verb) and verb not in KNOWN_VERBS:
            return ANSWER, True  # as `password=...` or the URL of a server
        return verb, bool(spans)

    def begin(self, row: int, line: bytes, at: float) -> None:
        """Process an AUTH command, including its initial response if it has one.

        Reports a violation if the mechanism reveals a secret and TLS is not active.
        """
        parts = auth_parts(line) or (b"", b"", b"", b"")
        self._mechanism = parts[1].decode("ascii", "replace").upper()
        self._responses = 0
        if not self._known.tls and self._mechanism in _IN_CLEAR:
            self._known.violation("secret-in-clear", row, at, detail=self._mechanism)
        if parts[3].strip():
            self.response(parts[3])

    def response(self, response: bytes) -> None:
        """Learn the secrets in an AUTH response."""
        self._responses += 1
        first = self._mechanism == "LOGIN" and self._responses == 1
        if first and len(responses.words_of(response)) < 2:
            return  # only the user name
        self._learn(response)
        if self._mechanism == "LOGIN" and not first:  # the password, and what comes after it
            for word in responses.words_of(response)[:1]:
                self._learn(word)

    def _late_word(self, word: bytes) -> None:
        """Remember a word sent after a failed AUTH as a secret, except the user name of LOGIN."""
        self._responses += 1
        if self._mechanism != "LOGIN" or self._responses > 1:
            self._known.transcript.secrets.add(word)

    def sent_ahead(self, line: bytes, ahead: int) -> None:
        """Process a line sent before the reply to AUTH has arrived.

        `ahead` is the number of such lines before this one. The line is treated as a response,
        unless it looks like a command.
        """
        if ahead >= MOST_AHEAD:
            return
        user_name = self._mechanism == "LOGIN" and not self._responses + ahead
        if verb_of(line) not in KNOWN_VERBS and not user_name:
            self._learn(line)

    def refused(self, ahead: Iterable[bytes]) -> None:
        """Learn secrets from AUTH responses sent ahead that became commands when AUTH failed."""
        for line in ahead:
            if len(line.split()) == 1 and verb_of(line) not in KNOWN_VERBS:
                self._learn(line)

    def _learn(self, response: bytes) -> None:
        for value in responses.learnt_from(response, self._mechanism):
            self._known.transcript.secrets.add(value)


def _mechanism_in(said: bytes) -> str:
    """Return the mechanism named right before credentials, or "" if none is named."""
    words = said.decode("latin-1").upper().split()
    return words[-1] if words and words[-1] in MECHANISM_NAMES else ""
