"""The state table: which command may come in which state, and where its reply leads.

Every transition of a conversation stands here, and nothing else does. It is the client's view
(RFC 5321 sections 3 and 4.1.4; RFC 2033 for LMTP; RFC 3030, 3207, 4954 for BDAT, STARTTLS and
AUTH). A (state, verb) that is not in MOVES is out of order: that is reported, and the command
goes on its way all the same. LMTP has the same states; only its greeting word differs.
What depends on more than state and verb (TLS, login, LMTP, BODY) is `not_now`.
"""

from __future__ import annotations

import enum
from typing import NamedTuple


class State(enum.StrEnum):
    """Where a conversation is."""

    CONNECTED = "connected"  # the greeting has not come yet
    REFUSED = "refused"  # greeted with 5yz: only QUIT is left
    GREETED = "greeted"  # EHLO, HELO or LHLO comes next
    READY = "ready"  # no transaction
    MAIL = "mail"  # a sender, no recipient yet
    RCPT = "rcpt"  # a sender and a recipient
    DATA = "data"  # 354: the message is being sent
    BDAT = "bdat"  # some chunks were taken
    BDAT_FAILED = "bdat-failed"  # a chunk was refused: RSET comes next
    AUTH = "auth"  # 334: a response is expected
    TLS = "tls"  # 220 to STARTTLS: the handshake comes next
    TURNED = "turned"  # 250 to ATRN: the client is the server now
    CLOSED = "closed"

    __hash__ = str.__hash__  # an Enum's own is written in Python, and MOVES is asked at each line


class Move(NamedTuple):
    """Where a reply leads, by its first digit; None leaves the state as it is."""

    done: State | None = None  # 2yz
    more: State | None = None  # 3yz
    failed: State | None = None  # 4yz and 5yz


S = State
STAY = Move()

# Allowed in any state in which a command can be sent at all, and without effect on it.
_ANYWHERE = ("NOOP", "HELP", "VRFY", "EXPN", "VERB")
_AFTER_EHLO = ("ETRN", "XFORWARD", "ONEX", "XUSR", "CLIENTID", "WELLKNOWN", "X-LINK2STATE",
               "XSHADOW", "XADR", "XCIR", "XGEN", "XSTA")  # fmt: skip
_OPEN = (S.GREETED, S.READY, S.MAIL, S.RCPT, S.BDAT, S.BDAT_FAILED)
_TRANSACTION = (S.MAIL, S.RCPT, S.BDAT, S.BDAT_FAILED)
GREETINGS = ("EHLO", "HELO", "LHLO")

MOVES: dict[tuple[State, str], Move] = {
    **{(state, verb): STAY for state in _OPEN for verb in _ANYWHERE},
    **{(state, "QUIT"): Move(done=S.CLOSED) for state in (*_OPEN, S.REFUSED)},
    **{(state, verb): Move(done=S.READY) for state in _OPEN for verb in GREETINGS},
    **{(state, "RSET"): Move(done=S.READY) for state in _TRANSACTION},
    (S.GREETED, "RSET"): STAY,
    (S.READY, "RSET"): STAY,
    (S.READY, "MAIL"): Move(done=S.MAIL),
    (S.READY, "SEND"): Move(done=S.MAIL),
    (S.READY, "SOML"): Move(done=S.MAIL),
    (S.READY, "SAML"): Move(done=S.MAIL),
    (S.MAIL, "RCPT"): Move(done=S.RCPT),
    (S.RCPT, "RCPT"): STAY,
    (S.RCPT, "DATA"): Move(more=S.DATA),
    (S.RCPT, "BDAT"): Move(done=S.BDAT, failed=S.BDAT_FAILED),
    (S.BDAT, "BDAT"): Move(failed=S.BDAT_FAILED),
    (S.RCPT, "BDAT LAST"): Move(done=S.READY, failed=S.READY),
    (S.BDAT, "BDAT LAST"): Move(done=S.READY, failed=S.READY),
    (S.RCPT, "BURL"): Move(done=S.BDAT, failed=S.BDAT_FAILED),
    (S.BDAT, "BURL"): Move(failed=S.BDAT_FAILED),
    (S.RCPT, "BURL LAST"): Move(done=S.READY, failed=S.READY),
    (S.BDAT, "BURL LAST"): Move(done=S.READY, failed=S.READY),
    (S.DATA, "."): Move(done=S.READY, failed=S.READY),
    (S.READY, "STARTTLS"): Move(done=S.TLS),
    (S.READY, "X-ANONYMOUSTLS"): Move(done=S.TLS),
    (S.READY, "AUTH"): Move(more=S.AUTH),
    (S.READY, "X-EXPS"): Move(more=S.AUTH),
    (S.AUTH, "(auth)"): Move(done=S.READY, failed=S.READY),
    (S.READY, "ATRN"): Move(done=S.TURNED),
    (S.READY, "TURN"): Move(done=S.TURNED),
    (S.READY, "XCLIENT"): Move(done=S.GREETED),
    (S.RCPT, "XEXCH50"): STAY,
    **{(S.READY, verb): STAY for verb in _AFTER_EHLO},
}

