"""Judges the replies to each statement by the expectations that follow it.

A statement that gets several replies (in LMTP, or to several commands in `:raw`) is followed by an
`:expect` for each, in order; the last `:expect` applies to all remaining replies. If a statement
gets a single reply, every `:expect` that follows it applies to that reply.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sized
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from ...session.events import Event, ReplyReceived, Unasked, Violation
from ...session.plural import in_seconds
from ...session.script.expectation import MOST_MATCHED, Expectation, PatternTooSlow
from ...session.script.statements import Expect, Place
from ...session.verbs import GREETINGS
from ...session.visible import visible, visible_text
from ..exit_status import REFUSED
from .verdicts import Case, Failure, Verdicts

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.record.row_index import RowIndex
    from ...session.record.transcript import Transcript
    from ...session.stepping.breakpoints import Breakpoint

_KEYWORD = re.compile(r"[A-Z0-9][A-Z0-9-]+")
_IN_TLS = (
    "TLS is already in use, where no server offers STARTTLS: let the script send STARTTLS, and "
    "omit --tls."
)
_NO_STARTTLS = (
    "Either TLS is not set up there, or not for this client, or someone on the network path "
    "removes the keyword (RFC 3207 section 6). Try from another network."
)
REMEMBERED = 64  # commands whose name is cached
SHOWN = 300  # characters of a reply, or of a command, in a sentence


class Judge:
    """Judges the replies to the current statement by the expectations read so far.

    `failed` is called with a failure, and either raises or returns. If `strict` is true, a 4xx or
    5xx reply without an expectation is a failure.
    """

    def __init__(
        self, verdicts: Verdicts, *, strict: bool, failed: Callable[[Failure], object]
    ) -> None:
        self._verdicts = verdicts
        self._strict = strict
        self._failed = failed
        self._after: bytes | str = ""  # the command that the replies answer
        self._replies: list[ReplyReceived] = []
        self._stray: list[ReplyReceived] | None = None  # of a pause
        self._next = 0  # the reply for the next expectation
        self._expected: Expect | None = None  # the last expectation of these replies
        self._pending: Failure | None = None  # an order that failed, unless it was expected
        self._gone: Failure | None = None  # the connection, or TLS
        self._closed = False  # the peer has closed, which may be expected
        self._session: Session | None = None
        self.server = "the server"
        """The name by which the script or its command line connected to the server."""
        self._transcript: Transcript | None = None
        self._index: RowIndex | None = None  # of the transcript, once a reply was explained
        self._events: Sized = ()  # its events other than rows, counted for each line
        self._mark = 0  # number of its transcript's events, other than rows, that were examined
        self._clock: Callable[[], float] = time.monotonic
        self._since = 0.0
        # The expectation met last, with the codes: scripts mostly repeat the same one.
        self._met: tuple[Expectation, int, str | None] | None = None
        # Names of sent commands, valid until another secret is known.
        self._named: dict[bytes, str] = {}
        self._known = 0
        self._place = Place("", 0)  # of the statement whose replies are judged
        self.place = Place("", 0)
        """The place of the statement being run."""
        self.unsettled = False
        """Whether `settle` has anything to judge."""

    @property
    def session(self) -> Session:
        """The session whose replies are judged."""
        assert self._session is not None
        return self._session

    def follow(self, session: Session, server: str) -> None:
        """Judge the replies of this session with `server` from now on."""
        self._read()
        self.server = visible_text(server[:SHOWN]) or "the server"
        self._session, self._transcript = session, session.transcript
        self._events = self._transcript.marks.row_counts
        self._mark = len(self._events)
        self._clock = session.clock
        self._since = self._since or session.clock()

    # Events

    def begin(self, what: bytes | str) -> None:
        """Record that the next replies answer `what`, the line or the name of a statement."""
        self._after = what
        self._place = self.place
        self._mark = len(self._events)
        if self._replies:
            self._replies = []
        self._next = 0
        self._expected = None
        if self._strict:
            self.unsettled = True

    def _read(self) -> None:
        """Process the replies that have arrived since the last call."""
        if self._mark < len(self._events) and self._transcript is not None:
            news = self._transcript.marks_after(self._mark)
            self._mark += len(news)
            for event in news:
                if type(event) is ReplyReceived:
                    self.came(event)

    def answered(self, event: ReplyReceived) -> None:
        """Record the reply to a command, unless other events have arrived; then `_read` does."""
        if self._mark + 1 == len(self._events):
            self._mark += 1
            self._replies.append(event)

    def came(self, event: ReplyReceived) -> None:
        """Record a reply or the greeting. An unsolicited reply counts only during a pause."""
        if event.unasked is None or event.unasked is Unasked.GREETING:
            self._replies.append(event)
        elif self._stray is not None:
            self._stray.append(event)

    def pause(self) -> None:
        """Start a pause in which an unsolicited reply counts, such as a 421 before a shutdown."""
        self._read()
        self._stray = []

    def resume(self) -> None:
        """End the pause. Unsolicited replies that arrived during the pause are judged next."""
        self._read()
        stray, self._stray = self._stray, None
        if stray:
            self.begin("the pause")
            self._replies = stray

    def refused(self, failure: Failure) -> None:
        """Record that an order failed because of its reply.

        The failure is dropped if an `:expect` judges the reply.
        """
        self._pending = failure
        self.unsettled = True

    def ended(self, refused: Failure | None) -> None:
        """Record that a procedure has ended. The reply that decided its result is judged next.

        `refused` is the failure of the procedure, or None if it succeeded.
        """
        self._read()
        decisive = [reply for reply in self._replies if reply.verb not in ("RSET", "QUIT")]
        bad = [reply for reply in decisive if reply.code >= 400]
        if refused is not None and bad:
            self._replies = bad[-1:]
            self.refused(msgspec.structs.replace(refused, means=self._meaning(bad[-1])))
        elif refused is not None:
            self._gone = refused
            self.unsettled = True
        else:
            self._replies = decisive[-1:]

    def lost(self, failure: Failure, *, closed: bool) -> None:
        """Record that the connection ended, TLS failed, or a reply did not arrive in time.

        `closed` is true if the server ended the connection.
        """
        self._gone, self._closed = failure, closed
        self.unsettled = True

    @property
    def in_auth_refused(self) -> bool:
        """Whether the last line sent was refused, so that no answers are due."""
        self._read()
        return bool(self._replies) and self._replies[-1].code >= 400

    # Judging

    def settle(self) -> None:
        """Judge the remaining replies, since no further expectation follows."""
        self.unsettled = False
        self._read()
        gone, self._gone = self._gone, None
        pending, self._pending = self._pending, None
        if gone is not None:
            self._failed(gone)
        elif pending is not None:
            self._failed(pending)
        expected = self._expected
        if expected is not None:
            self._expected = None
            for reply in self._replies[self._next :]:
                failure = self._compared(expected, reply)
                if failure is not None:
                    self._verdicts.failed_later(failure)
                    self._failed(failure)
        elif self._strict:
            for reply in self._replies:
                if reply.code >= 400 or reply.code < 0:
                    self._failed(self._unexpected(reply))
        self._replies = []

    def check_injected(self) -> None:
        """Record a failure if cleartext arrived on this connection where TLS had to start."""
        from ...session.protocol.violations import broken

        rule = broken(self._transcript, "injected") if self._transcript is not None else None
        if rule is not None:
            text = f"{self.server} sent {rule.title}"
            self._failed(self._failure(self.place, text, f"{rule.why} ({rule.rfc})"))

    def expect(self, statement: Expect) -> None:
        """Judge the next reply by an expectation, and record the verdict."""
        if self._mark < len(self._events):
            self._read()
        failure: Failure | None = None
        replies, at = self._replies, self._next
        if not replies:
            failure = self._no_reply(statement)
        else:
            reply = replies[at] if at < len(replies) else replies[-1]
            self._next = at = at + 1
            met = self._met
            if (
                met is None
                or statement.wanted is not met[0]
                or reply.code != met[1]
                or reply.enhanced != met[2]
            ):
                failure = self._compared(statement, reply)
            self._expected = statement
            if at < len(replies):
                self.unsettled = True
        if failure is None or not failure.lost:
            self._pending = None  # that call has judged it
        self._verdicts.cases.append(self._case(statement, failure))
        if failure is not None:
            self._failed(failure)

    async def expect_closed(self, statement: Expect) -> None:
        """Wait for the server to close the connection, and record the verdict.

        The time limit is that for the reply to QUIT.
        """
        session = self.session
        failure: Failure | None = None
        seconds = session.timeouts.reply_to("QUIT")
        if session.connected:
            try:
                async with asyncio.timeout(seconds):
                    while session.connected:
                        await session.news()
            except TimeoutError:
                still = f"it is still open after {in_seconds(seconds)}"
                failure = self._failure(
                    statement.place, f"expected the connection closed, but {still}"
                )
        if failure is None and self._gone is not None and not self._closed:
            failure, self._gone = self._gone, None
        else:
            self._gone = None
        self._verdicts.cases.append(self._case(statement, failure))
        if failure is not None:
            self._failed(failure)

    def stopped_at(self, met: Breakpoint, event: Event, place: Place) -> Failure:
        """Return the failure of a run that stopped at a breakpoint on a reply or a violation."""
        if isinstance(event, ReplyReceived):
            text = f"stopped {met}: {self.server} replied {self._said(event)}{self._answering()}"
            return self._failure(place, text, self._meaning(event))
        what = event.rule if isinstance(event, Violation) else f"{met}"
        if isinstance(event, Violation):
            from ...session.protocol.violations import RULES

            what = RULES[event.rule].title
        return self._failure(place, f"stopped at a violation: {what}")

    # In words

    def _compared(self, statement: Expect, reply: ReplyReceived) -> Failure | None:
        wanted, code, enhanced = statement.wanted, reply.code, reply.enhanced
        text = partial(_text_of, self.session.transcript, reply)
        try:
            if wanted.met(code, enhanced, text):
                self._met = None if wanted.looks_at_text else (wanted, code, enhanced)
                return None
        except PatternTooSlow as error:
            shown = visible_text(wanted.text[:SHOWN])
            why = visible_text(str(error))
            return self._failure(statement.place, f"expected {shown}, but {why}")
        shown = visible_text(wanted.text[:SHOWN])
        words = f"expected {shown}, got {self._said(reply)} from {self.server}{self._answering()}"
        means = (
            self._not_offered(statement, reply)
            or self._relayed(statement, reply)
            or self._meaning(reply)
        )
        return self._failure(statement.place, words, means)

    def _relayed(self, statement: Expect, reply: ReplyReceived) -> str:
        """Explain why accepting this recipient makes the server an open relay, or return "".

        Applies to a recipient in another domain whose refusal was expected.
        """
        if reply.verb != "RCPT" or not statement.wanted.refuses:
            return ""
        from ...session.facts.open_relay import CHECK, MEANS
        from ...session.protocol.relaying import relayed_domain

        domain = relayed_domain(self._rows(), reply)
        return f"{MEANS[:1].lower()}{MEANS[1:]} {CHECK}".format(domain=domain) if domain else ""

    def _not_offered(self, statement: Expect, reply: ReplyReceived) -> str:
        """Explain why the EHLO reply lacks an extension that a pattern names, or return ""."""
        from ...session.facts.extensions import EXTENSIONS, is_overwritten

        features = self.session.esmtp_features
        if reply.code != 250 or reply.verb not in GREETINGS:
            return ""
        if any(is_overwritten(name.upper()) for name in features):
            return ""  # the explanation of the reply says so
        patterns = (
            word.word
            for words in statement.wanted.alternatives
            for word in words
            if word.pattern is not None
        )
        named = {name for each in patterns for name in _KEYWORD.findall(each)}
        missing = sorted(n for n in named if n in EXTENSIONS and n.lower() not in features)
        if not missing:
            return ""
        words = f"the server does not offer {' and '.join(missing)}."
        if missing == ["STARTTLS"]:
            return _IN_TLS if self.session.tls else f"{words} {_NO_STARTTLS}"
        return words

    def _unexpected(self, reply: ReplyReceived) -> Failure:
        words = f"{self.server} replied {self._said(reply)}{self._answering()}"
        return self._failure(self._place, f"{words}, but no :expect follows", self._meaning(reply))

    def _no_reply(self, statement: Expect) -> Failure:
        wanted = visible_text(statement.wanted.text[:SHOWN])
        gone, self._gone = self._gone, None
        if gone is not None:
            why = gone.text.removeprefix(f"{gone.place}: ").rstrip(".")
            got = f"got no reply from {self.server}{self._answering()}"
            text = f"{statement.place}: expected {wanted}, {got}: {why}."
            return Failure(statement.place, text, gone.status, lost=True)
        return self._failure(statement.place, f"expected {wanted}, but there is no reply to check")

    def _said(self, reply: ReplyReceived) -> str:
        transcript = self.session.transcript
        text = ""
        for row in range(reply.row, reply.last + 1):
            text += " / " * bool(text) + visible(transcript.mask(transcript[row]).rstrip(b"\r\n"))
            if len(text) > SHOWN:
                break
        return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"

    @property
    def after(self) -> str:
        """The name of the command that the replies answer, with secrets masked."""
        if isinstance(self._after, str) or self._session is None:
            return str(self._after)
        secrets = self.session.transcript.secrets
        if secrets.known != self._known:
            self._known = secrets.known
            self._named.clear()
        shown = self._named.get(self._after)
        if shown is None:
            first = self._after.split(b"\n", 1)[0].rstrip(b"\r")
            shown = visible(secrets.mask(first))
            shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
            if len(self._named) >= REMEMBERED:
                self._named.clear()
            self._named[self._after] = shown
        return shown

    def _answering(self) -> str:
        after = self.after
        return f" (after {after})" if after else ""

    def _meaning(self, reply: ReplyReceived) -> str:
        from ...session.facts.explain.reading import explain
        from ...session.protocol.situations import reply_text, situation_at

        index = self._rows()
        return explain(reply_text(index, reply), situation_at(index, reply)).text

    def _rows(self) -> RowIndex:
        from ...session.record.row_index import RowIndex

        index, transcript = self._index, self.session.transcript
        if index is None or index.transcript is not transcript:
            index = self._index = RowIndex(transcript)
        return index

    def _failure(self, place: Place, text: str, means: str = "") -> Failure:
        masked = self.session.transcript.secrets.mask(text.encode("utf-8", "surrogateescape"))
        shown = masked.decode("utf-8", "surrogateescape")
        return Failure(place, f"{place}: {shown}.", REFUSED, means)

    def _case(self, statement: Expect, failure: Failure | None) -> Case:
        now = self._clock()
        seconds, self._since = now - self._since, now
        return Case(statement.place, statement.wanted.text, self.after, seconds, failure)


def _text_of(transcript: Transcript, reply: ReplyReceived) -> bytes:
    """Return the lines of a reply, joined by LF, up to the limit for matching a pattern."""
    size, lines = 0, list[bytes]()
    for row in range(reply.row, reply.last + 1):
        lines.append(transcript[row].data.rstrip(b"\r\n"))
        size += len(lines[-1])
        if size > MOST_MATCHED:
            break
    return b"\n".join(lines)
