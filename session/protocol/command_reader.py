"""Reads the client's lines: commands, AUTH responses, and message bodies.

The meaning of a line is decided as soon as it can be known. Lines sent after DATA or AUTH but
before the reply are in doubt, and are interpreted when that reply has arrived. auth_reader.py reads
lines within AUTH, and body_reader.py reads messages.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import islice

import msgspec

from ..events import KIND_BITS, PIECE, SECRET, SENT, TLS, Kind
from ..record.masking import AUTH_LINE, by_shape
from ..verbs import (
    AUTH_RESPONSE,
    AUTH_VERBS,
    CHUNK_VERBS,
    END_OF_DATA,
    GREETINGS,
    LAST_CHUNKS,
    MESSAGE_ENDS,
    MID_GROUP,
    SENDER_VERBS,
    is_last_chunk,
    verb_of,
)
from ..visible import visible_text
from .auth_reader import ANSWER, MOST_AHEAD, AuthReader
from .body_reader import BodyReader
from .command_syntax import CHECKED, COMMAND_LINE, faults, longest_line
from .connection_state import (
    BODY,
    CHUNK,
    COMMAND,
    COMMAND_ROW,
    DOUBT,
    RESPONSE,
    ConnectionState,
    PendingCommand,
    octets_of,
)
from .fast_path import HARMLESS
from .lines import LineBuffer
from .states import CONDITIONAL, IN_TRANSACTION, KNOWN_VERBS, MOVES, not_now

_SIZE = rb"(?i)BDAT[ \t]+(\d{1,20})(?:[ \t]+(LAST))?[ \t]*\r?\n\Z"
_NEW_MESSAGE = frozenset(("RSET", "DATA", *SENDER_VERBS, *GREETINGS))  # these also end chunks
PROXY_HEADER = b"\r\n\r\n\0\r\nQUIT\n"  # of HAProxy's PROXY protocol, version 2
_SHOWN = 60  # characters of an unknown verb that a violation names
MOST_UNREAD = 1_000  # lines of a chunk whose replies are awaited if it is read as commands
_EMPTY = "(empty)"
_NO_VERBS = (_EMPTY, ANSWER)
_WITHOUT_SECRETS = frozenset((*GREETINGS, *SENDER_VERBS, "RCPT", "DATA", "BDAT", "RSET", "QUIT"))


class CommandReader:
    """Reads the client's lines according to the current mode of the connection."""

    def __init__(self, known: ConnectionState) -> None:
        self._known = known
        self.lines = LineBuffer(self._line, self._piece)
        self.auth = AuthReader(known)
        self.body = BodyReader(known, self.lines)
        self._doubt: deque[tuple[int, bytes]] = deque()  # row, line

    def feed(self, data: bytes, at: float) -> None:
        """Process data sent by the client."""
        known, lines = self._known, self.lines
        pos, end = 0, len(data)
        if not known.greeting_seen and data.startswith(PROXY_HEADER):
            pos = self._proxy_header(data, at)
        while pos < end:
            mode = known.mode
            if mode is CHUNK:
                pos = self.body.take_chunk(data, pos, at)
            elif mode is BODY and lines.between_lines:
                pos = self.body.take_body(data, pos, at)
            else:
                pos = lines.take(data, pos, at)

    def _proxy_header(self, data: bytes, at: float) -> int:
        """Record a binary PROXY header, which gets no reply, and return the position where it ends.

        Returns 0 if the header is incomplete, or if other data came first. The sender writes the
        header in one piece (HAProxy's proxy-protocol.txt, section 2.2).
        """
        end = 16 + int.from_bytes(data[14:16])
        if len(data) < end or self._known.spoken or not self.lines.between_lines:
            return 0
        flags = SENT | PIECE | KIND_BITS[Kind.OTHER]
        self._known.transcript.append(data[:end], flags, at, at)
        return end

    def forget(self) -> None:
        """Discard incomplete input, because TLS has started."""
        self._doubt = deque()
        self.body.chunk_left = 0
        self.lines.forget()

    # Rows

    def _piece(self, piece: bytes, at: float, began: float) -> None:
        known, head = self._known, self.lines.head
        mode = known.mode
        flags = SENT | PIECE | KIND_BITS[mode] | (TLS if known.tls else 0)
        if self.auth.is_secret(head + piece if len(head) < 16 else head):
            flags |= SECRET
        row = known.transcript.append(piece, flags, at, began)
        if mode is BODY or mode is CHUNK:
            self.body.add_part(row, piece)

    def _line(self, line: bytes, whole: bytes, crlf: bool, at: float, began: float) -> None:
        known = self._known
        flags = SENT | TLS if known.tls else SENT
        mode = known.mode
        if mode is COMMAND:
            verb = verb_of(whole)
            if self.auth.wary or verb not in _WITHOUT_SECRETS or b"://" in whole:
                verb, secret = self.auth.command(verb, whole)
                if secret:
                    flags |= SECRET
            row = known.transcript.append(line, flags | COMMAND_ROW, at, began)
            self._command(row, verb, whole, at)
            self._check_syntax(row, whole, verb, at)
            if not crlf or len(whole) > COMMAND_LINE or whole.translate(None, HARMLESS) != b"\r\n":
                self._check_command(row, whole, crlf, verb, at)
        elif mode is DOUBT:
            if known.auth_in_doubt:
                flags |= SECRET
                self.auth.sent_ahead(whole, len(self._doubt))
            elif self.auth.may_be_secret(whole):
                flags |= SECRET
            row = known.transcript.append(line, flags | KIND_BITS[DOUBT], at, began)
            if not self._doubt and known.doubt_on is not None and known.doubt_on.verb == "DATA":
                past = "pipelined-past" if known.has_extn("PIPELINING") else "pipelined"
                known.violation(past, row, at, detail="DATA")  # whether it is text or a command
            self._doubt.append((row, whole))
        else:
            if mode is RESPONSE:
                flags |= SECRET
            kind = self._kind_of(whole)
            row = known.transcript.append(line, flags | KIND_BITS[kind], at, began)
            in_message = kind is BODY or kind is CHUNK  # whose pieces have already been read
            self._understand(row, line if in_message else whole, kind, crlf, at)

    def _kind_of(self, line: bytes) -> Kind:
        """Return the kind of a line in the current mode. A body's final dot counts as a command."""
        mode = self._known.mode
        return COMMAND if mode is BODY and self.body.is_end(line) else mode

    def _understand(self, row: int, line: bytes, kind: Kind, crlf: bool, at: float) -> None:
        """Interpret a recorded line according to the current mode."""
        known = self._known
        mode = known.mode
        if mode is BODY:
            if kind is COMMAND:
                self.body.end(at)
                known.mode = COMMAND
                known.queue_up(PendingCommand(row, END_OF_DATA))
            else:
                self.body.add_line(row, line, crlf)
        elif mode is CHUNK:
            self.body.add_part(row, line)
        elif mode is RESPONSE:
            self.auth.response(line)
            if len(line) > AUTH_LINE:
                known.violation("line-too-long", row, at, detail=octets_of(len(line)))
            self._wait_for(PendingCommand(row, AUTH_RESPONSE))
        else:
            verb, _ = self.auth.command(verb_of(line), line)
            if verb not in KNOWN_VERBS and known.transcript.flags(row) & SECRET:
                verb = ANSWER
            self._command(row, verb, line, at)
            self._check_syntax(row, line, verb, at)
            self._check_command(row, line, crlf, verb, at)

    # Lines in doubt

    def _wait_for(self, command: PendingCommand) -> None:
        """Queue a command whose reply decides how the lines after it are read."""
        self._known.queue_up(command)
        self._known.mode = DOUBT
        self._known.doubt_on = command

    def resolve(self, verb: str, digit: int, at: float) -> None:
        """Interpret the lines in doubt, because the reply to DATA or AUTH has arrived.

        `verb` is the verb of the answered command, and `digit` the first digit of the reply.
        """
        known = self._known
        on_auth = known.auth_in_doubt
        known.doubt_on = None
        self.auth.ahead = False
        if digit == 3 and verb == "DATA":
            self.body.begin()
        elif digit == 3:
            known.mode = RESPONSE
        else:
            known.mode = COMMAND
            if verb != "DATA":
                self.auth.refused(line for _, line in islice(self._doubt, MOST_AHEAD))
        lines, self._doubt = self._doubt, deque()
        self._read_again(lines, at, secret=on_auth)

    def chunk_unread(self, row: int, at: float) -> None:
        """Expect a reply to each line of a chunk that the server reads as commands.

        `row` is the row of the BDAT command. The lines are not checked as commands, because the
        client did not mean them to be commands.
        """
        known = self._known
        follows = list(known.queue)
        if not any(command.verb.startswith("BDAT") for command in follows):
            self.body.give_up()
            if known.mode is CHUNK:
                known.mode = COMMAND
        lines, tail = self.body.take_back(row, MOST_UNREAD)
        if lines or tail or self.lines.buffer:
            known.violation("chunk-unread", lines[0][0] if lines else row, at)
        if not follows:
            self.lines.resume(tail)  # the next data continues that line
            self._read_again(deque(lines), at, judged=False)
        else:
            mode, doubt_on, doubt = known.mode, known.doubt_on, self._doubt
            known.mode = COMMAND
            known.queue.clear()
            self._read_again(deque(lines), at, judged=False)
            known.queue.extend(follows)
            known.mode, known.doubt_on, self._doubt = mode, doubt_on, doubt
        known.ahead = None

    def _read_again(
        self, lines: deque[tuple[int, bytes]], at: float, *, secret: bool = False,
        judged: bool = True,
    ) -> None:  # fmt: skip
        """Interpret deferred lines now that their meaning is known.

        If `secret` is true, the lines stay masked. If `judged` is false, the lines are not checked
        against the rules.
        """
        known = self._known
        while lines:
            if known.mode is DOUBT:  # after another DATA or AUTH, for which they wait
                self._doubt = lines
                self._still_in_doubt()
                return
            row, line = lines.popleft()
            rest = self.body.add_doubtful(row, line, at) if self._in_chunk() else line
            if rest:
                kind = self._kind_of(rest)
                known.transcript.set_kind(row, kind)
                reveals = kind is COMMAND and self.auth.reveals(rest)
                if reveals or (judged and not secret):  # else the row may be part of a block
                    known.transcript.set_secret(row, reveals)
                if judged:
                    self._understand(row, rest, kind, rest.endswith(b"\r\n"), at)
                else:
                    self._await_reply(PendingCommand(row, verb_of(rest) or _EMPTY), rest, at)

    def _still_in_doubt(self) -> None:
        """Mask possible secrets in the deferred lines, which now wait for another reply."""
        known = self._known
        for ahead, (row, line) in enumerate(self._doubt):
            if known.auth_in_doubt:
                self.auth.sent_ahead(line, ahead)
            secret = known.auth_in_doubt or self.auth.may_be_secret(line)
            known.transcript.set_secret(row, secret)

    def _in_chunk(self) -> bool:
        return self._known.mode is CHUNK

    # Commands

    def _command(self, row: int, verb: str, line: bytes, at: float) -> None:
        """Check the order of a command, then queue it until its reply arrives."""
        known = self._known
        if not verb:
            verb = _EMPTY
        if verb in CHUNK_VERBS:
            match = re.match(_SIZE, line) if verb == "BDAT" else None
            if is_last_chunk(line):
                verb += " LAST"
            if match is not None:
                self.body.begin_chunk(int(match[1]), last=verb in LAST_CHUNKS, at=at)
        elif verb in _NEW_MESSAGE and self.body.begun:
            self.body.end(at)
        if verb == "PROXY" and not known.greeting_seen:
            return  # a load balancer's line: it has no reply
        command = PendingCommand(row, verb)
        if verb in MESSAGE_ENDS:
            command.stray = (known.foreseen, verb) not in MOVES
        self._check_order(command, at)
        known.spoken = True
        known.loose = False
        if verb == "MAIL":
            from .message_syntax import declared_in

            known.declared = declared_in(line)
        self._await_reply(command, line, at)
        if self.body.chunk_left:
            known.mode = CHUNK

    def _await_reply(self, command: PendingCommand, line: bytes, at: float) -> None:
        """Queue a command until its reply arrives.

        After DATA or AUTH, the lines that follow are in doubt until that reply arrives.
        """
        if command.verb == "DATA":
            self._wait_for(command)
        elif command.verb in AUTH_VERBS:
            self._wait_for(command)
            self.auth.begin(command.row, line, at)
        else:
            self._known.queue_up(command)

    def _check_order(self, command: PendingCommand, at: float) -> None:
        known, verb = self._known, command.verb
        state = known.ahead
        if state is None:
            state = known.foreseen
        if not known.greeting_seen:
            known.violation("before-greeting", command.row, at)
        elif (state, verb) not in MOVES:
            if verb not in KNOWN_VERBS and verb not in _NO_VERBS:
                detail = visible_text(verb[:_SHOWN])
                known.violation("unknown-command", command.row, at, detail=detail)
            else:
                known.violation("out-of-order", command.row, at, detail=state)
        elif verb in GREETINGS and state in IN_TRANSACTION:
            known.violation("greeting-in-transaction", command.row, at)
        elif verb in CONDITIONAL:
            detail = not_now(
                verb,
                tls=known.tls,
                authenticated=known.authenticated,
                greeted_with=known.greeted_with,
                binary="BODY=BINARYMIME" in known.declared,
            )
            if detail:
                known.violation("out-of-order", command.row, at, detail=detail)
        queue = known.queue
        if queue and known.greeting_seen:
            if not known.has_extn("PIPELINING"):
                known.violation("pipelined", command.row, at)
            elif queue[-1].verb not in MID_GROUP:
                known.violation("pipelined-past", command.row, at, detail=queue[-1].verb)

    def _check_syntax(self, row: int, line: bytes, verb: str, at: float) -> None:
        known = self._known
        if verb not in CHECKED and line[:1] not in b" \t":
            return
        found = faults(line, verb, known.keywords)
        if not found:
            return
        masked = known.transcript.secrets.mask(line)
        if masked != line:  # quotations are cut, and part of a secret would not be recognised
            details = {each.rule: each.detail for each in faults(masked, verb, known.keywords)}
            found = [
                msgspec.structs.replace(each, detail=details.get(each.rule, "")) for each in found
            ]
        for fault in found:
            known.violation(fault.rule, row, at, detail=by_shape(fault.detail))

    def _check_command(self, row: int, line: bytes, crlf: bool, verb: str, at: float) -> None:
        known, size = self._known, len(line)
        if size > COMMAND_LINE and size > longest_line(verb, known.keywords):
            known.violation("line-too-long", row, at, detail=octets_of(size))
        if not crlf:
            known.violation("bare-lf", row, at)
        found = line.find(b"\r")
        if 0 <= found < size - (2 if crlf else 1):
            known.violation("bare-cr", row, at)
        if not line.isascii() and not known.has_extn("SMTPUTF8"):
            known.violation("eight-bit", row, at)
        if b"\0" in line:
            known.violation("nul", row, at)
