"""Usual lines, read once and remembered: what `Conversation.feed` has its fast path for.

What a line says by itself, whatever has come before it: the verb of a command, the code of a
reply. `learn_command` and `usual_reply` recognise short lines that need no further check in any
conversation. A line that they do not recognise is not wrong; it is read on the long way.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..record.credentials import secret_spans_of
from ..verbs import QUERIES, verb_of
from .command_syntax import faults
from .states import GOODBYES, MOVES, State

SHORT = 128  # octets of a line that is worth remembering
REMEMBERED = 1024  # lines
LEARNED = 64  # replies to a verb that a conversation remembers

STILL = frozenset(QUERIES)  # their replies lead nowhere
USUAL = STILL | {"RCPT", "RSET", "QUIT"}
"""Commands that need no check but that of their order, each answered by one reply."""

UsualReply = tuple[int, str | None, int, bool]
"""(code, enhanced code, shape of the event, whether it leads nowhere) of a reply to a verb."""

# The first four octets of a reply line as it should be -> its code, and whether more lines come.
_CODES = {b"%d" % code: code for code in range(200, 600)}
HEADS = {
    **{digits + b" ": (code, False) for digits, code in _CODES.items()},
    **{digits + b"-": (code, True) for digits, code in _CODES.items()},
}
BLANKS = b" \t\r\n"  # around the text of a line
HARMLESS = bytes(octet for octet in range(1, 128) if octet not in b"\r\n")  # in any line
_ENHANCED = re.compile(rb"([245])\.(\d{1,3})\.(\d{1,3})(?=[ \t\r\n]|\Z)")


# A recipient of whom all checks would say the same: it takes a fifth of their time to see that.
_PLAIN_RCPT = (
    rb"(?:RCPT TO|rcpt TO|rcpt to):<[A-Za-z0-9._+-]{1,64}@"
    rb"(?:(?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)+[A-Za-z]{1,63}>\r\n\Z"
)

USUAL_LINES: dict[State, dict[bytes, str]] = {state: {} for state in State}
"""Lines that `learn_command` has recognised, by the state in which they may come, and their verbs:
to look here costs no call."""


@lru_cache(maxsize=256)
def enhanced_in(text: bytes) -> tuple[int, str] | None:
    """(class, code) of the enhanced status code that `text`, up to 12 octets, begins with."""
    match = _ENHANCED.match(text)
    return None if match is None else (int(match[1]), match[0].decode())


def learn_command(line: bytes, state: State) -> bool:
    """Remember a line in USUAL_LINES if it is one of USUAL, without a fault, and in its place.

    Returns whether it is. Only lines of these are remembered: a line of AUTH holds a secret.
    """
    if len(line) > SHORT:
        return False
    verb = verb_of(line)
    if verb not in USUAL or (state, verb) not in MOVES or not _faultless(line, verb):
        return False
    lines = USUAL_LINES[state]
    if len(lines) >= REMEMBERED:
        lines.clear()
    lines[line] = verb
    return True


@lru_cache(maxsize=REMEMBERED)
def usual_reply(line: bytes) -> tuple[int, str | None] | None:
    """(code, enhanced code) of a reply of one line, 2yz, 4yz or 5yz, that has no fault.

    Its text is `line[4:-2]`: it has no blanks around it. None for any other, and for 221 and 421,
    with which a connection ends.
    """
    code, more = HEADS.get(line[:4], (0, True))
    if more or code // 100 == 3 or code // 10 % 10 > 5 or code in GOODBYES or not _whole(line):
        return None
    if line[4:].strip(BLANKS) != line[4:-2]:
        return None
    found = enhanced_in(line[4:16])
    if found is None:
        return code, None
    digit, enhanced = found
    return (code, enhanced) if digit == code // 100 else None


def _whole(line: bytes) -> bool:
    """Whether a line ends in CRLF and has no CR, LF, NUL or 8-bit character elsewhere."""
    return line.endswith(b"\r\n") and not line[:-2].translate(None, HARMLESS)


def _faultless(line: bytes, verb: str) -> bool:
    """Whether a command line has no fault, and nothing in it looks like credentials.

    One with parameters depends on what was offered.
    """
    if verb == "RCPT" and re.match(_PLAIN_RCPT, line) is not None:
        return True
    if not _whole(line) or b"> " in line or faults(line, verb):
        return False
    return not secret_spans_of(line)
