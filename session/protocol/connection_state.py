"""The current state of a connection, in one object shared by the readers of both sides.

command_reader.py and reply_reader.py update it line by line; conversation.py combines them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

import msgspec

from ..events import KIND_BITS, SENT, ExtensionsChanged, Kind, StateChanged, Violation
from ..record.transcript import Transcript
from .ehlo_keywords import Keywords, difference
from .lines import LIMIT
from .states import State, after_tls, has_rules, reads_chunk, state_if_accepted
from .violations import RULES

MOST_REPORTED = 10_000  # violations of one rule; then one event says that there are more

# How the client's next line is read. A member looked up in its Enum costs as much as storing a row.
COMMAND, BODY, CHUNK = Kind.COMMAND, Kind.BODY, Kind.CHUNK
RESPONSE, DOUBT = Kind.AUTH, Kind.DOUBT

COMMAND_ROW = SENT | KIND_BITS[COMMAND]
REPLY_ROW = KIND_BITS[Kind.REPLY]


class PendingCommand(msgspec.Struct, eq=False, gc=False):
    """A command that awaits its reply. `row`, its row number, identifies the command.

    `stray` is true for the end of a message that apparently never began.
    """

    row: int
    verb: str
    left: int = 1  # replies to come: in LMTP the end of a message has one per recipient
    of_all: int = 0  # the number of final replies that concern all recipients
    begun: bool = False
    stray: bool = False


def octets_of(size: int) -> str:
    """Return the length of a line as text, such as "600 octets".

    Lengths of LIMIT octets or more are not known exactly.
    """
    return f"{size} octets" if size < LIMIT else f"more than {LIMIT - 1} octets"


class ConnectionState:
    """The state of one connection. Its methods add the resulting events to the transcript."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.state = State.CONNECTED
        self.keywords: Keywords | None = None
        self.greeted_with = ""
        self.greeted_in: tuple[int, int] | None = None
        self.greeting_seen = False
        self.closing = 0
        """The code of the last reply if that reply announced the end of the connection, else 0."""
        self.tls = False
        self.authenticated = False
        self.lmtp = False
        self.recipients: list[int] = []
        self.declared: frozenset[str] = frozenset()
        """The parameters of the last MAIL, in upper case."""
        self.queue: deque[PendingCommand] = deque()
        """The commands that have no reply yet, oldest first."""
        self.ahead: State | None = State.CONNECTED
        """The state reached if every queued command succeeds; None if it must be computed again."""
        self.mode = COMMAND
        """How the client's next line is read: COMMAND, BODY, CHUNK, RESPONSE or DOUBT."""
        self.doubt_on: PendingCommand | None = None
        """The DATA or AUTH command whose reply decides how the lines in doubt are read."""
        self.spoken = False
        """Whether the client has sent a command."""
        self.loose = False
        """Whether the client's last input was a message with bare line endings."""
        self.unjudged: frozenset[str] = frozenset()
        """The rules that cannot be checked because part of the conversation was not seen."""
        self._reported: dict[str, int] = {}  # rule -> number of violations

    @property
    def foreseen(self) -> State:
        """The state that will be reached if every pending command succeeds."""
        if self.ahead is None:
            state = self.state
            for command in self.queue:
                state = state_if_accepted(state, command.verb)
            self.ahead = state
        return self.ahead

    @property
    def offered(self) -> Collection[str] | None:
        """The keywords that the server listed (empty after HELO), or None before any greeting."""
        return () if self.greeted_with == "HELO" else self.keywords

    @property
    def auth_in_doubt(self) -> bool:
        """Whether lines are in doubt because AUTH, rather than DATA, has no reply yet."""
        return self.doubt_on is not None and self.doubt_on.verb != "DATA"

    def has_extn(self, keyword: str) -> bool:
        """Return whether the server listed `keyword` in its last EHLO reply (case-insensitive)."""
        return self.keywords is not None and keyword.upper() in self.keywords

    def unread(self, command: PendingCommand, code: int, line: bytes) -> bool:
        """Return whether a reply shows that the octets after `command` are read as commands.

        `line` is the first line of the reply. The result is false unless `command` is BDAT.
        """
        if command.begun or not command.verb.startswith("BDAT"):
            return False
        offered = None if self.keywords is None else "CHUNKING" in self.keywords
        complete = self.mode is not CHUNK or self.queue[-1] is not command
        return not reads_chunk(code, line[4:], offered=offered, complete=complete)

    # Changes

    def queue_up(self, command: PendingCommand) -> None:
        """Queue `command` until its reply arrives."""
        state = self.ahead
        self.ahead = state_if_accepted(self.foreseen if state is None else state, command.verb)
        self.queue.append(command)

    def move(self, state: State, at: float) -> None:
        """Enter `state`, and report the change if it is not the current state."""
        before = self.state
        if state is not before:
            self.state = state
            self.transcript.add(StateChanged(at, str(state), str(before)))

    def greeted(self, verb: str, rows: tuple[int, int], keywords: Keywords | None) -> None:
        """Record an accepted EHLO, LHLO or HELO, which replaces the previous greeting.

        `rows` are the first and last rows of the reply. `keywords` is None after HELO.
        """
        self.greeted_with = verb
        self.greeted_in = rows
        self.lmtp = verb == "LHLO"
        self.recipients = []
        self.keywords = keywords

    def tls_began(self, at: float) -> None:
        """Record that TLS has started, and discard what was learned before it.

        See RFC 3207 section 4.2.
        """
        before = self.keywords
        self.tls = True
        self.authenticated = False
        self.keywords = None
        self.greeted_with = ""
        self.greeted_in = None
        self.recipients = []
        self.queue.clear()
        self.doubt_on = None
        self.mode = COMMAND
        self.move(after_tls(self.state, greeted=self.greeting_seen), at)
        self.ahead = None
        if before is not None:
            self.extensions_changed(before, "TLS", at)

    def extensions_changed(self, before: Keywords | None, reason: str, at: float) -> None:
        """Report how the current keywords differ from `before`."""
        added, removed, changed = difference(before, self.keywords)
        self.transcript.add(ExtensionsChanged(at, self.keywords, added, removed, changed, reason))

    def violation(
        self, rule: str, row: int, at: float, *, count: int = 1, detail: str = ""
    ) -> None:
        """Report that row `row` broke a rule of violations.py, if the rule can be checked."""
        if rule in self.unjudged or not has_rules(self.state):
            return
        reported = self._reported[rule] = self._reported.get(rule, 0) + 1
        if reported <= MOST_REPORTED:
            self.transcript.add(Violation(at, rule, row, count, detail))
        elif reported == MOST_REPORTED + 1:  # else a server could fill the memory with violations
            self.transcript.add(Violation(at, "and-so-on", row, detail=RULES[rule].title))
