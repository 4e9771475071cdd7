"""Decides whether a plan still fits after commands typed between two of its steps.

Most typed commands do not affect the plan (NOOP, VRFY, one more RCPT). Some end or replace its
transaction, so that the server is no longer in the state that the next steps expect. A step that is
to be repeated is checked in the same way.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from ..events import Disconnected, ReplyReceived
from ..protocol.states import State, move, not_now
from ..verbs import (
    AUTH_EXCHANGE,
    AUTH_RESPONSE,
    CONTENT_VERBS,
    GREETINGS,
    MESSAGE_ENDS,
    QUERIES,
    SENDER_VERBS,
    TLS_VERBS,
    TURN_VERBS,
)
from .plan import CONNECT, TLS, Done

if TYPE_CHECKING:
    from ..aio.session import Session

CLOSED = "closed"
# Commands that end or replace a transaction if they are accepted. After DATA and BDAT the user has
# to supply the message, not the plan.
_BREAKS = frozenset(
    ("RSET", *GREETINGS, *SENDER_VERBS, *CONTENT_VERBS, *TLS_VERBS, *AUTH_EXCHANGE, "XCLIENT",
     "QUIT", *TURN_VERBS)
)  # fmt: skip

# Steps that can never be repeated: verb -> reason.
_HAD_ITS_REPLY = "the server has already replied to the message; go back to MAIL to send it again"
_ONCE: dict[str, str] = {
    CONNECT: "the connection is already established",
    TLS: "TLS is already active",
    AUTH_RESPONSE: "the server no longer waits for it; send AUTH again",
    "QUIT": "the connection has closed",
    **dict.fromkeys(("BDAT", *MESSAGE_ENDS), _HAD_ITS_REPLY),
}
# Steps that can be repeated anywhere in a plan: the steps after them are repeated, too.
_ANYWHERE = (*GREETINGS, "MAIL", "RSET", *QUERIES)


def typed_between(session: Session, since: int, own: Container[int]) -> list[str]:
    """Return the verbs of accepted commands that were typed since `since` and may affect the plan.

    `since` is a position among the transcript's marks. `own` holds the rows of the plan's own
    commands, which are ignored. If the connection has ended, the result is only CLOSED.
    """
    found: list[str] = []
    for event in session.transcript.marks_after(since):
        if isinstance(event, Disconnected):
            return [CLOSED]
        if (
            isinstance(event, ReplyReceived)
            and event.answers is not None
            and event.answers not in own
            and event.verb in _BREAKS
            and 200 <= event.code <= 399
        ):
            found.append(event.verb)
    return found if session.connected else [CLOSED]


def fits(session: Session, verb: str) -> bool:
    """Return whether a step with this verb is possible now."""
    talk = session.conversation
    if verb in ("", CONNECT):
        return True
    if verb == TLS:
        return talk.state is State.TLS
    if move(talk.state, verb) is None:
        return False
    return not not_now(
        verb,
        tls=talk.tls,
        authenticated=talk.authenticated,
        greeted_with=talk.greeted_with,
        binary=False,
    )


_HOLDING: dict[State, str] = {
    State.DATA: "the server is waiting for the message",
    State.AUTH: "the server is waiting for the answer to its challenge",
    State.TLS: "the server is waiting for the TLS handshake",
}


def held(session: Session) -> str:
    """Return a description of what the server expects instead of a command.

    Return "" if a command can be sent, or if there is no connection.
    """
    return _HOLDING.get(session.conversation.state, "") if session.connected else ""


def why_not_again(session: Session, done: Sequence[Done], place: int) -> str:
    """Return why the step `done[place]` cannot be repeated, or "" if it can."""
    verb = done[place].planned.verb
    if verb in _ONCE:
        return _ONCE[verb]
    if not session.connected:
        return "the connection has closed"
    if held(session):
        return held(session)
    if verb in _ANYWHERE:
        return ""
    if any(not later.skipped and later.planned.verb != "RSET" for later in done[place + 1 :]):
        return "the steps after it would be sent twice; go back to MAIL instead"
    if not fits(session, verb):
        return "the server no longer accepts it; go back to MAIL instead"
    if verb == "RCPT" and done[place].reply is not None and not done[place].refused:
        return "the server already has this recipient; go back to MAIL to change it"
    return ""
