"""A conversation, observed: bytes of both directions in, rows and events out.

Sans-IO: no socket, no clock, no asyncio. `feed` is the only way in for bytes, `note` for what
bytes cannot tell. It sits beside one connection, knows directions and no roles, and learns every
command from the bytes alone; so a line typed raw, an edited step and somebody else's program are
understood by the same code. It never raises because of a peer: what is wrong is a `Violation`.

What a client's line means is decided when it can be known: lines behind a DATA or an AUTH that
has no reply yet are in doubt, and are understood when the reply has come.

RFC 5321 (commands, replies, 4.5.2 end of data), 2033 (LMTP), 2920 (order in a pipeline), 3030
(BDAT), 3207 (STARTTLS), 4954 (AUTH).
"""

from __future__ import annotations

import msgspec

from ..events import (
    CLIENT,
    TLS,
    Connected,
    Direction,
    Disconnected,
    Event,
    ReplyReceived,
    TlsStarted,
)
from .connection_state import COMMAND_ROW, REPLY_ROW, Command, Mode
from .fast_path import SHORT, STILL, usual_command, usual_reply
from .reply_reader import ReplyReader
from .states import MOVES, State

_TLS_NEXT = State.TLS  # a member looked up in its Enum costs as much as a row's columns


class Conversation(ReplyReader):
    """One leg: what both sides said on one TCP connection, and what it came to."""

    def feed(self, direction: Direction, data: bytes, at: float) -> ReplyReceived | None:
        """Take in what crossed the wire in `direction`, at `at` monotonic seconds.

        Returns the reply where `data` was that, the usual one of one line, and led nowhere.
        """
        # The short way, for what comes nearly always: a command while nothing is under way, then
        # its reply. What is to be said of other lines is said on the long one.
        due = self.due
        if direction is CLIENT:
            if (
                due is True
                and len(data) <= SHORT
                and (verb := usual_command(data))
                and (self.state, verb) in MOVES
            ):
                row = self.transcript.append(data, self._sent_flags, at)
                self.due = command = Command(row, verb)
                self._queue.append(command)
                self._ahead = None
            else:
                self._feed_client(data, at)
                self._settle()
        elif (
            type(due) is Command and len(data) <= SHORT and (reply := usual_reply(data)) is not None
        ):
            transcript = self.transcript
            row = transcript.append(data, self._heard_flags, at)
            self._queue.popleft()
            code, enhanced = reply
            verb = due.verb
            event = ReplyReceived(at, row, row, code, enhanced, due.row, verb)
            transcript.add(event)
            if verb in STILL and code != 421:
                self.due = True
                if transcript.fresh:
                    transcript.deliver()
                return event
            else:
                self._answered(due, row, row, code, at)
                self._settle()
        else:
            self._feed_server(data, at)
            self._settle()
        if self.transcript.fresh:
            self.transcript.deliver()
        return None

    def flush(self, direction: Direction, at: float) -> None:
        """End a piece: what has come of a line becomes a row, though it is no whole line."""
        self._flush(direction, at)
        self._settle()
        self.transcript.deliver()

    def note(self, fact: Event, at: float | None = None) -> None:
        """Take in a fact that the bytes do not tell: Connected, TlsStarted, Disconnected, Note."""
        if at is not None and fact.at != at:
            fact = msgspec.structs.replace(fact, at=at)
        if isinstance(fact, TlsStarted | Disconnected):
            self._flush(CLIENT, fact.at)
            self._flush(Direction.SERVER, fact.at)
        self.transcript.add(fact)
        if isinstance(fact, TlsStarted):
            self._tls_started(fact.at)
        elif isinstance(fact, Disconnected):
            self._end_of_body(fact.at)
            self._move(State.CLOSED, fact.at)
        elif isinstance(fact, Connected):
            self._ahead = None
        self._settle()
        self.transcript.deliver()

    # Within

    def _settle(self) -> None:
        """Note whether nothing is under way, so that what comes may be taken the short way."""
        self.due = not (
            self._queue
            or self._mode != Mode.COMMAND
            or self._wary
            or self._loose
            or self._reply_row is not None
            or not self.greeting_seen
            or self.state is _TLS_NEXT
            or not self._client.between_lines
            or not self._server.between_lines
            or not self._crlf
            or not self._spoken
        )
        tls = TLS if self.tls else 0
        self._sent_flags = COMMAND_ROW | tls
        self._heard_flags = REPLY_ROW | tls

    def _tls_started(self, at: float) -> None:
        """What was learnt before is void (RFC 3207 section 4.2)."""
        before = self.keywords
        self.tls = True
        self.authenticated = False
        self.keywords = None
        self.greeted_with = ""
        self.greeted_in = None
        self.recipients = []
        self._queue.clear()
        self._doubt = []
        self._doubt_on = None
        self._mode = Mode.COMMAND
        self._reply_row = None
        self._client.head = self._server.head = b""
        if self.greeting_seen:
            self._move(State.GREETED, at)
        self._ahead = None
        if before is not None:
            self._extensions_changed(before, "TLS", at)

    def _flush(self, direction: Direction, at: float) -> None:
        if direction is CLIENT:
            self._flush_client(at)
        else:
            self._flush_server(at)
