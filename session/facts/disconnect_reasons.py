"""Infers why a connection was closed from the last lines of the conversation.

The cause of a Disconnected event says only which side closed the connection; the last reply, or the
lack of one, usually shows why. The rules are in RFC 5321 sections 3.8 (421, and closing without
QUIT) and 4.1.1.10 (QUIT).
"""

from __future__ import annotations

from .disconnect_causes import CauseFact

_READ_LAST_REPLY = "Read the server's last reply."
_LOOK_AT_LOG = "Check the server's log for that time."

_QUIT = CauseFact(
    "You sent QUIT, and the server closed the connection: the session ended as it should.", ""
)
_UNANSWERED = CauseFact(
    "The server closed the connection instead of replying to the last line: it crashed, or it no "
    "longer accepts this client.",
    _LOOK_AT_LOG,
)
_IN_MESSAGE = CauseFact(
    "The server closed the connection in the middle of the message: it timed out, the message is "
    "too large, or it crashed.",
    _LOOK_AT_LOG,
)
MESSAGE_IN_DOUBT = (
    "It is not known whether the server accepted the message: if sent again, it may arrive twice."
)
"""The warning about a message whose end got no reply (RFC 1047)."""
IN_DOUBT = CauseFact(
    f"The connection ended between the end of the message and its reply. {MESSAGE_IN_DOUBT}",
    "Ask the recipient, or check the server's log, before you send it again.",
)
NO_MORE_ANSWERS = CauseFact(
    "The connection was established, but data sent later never arrived: the network or the host "
    "went down, or a firewall dropped the connection from its table.",
    "Check the network, and connect again.",
)
_ANNOUNCED = CauseFact(
    "The server announced with 421 that it was closing the connection; the reply gives the reason.",
    "Wait before you connect again.",
)
_REFUSED = CauseFact(
    "The server closed the connection right after a refusal. Servers do this after too many "
    "errors, or to clients that they block.",
    _READ_LAST_REPLY,
)
_GOODBYE = CauseFact(
    "The server replied 221 and closed the connection although no QUIT was sent: it is "
    "disconnecting this client.",
    _READ_LAST_REPLY,
)
_QUIT_BY_CLIENT = CauseFact(
    "You sent QUIT, the server replied, and heloscope closed the connection: the session ended as "
    "it should.",
    "",
)


def client_close_reason(code: int, verb: str, *, unanswered: bool) -> CauseFact | None:
    """Return why the client closed the connection, if it did so after a 421 or the reply to QUIT.

    Return None otherwise. The arguments are the same as for `server_close_reason`.
    """
    if unanswered:
        return None
    if code == 421:
        return _ANNOUNCED
    return _QUIT_BY_CLIENT if verb == "QUIT" else None


def server_close_reason(
    code: int, verb: str, *, unanswered: bool, in_message: bool
) -> CauseFact | None:
    """Return why the server closed the connection, or None if the last lines do not show it.

    `code` is the code of the server's last reply, and `verb` is the command that this reply
    answered, or "". `unanswered` is true if the client has sent anything since that reply, and
    `in_message` is true if the client was sending a message.
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
