"""Diagnoses a silent client: what the client must send for the conversation to continue.

The server knows whose turn it is. Silence is diagnosed if it is the client's turn, but not while
the server owes a reply.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..events import CLIENT, Kind
from ..plural import plural
from ..protocol.conversation import Conversation
from ..protocol.states import KNOWN_VERBS, State
from ..visible import beginning, visible

SHOWN = 80  # octets of an incomplete line quoted at most
_DOT_AT_BARE_LF = re.compile(rb"(?:(?<!\r)\n\.\r?\n|\n\.\n)\Z")
_NOT_MEASURED = 65536  # octets; an incomplete line that is longer is recorded in parts


class LastReply(NamedTuple):
    """The server's last reply: its code, its number of lines, and the verb that it answers."""

    code: int
    lines: int
    verb: str


class Silence(NamedTuple):
    """The name of the rule in `diagnosis.py` that a silence matches, and what was seen."""

    rule: str
    seen: str


def silence(
    conversation: Conversation,
    *,
    tail: bytes,
    reply: LastReply | None,
    before_tls: bool,
    patience: float,
) -> Silence | None:
    """Return the diagnosis of a silent client, or None if nothing is expected from the client.

    `tail` holds the last octets from the client, and `reply` is the last reply. `before_tls` is
    true if the connection starts with TLS, but the handshake is not complete. `patience` is the
    length of the silence in seconds.
    """
    span = f"for {patience:g} {plural(1 if patience == 1 else 2, 'second')}"
    if before_tls:
        return Silence("tls-silent", f"no TLS handshake {span}")
    if not conversation.greeting_seen:
        return None
    mode = conversation.mode
    if mode is Kind.CHUNK:
        left = plural(conversation.chunk_left, "{} octet is", "{} octets are")
        return Silence("chunk-short", f"{left} missing from a BDAT chunk {span}")
    if conversation.waiting_for:
        return None
    if conversation.state is State.TLS:
        return Silence("tls-not-begun", f"no TLS handshake {span} after the 220 to STARTTLS")
    pending = conversation.pending(CLIENT)
    if pending:
        return _incomplete(conversation, mode, pending, span)
    if mode is Kind.BODY:
        if _DOT_AT_BARE_LF.search(tail):
            return Silence("dot-at-bare-lf", f"a dot next to a bare LF, and nothing more {span}")
        return Silence(
            "message-not-ended", f"nothing {span} within the message, which has not ended"
        )
    if mode is Kind.AUTH:
        return Silence("auth-silent", f"no response to the 334 {span}")
    if conversation.state is State.CLOSING or reply is None:
        return None
    if not reply.verb:
        return Silence("your-turn", f"nothing {span} after the greeting")
    lines = f" ({reply.lines} lines)" if reply.lines > 1 else ""
    to = named(reply.verb)
    return Silence("idle", f"nothing {span} after the {reply.code} reply to {to}{lines}")


_NAMES = {".": "the message", "(auth)": "AUTH", "BDAT LAST": "the last chunk"}


def named(verb: str) -> str:
    """Return what a reply answers, as a phrase for a sentence. An unknown verb is not repeated."""
    return _NAMES.get(verb) or (verb if verb in KNOWN_VERBS else "the last command")


def _incomplete(conversation: Conversation, mode: Kind, pending: bytes, span: str) -> Silence:
    octets = plural(len(pending), "{} octet")
    if mode is Kind.AUTH:
        return Silence("no-line-end", f"{octets} of an AUTH response and no line ending {span}")
    shown = _quoted(conversation.pending_masked(CLIENT))
    if mode is Kind.BODY:
        if pending in (b".", b".\r"):
            return Silence(
                "message-not-ended", f"a dot at the end of the message, and no CRLF after it {span}"
            )
        return Silence(
            "message-not-ended", f"{octets} of the message and no line ending {span}: {shown}"
        )
    if b"\r" in pending:
        return Silence("cr-without-lf", f"{octets} with a CR, but no LF, {span}: {shown}")
    return Silence("no-line-end", f"{octets} and no line ending {span}: CRLF must follow {shown}")


def _quoted(data: bytes) -> str:
    cut = beginning(data, SHOWN)
    return f'"{visible(cut)}{"…" if len(data) > SHOWN else ""}"'
