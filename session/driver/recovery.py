"""`Recovery`: brings a session into a known state after a procedure was aborted.

A procedure that is cancelled, times out, or fails locally leaves unfinished business: replies that
are due, an open transaction, half a message. The next procedure must not send its commands in that
state, because a server in the middle of a message reads commands as text (RFC 5321 section
4.1.1.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..events import Kind, ReplyReceived
from ..protocol.conversation import Conversation
from ..protocol.states import IN_TRANSACTION, State
from ..reply import Reply
from ..verbs import SENDER_VERBS, TLS_VERBS

if TYPE_CHECKING:
    from .connection import Connection

RESETTING = ("rset", "quit")  # procedures that end a transaction themselves
_NO_COMMANDS = (State.DATA, State.AUTH, State.TLS)
_WITHIN_MESSAGE = (
    "a message was aborted before its end, so the connection was dropped: anything sent "
    "now would become part of its text"
)
_WITHIN_STARTTLS = (
    "STARTTLS was aborted before the handshake, for which the server was waiting, so the "
    "connection was dropped"
)
_WITHIN_AUTH = (
    "AUTH was aborted before its end, and the server did not accept the cancellation, so the "
    "connection was dropped"
)
_NOT_RESET = "RSET was refused after a procedure was aborted, so the connection was dropped"


class Recovery:
    """Records the state in which an aborted procedure left a connection, and cleans up after it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._broken: Conversation | None = None  # on which a procedure was aborted
        self._began_in = State.READY
        self._marks = 0  # of the transcript at that time
        self._newest = -1  # the row of the last command without a reply at that time

    @property
    def nothing_left(self) -> bool:
        """Whether no procedure has been aborted since the last recovery."""
        return self._broken is None

    @property
    def needed(self) -> bool:
        """Whether the current connection is in a state left by an aborted procedure."""
        connection = self._connection
        return self._broken is connection.conversation and connection.connected

    @property
    def reads_commands(self) -> bool:
        """Whether the server would now read data as a command, not as text, a response or TLS."""
        connection = self._connection
        talk = connection.conversation
        if talk.mode is not Kind.COMMAND or talk.state in _NO_COMMANDS:
            return False
        handshake = connection.handshake_left is not None
        return not handshake and not any(verb in TLS_VERBS for _, verb in talk.unanswered)

    @property
    def may_quit(self) -> bool:
        """Whether QUIT would be read as a command now, and the next reply would be to QUIT."""
        talk = self._connection.conversation
        if not self._connection.connected or not talk.greeting_seen:
            return False
        return talk.oldest is None and self.reads_commands

    def broken_off(self, began_in: State) -> None:
        """Record that a procedure was not completed; `began_in` is the state in which it began."""
        talk = self._connection.conversation
        if self._broken is not talk:  # else an earlier one still needs recovery
            self._began_in = began_in
        self._broken = talk
        self._marks = talk.transcript.mark_count
        self._newest = -1 if talk.newest is None else talk.newest

    async def settle(self, *, reset: bool = True) -> None:
        """Wait for the replies that are due, then end what the aborted procedure left unfinished.

        An open transaction is reset, unless `reset` is false or the transaction was begun by a
        single command. Within a message, the connection is dropped. Raises ConnectionLost or
        ReplyTimedOut.
        """
        connection = self._connection
        if not self.needed:
            self._broken = None
            return
        await self._await_replies()
        talk = connection.conversation
        if not self._by_hand():
            if talk.state is State.AUTH and self._began_in is not State.AUTH:
                await self._command(b"*\r\n")  # RFC 4954 section 4: cancels the exchange
                if talk.state is State.AUTH:
                    raise connection.drop(_WITHIN_AUTH)
            if talk.state is State.DATA or talk.chunk_left:
                raise connection.drop(_WITHIN_MESSAGE)
            if talk.state is State.TLS:
                raise connection.drop(_WITHIN_STARTTLS)
            if talk.state in IN_TRANSACTION and self._began_in not in IN_TRANSACTION:
                if not reset:
                    return  # the next procedure resets it
                await self._command(b"RSET\r\n")
                if talk.state in IN_TRANSACTION:
                    raise connection.drop(_NOT_RESET)
        self._broken = None

    async def _await_replies(self) -> None:
        """Wait for every reply that is due."""
        connection = self._connection
        talk, waiters = connection.conversation, connection.waiters
        if not talk.greeting_seen:
            await connection.reply(waiters.for_greeting())
        while (row := talk.oldest) is not None and connection.connected:
            if waiters.awaited(row):  # for a command that the user sent
                await connection.news()
                continue
            future = waiters.for_row(row)
            try:
                await connection.reply(future)
            finally:
                waiters.forget(future)

    async def _command(self, line: bytes) -> Reply:
        connection = self._connection
        connection.transmitter.write(line)
        future = connection.waiters.for_row(connection.conversation.newest)
        try:
            return await connection.reply(future)
        finally:
            connection.waiters.forget(future)

    def _by_hand(self) -> bool:
        """Return whether a single command has begun a transaction since the last abort."""
        return any(
            isinstance(event, ReplyReceived)
            and event.answers is not None
            and event.answers > self._newest
            and event.verb in SENDER_VERBS
            and 200 <= event.code <= 299
            for event in self._connection.transcript.marks_after(self._marks)
        )
