"""What the client says within AUTH: which of its lines are secret, and what they give away.

RFC 4954 section 4. After AUTH is over, perhaps against all expectation, a client (a person who
answers by hand, or pastes) may go on answering all the same: until the next command, what looks
like a response is taken for a secret.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..record import masking
from ..verbs import AUTH_VERBS, verb_of
from .connection_state import COMMAND, DOUBT, RESPONSE, ConnectionState
from .states import KNOWN_VERBS

ANSWER = "(answer)"
"""Replaces the verb of an answer to an ended AUTH, whose first word may be the secret."""
MOST_AHEAD = 16  # lines sent before the reply to AUTH that may be responses: no exchange has more
_IN_CLEAR = ("PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER")


class AuthReader:
    """Reads AUTH commands and the answers to challenges, and learns the secrets in them."""

    def __init__(self, known: ConnectionState) -> None:
        self._known = known
        self._mechanism = ""
        self._responses = 0
        self.wary = False
        """Whether a line that looks like a response is treated as one although AUTH has ended."""

    def is_secret(self, said: bytes) -> bool:
        """Whether `said`, the beginning of the client's next line, would be masked."""
        mode = self._known.mode
        if mode is RESPONSE:
            return True
        if mode is DOUBT:
            return self._known.auth_in_doubt
        if mode is not COMMAND:
            return False
        return verb_of(said[:64]) in AUTH_VERBS or (
            self.wary and masking.looks_like_a_response(said)
        )

    def command(self, verb: str, line: bytes) -> str:
        """The verb to record for a line read as a command: ANSWER if it is a late response."""
        if verb in AUTH_VERBS:
            self.wary = True
        elif verb in KNOWN_VERBS:
            self.wary = False
        elif self.wary and masking.looks_like_a_response(line):
            self.response(line)
            return ANSWER
        return verb

    def begin(self, row: int, line: bytes, at: float) -> None:
        """Process an AUTH command, with its initial response if it has one."""
        words = line.split(None, 2)
        self._mechanism = words[1].decode("ascii", "replace").upper() if len(words) > 1 else ""
        self._responses = 0
        if not self._known.tls and self._mechanism in _IN_CLEAR:
            self._known.violation("secret-in-clear", row, at, detail=self._mechanism)
        if len(words) > 2:
            self.response(words[2])

    def response(self, response: bytes) -> None:
        """Process a response to a challenge."""
        self._responses += 1
        if self._mechanism == "LOGIN" and self._responses == 1:
            return  # the user name
        self._learn(response)

    def sent_ahead(self, line: bytes, ahead: int) -> None:
        """Process a line sent before the reply to AUTH, after `ahead` others.

        It is a response, unless it looks like a command.
        """
        if ahead >= MOST_AHEAD:
            return
        user_name = self._mechanism == "LOGIN" and not self._responses + ahead
        if verb_of(line) not in KNOWN_VERBS and not user_name:
            self._learn(line)

    def refused(self, ahead: Iterable[bytes]) -> None:
        """AUTH failed: the answers sent `ahead` are secrets, although they are read as commands."""
        for line in ahead:
            if len(line.split()) == 1 and verb_of(line) not in KNOWN_VERBS:
                self._learn(line)

    def _learn(self, response: bytes) -> None:
        for value in masking.learnt_from(response, self._mechanism):
            self._known.transcript.secrets.add(value)
