"""The state table: which commands are allowed in each state, and which state their replies lead to.

Every transition of a conversation is defined here, either as a row of MOVES or, if no command
causes it (the greeting, 421, TLS, the end of the connection), as one of the functions below MOVES.
The table shows the client's view (RFC 5321 sections 3 and 4.1.4; RFC 2033 for LMTP; RFC 3030, 3207
and 4954 for BDAT, STARTTLS and AUTH). A command whose (state, verb) pair is not in MOVES is out of
order; this is reported, but the command is interpreted nevertheless. LMTP has the same states; only
its greeting command differs. `not_now` checks the conditions other than state and verb (TLS, login,
LMTP, BODY).
"""

from __future__ import annotations

import enum

import msgspec

from ..verbs import (
    AUTH_RESPONSE,
    AUTH_VERBS,
    CHUNK_VERBS,
    END_OF_DATA,
    GREETINGS,
    LAST_CHUNKS,
    QUERIES,
    SENDER_VERBS,
    TLS_VERBS,
    TURN_VERBS,
)


class State(enum.StrEnum):
    """A state of a conversation."""

    CONNECTED = "connected"  # the greeting has not come yet
    REFUSED = "refused"  # greeted with 4yz or 5yz: only QUIT is possible
    GREETED = "greeted"  # EHLO, HELO or LHLO comes next
    READY = "ready"  # no transaction
    MAIL = "mail"  # a sender, no recipient yet
    RCPT = "rcpt"  # a sender and a recipient
    DATA = "data"  # 354: the message is being sent
    BDAT = "bdat"  # some chunks were accepted
    BDAT_FAILED = "bdat-failed"  # a chunk was refused: RSET comes next
    AUTH = "auth"  # 334: a response is expected
    TLS = "tls"  # 220 to STARTTLS: the handshake comes next
    TURNED = "turned"  # 250 to ATRN: the client is the server now
    CLOSING = "closing"  # 221 to QUIT: the server closes the connection next
    CLOSED = "closed"

    __hash__ = str.__hash__  # that of Enum is slow, and MOVES is looked up for each line


class Move(msgspec.Struct, frozen=True):
    """The next state for each class of reply; None leaves the state unchanged."""

    done: State | None = None  # 2yz
    more: State | None = None  # 3yz
    failed: State | None = None  # 4yz and 5yz


S = State
STAY = Move()

# Allowed in any state in which a command can be sent, and without effect on it.
_ANYWHERE = (*QUERIES, "VERB")
_AFTER_EHLO = ("ETRN", "XFORWARD", "ONEX", "XUSR", "CLIENTID", "WELLKNOWN", "X-LINK2STATE",
               "XSHADOW", "XADR", "XCIR", "XGEN", "XSTA", "XPROXY", "XPROXYFROM", "XPROXYTO",
               "XSESSIONPARAMS", "XONE")  # fmt: skip
_OPEN = (S.GREETED, S.READY, S.MAIL, S.RCPT, S.BDAT, S.BDAT_FAILED)
IN_TRANSACTION = (S.MAIL, S.RCPT, S.BDAT, S.BDAT_FAILED)
"""The states from MAIL onwards in which a greeting or RSET discards the sender and recipients."""
TO_MESSAGE_END = (*IN_TRANSACTION, S.DATA)
"""The states in which a transaction is open, from MAIL to the end of the message."""

