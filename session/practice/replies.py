"""Replies of the practice server: rewordings of aiosmtpd's, and those shared by several commands.

All have an enhanced status code, except the greeting and the reply to EHLO (RFC 2034 section 3).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from ..facts.commands import COMMANDS
from . import limits
from .mailboxes import DOMAIN
from .message_reader import Received
from .scenarios.model import Scenario

MALFORMED = "553 5.1.3 Error: malformed address"
"""aiosmtpd's reply to an address that it cannot parse."""
FULL_MAILBOX = "452 4.2.2 The mailbox is full"
MIXED = "503 5.5.1 BDAT has begun: BDAT with LAST ends the message, and RSET aborts it"
PARAMETERS_NEED_EHLO = "555 5.5.4 Parameters require EHLO: HELO offers no extensions"
NO_ROOM = "452 4.3.1 Insufficient storage: the mailboxes are full"

# aiosmtpd's reply -> the reply sent instead, with an enhanced code and advice.
_REWORDED: tuple[tuple[str, str], ...] = (
    ("500 Command line too long", "500 5.5.2 Line too long"),
    ("500 Error: bad syntax", "500 5.5.2 Command not recognised"),
    ("503 Error: send", "503 5.5.1 Send EHLO or HELO first"),
    ("503 Error: nested", "503 5.5.1 Sender already specified; RSET aborts the transaction"),
    ("503 Error: need MAIL", "503 5.5.1 Send MAIL first"),
    ("503 Error: need RCPT", "503 5.5.1 Send RCPT first"),
    ("501 Error: BODY", "501 5.5.4 BODY must be 7BIT or 8BITMIME"),
    ("501 Error: SMTPUTF8", "501 5.5.4 SMTPUTF8 takes no value"),
    ("552 Error: message size", "552 5.3.4 Message too large: see SIZE in the EHLO reply"),
    ("555 ", "555 5.5.4 Parameter not recognised; the EHLO reply lists the extensions"),
)
_ENHANCED = re.compile(r"(\d{3} )\d\.\d{1,3}\.\d{1,3} ")
_SYNTAX = re.compile(r"501 Syntax: (\w+)")
_BARE = re.compile(r"([245])\d\d (?!\1\.\d)")


def reworded(status: str) -> str:
    """Return the reply to send instead of one from aiosmtpd, with an enhanced status code."""
    for theirs, ours in _REWORDED:
        if status.startswith(theirs):
            return ours
    found = _SYNTAX.match(status)
    if found is not None:
        return wrong_syntax(found[1])
    if _BARE.match(status) and not status.startswith("220 "):
        return f"{status[:4]}{status[0]}.0.0 {status[4:]}"
    return status


def shaped(lines: Sequence[str], scenario: Scenario) -> list[str]:
    """Apply the scenario's changes to a reply, and put a hyphen after every code but the last."""
    code = lines[0][:3]
    if not scenario.enhanced_codes:
        lines = [_ENHANCED.sub(r"\1", line) for line in lines]
    if len(lines) == 1 and code != "334":  # what follows 334 is for the mechanism
        if not scenario.texts:
            return [code]
        enhanced = _ENHANCED.match(lines[0])
        tail = f"{enhanced[0] if enhanced else f'{code} '}end of this reply"
        lines = [*lines, *[tail] * (scenario.lines - 1)]
    return [*(f"{line[:3]}-{line[4:]}" for line in lines[:-1]), lines[-1]]


def wrong_syntax(verb: str) -> str:
    """Return the 501 reply that shows the syntax of `verb`, for a command with a wrong argument."""
    syntax = COMMANDS[verb].syntax if verb in COMMANDS else verb
    return f"501 5.5.4 Syntax: {syntax}"


def too_large(limit: int, size: int = 0) -> str:
    """Return the reply to a message that is larger than the limit.

    `limit` and `size` are in octets; `size` is 0 if it is unknown.
    """
    octets = f"{size} octets, " if size else ""
    return f"552 5.3.4 Message too large: {octets}the limit is {limit}{'' if size else ' octets'}"


def refusal(received: Received, limit: int = limits.SIZE) -> str:
    """Return the reply to a message that was discarded."""
    if received.size > limit:
        return too_large(limit, received.size)
    if received.lines > limits.LINES:
        return f"552 5.3.4 Message too large: more than {limits.LINES} lines"
    return NO_ROOM


class OneTooMany(asyncio.Protocol):
    """A connection that exceeds the maximum number of connections.

    If `greets` is true, the client gets 421; otherwise TLS would come first, so the connection is
    simply closed.
    """

    def __init__(self, *, greets: bool) -> None:
        self._greets = greets

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        if self._greets:
            transport.write(f"421 {DOMAIN} has too many connections\r\n".encode())
        transport.close()
