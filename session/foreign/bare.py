"""Reads logs without markers, such as terminal output from telnet, nc or s_client.

A line that begins with a reply code is the server's, except in a message. After 334, any other line
is the client's response; the remaining lines are the client's as well (RFC 5321 sections 4.1.1.4
and 4.2, RFC 4954).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .entries import CLIENT, CLOSED, CONNECTED, NOTE, OMITTED, SERVER, Entries, Entry, Lines
from .rules import SKIP, Rule, entry_of, rule

REPLY = re.compile(r"[2-5]\d\d(?:[ -]|$)")
VERB = re.compile(
    r"(?:EHLO|HELO|LHLO|MAIL FROM|RCPT TO|DATA|BDAT|RSET|NOOP|VRFY|EXPN|HELP|QUIT|AUTH|STARTTLS|"
    r"XCLIENT|XFORWARD|ETRN|BURL)\b",
    re.IGNORECASE,
)
_OMITTED = re.compile(r"\s*(?:\[\.\.\.\]|\[…\]|\.\.\.|…|\(skip(?:ped)?\)|\[snip\]|<snip>)\s*\Z")
_NOISE = re.compile(r"\s*\Z|```|~~~|[$#%] |\$\Z|---\Z|\s{4}\S")

FACTS = (
    rule(r"Connected to (?P<host>[^\s(]+?)\.?(?: \([^)]*\))?(?: port (?P<port>\d+).*)?\Z",
         "connected"),
    rule(r"(?:Trying |Escape character )", SKIP),
    rule(r"Connection closed by foreign host", CLOSED, SERVER),
    rule(r"Connection closed\.|Closing connection", CLOSED, CLIENT),
    rule(r"(?P<text>curl: \(\d+\).*)", NOTE, "error"),
)  # fmt: skip


class Turns:
    """Tracks messages and challenges, to infer which side the next line comes from."""

    def __init__(self) -> None:
        self.message = False
        """Whether the client is sending a message, after 354 and before the final dot."""
        self.challenged = False
        self.ended = False
        """Whether the server's last reply was 221 or 421, after which it closes the connection."""

    def client(self, text: str) -> None:
        """Record a line from the client."""
        if self.message and text.rstrip("\r\n") == ".":
            self.message = False
        self.challenged = False

    def server(self, text: str) -> None:
        """Record a line from the server."""
        code = text[:3]
        self.message = code == "354"
        self.challenged = code == "334"
        self.ended = code in ("221", "421")


def read_bare(lines: Lines, rules: Sequence[Rule] = FACTS, *, keep_cr: bool = False) -> Entries:
    """Read a log without markers, inferring the side of each line from its content.

    Outside a message, a line that matches one of `rules` becomes the entry that the rule describes.
    A line that may be an unknown command is read as a command only if the conversation goes on
    after it, since a ticket may end with words such as "Thank you".
    """
    held: list[Entry] = []
    for entry, sure in _bare(lines, rules, keep_cr=keep_cr):
        if not sure:
            held.append(entry)
            continue
        if entry.what != CONNECTED:
            yield from held
        held.clear()
        yield entry


def _bare(lines: Lines, rules: Sequence[Rule], *, keep_cr: bool) -> Iterator[tuple[Entry, bool]]:
    """Yield each entry, and whether its classification is certain."""
    turns = Turns()
    last_dot = max((n for n, line in enumerate(lines) if line.rstrip("\r") == "."), default=-1)
    begun = over = False
    for number, raw in enumerate(lines):
        line = raw.rstrip("\r")
        text = raw if keep_cr else line
        if turns.message and number <= last_dot:
            turns.client(line)
            yield Entry(CLIENT, text), True
            continue
        matched = next(((r, m) for r in rules if (m := r.pattern.match(line)) is not None), None)
        if matched is not None:
            if matched[0].what != SKIP:
                entry = entry_of(*matched)
                over = entry.what == CLOSED
                if entry.what == CONNECTED:
                    over = begun = False
                if entry.said:
                    begun = True
                    (turns.server if entry.what == SERVER else turns.client)(entry.text)
                yield entry, True
            continue
        if REPLY.match(line) and not (over and not line.startswith("220")):
            begun, over = True, False
            turns.server(line)
            yield Entry(SERVER, line if not keep_cr else text), True
        elif _OMITTED.match(line) and begun:
            yield Entry(NOTE, line.strip(), OMITTED), True
        elif over or turns.ended or _NOISE.match(line):
            continue
        elif VERB.match(line) or (begun and (turns.challenged or _typed(line))):
            begun = True
            sure = turns.challenged or VERB.match(line) is not None
            turns.client(line)
            yield Entry(CLIENT, text), sure


def _typed(line: str) -> bool:
    """Return whether a line may be an unknown command: a short word and at most three others."""
    return (
        len(line) <= 512 and re.match(r"[A-Za-z][A-Za-z0-9]{2,11}(?: \S+){0,3}\Z", line) is not None
    )
