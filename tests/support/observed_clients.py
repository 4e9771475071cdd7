"""A client of the practice server, observed without a socket: the diagnoses of a conversation.

    told = observed('''
        S: 220 ready
        C: EHLO client.example
        S: 250 PIPELINING
    ''')
    assert told.rules == []

Lines of the script end in CRLF. "\\n" and other escapes in a client's line are octets, and a line
that begins with "c:" is sent unchanged, without CRLF.
"""

from __future__ import annotations

import textwrap

from heloscope.session.practice.diagnosis import Diagnosis
from heloscope.session.practice.observer import ConnectionObserver

PATIENCE = 5.0
GREETED = """
    S: 220 mail.example ESMTP
    C: EHLO client.example
    S: 250-mail.example
    S: 250-8BITMIME
    S: 250-SMTPUTF8
    S: 250-PIPELINING
    S: 250-CHUNKING
    S: 250-STARTTLS
    S: 250 AUTH PLAIN LOGIN
"""
ENVELOPE = (
    GREETED
    + """
    C: MAIL FROM:<alice@client.example>
    S: 250 2.1.0 ok
    C: RCPT TO:<bob@mail.example>
    S: 250 2.1.5 ok
"""
)
MESSAGE = (
    ENVELOPE
    + """
    C: DATA
    S: 354 go ahead
"""
)
HEADER = """
    C: From: alice@client.example
    C: Date: Mon, 5 Jan 2026 10:00:00 +0000
    C:
"""
DELIVERED = (
    MESSAGE
    + HEADER
    + """
    C: Hello
    C: .
    S: 250 2.0.0 ok
"""
)
BYE = """
    C: QUIT
    S: 221 2.0.0 bye
"""


class Observed:
    """An observer, and the diagnoses that it has made."""

    def __init__(self, *, implicit_tls: bool = False) -> None:
        self.diagnoses: list[Diagnosis] = []
        self.observer = ConnectionObserver(
            1, "127.0.0.1:4711", lambda: 1_790_000_000.0, self.diagnoses.append,
            implicit_tls=implicit_tls,
        )  # fmt: skip

    def play(self, script: str) -> Observed:
        """Process a conversation, one line at a time."""
        for line in textwrap.dedent(script).strip("\n").split("\n"):
            side, _, text = line.strip().partition(":")
            data = text.removeprefix(" ").encode().decode("unicode_escape").encode("latin-1")
            if side == "S":
                self.observer.sent(data + b"\r\n", 0.0)
            elif side == "C":
                self.observer.received(data + b"\r\n", 0.0)
            elif side == "c":
                self.observer.received(data, 0.0)
        return self

    def silent(self) -> Observed:
        """Simulate a client that is silent for the longest time allowed."""
        self.observer.silent(PATIENCE)
        return self

    def hang_up(self) -> Observed:
        """Simulate that the client closes the connection."""
        self.observer.closed(0.0, by_client=True)
        return self

    @property
    def rules(self) -> list[str]:
        return [each.rule for each in self.diagnoses]

    @property
    def seen(self) -> list[str]:
        return [each.seen for each in self.diagnoses]


def observed(script: str, *, implicit_tls: bool = False) -> Observed:
    """Play a conversation, and return an `Observed` with its diagnoses."""
    return Observed(implicit_tls=implicit_tls).play(script)
