"""The server's lines: put together to replies, each told whom it answers and where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ..events import INJECTED, MORE, PIECE, TLS, Kind, ReplyReceived, Unasked
from ..facts.verbs import AUTH_EXCHANGE, GREETINGS, MESSAGE_ENDS
from .command_reader import CommandReader
from .connection_state import COMMAND_LINE, REPLY_ROW, Command, Mode, octets_of
from .ehlo import MOST_KEYWORDS, MOST_PARAMETERS, parse_keywords
from .fast_path import HEADS, enhanced_in
from .lines import LIMIT
from .states import State, after_reply

_THREE_DIGITS = re.compile(rb"[0-9]{3}").match
_TLS_NEXT = State.TLS  # a member looked up in its Enum costs as much as a row's columns
_ASKS_FOR_MORE = ("DATA", *AUTH_EXCHANGE, "XEXCH50", ".", "MAIL")


class ReplyReader(CommandReader):
    """What the server says, and which command it answers."""

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
        flags = REPLY_ROW | TLS if self.tls else REPLY_ROW
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
        flags = REPLY_ROW
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
            self._violation("line-too-long", row, at, detail=octets_of(len(head)))
        if b"\0" in head:
            self._violation("nul", row, at)

    def _flush_server(self, at: float) -> None:
        """End a piece of what the server says, though it is no whole line."""
        buffer = self._server.buffer
        if buffer:
            piece = bytes(buffer)
            buffer.clear()
            self._server_piece(piece, at)

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
        if verb in MESSAGE_ENDS:
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
        target = after_reply(state, verb, code)
        if digit == 2:
            if verb in ("NOOP", "QUIT"):
                pass
            elif verb == "RCPT":
                self.recipients.append(command.row)
            elif verb in GREETINGS:
                self._greeted(verb, row, last, at)
            elif verb in AUTH_EXCHANGE:
                self.authenticated = True
            elif verb in ("MAIL", "RSET"):
                self.recipients = []
            elif verb == "VERB":
                self._verbose = True
        if verb in MESSAGE_ENDS:
            self.recipients = []
        if target is not state:
            self._move(target, at)
        if not self._queue:
            self._ahead = target
        elif digit != 2 or verb in GREETINGS:
            self._ahead = None
        if self._doubt_on is command:
            self._resolve(verb, digit, at)

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
        elif self._mode == Mode.BODY:
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
            self.keywords = parse_keywords(islice(self._reply_lines(row, last), MOST_KEYWORDS))
            most = max(map(len, self.keywords.values()), default=0)
            if last - row > MOST_KEYWORDS or most >= MOST_PARAMETERS:
                self._violation("too-many-keywords", row, at)
        self._extensions_changed(before, verb, at)

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
