"""What is known of a conversation at a moment: its state, and what is under way in it.

client_side.py and server_side.py bring it up to date, line by line; conversation.py is the whole.
"""

from __future__ import annotations

from collections import deque

import msgspec

from ..events import (
    CLIENT,
    KIND_BITS,
    SENT,
    Direction,
    ExtensionsChanged,
    Kind,
    StateChanged,
    Violation,
)
from ..facts.verbs import AUTH_VERBS, verb_of
from ..record import masking
from ..record.transcript import Transcript
from .ehlo import Keywords, difference
from .lines import LIMIT, LineBuffer
from .states import State, if_all_goes_well
from .violations import RULES

COMMAND_LINE = 512  # octets, RFC 5321 4.5.3.1.4 and 4.5.3.1.5
TOLD = 10_000  # violations of one rule; beyond that it is told once that there are more
COMMAND_ROW = SENT | KIND_BITS[Kind.COMMAND]
REPLY_ROW = KIND_BITS[Kind.REPLY]


class Command(msgspec.Struct, eq=False):
    """A command that waits for its reply. `row` is its number, and its name."""

    row: int
    verb: str
    left: int = 1  # replies to come: in LMTP the end of a message has one a recipient
    of_all: int = 0  # how many of them, the last ones, are about no single recipient
    begun: bool = False


class Mode:
    """How the client's next line is to be read."""

    COMMAND = 0
    BODY = 1
    CHUNK = 2
    RESPONSE = 3
    DOUBT = 4


KINDS = {
    Mode.BODY: Kind.BODY,
    Mode.CHUNK: Kind.CHUNK,
    Mode.RESPONSE: Kind.AUTH,
    Mode.DOUBT: Kind.DOUBT,
}


def octets_of(size: int) -> str:
    """How long a line is, of which at most LIMIT octets and the last row are looked at."""
    return f"{size} octets" if size < LIMIT else f"more than {LIMIT - 1} octets"


