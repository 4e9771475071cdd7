"""Descriptions of the protocol states, for the status line and the state panel."""

from __future__ import annotations

from ...session.protocol.states import MOVES, State

# Words between asterisks are drawn bold.
IN_WORDS: dict[State, str] = {
    State.CONNECTED: "waiting for the *greeting*",
    State.REFUSED: "*refused*: only QUIT is left",
    State.GREETED: "greeted; *EHLO* comes next",
    State.READY: "*ready* for MAIL",
    State.MAIL: "after *MAIL*, no recipient yet",
    State.RCPT: "after *RCPT*, ready for DATA",
    State.DATA: "in the *message*",
    State.BDAT: "after *BDAT*, more to come",
    State.BDAT_FAILED: "a chunk was refused, *RSET* comes next",
    State.AUTH: "in *AUTH*: a response is expected",
    State.TLS: "*TLS* must begin now",
    State.TURNED: "*roles reversed*: you are the server now",
    State.CLOSING: "*goodbye*: the server hangs up",
    State.CLOSED: "*closed*",
}


def in_words(state: State, *, lmtp: bool = False, closing: int = 0) -> str:
    """The description of a state; for LMTP with LHLO instead of EHLO.

    `closing` is the code with which the server has announced that it closes the connection.
    """
    words = IN_WORDS[state]
    if closing and state not in (State.CLOSING, State.CLOSED):
        words = f"*{closing}*: the server says that it closes"
    return words.replace("EHLO", "LHLO") if lmtp else words


# The stages of a conversation: name, what happens there, and the states that belong to it.
STATIONS: tuple[tuple[str, str, tuple[State, ...]], ...] = (
    ("greeting", "the server speaks first", (State.CONNECTED, State.REFUSED)),
    ("EHLO", "your name; lists extensions", (State.GREETED, State.TLS)),
    ("MAIL", "begin a message", (State.READY, State.AUTH, State.TURNED)),
    ("RCPT", "name the recipients", (State.MAIL,)),
    ("DATA", "or one more RCPT", (State.RCPT, State.BDAT, State.BDAT_FAILED)),
    ("message", "ended by a line with only a dot", (State.DATA,)),
    ("QUIT", "the server says goodbye", (State.CLOSING,)),
    ("closed", "the connection has ended", (State.CLOSED,)),
)

_USUAL = ("EHLO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT", "BDAT LAST", ".", "AUTH", "STARTTLS",
          "RSET", "VRFY", "EXPN", "HELP", "NOOP", "QUIT", "HELO")  # fmt: skip


def allowed_in(state: State, *, lmtp: bool = False) -> list[str]:
    """The verbs allowed in `state`, the most common ones first; for LMTP LHLO instead of EHLO."""
    others = {"EHLO", "HELO"} if lmtp else {"LHLO"}
    allowed = {verb for known, verb in MOVES if known is state} - others
    return [verb for verb in _USUAL if verb in allowed]
