"""Parses usual lines once and remembers them, for the fast path of `Conversation.feed`.

What is remembered is the meaning that a line has by itself, whatever came before it: the verb of a
command, or the code of a reply. `learn_command` and `usual_reply` recognise short lines that need
no further check in any conversation. Any other line may be just as correct, but takes the slow
path.
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

STILL = frozenset(QUERIES)  # their replies do not change the state
USUAL = STILL | {"RCPT", "RSET", "QUIT"}
"""The commands that need no check except that of their order, and get exactly one reply."""

UsualReply = tuple[int, str | None, int, bool]
"""A usual reply to a verb: its code, enhanced status code, event shape, and a flag.

The flag is true if the reply leaves the state unchanged.
"""

# The first four octets of a correct reply line -> its code, and whether more lines follow.
_CODES = {b"%d" % code: code for code in range(200, 600)}
HEADS = {
    **{digits + b" ": (code, False) for digits, code in _CODES.items()},
    **{digits + b"-": (code, True) for digits, code in _CODES.items()},
}
BLANKS = b" \t\r\n"  # around the text of a line
HARMLESS = bytes(octet for octet in range(1, 128) if octet not in b"\r\n")  # in any line
_ENHANCED = re.compile(rb"([245])\.(\d{1,3})\.(\d{1,3})(?=[ \t\r\n]|\Z)")


# A recipient that would pass all checks: this test takes a fifth of their time.
_PLAIN_RCPT = (
    rb"(?:RCPT TO|rcpt TO|rcpt to):<[A-Za-z0-9._+-]{1,64}@"
    rb"(?:(?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)+[A-Za-z]{1,63}>\r\n\Z"
)

USUAL_LINES: dict[State, dict[bytes, str]] = {state: {} for state in State}
"""For each state, the lines that `learn_command` has recognised, with their verbs."""


@lru_cache(maxsize=256)
def enhanced_in(text: bytes) -> tuple[int, str] | None:
    """Return the class and text of the enhanced status code at the start of `text`, or None.

    At most 12 octets of `text` are needed.
    """
    match = _ENHANCED.match(text)
    return None if match is None else (int(match[1]), match[0].decode())


def learn_command(line: bytes, state: State) -> bool:
    """Remember a line in USUAL_LINES if it is a correct USUAL command that `state` allows.

    Returns whether the line was remembered. No other lines are kept, because an AUTH line contains
    a secret.
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
    """Return the code and enhanced status code of a correct one-line 2yz, 4yz or 5yz reply.

    The text of the reply is then `line[4:-2]`, without spaces around it. Returns None for any other
    reply, and for 221 and 421, which announce the end of a connection.
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
    """Return whether a line ends in CRLF and has no CR, LF, NUL or 8-bit character elsewhere."""
    return line.endswith(b"\r\n") and not line[:-2].translate(None, HARMLESS)


def _faultless(line: bytes, verb: str) -> bool:
    """Return whether a command line is correct and contains nothing that looks like credentials.

    A line with parameters never counts as correct here, because its correctness depends on the
    extensions offered.
    """
    if verb == "RCPT" and re.match(_PLAIN_RCPT, line) is not None:
        return True
    if not _whole(line) or b"> " in line or faults(line, verb):
        return False
    return not secret_spans_of(line)
