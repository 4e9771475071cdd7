"""Observes one SMTP conversation: bytes of both directions come in, rows and events go out.

Sans-IO: no socket, no clock, no asyncio. Bytes enter only through `feed`, and facts that the bytes
do not show through `note`. A conversation observes one connection, knows directions but not roles,
and learns every command from the bytes alone, so that a typed line, an edited step and another
program's line are interpreted by the same code. An error of a peer is never raised as an exception,
but reported as a `Violation`.

See RFC 5321 (commands, replies, 4.5.2 end of data), 2033 (LMTP), 2920 (order in a pipeline), 3030
(BDAT), 3207 (STARTTLS), 4954 (AUTH).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import msgspec

from ..events import (
    CLIENT,
    SERVER,
    TLS,
    Connected,
    Direction,
    Disconnected,
    Event,
    Kind,
    Note,
    ReplyReceived,
    TlsStarted,
)
from ..record import masking
from ..record.transcript import Transcript
from ..record.unseen import BEGINNING, UNSEEN
from ..verbs import MESSAGE_ENDS, opens_auth
from .command_reader import CommandReader
from .connection_state import (
    CHUNK,
    COMMAND,
    COMMAND_ROW,
    DOUBT,
    REPLY_ROW,
    RESPONSE,
    ConnectionState,
    PendingCommand,
)
from .ehlo_keywords import Keywords
from .fast_path import (
    LEARNED,
    SHORT,
    STILL,
    USUAL,
    USUAL_LINES,
    UsualReply,
    learn_command,
    usual_reply,
)
from .reply_reader import ReplyReader
from .states import AFTER_DISCONNECT, State

Fed = ReplyReceived | Literal[True] | None
_TLS_NEXT = State.TLS  # a member looked up in its Enum costs as much as storing a row


class Conversation:
    """The conversation on one TCP connection: its state, and its rows and events (`transcript`)."""

    def __init__(self, transcript: Transcript | None = None) -> None:
        self.transcript = Transcript() if transcript is None else transcript
        self._known = ConnectionState(self.transcript)
        self._commands = CommandReader(self._known)
        self._replies = ReplyReader(
            self._known, self._commands.resolve, self._commands.chunk_unread
        )
        self.due: PendingCommand | bool = False
        """The usual command whose reply is due; if none is, whether the conversation is idle."""
        self.returns_replies = True
        """Whether `feed` returns usual replies. A driver may set it to False to save time."""
        # For the fast path: the flags of its rows, the commands that may come now, and the replies
        # that have been seen for each verb.
        self._sent_flags = self._heard_flags = 0
        self._usual_lines = USUAL_LINES[State.CONNECTED]
        self._usual_replies: dict[str, dict[bytes, UsualReply]] = {verb: {} for verb in USUAL}
        # The pending command on the fast path: creating one for each takes three times as long as
        # reusing this one.
        self._usual_command = PendingCommand(0, "")

    def feed(self, direction: Direction, data: bytes, at: float) -> Fed:
        """Process bytes sent in `direction` at the time `at`, in monotonic seconds.

        If `data` was exactly one usual one-line reply that changed nothing, returns the reply, or
        True if `returns_replies` is false. Returns True for exactly one usual command, else None.

        This is the fast path for a command sent while nothing is in progress, and for its reply, if
        each arrives in one piece and was seen before. Anything else takes the slow path.
        """
        due = self.due
        if due is True:
            if direction is CLIENT and (verb := self._usual_lines.get(data)) is not None:
                transcript, known = self.transcript, self._known
                self.due = command = self._usual_command  # no other is pending
                command.row = transcript.append(data, self._sent_flags, at)
                command.verb = verb
                command.left = 1
                known.queue.append(command)
                known.ahead = None
                if transcript.untold:
                    transcript.deliver()
                return True
        elif (
            due
            and direction is SERVER
            and (usual := self._usual_replies[due.verb].get(data)) is not None
        ):
            code, enhanced, shape, still = usual
            transcript = self.transcript
            row = transcript.append(data, self._heard_flags, at, None, shape)
            self._known.queue.popleft()
            if still and not transcript.untold and not self.returns_replies:
                self.due = True
                return True
            event = ReplyReceived(at, row, row, code, enhanced, due.row, due.verb)
            if not still:
                self._follow(event, due)
                return None
            self.due = True
            if transcript.untold:
                transcript.fresh.append(event)
                transcript.deliver()
            return event
        return self._feed_in_full(direction, data, at)

    def _follow(self, event: ReplyReceived, command: PendingCommand) -> None:
        """Apply and report the effect of a usual reply to RCPT, RSET or QUIT."""
        transcript = self.transcript
        if transcript.untold:
            transcript.fresh.append(event)
        self._replies.answered(command, event.row, event.last, event.code, event.at)
        self._settle()
        if transcript.untold:
            transcript.deliver()

    def _feed_in_full(self, direction: Direction, data: bytes, at: float) -> Fed:
        """Process data on the slow path of `feed`, learning its lines for the fast path."""
        due = self.due
        if direction is CLIENT:
            if due is True and learn_command(data, self._known.state):
                return self.feed(direction, data, at)
            self._commands.feed(data, at)
        else:
            if type(due) is PendingCommand and self._learn_reply(data, due.verb):
                return self.feed(direction, data, at)
            self._replies.feed(data, at)
        self._settle()
        if self.transcript.untold:
            self.transcript.deliver()
        return None

    def _learn_reply(self, data: bytes, verb: str) -> bool:
        """Remember `data` for the fast path if it is a usual reply. Return whether it was."""
        reply = usual_reply(data) if len(data) <= SHORT else None
        if reply is None:
            return False
        shape = self.transcript.marks.usual_shape(*reply, verb)
        if shape < 0:
            return False
        known = self._usual_replies[verb]
        if len(known) >= LEARNED:
            known.clear()
        known[data] = (*reply, shape, verb in STILL)
        return True

    def flush(self, direction: Direction, at: float) -> None:
        """Record the unfinished line of one direction, if there is one, as a row."""
        (self._commands if direction is CLIENT else self._replies).lines.flush(at)
        self._settle()
        self.transcript.deliver()

    def note(self, fact: Event, at: float | None = None) -> None:
        """Record an event that the bytes do not show: Connected, TlsStarted, Disconnected or Note.

        A Note from another program's log may state which parts of the conversation are missing.
        """
        if at is not None and fact.at != at:
            fact = msgspec.structs.replace(fact, at=at)
        known = self._known
        if isinstance(fact, TlsStarted | Disconnected):
            self._commands.lines.flush(fact.at)
            self._replies.lines.flush(fact.at)
        if isinstance(fact, Disconnected) and (row := self.in_doubt) is not None:
            known.violation("no-verdict", row, fact.at)
        self.transcript.add(fact)
        if isinstance(fact, TlsStarted):
            self._commands.forget()
            self._replies.forget()
            known.tls_began(fact.at)
        elif isinstance(fact, Disconnected):
            self._commands.body.end(fact.at)
            known.closing = 0
            known.move(AFTER_DISCONNECT, fact.at)
        elif isinstance(fact, Connected):
            known.ahead = None
        elif isinstance(fact, Note) and fact.kind in UNSEEN:
            known.unjudged |= UNSEEN[fact.kind][1]
            if fact.kind == BEGINNING and not known.greeting_seen:
                known.greeting_seen = True
                known.move(State.GREETED, fact.at)
                known.ahead = None
        self._settle()
        self.transcript.deliver()

    @property
    def at_rest(self) -> bool:
        """Whether nothing is in progress: no command, reply, message or line is unfinished."""
        known, commands, replies = self._known, self._commands, self._replies
        return (
            not known.queue
            and known.mode is COMMAND
            and not commands.body.begun
            and replies.row is None
            and commands.lines.between_lines
            and replies.lines.between_lines
        )

    def copy(self, transcript: Transcript) -> Conversation:
        """Return a copy of this conversation, in the same state, that continues in `transcript`."""
        import copy

        replies: dict[str, dict[bytes, UsualReply]] = {verb: {} for verb in USUAL}
        shared = {
            id(self.transcript): transcript,
            id(self._usual_lines): self._usual_lines,
            id(self._usual_replies): replies,  # their shapes belong to the other transcript
        }
        return copy.deepcopy(self, shared)

    def retire(self) -> None:
        """Stop accepting data, so that memory is freed as soon as nothing refers to this object."""
        self._commands.lines.retire()
        self._replies.lines.retire()

    def _settle(self) -> None:
        """Update what the fast path relies on: whether nothing is in progress, and row flags."""
        known = self._known
        if known.queue or known.mode is not COMMAND:
            self.due = False
        else:
            commands, replies = self._commands, self._replies
            self.due = not (
                commands.auth.wary
                or commands.body.begun
                or known.loose
                or known.closing
                or replies.row is not None
                or not known.greeting_seen
                or known.state is _TLS_NEXT
                or not commands.lines.between_lines
                or not replies.lines.between_lines
                or not known.spoken
            )
            self._usual_lines = USUAL_LINES[known.state]
        tls = TLS if known.tls else 0
        self._sent_flags = COMMAND_ROW | tls
        self._heard_flags = REPLY_ROW | tls

    # State

    @property
    def state(self) -> State:
        """The current state of the connection."""
        return self._known.state

    @property
    def foreseen(self) -> State:
        """The state that will be reached if every command in flight succeeds."""
        return self._known.foreseen

    @property
    def closing(self) -> int:
        """The code (221 or 421) of the reply that announced the end of the connection, or 0."""
        return self._known.closing

    @property
    def keywords(self) -> Keywords | None:
        """The keywords in the last EHLO reply, or None. HELO and the start of TLS reset them."""
        return self._known.keywords

    @property
    def greeted_with(self) -> str:
        """The verb of the last greeting answered with 250 (EHLO, HELO or LHLO), or ""."""
        return self._known.greeted_with

    @property
    def greeted_in(self) -> tuple[int, int] | None:
        """The first and last rows of the reply to the last accepted greeting, or None."""
        return self._known.greeted_in

    @property
    def greeting_seen(self) -> bool:
        """Whether the server has sent its greeting, or a log is known to lack it."""
        return self._known.greeting_seen

    @property
    def tls(self) -> bool:
        """Whether TLS is active."""
        return self._known.tls

    @property
    def authenticated(self) -> bool:
        """Whether a login has succeeded on this connection."""
        return self._known.authenticated

    @property
    def lmtp(self) -> bool:
        """Whether the last accepted greeting was LHLO."""
        return self._known.lmtp

    @property
    def recipients(self) -> list[int]:
        """The rows of the RCPT commands accepted in this transaction."""
        return self._known.recipients

    @property
    def offered(self) -> Collection[str] | None:
        """The keywords that the server listed (empty after HELO), or None before any greeting."""
        return self._known.offered

    @property
    def declared(self) -> frozenset[str]:
        """The parameters of the last MAIL command, in upper case."""
        return self._known.declared

    def has_extn(self, keyword: str) -> bool:
        """Return whether the server listed `keyword` in its last EHLO reply (case-insensitive)."""
        return self._known.has_extn(keyword)

    # In progress

    @property
    def mode(self) -> Kind:
        """How the client's next line will be read: COMMAND, BODY, CHUNK, AUTH or DOUBT."""
        return self._known.mode

    @property
    def chunk_left(self) -> int:
        """The number of octets still to come in a BDAT chunk (RFC 3030 section 2), or 0."""
        return self._commands.body.chunk_left if self._known.mode is CHUNK else 0

    @property
    def unanswered(self) -> tuple[tuple[int, str], ...]:
        """The (row, verb) pair of each command that has no reply yet, oldest first."""
        return tuple((command.row, command.verb) for command in self._known.queue)

    @property
    def waiting_for(self) -> str:
        """The verb of the command that awaits a reply, "greeting" before the greeting, or ""."""
        if not self._known.greeting_seen:
            return "greeting"
        return self._known.queue[0].verb if self._known.queue else ""

    @property
    def in_doubt(self) -> int | None:
        """The row that ended a message whose final reply has not arrived, or None.

        The server may have accepted that message (RFC 1047), even if the connection has ended
        since. A dot sent outside a message does not count.
        """
        cut = bool(self.chunk_left)  # then the last chunk is not complete
        for command in list(self._known.queue)[: -1 if cut else None]:
            if command.verb in MESSAGE_ENDS and not command.stray:
                return command.row
        return None

    @property
    def newest(self) -> int | None:
        """The row of the last command if it has no reply yet, else None."""
        return self._known.queue[-1].row if self._known.queue else None

    @property
    def oldest(self) -> int | None:
        """The row of the command whose reply is due next, or None."""
        return self._known.queue[0].row if self._known.queue else None

    @property
    def flood(self) -> int:
        """The number of octets that the server has sent since its last solicited reply.

        The octets counted are those of one unfinished line or reply, and of all unsolicited
        replies. The memory for each row and event counts too, so that short lines cannot evade a
        limit. A driver stops reading when its limit is exceeded.
        """
        return self._replies.flood

    @property
    def talks_early(self) -> bool:
        """Whether the server has sent too much before the client's first command.

        The driver then disconnects; further data is recorded but not interpreted.
        """
        return self._replies.talks_early

    def allow_more(self) -> None:
        """Reset `flood` to zero, so that the driver continues reading."""
        self._replies.allow_more()

    # Incomplete lines

    def pending(self, direction: Direction) -> bytes:
        """Return the part of an unfinished line that is not in a row yet."""
        return bytes((self._commands if direction is CLIENT else self._replies).lines.buffer)

    def pending_masked(self, direction: Direction) -> bytes:
        """Return the part of an unfinished line that is not in a row yet, with secrets masked.

        While names are masked, all of it is masked, because part of a name cannot be distinguished
        from another word.
        """
        data = self.pending(direction)
        if data and self.transcript.secrets.stand_ins is not None:
            return masking.MASK.encode()
        return self.mask_next(data) if direction is CLIENT else self._mask_part(data, SERVER)

    def mask_next(self, data: bytes) -> bytes:
        """Return `data` masked as if the client had sent it now, for a debug log."""
        if data and self._commands.auth.is_secret(self._commands.lines.head + data):
            return masking.by_position(data, COMMAND)
        return self._mask_part(data, CLIENT)

    def is_answer(self, line: bytes) -> bool:
        """Return whether `line`, sent now, would count as an AUTH response, which is secret."""
        said = self._commands.lines.head + line
        return self._commands.auth.is_answer(said) and not opens_auth(said[:64])

    @property
    def in_secret_doubt(self) -> bool:
        """Whether a line sent now may be a secret because the reply to AUTH has not arrived."""
        known = self._known
        return known.mode is DOUBT and (known.auth_in_doubt or self._commands.auth.ahead)

    @property
    def in_auth(self) -> bool:
        """Whether AUTH still lacks its final reply, so that a line sent now may be a secret."""
        return self.mode is RESPONSE or self.in_secret_doubt

    def _mask_part(self, data: bytes, direction: Direction) -> bytes:
        lines = (self._commands if direction is CLIENT else self._replies).lines
        return self.transcript.secrets.mask_part(
            data, cut_before=bool(lines.head), cut_after=not data.endswith(b"\n")
        )