# What a server does that accepts a command out of order all the same: the state has to follow.
ALL_THE_SAME: dict[str, Move] = {
    "MAIL": Move(done=S.MAIL),
    "RCPT": Move(done=S.RCPT),
    "DATA": Move(more=S.DATA),
    "STARTTLS": Move(done=S.TLS),
    "AUTH": Move(more=S.AUTH),
    "QUIT": Move(done=S.CLOSED),
    "EHLO": Move(done=S.READY),
    "HELO": Move(done=S.READY),
    "LHLO": Move(done=S.READY),
    "BDAT": Move(done=S.BDAT),
    "BDAT LAST": Move(done=S.READY),
    ".": Move(done=S.READY, failed=S.READY),
    "(auth)": Move(done=S.READY, failed=S.READY),
}

VERBS = frozenset(verb for _, verb in MOVES)

# RFC 2920 section 3.1: these, and what other extensions add, end a pipelined group.
MID_GROUP = frozenset(("MAIL", "RCPT", "RSET", "SEND", "SOML", "SAML", "BDAT", "BDAT LAST", "."))


def move(state: State, verb: str) -> Move | None:
    """The move of `verb` in `state`; None when it is out of order there."""
    return MOVES.get((state, verb))


# The verbs that `not_now` has something to say on.
SOMETIMES = frozenset(("STARTTLS", "AUTH", "DATA", *GREETINGS))


def not_now(verb: str, *, tls: bool, authenticated: bool, greeted_with: str, binary: bool) -> str:
    """Why `verb` is out of order though its state allows it; "" when it is not.

    `greeted_with` is the verb of the last greeting that was accepted, `binary` whether MAIL came
    with BODY=BINARYMIME.
    """
    if verb == "STARTTLS" and tls:
        return "TLS is on already"
    if verb == "AUTH" and authenticated:
        return "logged in already"
    if verb == "DATA" and binary:
        return "BODY=BINARYMIME needs BDAT"
    if verb in GREETINGS and greeted_with and (verb == "LHLO") is not (greeted_with == "LHLO"):
        return "LHLO is for LMTP only" if verb == "LHLO" else "LMTP is greeted with LHLO"
    return ""


def following(state: State, verb: str, digit: int) -> State:
    """The state after `verb` was answered in `state` by a reply of class `digit` (2 to 5)."""
    found = MOVES.get((state, verb))
    if found is None:
        found = ALL_THE_SAME.get(verb, STAY)
    target = found.done if digit == 2 else found.more if digit == 3 else found.failed
    return state if target is None else target


def hoped(state: State, verb: str) -> State:
    """The state that a command leads to if all goes well: for what is sent ahead of replies."""
    found = MOVES.get((state, verb))
    if found is None:
        found = ALL_THE_SAME.get(verb, STAY)
    return found.more or found.done or state