class ConnectionState:
    """What is known of one connection, and what both sides' lines do to it."""

    def __init__(self, transcript: Transcript | None = None) -> None:
        self.transcript = Transcript() if transcript is None else transcript
        self.state = State.CONNECTED
        self.keywords: Keywords | None = None
        """What the last EHLO listed; None before it, after HELO and after TLS began."""
        self.greeted_with = ""
        """The verb of the last greeting that was answered 250: EHLO, HELO, LHLO, or empty."""
        self.greeted_in: tuple[int, int] | None = None
        """The first and the last row of that reply."""
        self.greeting_seen = False
        self.tls = False
        self.authenticated = False
        self.lmtp = False
        self.recipients: list[int] = []
        """The rows of the RCPTs that were accepted in this transaction."""
        self._queue: deque[Command] = deque()
        self._ahead: State | None = State.CONNECTED  # the state if all in flight goes well
        self._client = LineBuffer()
        self._server = LineBuffer()
        self._mode = Mode.COMMAND
        self._crlf = True  # the client's last line ended in CRLF
        self._chunk_left = 0
        self._binary = False  # the last MAIL said BODY=BINARYMIME
        self._doubt: list[tuple[int, bytes]] = []
        self._doubt_on: Command | None = None
        self._mechanism = ""
        self._responses = 0
        # AUTH is over, perhaps against all expectation: who leads by hand, or pastes, may answer
        # all the same. Until the next command, what looks like a response is taken for a secret.
        self._wary = False
        self._reply_row: int | None = None
        self._reply_code: int | None = None  # None until its first line is complete
        self._reply_head = b""
        self._reply_mixed = False
        self._spoken = False  # the client has sent a command
        self._injected = False
        self._told: dict[str, int] = {}  # rule -> how often it was broken
        self._verbose = False  # VERB was accepted
        self._loose = False  # the last thing said was a message with bare line ends
        self.due: Command | bool = False
        """True while nothing is under way, then the command whose reply is due; False when it is
        not as simple as that."""
        self._sent_flags = self._heard_flags = 0
        self._faults: dict[str, tuple[int, int]] = {}  # of this body: rule -> row, count

    # Looking

    def pending(self, direction: Direction) -> bytes:
        """What has come of a line and is in no row yet."""
        return bytes((self._client if direction is CLIENT else self._server).buffer)

    def pending_masked(self, direction: Direction) -> bytes:
        """The same with secrets masked, for showing."""
        data = self.pending(direction)
        if direction is CLIENT:
            return self.mask_next(data)
        return self._mask_part(data, self._server)

    def mask_next(self, data: bytes) -> bytes:
        """`data` as it would be masked if the client said it now: for a debug log."""
        if data and self._is_secret(self._client.head + data):
            return masking.by_position(data, Kind.COMMAND)
        return self._mask_part(data, self._client)

    def is_answer(self, line: bytes) -> bool:
        """Whether `line`, said now, would be taken for an answer to AUTH: a secret."""
        said = self._client.head + line
        return self._is_secret(said) and verb_of(said[:64]) not in AUTH_VERBS

    def _mask_part(self, data: bytes, side: LineBuffer) -> bytes:
        return self.transcript.secrets.mask_part(
            data, cut_before=bool(side.head), cut_after=not data.endswith(b"\n")
        )

    def _is_secret(self, said: bytes) -> bool:
        mode = self._mode
        if mode == Mode.RESPONSE:
            return True
        if mode == Mode.DOUBT:
            return self._doubt_on is not None and self._doubt_on.verb != "DATA"
        if mode != Mode.COMMAND:
            return False
        return verb_of(said[:64]) in AUTH_VERBS or (
            self._wary and masking.looks_like_a_response(said)
        )

    @property
    def unanswered(self) -> tuple[tuple[int, str], ...]:
        """(row, verb) of each command that has no reply yet, the oldest first."""
        return tuple((command.row, command.verb) for command in self._queue)

    @property
    def waiting_for(self) -> str:
        """The verb whose reply comes next, "greeting" before it has come, "" when none is due."""
        if not self.greeting_seen:
            return "greeting"
        return self._queue[0].verb if self._queue else ""

    @property
    def in_secret_doubt(self) -> bool:
        """True while the reply to AUTH is awaited: what the client says now may be a secret."""
        return self._mode == Mode.DOUBT and self._is_secret(b"")

    @property
    def newest(self) -> int | None:
        """The row of the command sent last, if it has no reply yet."""
        return self._queue[-1].row if self._queue else None

    @property
    def oldest(self) -> int | None:
        """The row of the command whose reply comes next."""
        return self._queue[0].row if self._queue else None

    @property
    def mode(self) -> Kind:
        """How the client's next line will be read: COMMAND, BODY, CHUNK, AUTH or DOUBT."""
        return KINDS.get(self._mode, Kind.COMMAND)

    @property
    def chunk_left(self) -> int:
        """How many octets of a BDAT chunk are still to come (RFC 3030 section 2)."""
        return self._chunk_left if self._mode == Mode.CHUNK else 0

    @property
    def foreseen(self) -> State:
        """The state that will be reached if all that is in flight succeeds."""
        if self._ahead is None:
            state = self.state
            for command in self._queue:
                state = if_all_goes_well(state, command.verb)
            self._ahead = state
        return self._ahead

    def has_extn(self, keyword: str) -> bool:
        """Whether the server listed this keyword, in any case, in its last EHLO reply."""
        return self.keywords is not None and keyword.upper() in self.keywords

    # Within

    def _queue_up(self, command: Command) -> None:
        state = self._ahead
        self._ahead = if_all_goes_well(self.foreseen if state is None else state, command.verb)
        self._queue.append(command)

    def _extensions_changed(self, before: Keywords | None, reason: str, at: float) -> None:
        added, removed, changed = difference(before, self.keywords)
        self.transcript.add(ExtensionsChanged(at, self.keywords, added, removed, changed, reason))

    def _move(self, state: State, at: float) -> None:
        before = self.state
        if state is not before:
            self.state = state
            self.transcript.add(StateChanged(at, str(state), str(before)))

    def _violation(
        self, rule: str, row: int, at: float, *, count: int = 1, detail: str = ""
    ) -> None:
        if self.state is State.TURNED:  # there the client answers and the server asks
            return
        told = self._told[rule] = self._told.get(rule, 0) + 1
        if told <= TOLD:
            self.transcript.add(Violation(at, rule, row, count, detail))
        elif told == TOLD + 1:  # a server that does nothing else would fill the memory with it
            self.transcript.add(Violation(at, "and-so-on", row, detail=RULES[rule].title))
