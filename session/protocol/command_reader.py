"""The client's lines: commands, answers to AUTH, message bodies.

What a line means is decided when it can be known: lines behind a DATA or an AUTH that has no reply
yet are in doubt.
"""

from __future__ import annotations

import re

from ..events import KIND_BITS, PIECE, SECRET, SENT, TLS, Kind
from ..facts.verbs import AUTH_VERBS, CHUNK_VERBS, MID_GROUP, is_last_chunk, verb_of
from ..record import masking
from ..record.transcript import Body
from .connection_state import (
    COMMAND_LINE,
    COMMAND_ROW,
    KINDS,
    Command,
    ConnectionState,
    Mode,
    octets_of,
)
from .fast_path import HARMLESS
from .lines import LIMIT, count_longer, longer_than
from .states import CONDITIONAL, KNOWN_VERBS, MOVES, not_now
from .transparency import count_lines

BLOCK = 256 * 1024  # bytes of a message body that are stored as one entry
BLOCK_FROM = 2048  # bytes from which on it is worth it
TEXT_LINE = 1000  # RFC 5321 4.5.3.1.6
AUTH_LINE = 12288  # RFC 4954 4
# What extensions add to the length of MAIL and RCPT (RFC 1870, 6152, 6531, 4954, 3461).
_LONGER = {"SIZE": 26, "8BITMIME": 17, "SMTPUTF8": 10, "AUTH": 500, "DSN": 630}

_SIZE = re.compile(rb"BDAT[ \t]+(\d{1,20})(?:[ \t]+(LAST))?[ \t]*\r?\n\Z", re.IGNORECASE)
_ANSWER = "(answer)"  # to an AUTH that is over: its first word is no verb, and may be the secret
_NO_VERBS = ("(empty)", _ANSWER)
_IN_CLEAR = ("PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER")


