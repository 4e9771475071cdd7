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

import re
from collections import deque
from collections.abc import Iterator
from itertools import islice

import msgspec

from . import masking
from .events import (
    CLIENT,
    INJECTED,
    KIND_BITS,
    MORE,
    PIECE,
    SECRET,
    SENT,
    TLS,
    Connected,
    Direction,
    Disconnected,
    Event,
    ExtensionsChanged,
    Kind,
    ReplyReceived,
    StateChanged,
    TlsStarted,
    Unasked,
    Violation,
)
from .extensions import MOST, MOST_PARAMETERS, Keywords, difference, parse_keywords
from .framing import LIMIT, Side, count_longer, longer_than
from .states import (
    GREETINGS,
    MID_GROUP,
    MOVES,
    SOMETIMES,
    VERBS,
    State,
    following,
    hoped,
    not_now,
)
from .transcript import Body, Transcript
from .transparency import count_lines
from .usual import (
    HARMLESS,
    HEADS,
    SHORT,
    STILL,
    enhanced_in,
    usual_command,
    usual_reply,
    verb_of,
)
from .violations import RULES

BLOCK = 256 * 1024  # bytes of a message body that are stored as one entry
BLOCK_FROM = 2048  # bytes from which on it is worth it
TEXT_LINE = 1000  # RFC 5321 4.5.3.1.6
TOLD = 10_000  # violations of one rule; beyond that it is told once that there are more
COMMAND_LINE = 512  # 4.5.3.1.4, 4.5.3.1.5
AUTH_LINE = 12288  # RFC 4954 4
# What extensions add to the length of MAIL and RCPT (RFC 1870, 6152, 6531, 4954, 3461).
_LONGER = {"SIZE": 26, "8BITMIME": 17, "SMTPUTF8": 10, "AUTH": 500, "DSN": 630}

_THREE_DIGITS = re.compile(rb"[0-9]{3}").match
_COMMAND_ROW = SENT | KIND_BITS[Kind.COMMAND]
_REPLY_ROW = KIND_BITS[Kind.REPLY]
_TLS_NEXT = State.TLS  # a member looked up in its Enum costs as much as a row's columns
_SIZE = re.compile(rb"BDAT[ \t]+(\d{1,20})(?:[ \t]+(LAST))?[ \t]*\r?\n\Z", re.IGNORECASE)
_AUTH_VERBS = ("AUTH", "X-EXPS")
_ANSWER = "(answer)"  # to an AUTH that is over: its first word is no verb, and may be the secret
_NO_VERBS = ("(empty)", _ANSWER)
_CHUNK_VERBS = ("BDAT", "BURL")
_IN_CLEAR = ("PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER")
_ASKS_FOR_MORE = ("DATA", "AUTH", "X-EXPS", "(auth)", "XEXCH50", ".", "MAIL")


class Command(msgspec.Struct, eq=False):
    """A command that waits for its reply. `row` is its number, and its name."""

    row: int
    verb: str
    left: int = 1  # replies to come: in LMTP the end of a message has one a recipient
    of_all: int = 0  # how many of them, the last ones, are about no single recipient
    begun: bool = False


class _Mode:
    """How the client's next line is to be read."""

    COMMAND = 0
    BODY = 1
    CHUNK = 2
    RESPONSE = 3
    DOUBT = 4


_COMMAND_MODE = _Mode.COMMAND
_KIND = {
    _Mode.BODY: Kind.BODY,
    _Mode.CHUNK: Kind.CHUNK,
    _Mode.RESPONSE: Kind.AUTH,
    _Mode.DOUBT: Kind.DOUBT,
}


def _length(octets: int) -> str:
    """How long a line is, of which at most LIMIT octets and the last row are looked at."""
    return f"{octets} octets" if octets < LIMIT else f"more than {LIMIT - 1} octets"


