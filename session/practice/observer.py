"""Observes a client of the practice server, and diagnoses its mistakes.

It does no I/O and does not influence the server: it is given data and times, and feeds them to a
`Conversation`, which finds the violations. Mistakes that only the server can see are found here:
another protocol, message lines sent as commands, and malformed AUTH responses; silence.py finds
clients that are silent in the wrong place. Memory is limited: the conversation keeps only its last
rows, and violations are counted. A client more than `AHEAD` lines ahead of the replies is no longer
observed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..events import (
    CLIENT,
    PIECE,
    SECRET,
    SENT,
    SERVER,
    Block,
    Cause,
    Disconnected,
    Kind,
    Line,
    ReplyReceived,
    TlsStarted,
    Violation,
)
from ..facts.commands import nearest
from ..facts.other_protocols import first_octets, speaks_tls
from ..protocol.conversation import Conversation
from ..protocol.recent_transcript import RecentTranscript
from ..protocol.states import KNOWN_VERBS, State
from ..protocol.violations import RULES
from ..verbs import AUTH_VERBS, END_OF_DATA, GREETINGS, LAST_CHUNKS, verb_of
from ..visible import beginning, visible
from .auth_answers import AuthAnswers
from .certificate import GOOD
from .client_summary import LISTED, ClientSummary
from .command_order import misplaced
from .diagnosis import ADVICE, WORDS, Diagnosis, Words, advice_for
from .failed_handshake import failed_handshake
from .header_section import HeaderFault, HeaderSection
from .program_text import WRITTEN, written_by_program
from .silence import LastReply, named, silence

AHEAD = 2000  # lines without a reply; the practice server reads 16 KiB ahead
FEW = 64  # lines read at once, unless they belong to a message
PART = 1024  # octets read at once if there are more lines
LARGE_PART = 65536  # octets read at once within a message, or with few lines
IMPATIENT = 1.0  # seconds; a client that closes sooner did not wait for the reply
SHOWN = 80  # octets of a line quoted at most

_HTTP = re.compile(rb"(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|PRI) \S+ HTTP/\d")
_EMPTY = ': ""'
_NO_DOT = re.compile(rb"[0-9A-Za-z][0-9A-Za-z-]*")


class ConnectionObserver:
    """Observes one connection, and calls `report` with each diagnosis.

    `now` returns seconds since the epoch, whereas the methods are given monotonic seconds.
    `certificate` is the kind of certificate that the server has, one of CERTIFICATES, or HIDDEN.
    """

    def __init__(
        self,
        number: int,
        peer: str,
        now: Callable[[], float],
        report: Callable[[Diagnosis], object],
        *,
        implicit_tls: bool = False,
        certificate: str = GOOD,
    ) -> None:
        self._certificate = certificate
        self.summary = ClientSummary(number, peer, now(), implicit_tls)
        self._now = now
        self._report = report
        self._transcript = RecentTranscript()
        self.conversation = Conversation(self._transcript)
        self.octets = 0
        """The number of octets that the client had sent up to the end of the current line."""
        self._received = 0  # octets from the client
        self._auth = AuthAnswers()
        self._times: dict[tuple[str, str], int] = {}  # (rule, verb or field) -> how often
        self._known = self._before = ""  # the last known verb, and the one before it
        self._codes: dict[str, int] = {}  # verb -> the code of its last reply
        self._command_row = -1  # of the last command
        self._explained = -1  # a row that needs no further diagnosis
        self._adrift = False  # text was read as commands, so replies no longer match
        self._header: HeaderSection | None = None
        self._ahead = 0  # lines without a reply
        self._quit = False
        self._said_at = 0.0  # when the client last sent something
        self._last_reply: LastReply | None = None
        self._tail = b""  # the last octets from the client

    # Data and events of the connection

    def received(self, data: bytes, at: float) -> None:
        """Process data from the client."""
        summary, conversation = self.summary, self.conversation
        self._received += len(data)
        if not summary.observed or self._is_other_protocol(data):
            return
        self._said_at = at
        self._tail = (self._tail + data[-8:])[-8:]
        pos, end = 0, len(data)
        while pos < end and summary.observed:
            size = PART if data.count(b"\n", pos, pos + LARGE_PART) > FEW else LARGE_PART
            if conversation.mode is Kind.BODY or conversation.mode is Kind.CHUNK:
                size = LARGE_PART
            conversation.feed(CLIENT, data[pos : pos + size] if end > size else data, at)
            pos += size
            self._take()
            if self._ahead > AHEAD:
                self.diagnose("too-far-ahead", f"{self._ahead:,} lines ahead of the replies")
                summary.observed = False

    def sent(self, data: bytes, at: float) -> None:
        """Process data from the server."""
        if self.summary.observed:
            self.conversation.feed(SERVER, data, at)
            self._take()

    def tls_began(self, version: str, cipher: str, at: float) -> None:
        """Record that TLS has been established. Data received earlier no longer counts."""
        self.summary.tls = version
        self.octets = self._received  # data sent before TLS is void
        if self.summary.observed:
            self.conversation.note(TlsStarted(at, version, cipher), at)
            self._take()

    def tls_failed(self, reason: str) -> None:
        """Diagnose a failed handshake, and stop observing the connection.

        `reason` is OpenSSL's name for the failure, or a description of it.
        """
        found = failed_handshake(reason, self._certificate)
        words = found.words
        self.diagnose(found.rule, found.seen, words=words, advice=words.advice)
        self.summary.observed = False

    def closed(self, at: float, *, by_client: bool) -> None:
        """Record the end of the connection, and diagnose a client that left without QUIT."""
        conversation, summary = self.conversation, self.summary
        if summary.observed and by_client:
            if summary.commands:
                self._no_quit(at)
            conversation.note(Disconnected(at, Cause.CLOSED_BY_CLIENT), at)
            self._take()
        summary.observed = False
        summary.ended = self._now()
        summary.state = str(State.CLOSED)

    def silent(self, patience: float) -> None:
        """Diagnose a silence of `patience` seconds if the client should have sent something."""
        summary = self.summary
        if not summary.observed:
            return
        conversation = self.conversation
        found = silence(
            conversation,
            tail=self._tail,
            reply=self._last_reply,
            before_tls=summary.implicit_tls and not summary.tls,
            patience=patience,
        )
        if found is not None:
            pending = conversation.pending(CLIENT)
            rule = found.rule
            if conversation.mode is Kind.COMMAND and pending:
                rule = written_by_program(pending) or rule
            self.diagnose(rule, found.seen)

    def _is_other_protocol(self, data: bytes) -> bool:
        conversation = self.conversation
        if conversation.mode is not Kind.COMMAND or conversation.tls:
            return False
        if speaks_tls(data):
            if conversation.state is State.TLS:
                return True  # part of the handshake, which the server has not begun yet
            self.octets += data.find(b"\n") + 1
            self.diagnose(
                "tls-on-plain-port", f"a TLS handshake on a plain port: {first_octets(data)}"
            )
        elif not self.summary.commands and _HTTP.match(data):
            self.octets += data.find(b"\n") + 1
            first = self.quoted(data.partition(b"\r")[0])
            self.diagnose("http", f"an HTTP request: {first}")
        else:
            return False
        self.summary.observed = False
        return True

    # Events of the conversation

    def _take(self) -> None:
        for event in self._transcript.take():
            if isinstance(event, Line):
                if event.flags & SENT:
                    self.octets += len(event.data)
                    self._line(event)
            elif isinstance(event, ReplyReceived):
                self._reply(event)
            elif isinstance(event, Violation):
                self._violation(event)
            elif isinstance(event, Block):
                self.octets += len(event.data)
                self._text(event.data, event.row)
        self.summary.state = str(self.conversation.state)

    def _reply(self, event: ReplyReceived) -> None:
        verb, code = event.verb, event.code
        self._ahead = self._ahead - 1 if self.conversation.newest is not None else 0
        self.summary.reply = code
        self._last_reply = LastReply(code, event.last - event.row + 1, verb)
        if verb in _REMEMBERED:
            self._codes[verb] = code
            if verb == "DATA" and code >= 400:
                self._header = None
        if verb == END_OF_DATA or verb in LAST_CHUNKS:
            self.summary.messages += code // 100 == 2
            if verb in LAST_CHUNKS and self._header is not None:
                self._header_faults(self._header.end(), event.row)
            self._header = None

    def _line(self, line: Line) -> None:
        kind = line.kind
        if kind is Kind.BODY or kind is Kind.CHUNK:
            self._text(line.data, line.row, piece=bool(line.flags & PIECE))
            return
        if kind is not Kind.AUTH:
            self._ahead += 1
        if kind is Kind.COMMAND:
            self._command(line)
        if line.flags & SECRET:
            for rule, seen in self._auth.read(line):
                self.diagnose(rule, seen, line.row)
        elif kind is Kind.DOUBT:
            self.diagnose(
                "text-before-354", f"sent before the reply to DATA: {self.shown(line)}", line.row
            )
            if self._header is not None:
                self._header.open = False  # perhaps it is not a message

    def _text(self, lines: bytes, row: int, *, piece: bool = False) -> None:
        """Check the header section in lines of a message. A `piece` of a line ends the check."""
        header = self._header
        if header is None:
            header = self._header = HeaderSection()
        if header.open:
            if piece:
                header.open = False  # a truncated line proves nothing
            else:
                self._header_faults(header.add(lines), row)

    def _header_faults(self, faults: list[HeaderFault], row: int) -> None:
        for fault in faults:
            if not (fault.field or fault.line or self.conversation.recipients):
                continue  # sent without a recipient (RFC 2920 section 3.1)
            seen = fault.seen(self.quoted(fault.text))
            self.diagnose(fault.rule, seen, row, fault.field)

    def _command(self, line: Line) -> None:
        summary = self.summary
        verb = verb_of(line.data)
        summary.commands += verb != END_OF_DATA
        summary.last = self.shown(line)[1:-1]
        self._explained = -1
        self._command_row = line.row
        self._before = self._known
        if verb in KNOWN_VERBS:
            self._known = verb
            self._quit = verb == "QUIT"
        if verb == END_OF_DATA:
            if self._header is not None and self.conversation.newest == line.row:
                self._header_faults(self._header.end(), line.row)
            self._header = None
        elif verb == "DATA":
            self._header = HeaderSection()
            self._codes.pop("DATA", None)
        elif verb == "MAIL":
            self._header = None
            self._codes.pop("RCPT", None)
        elif verb in GREETINGS:
            name = line.data[4:].strip()
            summary.name = self.quoted(name)[1:-1]
            if _NO_DOT.fullmatch(name):
                seen = f"a host name without a dot: {self.shown(line)}"
                self.diagnose("name-without-dot", seen, line.row)
        if not line.secret and (rule := written_by_program(line.data)):
            self._explained = line.row
            self.diagnose(rule, f"{WRITTEN[rule]}: {self.shown(line)}", line.row)
        elif verb in ("MAIL", "RCPT") and not line.data.isascii():
            conversation = self.conversation
            if conversation.has_extn("SMTPUTF8") and "SMTPUTF8" not in conversation.declared:
                seen = f"a non-ASCII address without SMTPUTF8: {self.shown(line)}"
                self.diagnose("utf8-undeclared", seen, line.row, verb)

    def _violation(self, event: Violation) -> None:
        rule, row = event.rule, event.row
        if rule == "reply-during-body" and self.summary.reply // 100 == 2:
            seen = "the server read a dot next to a bare LF as the end of the message"
            self.diagnose("dot-at-bare-lf", seen, row)
            self.summary.observed = False  # the server reads commands, the observer a message
            return
        told = row == self._explained or event.detail == "DATA"  # then, as it came
        if rule not in ADVICE or told or (self._adrift and rule in _FOLLOWS):
            return
        line = self._transcript.kept(row)
        verb = ""
        if line is not None:
            if not line.sent:
                return  # of the server's
            verb = verb_of(line.data) if line.kind is Kind.COMMAND else ""
            if line.secret and verb not in AUTH_VERBS:
                return  # an answer read as a command
        shown = "" if line is None else f": {self.shown(line)}"
        if rule in ("unknown-command", "out-of-order"):
            self._place(event, verb, shown)
            return
        often = f", in {event.count:,} lines" if event.count > 1 else ""
        advice = advice_for(rule, event.detail)
        more = f" ({event.detail})" if event.detail and "{detail}" not in WORDS[rule].advice else ""
        self.diagnose(rule, f"{RULES[rule].title}{often}{more}{shown}", row, verb, advice=advice)

    def _place(self, event: Violation, verb: str, shown: str) -> None:
        """Diagnose an unknown or misplaced command, which may in fact be message text."""
        row, empty = event.row, shown == _EMPTY
        if verb == END_OF_DATA and row == self._command_row:
            self._known = self._before  # it ended nothing
        if verb == END_OF_DATA or empty or event.rule == "unknown-command":
            known = self._known
            code = self._codes.get("DATA", 0)
            if known == END_OF_DATA and not empty:
                self._explained = row
                self.diagnose("text-after-end", f"a line after the end of a message{shown}", row)
            elif known == "DATA" and code >= 400:
                self._explained = row
                seen = f"a line of a message, although DATA was refused with {code}{shown}"
                self.diagnose("text-without-354", seen, row)
            elif self._adrift:
                pass  # a consequence of an earlier fault
            elif empty:
                self._explained = row
                self.diagnose("empty-command", "an empty line was sent", row)
            elif event.rule == "unknown-command":
                meant = nearest(verb)
                advice = f"Did you mean {meant}?" if meant else None
                self.diagnose(event.rule, f"unknown command{shown}", row, advice=advice)
            else:
                self._out_of_order(event, verb, shown)
        else:
            self._out_of_order(event, verb, shown)

    def _out_of_order(self, event: Violation, verb: str, shown: str) -> None:
        found = misplaced(verb, event.detail, self._codes)
        title = f"{verb} out of order" if verb in KNOWN_VERBS else "a command out of order"
        if shown != f': "{verb}"':
            title += shown
        of = _IGNORED if found.ignored else verb
        self.diagnose(event.rule, title, event.row, of, why=found.why, advice=found.advice)

    def _no_quit(self, at: float) -> None:
        conversation = self.conversation
        if conversation.in_doubt is not None or conversation.closing or self._quit:
            return
        if conversation.mode is Kind.BODY or conversation.mode is Kind.CHUNK:
            seen = "the connection was closed in the middle of a message, which is discarded"
        elif conversation.pending(CLIENT):
            line = self._cut(conversation.pending_masked(CLIENT))
            seen = f"the connection was closed after an incomplete line, which is lost: {line}"
        elif waits := conversation.waiting_for:
            if at - self._said_at > IMPATIENT:
                return  # it waited and gave up
            seen = f"the connection was closed before the reply to {named(waits)} arrived"
        else:
            seen = "the connection was closed without QUIT"
        self.diagnose("no-quit", seen)

    # Reports

    def diagnose(
        self,
        rule: str,
        seen: str,
        row: int | None = None,
        of: str = "",
        *,
        words: Words | None = None,
        why: str | None = None,
        advice: str | None = None,
    ) -> None:
        """Count a violation of `rule`, and report it the 1st, the 10th, the 100th … time.

        Each value of `of`, a verb or field, is counted separately, unless one diagnosis fits all.
        """
        key = (rule, of if of in _COUNTED and rule not in _ONCE else "")
        times = self._times[key] = self._times.get(key, 0) + 1
        if str(times).strip("0") != "1":
            return
        words = words or WORDS[rule]
        summary = self.summary
        self._adrift = self._adrift or rule in _ADRIFT
        found = Diagnosis(
            summary.number,
            summary.peer,
            len(self._transcript) - 1 if row is None else row,
            self._now(),
            rule,
            seen,
            words.why if why is None else why,
            words.rfc,
            advice_for(rule, "") if advice is None else advice,
            times,
        )
        summary.diagnoses.append(found)
        del summary.diagnoses[:-LISTED]
        self._report(found)

    def shown(self, line: Line) -> str:
        """Return a line from the client in quotation marks, masked, and truncated if it is long."""
        return self._cut(self._transcript.mask(line))

    def masked(self, line: str, *, sent: bool) -> str:
        """Return a line from the client (if `sent` is true) or the server, with secrets masked."""
        secrets = self._transcript.secrets
        return secrets.mask_line(line) if sent else secrets.mask_text(line)

    def quoted(self, data: bytes) -> str:
        """Return octets from the client in quotation marks, masked and truncated like `shown`."""
        return self._cut(self._transcript.secrets.mask(data))

    def _cut(self, data: bytes) -> str:
        data = data.rstrip(b"\r\n")
        return f'"{visible(beginning(data, SHOWN))}{"…" if len(data) > SHOWN else ""}"'


_IGNORED = "(refusal)"
_REMEMBERED = frozenset(("EHLO", "HELO", "MAIL", "RCPT", "DATA"))
_COUNTED = frozenset(
    (*_REMEMBERED, "AUTH", "STARTTLS", "QUIT", "RSET", END_OF_DATA, "From", "Date", _IGNORED)
)
_ONCE = frozenset(("pipelined", "bare-lf", "bare-cr"))  # the same for every verb
_ADRIFT = frozenset(("empty-command", "text-without-354", "text-after-end", "text-before-354"))
_FOLLOWS = frozenset(("pipelined", "pipelined-past"))