class CommandReader(ConnectionState):
    """What the client says."""

    def _feed_client(self, data: bytes, at: float) -> None:
        side = self._client
        pos, end = 0, len(data)
        if (
            self._mode == Mode.COMMAND
            and not side.buffer
            and not side.head
            and data.find(b"\n") == end - 1 < LIMIT
            and end
        ):
            self._client_line(data, at, at)  # what comes nearly always: one whole line
            return
        while pos < end:
            if self._mode == Mode.CHUNK:
                pos = self._take_chunk(data, pos, at)
            elif self._mode == Mode.BODY and side.between_lines:
                pos = self._take_body(data, pos, at)
            else:
                pos = self._take_line(data, pos, at)

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
        kind = KINDS.get(mode, Kind.COMMAND)
        if self._is_secret(side.head + piece if len(side.head) < 16 else side.head):
            flags |= SECRET
        row = self.transcript.append(piece, flags | KIND_BITS[kind], at, side.began)
        if kind is Kind.BODY or kind is Kind.CHUNK:
            self._body_row(row, len(piece))
        side.cut(piece)

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
        if mode == Mode.COMMAND:
            verb = verb_of(logical)
            if verb in AUTH_VERBS:
                flags |= SECRET
                self._wary = True
            elif self._wary:
                if verb in KNOWN_VERBS:
                    self._wary = False
                elif masking.looks_like_a_response(logical):
                    flags |= SECRET
                    self._learn_secrets(logical)
                    verb = _ANSWER
            row = self.transcript.append(line, flags | COMMAND_ROW, at, began)
            self._crlf = crlf
            self._command(row, verb, logical, at)
            if (
                not crlf
                or len(logical) > COMMAND_LINE
                or logical.translate(None, HARMLESS) != b"\r\n"
            ):
                self._check_command(row, logical, crlf, verb, at)
        elif mode == Mode.DOUBT:
            if self._doubt_on is not None and self._doubt_on.verb != "DATA":
                flags |= SECRET
                self._learn_in_doubt(logical)
            row = self.transcript.append(line, flags | KIND_BITS[Kind.DOUBT], at, began)
            self._doubt.append((row, logical))
        else:
            if mode == Mode.RESPONSE:
                flags |= SECRET
            is_end = mode == Mode.BODY and self._crlf and logical == b".\r\n"
            kind = Kind.COMMAND if is_end else KINDS[mode]
            row = self.transcript.append(line, flags | KIND_BITS[kind], at, began)
            self._understand(row, logical, crlf, at)

    def _understand(self, row: int, logical: bytes, crlf: bool, at: float) -> None:
        """What a line that is in the transcript means, by the present mode."""
        mode = self._mode
        if mode == Mode.BODY:
            if self._crlf and logical == b".\r\n":
                self._end_of_body(at)
                self._mode = Mode.COMMAND
                self._queue_up(Command(row, "."))
            else:
                self._body_row(row, len(logical))
                self._check_body(row, logical, 1)
        elif mode == Mode.CHUNK:
            self._body_row(row, len(logical))
        elif mode == Mode.RESPONSE:
            self._response(row, logical)
        elif mode == Mode.DOUBT:
            self._doubt.append((row, logical))
        else:
            verb = verb_of(logical)
            if verb not in KNOWN_VERBS and self.transcript.flags(row) & SECRET:
                verb = _ANSWER
            self._command(row, verb, logical, at)
            self._check_command(row, logical, crlf, verb, at)
        self._crlf = crlf

    def _command(self, row: int, verb: str, logical: bytes, at: float) -> None:
        """A command: check its place, then have it wait for its reply."""
        if not verb:
            verb = "(empty)"
        if verb in CHUNK_VERBS:
            match = _SIZE.match(logical) if verb == "BDAT" else None
            if match is not None:
                self._chunk_left = int(match[1])
            if is_last_chunk(logical):
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
            self._mode = Mode.DOUBT
            self._doubt_on = command
        elif verb in AUTH_VERBS:
            self._mode = Mode.DOUBT
            self._doubt_on = command
            self._auth_begins(row, logical, at)
        elif self._chunk_left:
            self._mode = Mode.CHUNK

    def _check_order(self, command: Command, at: float) -> None:
        verb = command.verb
        state = self._ahead
        if state is None:
            state = self.foreseen
        if not self.greeting_seen:
            self._violation("before-greeting", command.row, at)
        elif (state, verb) not in MOVES:
            if verb not in KNOWN_VERBS and verb not in _NO_VERBS:
                self._violation("unknown-command", command.row, at, detail=verb)
            else:
                self._violation("out-of-order", command.row, at, detail=state)
        elif verb in CONDITIONAL:
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
            self._violation("line-too-long", row, at, detail=octets_of(size))
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
        if verb in AUTH_VERBS:
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
        self._mode = Mode.DOUBT
        self._doubt_on = command

    def _learn_in_doubt(self, line: bytes) -> None:
        """A line sent ahead of the reply to AUTH: a response, unless it looks like a command."""
        ahead = self._responses + len(self._doubt)
        if verb_of(line) not in KNOWN_VERBS and not (self._mechanism == "LOGIN" and not ahead):
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
            if len(logical.split()) == 1 and verb_of(logical) not in KNOWN_VERBS:
                for value in masking.learnt_from(logical, self._mechanism):
                    self.transcript.secrets.add(value)

    # What was in doubt

    def _resolve(self, verb: str, digit: int, at: float) -> None:
        """The reply that was in doubt has come: understand the lines sent meanwhile."""
        self._doubt_on = None
        if digit == 3:
            self._mode = Mode.BODY if verb == "DATA" else Mode.RESPONSE
            self._crlf = True
        else:
            self._mode = Mode.COMMAND
            if verb != "DATA":
                self._learn_from_doubt()
        lines, self._doubt = self._doubt, []
        for row, logical in lines:
            if self._mode == Mode.CHUNK:
                if self._chunk_left >= len(logical):
                    self._chunk_left -= len(logical)
                    self.transcript.set_kind(row, Kind.CHUNK)
                    self._body_row(row, len(logical))
                    if not self._chunk_left:
                        self._mode = Mode.COMMAND
                    continue
                logical = logical[self._chunk_left :]
                self._chunk_left = 0
                self._mode = Mode.COMMAND
            is_end = self._mode == Mode.BODY and self._crlf and logical == b".\r\n"
            kind = Kind.COMMAND if is_end else KINDS.get(self._mode, Kind.COMMAND)
            self.transcript.set_kind(row, kind)
            self._understand(row, logical, logical.endswith(b"\r\n"), at)

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
            flags = SENT | KIND_BITS[KINDS[self._mode]] | (TLS if self.tls else 0)
            row = self.transcript.append_block(block, count, flags, at)
            self._body_row(row, len(block), count)
            if self._mode == Mode.BODY:
                if ends < 0:
                    self._check_body(row, block, count)
                else:
                    self._checkoctets_of(row, block)
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
            self._flush_client(at)
            side.head = b""
            self._mode = Mode.COMMAND
            self._crlf = True
        return pos + len(part)

    def _flush_client(self, at: float) -> None:
        """End a piece of what the client says, though it is no whole line."""
        buffer = self._client.buffer
        if buffer:
            piece = bytes(buffer)
            buffer.clear()
            self._client_piece(piece, at)

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
        self._checkoctets_of(row, data)

    def _checkoctets_of(self, row: int, data: bytes) -> None:
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
