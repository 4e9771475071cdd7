"""Assembles the server's lines into replies, and finds the command that each reply answers."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..events import INJECTED, MORE, PIECE, TLS, ReplyReceived, Unasked
from ..verbs import AUTH_EXCHANGE, END_OF_DATA, GREETINGS, MESSAGE_ENDS
from .command_syntax import COMMAND_LINE
from .connection_state import (
    BODY,
    COMMAND,
    REPLY_ROW,
    RESPONSE,
    ConnectionState,
    PendingCommand,
    octets_of,
)
from .ehlo_keywords import MOST_PARAMETERS, parse_keywords
from .ehlo_reply import check_keywords, keyword_lines
from .fast_path import HEADS, enhanced_in
from .lines import LineBuffer
from .states import (
    SHUTTING_DOWN,
    State,
    after_greeting,
    after_reply,
    after_unasked,
    announced,
)

_TLS_NEXT = State.TLS  # a member looked up in its Enum costs as much as storing a row
_ASKS_FOR_MORE = ("DATA", *AUTH_EXCHANGE, "XEXCH50", END_OF_DATA, "MAIL")  # may be answered by 3yz

# The approximate memory for a row and an event besides its bytes, in octets.
_ROW_COST = 32
_EVENT_COST = 224

MOST_EARLY = 1_000  # unsolicited replies before the client has spoken; further rows are not replies
LONGEST_GREETING = 4 << 20  # octets, with that memory, before the client has spoken

_MASKED = rb"2\d\d[ -][*\d ]*\*{6,}[*\d ]*\r?\n"  # compiled when one has as many asterisks

Resolve = Callable[[str, int, float], object]
Unread = Callable[[int, float], object]


class ReplyReader:
    """Reads the server's lines and assembles them into replies.

    `resolve(verb, digit, at)` is called for a reply that decides how the client's lines in doubt
    are interpreted. `unread(row, at)` is called if a server that does not support BDAT refused the
    BDAT in `row`.
    """

    def __init__(self, known: ConnectionState, resolve: Resolve, unread: Unread) -> None:
        self._known = known
        self._resolve = resolve
        self._chunk_unread = unread
        self.lines = LineBuffer(self._line, self._piece)
        self.row: int | None = None
        """The first row of a reply that is still incomplete; None between replies."""
        self._code: int | None = None  # None until its first line is complete
        self._head = b""
        self._mixed = False
        self._injected = False  # clear text after the 220 to STARTTLS has been reported
        self._verbose = False  # VERB was accepted
        self.flood = 0
        """The octets received since the last solicited reply, plus the memory for rows and events.

        The octets counted are those of one unfinished line or reply, and those of unsolicited
        replies. The octets of unsolicited replies count until `allow_more` is called, because a
        client that keeps sending commands would otherwise accept any number of such replies.
        """
        self._early = 0  # unsolicited replies before the client has spoken
        self._to_nothing = 0  # the memory for unsolicited replies
        self._marks_seen = 0  # events at the end of the last `feed`
        self._answered = False  # whether a solicited reply came in this `feed`

    def feed(self, data: bytes, at: float) -> None:
        """Process data sent by the server."""
        take = self.lines.take
        transcript = self._known.transcript
        rows, marks = len(transcript), transcript.mark_count
        if marks != self._marks_seen and self.row is None and not self.lines.head:
            self.flood = self._to_nothing  # a command was answered in the meantime
        pos, end = 0, len(data)
        while pos < end:
            pos = take(data, pos, at)
        self._marks_seen = transcript.mark_count
        if self._answered:
            self._answered = False
            unfinished = self.row is not None or not self.lines.between_lines
            self.flood = self._to_nothing + end if unfinished else self._to_nothing
            return
        self.flood += (
            end + _ROW_COST * (len(transcript) - rows) + _EVENT_COST * (self._marks_seen - marks)
        )

    @property
    def talks_early(self) -> bool:
        """Whether the server has sent too much before the client's first command."""
        if self._known.spoken:
            return False
        greets = not self._known.greeting_seen
        return self._early > MOST_EARLY or (greets and self.flood > LONGEST_GREETING)

    def allow_more(self) -> None:
        """Reset `flood` to zero, so that the driver continues reading."""
        self.flood = self._to_nothing = 0

    def forget(self) -> None:
        """Discard incomplete input, because TLS has started."""
        self.row = None
        self.flood = 0
        self.lines.forget()

    # Rows

    def _flags(self) -> int:
        known = self._known
        if known.state is _TLS_NEXT:
            return INJECTED
        flags = REPLY_ROW | TLS if known.tls else REPLY_ROW
        return flags | MORE if self.row is not None else flags

    def _piece(self, piece: bytes, at: float, began: float) -> None:
        flags = self._flags()
        row = self._known.transcript.append(piece, flags | PIECE, at, began)
        if flags & INJECTED:
            self._report_injected(row, at)
        elif self.row is None:
            self.row = row
            self._code = None

    def _line(self, line: bytes, whole: bytes, crlf: bool, at: float, began: float) -> None:
        known = self._known
        flags = REPLY_ROW
        if known.tls or self.row is not None or known.state is _TLS_NEXT:
            if not known.greeting_seen and known.queue and whole is line:
                self._end_greeting(line, at)
            flags = self._flags()
        row = known.transcript.append(line, flags, at, began)
        if flags & INJECTED:
            self._report_injected(row, at)
            return
        if self._early > MOST_EARLY and not known.spoken:
            return
        found = HEADS.get(whole[:4])
        code, more = found if found is not None else self._odd_code(row, whole, at)
        if self.row is None:
            self.row = row
            self._code = code
            self._head = whole
        elif self._code is None:
            self._code = code
            self._head = whole
        elif code != self._code:
            if not self._mixed:
                self._mixed = True
                known.violation("mixed-codes", row, at, detail=f"{self._code}, {code}")
            self._code = code
        if (
            not crlf
            or len(whole) > COMMAND_LINE
            or whole.find(b"\r") < len(whole) - 2
            or b"\0" in whole
            or not whole.isascii()
        ):
            self._check_line(row, whole, crlf, at)
        if not more:
            self._complete(row, code, at)

    def _end_greeting(self, line: bytes, at: float) -> None:
        """End an incomplete greeting if `line` begins the reply to the first command.

        Postfix's postscreen replies like this to a client that does not wait for the whole
        greeting.
        """
        found = HEADS.get(line[:4])
        begun = self._code
        if self.row is None or begun is None or begun < 0:
            return
        if found is None or found[0] == begun:
            return
        transcript = self._known.transcript
        row = len(transcript) - 1
        while transcript[row].sent:
            row -= 1
        self._known.violation("not-ended", row, at)
        self._complete(row, begun, at)

    def _odd_code(self, row: int, line: bytes, at: float) -> tuple[int, bool]:
        """Return the code of a malformed reply line, and whether more lines follow.

        If the line does not begin with a number, the code is -1, and the reply ends with that line.
        """
        separator = line[3:4]
        try:
            code = int(line[:3])
        except ValueError:
            self._known.violation("no-number", row, at)
            return -1, False
        if not (line[:3].isdigit() and len(line) >= 3):
            self._known.violation("no-number", row, at)
        elif separator not in b" -" and line[3:].strip():
            self._known.violation("no-separator", row, at)
        return code, separator == b"-" and code != -1

    def _check_line(self, row: int, line: bytes, crlf: bool, at: float) -> None:
        known = self._known
        if not crlf:
            known.violation("bare-lf", row, at)
        if line.find(b"\r") not in (-1, len(line) - 2):
            known.violation("bare-cr", row, at)
        if len(line) > COMMAND_LINE:
            known.violation("line-too-long", row, at, detail=octets_of(len(line)))
        if b"\0" in line:
            known.violation("nul", row, at)
        if not line.isascii() and not self._may_be_utf8(line):
            known.violation("eight-bit-reply", row, at)

    def _may_be_utf8(self, line: bytes) -> bool:
        """Return whether `line` is UTF-8 and the client has declared SMTPUTF8 for it.

        See RFC 6531 section 3.7.4.
        """
        known = self._known
        try:
            line.decode()
        except UnicodeDecodeError:
            return False
        if "SMTPUTF8" in known.declared and line[:3] in (b"251", b"551"):
            return True
        asked = known.queue[0] if known.queue else None
        if asked is None or asked.verb not in ("VRFY", "EXPN"):
            return False
        return known.transcript[asked.row].data.upper().split()[-1:] == [b"SMTPUTF8"]

    def _report_injected(self, row: int, at: float) -> None:
        if not self._injected:
            self._injected = True
            self._known.violation("injected", row, at)

    # Replies

    def _complete(self, last: int, code: int, at: float) -> None:
        """Match the reply that ends in row `last` with its command, and report it."""
        known = self._known
        row = last if self.row is None else self.row
        head, mixed = self._head, self._mixed
        self.row = None
        self._mixed = False
        if self._verbose and 0 <= code < 100:
            known.transcript.add(ReplyReceived(at, row, last, code, unasked=Unasked.REMARK))
            return
        if code != -1 and not (200 <= code <= 599 and code // 10 % 10 <= 5):
            known.violation("code-out-of-range", row, at, detail=str(code))
        known.closing = announced(code)
        queue = known.queue
        if queue or not known.greeting_seen:
            self._answered = True
        if not known.greeting_seen:
            self._greeting(row, last, code, at)
            return
        if not queue:
            self._to_nothing += _EVENT_COST + _ROW_COST * (last - row + 1)
            self._unasked(row, last, code, at)
            return
        command = queue[0]
        verb = command.verb
        recipient = None
        unread = known.unread(command, code, head)
        if verb in MESSAGE_ENDS:
            if code == 353 and not command.begun:
                self._each_recipient(command, of_all=1)
                command.left += 1  # and the 353 itself
            elif (known.lmtp and not command.stray and not unread) or command.begun:
                recipient = self._recipient_of(command)
        command.left -= 1
        if command.left <= 0:
            queue.popleft()
        enhanced = None
        if head[5:6] == b"." and verb not in GREETINGS:
            enhanced = self._enhanced(row, head, code, mixed, at)
        known.transcript.add(
            ReplyReceived(
                at, row, last, code, enhanced, command.row, verb, None, recipient, command.left
            )
        )
        digit = code // 100
        if (digit == 3) != (verb == "DATA") and (
            (digit == 3 and verb not in _ASKS_FOR_MORE) or (digit == 2 and verb == "DATA")
        ):
            known.violation("wrong-class", row, at, detail=f"{code} to {verb}")
        if command.left <= 0:
            self.answered(command, row, last, code, at, unread=unread)

    def _each_recipient(self, command: PendingCommand, *, of_all: int = 0) -> None:
        """Expect one reply to `command` for each recipient, and then `of_all` more.

        LMTP has one reply per recipient (RFC 2033 section 4.2). With PRDR, the server sends 353,
        then one reply per recipient, and then one for all of them.
        """
        if not command.begun:
            command.begun = True
            command.of_all = of_all
            command.left = max(1, len(self._known.recipients) + of_all)

    def _recipient_of(self, command: PendingCommand) -> int | None:
        """Return the RCPT row of the recipient that this reply is for, or None if it is for all."""
        self._each_recipient(command)
        recipients = self._known.recipients
        at = len(recipients) + command.of_all - command.left
        return recipients[at] if 0 <= at < len(recipients) else None

    def answered(
        self, command: PendingCommand, row: int, last: int, code: int, at: float, *,
        unread: bool = False,
    ) -> None:  # fmt: skip
        """Apply the effect of the final reply to a command that has left the queue.

        `unread` is true if the server reads the octets after the command as commands.
        """
        known = self._known
        verb = command.verb
        digit = code // 100
        state = known.state
        each = known.lmtp or command.begun
        target = after_reply(state, verb, code, each=each, unread=unread)
        if digit == 2:
            if verb == "RCPT":
                known.recipients.append(command.row)
            elif verb in GREETINGS:
                self._greeted(verb, row, last, at)
            elif verb in AUTH_EXCHANGE:
                known.authenticated = True
            elif verb in ("MAIL", "RSET"):
                known.recipients = []
            elif verb == "VERB":
                self._verbose = True
        if verb in MESSAGE_ENDS and not unread and (digit == 2 or not command.stray):
            known.recipients = []
        if target is not state:
            known.move(target, at)
        if not known.queue:
            known.ahead = target
        elif digit != 2 or verb in GREETINGS:
            known.ahead = None
        if known.doubt_on is command:
            self._resolve(verb, digit, at)
        if unread:
            self._chunk_unread(command.row, at)

    def _greeting(self, row: int, last: int, code: int, at: float) -> None:
        known = self._known
        known.greeting_seen = True
        if b"******" in self._head and re.match(_MASKED, self._head):
            known.violation("masked-greeting", row, at)
        known.transcript.add(ReplyReceived(at, row, last, code, unasked=Unasked.GREETING))
        known.move(after_greeting(known.state, code), at)
        known.ahead = None

    def _unasked(self, row: int, last: int, code: int, at: float) -> None:
        known = self._known
        if code == SHUTTING_DOWN:
            why = Unasked.UNSOLICITED_421
        elif "unasked-reply" in known.unjudged:
            why = Unasked.UNSEEN
        elif known.mode is BODY:
            why = Unasked.DURING_BODY
        elif not known.spoken:
            why = Unasked.EARLY
        else:
            why = Unasked.ONE_TOO_MANY
        enhanced = None
        if self._head[5:6] == b".":
            enhanced = self._enhanced(row, self._head, code, True, at)
        known.transcript.add(ReplyReceived(at, row, last, code, enhanced, unasked=why))
        if known.mode is RESPONSE and code >= 400:  # the server has ended AUTH by itself
            known.mode = COMMAND
            known.move(after_unasked(known.state, code), at)
            known.ahead = None
        if why is Unasked.EARLY:
            self._early += 1
            if self.talks_early:
                known.violation("talks-early", row, at)
        if why is Unasked.UNSOLICITED_421:
            return
        if why is Unasked.DURING_BODY:
            known.violation("reply-during-body", row, at)
        elif known.loose:
            known.violation("ended-early", row, at)
        else:
            known.violation("unasked-reply", row, at, detail=why.value)

    def _enhanced(self, row: int, head: bytes, code: int, mixed: bool, at: float) -> str | None:
        """Return the enhanced status code in a reply's first line (RFC 2034, 3463), or None.

        Reports a violation if the class of the enhanced status code differs from that of the reply
        code.
        """
        found = enhanced_in(head[4:16])
        if found is None:
            return None
        digit, text = found
        if digit != code // 100 and not mixed:
            self._known.violation("enhanced-class", row, at, detail=text)
        return text

    def _greeted(self, verb: str, row: int, last: int, at: float) -> None:
        """Apply a positive reply to EHLO, LHLO or HELO."""
        known = self._known
        before = known.keywords
        keywords = None
        cut = False
        if verb != "HELO":
            listed, cut = keyword_lines(known.transcript, row, last)
            keywords = parse_keywords(text for _, text in listed)
            check_keywords(known, listed, keywords, at)
        known.greeted(verb, (row, last), keywords)
        most = max(map(len, (keywords or {}).values()), default=0)
        if cut or most >= MOST_PARAMETERS:
            known.violation("too-many-keywords", row, at)
        known.extensions_changed(before, verb, at)