class Conversation:
    """One leg: what both sides said on one TCP connection, and what it came to."""

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
        self._client = Side()
        self._server = Side()
        self._mode = _Mode.COMMAND
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

    # In

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
        return self._is_secret(said) and verb_of(said[:64]) not in _AUTH_VERBS

    def _mask_part(self, data: bytes, side: Side) -> bytes:
        return self.transcript.secrets.mask_part(
            data, cut_before=bool(side.head), cut_after=not data.endswith(b"\n")
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
        return self._mode == _Mode.DOUBT and self._is_secret(b"")

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
        return _KIND.get(self._mode, Kind.COMMAND)

    @property
    def chunk_left(self) -> int:
        """How many octets of a BDAT chunk are still to come (RFC 3030 section 2)."""
        return self._chunk_left if self._mode == _Mode.CHUNK else 0

    @property
    def foreseen(self) -> State:
        """The state that will be reached if all that is in flight succeeds."""
        if self._ahead is None:
            state = self.state
            for command in self._queue:
                state = hoped(state, command.verb)
            self._ahead = state
        return self._ahead

    def has_extn(self, keyword: str) -> bool:
        """Whether the server listed this keyword, in any case, in its last EHLO reply."""
        return self.keywords is not None and keyword.upper() in self.keywords

    # The client's lines

    def _feed_client(self, data: bytes, at: float) -> None:
        side = self._client
        pos, end = 0, len(data)
        if (
            self._mode == _Mode.COMMAND
            and not side.buffer
            and not side.head
            and data.find(b"\n") == end - 1 < LIMIT
            and end
        ):
            self._client_line(data, at, at)  # what comes nearly always: one whole line
            return
        while pos < end:
            if self._mode == _Mode.CHUNK:
                pos = self._take_chunk(data, pos, at)
            elif self._mode == _Mode.BODY and side.between_lines:
                pos = self._take_body(data, pos, at)
            else:
                pos = self._take_line(data, pos, at)

    def _settle(self) -> None:
        """Note whether nothing is under way, so that what comes may be taken the short way."""
        self.due = not (
            self._queue
            or self._mode != _Mode.COMMAND
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
        self._sent_flags = _COMMAND_ROW | tls
        self._heard_flags = _REPLY_ROW | tls

    def _take_line(self, data: bytes, pos: int, at: float) -> int:
        """One line of the client's, or what there is of it. Returns where the next begins."""
        side = self._client
        buffer = side.buffer
        end = data.find(b"\n", pos) + 1
        if not end:
            if not buffer:
                side.began = at
            buffer += data[pos:]
            while len(buffer) >= LIMIT:
                self._client_piece(bytes(buffer[:LIMIT]), at)
                del buffer[:LIMIT]
            return len(data)
        if not buffer and end - pos <= LIMIT:
            self._client_line(data[pos:end], at, at)
            return end
        if not buffer:
            side.began = at
        buffer += data[pos:end]
        while len(buffer) > LIMIT:
            self._client_piece(bytes(buffer[:LIMIT]), at)
            del buffer[:LIMIT]
        line = bytes(buffer)
        buffer.clear()
        self._client_line(line, at, side.began)
        return end

    def _client_piece(self, piece: bytes, at: float) -> None:
        side = self._client
        flags = SENT | PIECE | (TLS if self.tls else 0)
        mode = self._mode
        kind = _KIND.get(mode, Kind.COMMAND)
        if self._is_secret(side.head + piece if len(side.head) < 16 else side.head):
            flags |= SECRET
        row = self.transcript.append(piece, flags | KIND_BITS[kind], at, side.began)
        if kind is Kind.BODY or kind is Kind.CHUNK:
            self._body_row(row, len(piece))
        side.cut(piece)

    def _is_secret(self, said: bytes) -> bool:
        mode = self._mode
        if mode == _Mode.RESPONSE:
            return True
        if mode == _Mode.DOUBT:
            return self._doubt_on is not None and self._doubt_on.verb != "DATA"
        if mode != _Mode.COMMAND:
            return False
        return verb_of(said[:64]) in _AUTH_VERBS or (
            self._wary and masking.looks_like_a_response(said)
        )

    def _client_line(self, line: bytes, at: float, began: float) -> None:
        """A row that completes a line."""
        side = self._client
        crlf = line.endswith(b"\r\n") or side.ends_in_crlf(line)
        logical = line
        if side.head:
            logical = side.head + line
            side.head = b""
        flags = SENT | TLS if self.tls else SENT
        mode = self._mode
        if mode == _Mode.COMMAND:
            verb = verb_of(logical)
            if verb in _AUTH_VERBS:
                flags |= SECRET
                self._wary = True
            elif self._wary:
                if verb in VERBS:
                    self._wary = False
                elif masking.looks_like_a_response(logical):
                    flags |= SECRET
                    self._learn_secrets(logical)
                    verb = _ANSWER
            row = self.transcript.append(line, flags | _COMMAND_ROW, at, began)
            self._crlf = crlf
            self._command(row, verb, logical, at)
            if (
                not crlf
                or len(logical) > COMMAND_LINE
                or logical.translate(None, HARMLESS) != b"\r\n"
            ):
                self._check_command(row, logical, crlf, verb, at)
        elif mode == _Mode.DOUBT:
            if self._doubt_on is not None and self._doubt_on.verb != "DATA":
                flags |= SECRET
                self._learn_in_doubt(logical)
            row = self.transcript.append(line, flags | KIND_BITS[Kind.DOUBT], at, began)
            self._doubt.append((row, logical))
        else:
            if mode == _Mode.RESPONSE:
                flags |= SECRET
            is_end = mode == _Mode.BODY and self._crlf and logical == b".\r\n"
            kind = Kind.COMMAND if is_end else _KIND[mode]
            row = self.transcript.append(line, flags | KIND_BITS[kind], at, began)
            self._understand(row, logical, crlf, at)

    def _understand(self, row: int, logical: bytes, crlf: bool, at: float) -> None:
        """What a line that is in the transcript means, by the present mode."""
        mode = self._mode
        if mode == _Mode.BODY:
            if self._crlf and logical == b".\r\n":
                self._end_of_body(at)
                self._mode = _Mode.COMMAND
                self._queue_up(Command(row, "."))
            else:
                self._body_row(row, len(logical))
                self._check_body(row, logical, 1)
        elif mode == _Mode.CHUNK:
            self._body_row(row, len(logical))
        elif mode == _Mode.RESPONSE:
            self._response(row, logical)
        elif mode == _Mode.DOUBT:
            self._doubt.append((row, logical))
        else:
            verb = verb_of(logical)
            if verb not in VERBS and self.transcript.flags(row) & SECRET:
                verb = _ANSWER
            self._command(row, verb, logical, at)
            self._check_command(row, logical, crlf, verb, at)
        self._crlf = crlf

    def _command(self, row: int, verb: str, logical: bytes, at: float) -> None:
        """A command: check its place, then have it wait for its reply."""
        if not verb:
            verb = "(empty)"
        if verb in _CHUNK_VERBS:
            match = _SIZE.match(logical) if verb == "BDAT" else None
            if match is not None:
                self._chunk_left = int(match[1])
            if logical.upper().split()[2:3] == [b"LAST"]:
                verb += " LAST"
        if verb == "PROXY" and not self.greeting_seen:
            return  # a load balancer's line: it has no reply
        command = Command(row, verb)
        self._check_order(command, at)
        self._spoken = True
        self._loose = False
        self._queue_up(command)
        if verb == "MAIL":
            self._binary = b"BODY=BINARYMIME" in logical.upper().split()
        if verb == "DATA":
            self._mode = _Mode.DOUBT
            self._doubt_on = command
        elif verb in _AUTH_VERBS:
            self._mode = _Mode.DOUBT
            self._doubt_on = command
            self._auth_begins(row, logical, at)
        elif self._chunk_left:
            self._mode = _Mode.CHUNK

    def _queue_up(self, command: Command) -> None:
        state = self._ahead
        self._ahead = hoped(self.foreseen if state is None else state, command.verb)
        self._queue.append(command)

    def _check_order(self, command: Command, at: float) -> None:
        verb = command.verb
        state = self._ahead
        if state is None:
            state = self.foreseen
        if not self.greeting_seen:
            self._violation("before-greeting", command.row, at)
        elif (state, verb) not in MOVES:
            if verb not in VERBS and verb not in _NO_VERBS:
                self._violation("unknown-command", command.row, at, detail=verb)
            else:
                self._violation("out-of-order", command.row, at, detail=state)
        elif verb in SOMETIMES:
            detail = not_now(
                verb,
                tls=self.tls,
                authenticated=self.authenticated,
                greeted_with=self.greeted_with,
                binary=self._binary,
            )
            if detail:
                self._violation("out-of-order", command.row, at, detail=detail)
        queue = self._queue
        if queue and self.greeting_seen:
            if not self.has_extn("PIPELINING"):
                self._violation("pipelined", command.row, at)
            elif queue[-1].verb not in MID_GROUP:
                self._violation("pipelined-past", command.row, at, detail=queue[-1].verb)

    def _check_command(self, row: int, line: bytes, crlf: bool, verb: str, at: float) -> None:
        size = len(line)
        if size > COMMAND_LINE and size > self._longest(verb):
            self._violation("line-too-long", row, at, detail=_length(size))
        if not crlf:
            self._violation("bare-lf", row, at)
        found = line.find(b"\r")
        if 0 <= found < size - (2 if crlf else 1):
            self._violation("bare-cr", row, at)
        if not line.isascii() and not self.has_extn("SMTPUTF8"):
            self._violation("eight-bit", row, at)
        if b"\0" in line:
            self._violation("nul", row, at)

    def _longest(self, verb: str) -> int:
        if verb in _AUTH_VERBS:
            return AUTH_LINE
        if verb not in ("MAIL", "RCPT"):
            return COMMAND_LINE
        return COMMAND_LINE + sum(_LONGER.get(keyword, 0) for keyword in self.keywords or ())

    # AUTH (RFC 4954)

    def _auth_begins(self, row: int, logical: bytes, at: float) -> None:
        words = logical.split(None, 2)
        self._mechanism = words[1].decode("ascii", "replace").upper() if len(words) > 1 else ""
        self._responses = 0
        if not self.tls and self._mechanism in _IN_CLEAR:
            self._violation("secret-in-clear", row, at, detail=self._mechanism)
        if len(words) > 2:
            self._learn_secrets(words[2])

    def _response(self, row: int, logical: bytes) -> None:
        self._learn_secrets(logical)
        command = Command(row, "(auth)")
        self._queue_up(command)
        self._mode = _Mode.DOUBT
        self._doubt_on = command

    def _learn_in_doubt(self, line: bytes) -> None:
        """A line sent ahead of the reply to AUTH: a response, unless it looks like a command."""
        ahead = self._responses + len(self._doubt)
        if verb_of(line) not in VERBS and not (self._mechanism == "LOGIN" and not ahead):
            for value in masking.learnt_from(line, self._mechanism):
                self.transcript.secrets.add(value)

    def _learn_secrets(self, response: bytes) -> None:
        self._responses += 1
        if self._mechanism == "LOGIN" and self._responses == 1:
            return  # the user name
        for value in masking.learnt_from(response, self._mechanism):
            self.transcript.secrets.add(value)

    def _learn_from_doubt(self) -> None:
        """AUTH was refused: what was sent ahead as its answer is a secret, read as a command."""
        for _, logical in self._doubt:
            if len(logical.split()) == 1 and verb_of(logical) not in VERBS:
                for value in masking.learnt_from(logical, self._mechanism):
                    self.transcript.secrets.add(value)

    # Message bodies

    def _take_body(self, data: bytes, pos: int, at: float) -> int:
        """As much of the body as `data` holds, up to its end."""
        if not (self._crlf and data.startswith(b".\r\n", pos)):
            stop = data.find(b"\r\n.\r\n", pos) if b"." in data else -1
            end = stop + 2 if stop >= 0 else data.rfind(b"\n", pos) + 1
            pos = self._take_lines(data, pos, end, at)
        return self._take_line(data, pos, at) if pos < len(data) else pos

    def _take_lines(self, data: bytes, pos: int, end: int, at: float) -> int:
        """Whole lines of a body or chunk: many at once where that is worth it."""
        while pos < end:
            stop = end if end - pos <= BLOCK else data.rfind(b"\n", pos, pos + BLOCK) + 1
            if stop - pos < BLOCK_FROM or longer_than(data, pos, stop, LIMIT):
                pos = self._take_line(data, pos, at)
                continue
            block = data[pos:stop]
            count = ends = count_lines(block)
            if count < 0:
                count = block.count(b"\n")
            flags = SENT | KIND_BITS[_KIND[self._mode]] | (TLS if self.tls else 0)
            row = self.transcript.append_block(block, count, flags, at)
            self._body_row(row, len(block), count)
            if self._mode == _Mode.BODY:
                if ends < 0:
                    self._check_body(row, block, count)
                else:
                    self._check_length(row, block)
            self._crlf = block.endswith(b"\r\n")
            pos = stop
        return pos

    def _take_chunk(self, data: bytes, pos: int, at: float) -> int:
        """Octets of a BDAT chunk: counted, whatever they are (RFC 3030 section 2)."""
        side = self._client
        part = data[pos : pos + self._chunk_left]
        self._chunk_left -= len(part)
        at_line = 0
        if side.between_lines:
            at_line = self._take_lines(part, 0, part.rfind(b"\n") + 1, at)
        while at_line < len(part):
            at_line = self._take_line(part, at_line, at)
        if not self._chunk_left:
            self._flush(CLIENT, at)
            side.head = b""
            self._mode = _Mode.COMMAND
            self._crlf = True
        return pos + len(part)

    def _body_row(self, row: int, size: int, count: int = 1) -> None:
        bodies = self.transcript.bodies
        if bodies and bodies[-1].last == row - 1:
            bodies[-1].last = row + count - 1
            bodies[-1].size += size
        else:
            bodies.append(Body(row, row + count - 1, size))

    def _check_body(self, row: int, data: bytes, count: int) -> None:
        ends = data.count(b"\r\n")
        if ends != count:
            self._fault("bare-lf", row, count - ends)
        returns = data.count(b"\r") - ends
        if returns > 0:
            self._fault("bare-cr", row, returns)
        if b"\0" in data:
            self._fault("nul", row, data.count(b"\0"))
        self._check_length(row, data)

    def _check_length(self, row: int, data: bytes) -> None:
        if len(data) > TEXT_LINE and (longer := count_longer(data, TEXT_LINE)):
            self._fault("line-too-long", row, longer)

    def _fault(self, rule: str, row: int, count: int) -> None:
        first, seen = self._faults.get(rule, (row, 0))
        self._faults[rule] = (first, seen + count)

    def _end_of_body(self, at: float) -> None:
        """The violations of one body are one event each, with a count."""
        faults, self._faults = self._faults, {}
        self._loose = "bare-lf" in faults or "bare-cr" in faults
        for rule, (row, count) in faults.items():
            self._violation(rule, row, at, count=count)

    # The server's lines

    def _feed_server(self, data: bytes, at: float) -> None:
        side = self._server
        buffer = side.buffer
        pos = 0
        find = data.find
        line_done = self._server_line
        end = find(b"\n") + 1
        if end == len(data) <= LIMIT and not buffer and end:
            line_done(data, at, at)  # what comes nearly always: one whole line
            return
        while end:
            if not buffer and end - pos <= LIMIT:
                line_done(data[pos:end], at, at)
            else:
                if not buffer:
                    side.began = at
                buffer += data[pos:end]
                while len(buffer) > LIMIT:
                    self._server_piece(bytes(buffer[:LIMIT]), at)
                    del buffer[:LIMIT]
                line = bytes(buffer)
                buffer.clear()
                line_done(line, at, side.began)
            pos = end
            end = find(b"\n", pos) + 1
        if pos < len(data):
            if not buffer:
                side.began = at
            buffer += data[pos:] if pos else data
            while len(buffer) >= LIMIT:
                self._server_piece(bytes(buffer[:LIMIT]), at)
                del buffer[:LIMIT]

    def _server_flags(self) -> int:
        if self.state is _TLS_NEXT:
            return INJECTED
        flags = _REPLY_ROW | TLS if self.tls else _REPLY_ROW
        return flags | MORE if self._reply_row is not None else flags

    def _server_piece(self, piece: bytes, at: float) -> None:
        flags = self._server_flags()
        row = self.transcript.append(piece, flags | PIECE, at, self._server.began)
        self._server.cut(piece)
        if flags & INJECTED:
            self._report_injected(row, at)
        elif self._reply_row is None:
            self._reply_row = row
            self._reply_code = None

    def _server_line(self, line: bytes, at: float, began: float) -> None:
        side = self._server
        flags = _REPLY_ROW
        if self.tls or self._reply_row is not None or self.state is _TLS_NEXT:
            if not self.greeting_seen and self._queue:
                self._leave_greeting(line, at)
            flags = self._server_flags()
        row = self.transcript.append(line, flags, at, began)
        crlf = True
        head = line
        if not line.endswith(b"\r\n"):
            crlf = side.ends_in_crlf(line)
        if side.head:
            head = side.head + line
            side.head = b""
        if flags & INJECTED:
            self._report_injected(row, at)
            return
        known = HEADS.get(head[:4])
        if known is not None:
            code, more = known
        else:
            code, more = self._odd_code(row, head, at)
        if self._reply_row is None:
            self._reply_row = row
            self._reply_code = code
            self._reply_head = head
        elif self._reply_code is None:
            self._reply_code = code
            self._reply_head = head
        elif code != self._reply_code:
            if not self._reply_mixed:
                self._reply_mixed = True
                self._violation("mixed-codes", row, at, detail=f"{self._reply_code}, {code}")
            self._reply_code = code
        if (
            not crlf
            or len(head) > COMMAND_LINE
            or head.find(b"\r") < len(head) - 2
            or b"\0" in head
        ):
            self._check_reply(row, head, crlf, at)
        if not more:
            self._reply(row, code, at)

    def _leave_greeting(self, line: bytes, at: float) -> None:
        """A greeting that was begun is over when an answer to the client's first command begins.

        Postfix's postscreen does that to a client that does not wait for the greeting's end.
        """
        known = HEADS.get(line[:4])
        begun = self._reply_code
        if self._reply_row is None or begun is None or begun < 0 or self._server.head:
            return
        if known is None or known[0] == begun:
            return
        row = len(self.transcript) - 1
        while self.transcript[row].sent:
            row -= 1
        self._violation("not-ended", row, at)
        self._reply(row, begun, at)

    def _odd_code(self, row: int, head: bytes, at: float) -> tuple[int, bool]:
        """(code, whether more lines come) of a line that does not begin as nearly all do.

        The code is -1 if it is no number; that ends the reply.
        """
        separator = head[3:4]
        try:
            code = int(head[:3])
        except ValueError:
            self._violation("no-number", row, at)
            return -1, False
        if not _THREE_DIGITS(head):
            self._violation("no-number", row, at)
        elif separator not in b" -" and head[3:].strip():
            self._violation("no-separator", row, at)
        return code, separator == b"-" and code != -1

    def _check_reply(self, row: int, head: bytes, crlf: bool, at: float) -> None:
        if not crlf:
            self._violation("bare-lf", row, at)
        if head.find(b"\r") not in (-1, len(head) - 2):
            self._violation("bare-cr", row, at)
        if len(head) > COMMAND_LINE:
            self._violation("line-too-long", row, at, detail=_length(len(head)))
        if b"\0" in head:
            self._violation("nul", row, at)

    def _report_injected(self, row: int, at: float) -> None:
        if not self._injected:
            self._injected = True
            self._violation("injected", row, at)

    # Replies

    def _reply(self, last: int, code: int, at: float) -> None:
        """A reply is complete: whom does it answer, and where does it lead?"""
        row = last if self._reply_row is None else self._reply_row
        head, mixed = self._reply_head, self._reply_mixed
        self._reply_row = None
        self._reply_mixed = False
        if self._verbose and 0 <= code < 100:
            self.transcript.add(ReplyReceived(at, row, last, code, unasked=Unasked.REMARK))
            return
        if code != -1 and not 200 <= code <= 599:
            self._violation("code-out-of-range", row, at, detail=str(code))
        queue = self._queue
        if not self.greeting_seen:
            self._greeting(row, last, code, at)
            return
        if not queue:
            self._unasked(row, last, code, at)
            return
        command = queue[0]
        verb = command.verb
        recipient = None
        if verb in (".", "BDAT LAST"):
            if code == 353 and not command.begun:
                self._each_recipient(command, of_all=1)
                command.left += 1  # and the 353 itself
            elif self.lmtp or command.begun:
                recipient = self._recipient_of(command)
        command.left -= 1
        if command.left <= 0:
            queue.popleft()
        enhanced = None
        if head[5:6] == b"." and verb not in GREETINGS:
            enhanced = self._enhanced(row, head, code, mixed, at)
        self.transcript.add(
            ReplyReceived(
                at, row, last, code, enhanced, command.row, verb, None, recipient, command.left
            )
        )
        digit = code // 100
        if (digit == 3) != (verb == "DATA") and (
            (digit == 3 and verb not in _ASKS_FOR_MORE) or (digit == 2 and verb == "DATA")
        ):
            self._violation("wrong-class", row, at, detail=f"{code} to {verb}")
        if command.left <= 0:
            self._answered(command, row, last, code, at)

    def _each_recipient(self, command: Command, *, of_all: int = 0) -> None:
        """From now on `command` has a reply for each recipient, and then `of_all` more.

        LMTP has one each (RFC 2033 section 4.2); SMTP with PRDR 353, one each, one of all.
        """
        if not command.begun:
            command.begun = True
            command.of_all = of_all
            command.left = max(1, len(self.recipients) + of_all)

    def _recipient_of(self, command: Command) -> int | None:
        """Which recipient this reply is for; None when it is of all."""
        self._each_recipient(command)
        at = len(self.recipients) + command.of_all - command.left
        return self.recipients[at] if 0 <= at < len(self.recipients) else None

    def _answered(self, command: Command, row: int, last: int, code: int, at: float) -> None:
        verb = command.verb
        digit = code // 100
        state = self.state
        target = State.CLOSED if code == 421 else following(state, verb, digit)
        if digit == 2:
            if verb in ("NOOP", "QUIT"):
                pass
            elif verb == "RCPT":
                self.recipients.append(command.row)
            elif verb in GREETINGS:
                self._greeted(verb, row, last, at)
            elif verb in ("AUTH", "(auth)", "X-EXPS"):
                self.authenticated = True
            elif verb in ("MAIL", "RSET"):
                self.recipients = []
            elif verb == "VERB":
                self._verbose = True
        if verb in (".", "BDAT LAST"):
            self.recipients = []
        if target is not state:
            self._move(target, at)
        if not self._queue:
            self._ahead = target
        elif digit != 2 or verb in GREETINGS:
            self._ahead = None
        if self._doubt_on is command:
            self._resolve(verb, digit, at)

    def _resolve(self, verb: str, digit: int, at: float) -> None:
        """The reply that was in doubt has come: understand the lines sent meanwhile."""
        self._doubt_on = None
        if digit == 3:
            self._mode = _Mode.BODY if verb == "DATA" else _Mode.RESPONSE
            self._crlf = True
        else:
            self._mode = _Mode.COMMAND
            if verb != "DATA":
                self._learn_from_doubt()
        lines, self._doubt = self._doubt, []
        for row, logical in lines:
            if self._mode == _Mode.CHUNK:
                if self._chunk_left >= len(logical):
                    self._chunk_left -= len(logical)
                    self.transcript.set_kind(row, Kind.CHUNK)
                    self._body_row(row, len(logical))
                    if not self._chunk_left:
                        self._mode = _Mode.COMMAND
                    continue
                logical = logical[self._chunk_left :]
                self._chunk_left = 0
                self._mode = _Mode.COMMAND
            is_end = self._mode == _Mode.BODY and self._crlf and logical == b".\r\n"
            kind = Kind.COMMAND if is_end else _KIND.get(self._mode, Kind.COMMAND)
            self.transcript.set_kind(row, kind)
            self._understand(row, logical, logical.endswith(b"\r\n"), at)

    def _greeting(self, row: int, last: int, code: int, at: float) -> None:
        self.greeting_seen = True
        self.transcript.add(ReplyReceived(at, row, last, code, unasked=Unasked.GREETING))
        if code // 100 == 2:
            self._move(State.GREETED, at)
        elif code // 100 == 5:
            self._move(State.REFUSED, at)
        elif code // 100 == 4:
            self._move(State.CLOSED, at)
        self._ahead = None

    def _unasked(self, row: int, last: int, code: int, at: float) -> None:
        if code == 421:
            why = Unasked.UNSOLICITED_421
        elif self._mode == _Mode.BODY:
            why = Unasked.DURING_BODY
        elif not self._spoken:
            why = Unasked.EARLY
        else:
            why = Unasked.ONE_TOO_MANY
        enhanced = None
        if self._reply_head[5:6] == b".":
            enhanced = self._enhanced(row, self._reply_head, code, True, at)
        self.transcript.add(ReplyReceived(at, row, last, code, enhanced, unasked=why))
        if why is Unasked.DURING_BODY:
            self._violation("reply-during-body", row, at)
        elif why is Unasked.UNSOLICITED_421:
            self._move(State.CLOSED, at)
            self._ahead = None
        elif self._loose:
            self._violation("ended-early", row, at)
        else:
            self._violation("unasked-reply", row, at, detail=why.value)

    def _enhanced(self, row: int, head: bytes, code: int, mixed: bool, at: float) -> str | None:
        """The enhanced status code of a reply (RFC 2034, 3463), from its first line."""
        found = enhanced_in(head[4:16])
        if found is None:
            return None
        digit, text = found
        if digit != code // 100 and not mixed:
            self._violation("enhanced-class", row, at, detail=text)
        return text

    def _greeted(self, verb: str, row: int, last: int, at: float) -> None:
        """EHLO, LHLO or HELO was accepted: what it says replaces what was known."""
        before = self.keywords
        self.greeted_with = verb
        self.greeted_in = (row, last)
        self.lmtp = verb == "LHLO"
        self.recipients = []
        if verb == "HELO":
            self.keywords = None
        else:
            self.keywords = parse_keywords(islice(self._reply_lines(row, last), MOST))
            most = max(map(len, self.keywords.values()), default=0)
            if last - row > MOST or most >= MOST_PARAMETERS:
                self._violation("too-many-keywords", row, at)
        self._extensions_changed(before, verb, at)

    def _extensions_changed(self, before: Keywords | None, reason: str, at: float) -> None:
        added, removed, changed = difference(before, self.keywords)
        self.transcript.add(ExtensionsChanged(at, self.keywords, added, removed, changed, reason))

    def _reply_lines(self, row: int, last: int) -> Iterator[bytes]:
        """The text of the lines of a reply, all but the first; of one too long, its beginning."""
        transcript = self.transcript
        begins = not transcript[row].piece
        for number in range(row + 1, last + 1):
            line = transcript[number]
            if not line.sent and line.kind is Kind.REPLY:
                if begins:
                    yield line.data[4:]
                begins = not line.piece

    # State

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
        self._mode = _Mode.COMMAND
        self._reply_row = None
        self._client.head = self._server.head = b""
        if self.greeting_seen:
            self._move(State.GREETED, at)
        self._ahead = None
        if before is not None:
            self._extensions_changed(before, "TLS", at)

    def _flush(self, direction: Direction, at: float) -> None:
        side = self._client if direction is CLIENT else self._server
        if side.buffer:
            piece = bytes(side.buffer)
            side.buffer.clear()
            if direction is CLIENT:
                self._client_piece(piece, at)
            else:
                self._server_piece(piece, at)

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
