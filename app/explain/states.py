"""Descriptions of the protocol states, for the status line and the state panel."""

from __future__ import annotations

import msgspec

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
    State.BDAT_FAILED: "a chunk was refused; *RSET* comes next",
    State.AUTH: "in *AUTH*: a response is expected",
    State.TLS: "*TLS* must start now",
    State.TURNED: "*roles reversed*: you are the server now",
    State.CLOSING: "*goodbye*: the server is closing",
    State.CLOSED: "*closed*",
}


def in_words(state: State, *, lmtp: bool = False, closing: int = 0) -> str:
    """Return the description of a state. For LMTP, it has LHLO instead of EHLO.

    `closing` is the reply code with which the server announced that it would close the connection,
    or 0.
    """
    words = IN_WORDS[state]
    if closing and state not in (State.CLOSING, State.CLOSED):
        words = f"*{closing}*: the server is about to close"
    return words.replace("EHLO", "LHLO") if lmtp else words


class Meaning(msgspec.Struct, frozen=True):
    """The meaning of a state, and the sections of the standards that define it."""

    text: str
    source: str


_MEANINGS: dict[State, Meaning] = {
    State.CONNECTED: Meaning(
        "The connection is open and the server speaks first. A client waits for the greeting "
        "before it sends anything.",
        "RFC 5321 3.1",
    ),
    State.REFUSED: Meaning(
        "The server's greeting was 554 or another refusal: it provides no service here. It keeps "
        "the connection open only until the client has sent QUIT.",
        "RFC 5321 3.1",
    ),
    State.GREETED: Meaning(
        "The server has introduced itself, and now the client does the same: EHLO gives its name "
        "and requests the list of extensions. After TLS has started, the conversation is back in "
        "this state.",
        "RFC 5321 3.2, RFC 3207 4.2",
    ),
    State.READY: Meaning(
        "Both sides have identified themselves, and no mail transaction is open. MAIL starts one; "
        "STARTTLS and AUTH also belong here.",
        "RFC 5321 3.3, 4.1.4",
    ),
    State.MAIL: Meaning(
        "A transaction is open: the server has accepted the reverse-path. At least one recipient "
        "is needed before the message.",
        "RFC 5321 3.3, 4.1.1.2",
    ),
    State.RCPT: Meaning(
        "The server has accepted at least one recipient. More may follow, each with its own "
        "reply; then DATA or BDAT starts the message.",
        "RFC 5321 3.3, 4.1.1.3",
    ),
    State.DATA: Meaning(
        "The server has replied 354 and reads every line as part of the message, until a line "
        "that contains only a dot. No command is recognised before that.",
        "RFC 5321 4.1.1.4, 4.5.2",
    ),
    State.BDAT: Meaning(
        "Some chunks of the message have been accepted. BDAT … LAST sends the last one and ends "
        "the message; RSET discards them.",
        "RFC 3030 2",
    ),
    State.BDAT_FAILED: Meaning(
        "A chunk was refused, and the message with it. The transaction cannot continue: RSET or a "
        "new EHLO ends it.",
        "RFC 3030 2",
    ),
    State.AUTH: Meaning(
        "The server has sent a challenge (334) and waits for the response, a line of base64. A "
        "line that contains only * cancels the exchange.",
        "RFC 4954 4",
    ),
    State.TLS: Meaning(
        "The server has answered STARTTLS with 220. The client's next octets start the TLS "
        "handshake; SMTP continues inside TLS.",
        "RFC 3207 4",
    ),
    State.TURNED: Meaning(
        "The server has accepted ATRN, and the roles are reversed: it sends the commands, and "
        "this side answers them and receives the mail.",
        "RFC 2645 5.3",
    ),
    State.CLOSING: Meaning(
        "The server has answered QUIT with 221 and closes the connection.",
        "RFC 5321 4.1.1.10",
    ),
    State.CLOSED: Meaning(
        "There is no connection. Anything unfinished is lost: a message whose end has "
        "not been answered counts as not delivered.",
        "RFC 5321 3.8, 4.1.1.10",
    ),
}


def meaning_of(state: State, *, lmtp: bool = False) -> Meaning:
    """Return the meaning of a state. For LMTP, the text has LHLO instead of EHLO."""
    found = _MEANINGS[state]
    if lmtp and "EHLO" in found.text:
        return Meaning(found.text.replace("EHLO", "LHLO"), f"{found.source}, RFC 2033 4.1")
    return found


# The stages of a conversation: name, description, and the states that belong to it.
STATIONS: tuple[tuple[str, str, tuple[State, ...]], ...] = (
    ("greeting", "the server speaks first", (State.CONNECTED, State.REFUSED)),
    ("EHLO", "give your name, get the extensions", (State.GREETED, State.TLS)),
    ("MAIL", "start a message", (State.READY, State.AUTH, State.TURNED)),
    ("RCPT", "name the recipients", (State.MAIL,)),
    ("DATA", "or another RCPT", (State.RCPT, State.BDAT, State.BDAT_FAILED)),
    ("message", "ended by a line with only a dot", (State.DATA,)),
    ("QUIT", "the server says goodbye", (State.CLOSING,)),
    ("closed", "the connection has ended", (State.CLOSED,)),
)

USUAL_VERBS = ("EHLO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT", "BDAT LAST", ".", "AUTH", "STARTTLS",
               "RSET", "VRFY", "EXPN", "HELP", "NOOP", "QUIT", "HELO")  # fmt: skip
"""The verbs of a usual conversation, most common first."""


def allowed_in(state: State, *, lmtp: bool = False) -> list[str]:
    """Return the verbs allowed in `state`, most common first. LMTP has LHLO instead of EHLO."""
    others = {"EHLO", "HELO"} if lmtp else {"LHLO"}
    allowed = {verb for known, verb in MOVES if known is state} - others
    return [verb for verb in USUAL_VERBS if verb in allowed]
