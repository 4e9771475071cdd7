"""Why a connection was closed, told from what was said last.

`Cause` alone says only that it did; the last reply, or its absence, mostly says why.
RFC 5321 sections 3.8 (421, and closing without QUIT), 4.1.1.10 (QUIT).
"""

from __future__ import annotations

from .disconnect_causes import CauseFact

_QUIT = CauseFact(
    "You said QUIT, and the server closed the connection: that is how a conversation ends.",
    ":reconnect connects again.",
)
_UNANSWERED = CauseFact(
    "The server closed the connection in place of an answer to the last line. It crashed, or it "
    "wants no more of this client.",
    "Look at the server's log for this moment. :reconnect connects again.",
)
_IN_MESSAGE = CauseFact(
    "The server closed the connection in the middle of the message: it waited too long, the "
    "message is too big for it, or it crashed.",
    "Look at the server's log for this moment. :reconnect connects again.",
)
_ANNOUNCED = CauseFact(
    "The server had said so: 421 means that it closes the connection, and its text says why.",
    "Wait before you try again. :reconnect connects again.",
)
_REFUSED = CauseFact(
    "The server hung up right after a refusal. Servers do that after too many errors, and to a "
    "client that they want no more of.",
    "Read its last reply. :reconnect connects again.",
)
_GOODBYE = CauseFact(
    "The server said goodbye with 221 though nobody had said QUIT: it throws this client out.",
    "Read its last reply. :reconnect connects again.",
)
_BY_US = CauseFact(
    "You said QUIT, the server answered, and heloscope closed it: that is how a conversation ends.",
    ":reconnect connects again.",
)


def client_close_reason(code: int, verb: str, *, unanswered: bool) -> CauseFact | None:
    """The same where it was closed on this side; None where nobody had asked for that."""
    if unanswered:
        return None
    if code == 421:
        return _ANNOUNCED
    return _BY_US if verb == "QUIT" else None


def server_close_reason(
    code: int, verb: str, *, unanswered: bool, in_message: bool
) -> CauseFact | None:
    """Why the server closed; None when what was said last does not tell.

    `code` is that of its last reply, `verb` what that answered ("" when it answered nothing),
    `unanswered` whether the client has said something since, `in_message` whether that was a
    line of a message.
    """
    if code == 421:
        return _ANNOUNCED
    if in_message or (code == 354 and not unanswered):
        return _IN_MESSAGE
    if unanswered:
        return _UNANSWERED
    if verb == "QUIT" and code < 400:
        return _QUIT
    if code == 221:
        return _GOODBYE
    return _REFUSED if 400 <= code < 600 else None
