"""Conversations scripted as `C:` and `S:` lines, fed to the engine as bytes.

    talk = observe('''
        S: 220 ready
        C: EHLO me
        S: 250 ok
    ''')

CRLF is added to each line; `\\r`, `\\n` and `\\x00` may be written as escapes, and a line
that ends in `\\` gets no line ending.
"""

from __future__ import annotations

import ast

from heloscope.session.events import CLIENT, SERVER, Kind, ReplyReceived, Violation
from heloscope.session.protocol.conversation import Conversation


def wire(text: str) -> bytes:
    """Return the bytes of one line of a script."""
    end = "\r\n"
    if text.endswith("\\"):
        text, end = text[:-1], ""
    if "\\" in text:
        quoted = text.replace('"', '\\"')
        return ast.literal_eval(f'b"{quoted}"') + end.encode()
    return (text + end).encode()


def lines(script: str) -> list[tuple[str, bytes]]:
    """Return the side (C or S) and the bytes of each line of a script."""
    found = []
    for line in filter(None, map(str.lstrip, script.splitlines())):
        side, _, text = line.partition(":")
        assert side in ("C", "S"), f"not a line of a conversation: {line!r}"
        found.append((side, wire(text.removeprefix(" "))))
    return found


def observe(script: str, conversation: Conversation | None = None) -> Conversation:
    """Feed a script to a conversation, one line a second, and return the conversation."""
    talk = Conversation() if conversation is None else conversation
    at = float(len(talk.transcript))
    for side, data in lines(script):
        talk.feed(CLIENT if side == "C" else SERVER, data, at)
        at += 1
    return talk


def replies(talk: Conversation) -> list[ReplyReceived]:
    """Return the replies received, in order."""
    return [event for event in talk.transcript.events() if isinstance(event, ReplyReceived)]


def violations(talk: Conversation) -> list[str]:
    """Return the rules that were broken, in order."""
    return [event.rule for event in talk.transcript.events() if isinstance(event, Violation)]


OPENED = """
    S: 220 ready
    C: EHLO me
    S: 250-server
    S: 250 PIPELINING
"""
READY_FOR_DATA = (
    OPENED
    + """
    C: MAIL FROM:<a@example.org>
    S: 250 ok
    C: RCPT TO:<b@example.org>
    S: 250 ok
"""
)


def kinds(talk: Conversation) -> str:
    """Return the kind of each row, as a letter."""
    letters = {
        Kind.COMMAND: "C",
        Kind.REPLY: "R",
        Kind.BODY: "B",
        Kind.AUTH: "A",
        Kind.CHUNK: "K",
        Kind.DOUBT: "?",
        Kind.OTHER: "-",
    }
    return "".join(letters[line.kind] for line in talk.transcript)