MOVES: dict[tuple[State, str], Move] = {
    **{(state, verb): STAY for state in _OPEN for verb in _ANYWHERE},
    **{(state, "QUIT"): Move(done=S.CLOSING) for state in (*_OPEN, S.REFUSED)},
    (S.CLOSING, "QUIT"): STAY,
    **{(state, verb): Move(done=S.READY) for state in _OPEN for verb in GREETINGS},
    **{(state, "RSET"): Move(done=S.READY) for state in IN_TRANSACTION},
    **{(state, "RSET"): STAY for state in (S.GREETED, S.READY)},
    **{(S.READY, verb): Move(done=S.MAIL) for verb in SENDER_VERBS},
    (S.MAIL, "RCPT"): Move(done=S.RCPT),
    (S.RCPT, "RCPT"): STAY,
    (S.RCPT, "DATA"): Move(more=S.DATA),
    (S.DATA, END_OF_DATA): Move(done=S.READY, failed=S.READY),
    **{(S.RCPT, verb): Move(done=S.BDAT, failed=S.BDAT_FAILED) for verb in CHUNK_VERBS},
    **{(S.BDAT, verb): Move(failed=S.BDAT_FAILED) for verb in CHUNK_VERBS},
    **{
        (state, verb): Move(done=S.READY, failed=S.BDAT_FAILED)
        for state in (S.RCPT, S.BDAT)
        for verb in LAST_CHUNKS
    },
    **{(S.READY, verb): Move(done=S.TLS) for verb in TLS_VERBS},
    **{(S.READY, verb): Move(more=S.AUTH) for verb in AUTH_VERBS},
    (S.AUTH, AUTH_RESPONSE): Move(done=S.READY, failed=S.READY),
    **{(S.READY, verb): Move(done=S.TURNED) for verb in TURN_VERBS},
    (S.READY, "XCLIENT"): Move(done=S.GREETED),
    (S.RCPT, "XEXCH50"): STAY,
    **{(S.READY, verb): STAY for verb in _AFTER_EHLO},
}

# A server may accept a command that is out of order: the state has to follow it.
OUT_OF_ORDER: dict[str, Move] = {
    **dict.fromkeys(GREETINGS, Move(done=S.READY)),
    **dict.fromkeys(SENDER_VERBS, Move(done=S.MAIL)),
    "RCPT": Move(done=S.RCPT),
    "DATA": Move(more=S.DATA),
    END_OF_DATA: Move(done=S.READY),  # refused, it was a command that the server does not know
    **dict.fromkeys(CHUNK_VERBS, Move(done=S.BDAT)),
    **dict.fromkeys(LAST_CHUNKS, Move(done=S.READY)),
    **dict.fromkeys(TLS_VERBS, Move(done=S.TLS)),
    **dict.fromkeys(AUTH_VERBS, Move(more=S.AUTH)),
    AUTH_RESPONSE: Move(done=S.READY, failed=S.READY),
    "QUIT": Move(done=S.CLOSING),
}

KNOWN_VERBS = frozenset(verb for _, verb in MOVES)
"""All verbs that occur in MOVES."""
SHUTTING_DOWN = 421
"""The reply code with which a server may end a conversation at any time (RFC 5321 section 3.8)."""
NOT_KNOWN = (500, 502)
"""The reply codes for a command that the server does not recognise or implement."""
GOODBYES = (221, SHUTTING_DOWN)
"""The reply codes that announce the end of a connection but do not end it; see `announced`."""


def move(state: State, verb: str) -> Move | None:
    """Return the move for `verb` in `state`, or None if the verb is out of order there."""
    return MOVES.get((state, verb))


# Commands that may be out of order though their state allows them: see `not_now`.
CONDITIONAL = frozenset((*TLS_VERBS, *AUTH_VERBS, "DATA", *GREETINGS))


def not_now(verb: str, *, tls: bool, authenticated: bool, greeted_with: str, binary: bool) -> str:
    """Return why `verb` is out of order although its state allows it, or "" if `verb` is in order.

    `greeted_with` is the verb of the last accepted greeting. `binary` is true if MAIL declared
    BODY=BINARYMIME.
    """
    if verb in TLS_VERBS and tls:
        return "TLS is already active"
    if verb in AUTH_VERBS and authenticated:
        return "already logged in"
    if verb == "DATA" and binary:
        return "BODY=BINARYMIME needs BDAT"
    if verb in GREETINGS and greeted_with and (verb == "LHLO") is not (greeted_with == "LHLO"):
        return "LHLO is for LMTP only" if verb == "LHLO" else "LMTP uses LHLO"
    return ""


