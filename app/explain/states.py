"""States in words, for the status line and the state panel."""

from __future__ import annotations

from ...session.protocol.states import MOVES, State

# Words between asterisks are drawn bold.
IN_WORDS: dict[State, str] = {
    State.CONNECTED: "waiting for the *greeting*",
    State.REFUSED: "*refused*: only QUIT is left",
    State.GREETED: "greeted, *EHLO* comes next",
    State.READY: "*ready* for MAIL",
    State.MAIL: "after *MAIL*, no recipient yet",
    State.RCPT: "after *RCPT*, ready for DATA",
    State.DATA: "in the *message*",
    State.BDAT: "after *BDAT*, more to come",
    State.BDAT_FAILED: "a chunk was refused, *RSET* comes next",
    State.AUTH: "in *AUTH*: an answer is expected",
    State.TLS: "*TLS* has to begin now",
    State.TURNED: "*turned*: you are the server now",
    State.CLOSED: "*closed*",
}


def in_words(state: State, *, lmtp: bool = False) -> str:
    """`IN_WORDS`, with LMTP's own greeting where that is what is spoken."""
    words = IN_WORDS[state]
    return words.replace("EHLO", "LHLO") if lmtp else words


# The way of a conversation: name, what happens there, and the states that count as being there.
STATIONS: tuple[tuple[str, str, tuple[State, ...]], ...] = (
    ("greeting", "the server speaks first", (State.CONNECTED, State.REFUSED)),
    ("EHLO", "your name; asks for extensions", (State.GREETED, State.TLS)),
    ("MAIL", "begin a message", (State.READY, State.AUTH, State.TURNED)),
    ("RCPT", "name the recipients", (State.MAIL,)),
    ("DATA", "or one more RCPT", (State.RCPT, State.BDAT, State.BDAT_FAILED)),
    ("message", "ended by a dot on its own", (State.DATA,)),
    ("closed", "QUIT leads here", (State.CLOSED,)),
)

_USUAL = ("EHLO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT", "BDAT LAST", ".", "AUTH", "STARTTLS",
          "RSET", "VRFY", "EXPN", "HELP", "NOOP", "QUIT", "HELO")  # fmt: skip


def allowed_in(state: State, *, lmtp: bool = False) -> list[str]:
    """The verbs that may come in `state`, the usual ones first. LMTP has LHLO for EHLO."""
    others = {"EHLO", "HELO"} if lmtp else {"LHLO"}
    allowed = {verb for known, verb in MOVES if known is state} - others
    return [verb for verb in _USUAL if verb in allowed]