# Next states


def after_reply(
    state: State, verb: str, code: int, *, each: bool = False, unread: bool = False
) -> State:
    """Return the state that a reply with this code to `verb` leads to from `state`.

    `each` is true if the reply is for one of several recipients (LMTP, PRDR); the transaction then
    ends with the last chunk even if the chunk is refused, and no RSET is needed. `unread` is true
    if the server reads the chunk after a refused BDAT as commands (see `reads_chunk`); the state
    then does not change.
    """
    if unread:
        return state
    if each and verb in LAST_CHUNKS:
        return State.READY
    found = MOVES.get((state, verb))
    if found is None:
        found = OUT_OF_ORDER.get(verb, STAY)
    digit = code // 100
    target = found.done if digit == 2 else found.more if digit == 3 else found.failed
    return state if target is None else target


def reads_chunk(code: int, text: bytes, *, offered: bool | None, complete: bool = True) -> bool:
    """Return whether a server that replied `code` and `text` to BDAT reads the chunk as data.

    A server that supports BDAT reads the chunk even if it refuses the command: it "MUST accept and
    discard the associated message data" (RFC 3030 section 2). A server that does not support BDAT
    reads the octets as commands. Such a server replies 500 or 502 (RFC 5321 section 4.2.4), or
    refuses the command and does not list CHUNKING in its EHLO reply. `offered` is true if the EHLO
    reply lists CHUNKING, and None if there is no EHLO reply, as after HELO. `complete` is true if
    the whole chunk was sent before the reply arrived: if CHUNKING is offered, a 500 without 5.5.1
    is then taken to be about the chunk, not about the command.
    """
    if code < 400:
        return True
    if not offered:
        return offered is None and code not in NOT_KNOWN
    return code not in NOT_KNOWN or (code == 500 and complete and not text.startswith(b"5.5.1"))


def state_if_accepted(state: State, verb: str) -> State:
    """Return the state after a command if it succeeds; used for commands sent ahead of replies."""
    found = MOVES.get((state, verb))
    if found is None:
        found = OUT_OF_ORDER.get(verb, STAY)
    return found.more or found.done or state


def after_greeting(state: State, code: int) -> State:
    """Return the state after the server's greeting (RFC 5321 section 3.1)."""
    return {2: State.GREETED, 4: State.REFUSED, 5: State.REFUSED}.get(code // 100, state)


def announced(code: int) -> int:
    """Return the code of a reply that announces the end of the connection, or 0 for any other.

    Such a reply may come at any time, even unsolicited. It does not end the conversation, because
    some servers stay, and their next reply revokes the announcement. Only the end of the connection
    leads to CLOSED.
    """
    return code if code in GOODBYES else 0


def after_unasked(state: State, code: int) -> State:
    """Return the state after a reply that answers no command.

    A 4yz or 5yz reply ends an AUTH exchange that is waiting for a response, because the server
    would read the response as a command.
    """
    return State.READY if state is State.AUTH and code >= 400 else state


def after_tls(state: State, *, greeted: bool) -> State:
    """Return the state once TLS has started. A greeted client repeats EHLO (RFC 3207 section 4.2).

    `greeted` is false if the server's greeting is still to come, as when TLS starts with the
    connection; the state then does not change.
    """
    return State.GREETED if greeted else state


AFTER_DISCONNECT = State.CLOSED
"""The state once the connection has closed, whatever the state was before."""


def has_rules(state: State) -> bool:
    """Return whether the rules of a conversation are checked in `state`.

    They are not checked after ATRN or TURN (RFC 2645), because the two sides then swap roles: the
    server sends commands, and the client replies.
    """
    return state is not State.TURNED
