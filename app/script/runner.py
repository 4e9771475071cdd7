"""Runs the statements of a script, one after another, and judges the results.

A line is sent as the composer would send it, and the runner waits for its reply. The script decides
whether the reply is right: an `:expect` judges it, and without one any reply is accepted. Other
failures end the run: no connection, no TLS, or an order that did not succeed (`:send`, `:login`).
An order's failure is ignored if an `:expect` after the order accepts the reply that caused it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from ...session.aio.session import Session
from ...session.errors import ConnectionLost, ReplyTimedOut
from ...session.events import Cause, Event, Kind, Note
from ...session.procedures.content import Content
from ...session.script.statements import (
    BeginMessage,
    Expect,
    FaultyLine,
    MessageContent,
    OrderStatement,
    Place,
    SecretAnswer,
    SendLine,
    SendRaw,
    Statement,
    TextAnswer,
    Wait,
)
from ...session.verbs import opens_auth, verb_of
from ..exit_status import BAD_INPUT, NO_LOGIN, NO_TLS, REFUSED
from .by_hand import AuthByHand, NotAnswered
from .connector import Connector, Ended, Manners, NoProfileLogin
from .judging import Judge
from .lines import Lines
from .messages import MessageUnreadable, delivery, message_content
from .orders import (
    Break,
    Connect,
    Disconnect,
    End,
    MessageFile,
    Procedure,
    Reconnect,
    SendFile,
    SetTimeouts,
)
from .program import LoginStatement, goes_on
from .refusals import recipients_refused, refused, said
from .stops import Stops
from .talk import Talk
from .verdicts import Failure, Verdicts

UNEXPECTED = "unexpected"
"""The kind of a Note in a recording that reports a failed expectation."""

_BY_SERVER = (Cause.CLOSED_BY_SERVER, Cause.RESET)


class Runner:
    """Runs statements on the connections of `connector`. `tell` is called with each failure."""

    def __init__(
        self,
        connector: Connector,
        verdicts: Verdicts,
        manners: Manners,
        tell: Callable[[Failure], object],
    ) -> None:
        self.session: Session | None = None
        self.verdicts = verdicts
        self._connector = connector
        self._manners = manners
        self._tell = tell
        self._judge = Judge(verdicts, strict=manners.strict, failed=self._failed)
        self._talk = Talk(self._judge, self._stop_before, self._lost)
        self._where: Connect | None = None
        self._timeouts: Any = None
        self._stops = Stops()
        self._watched: Session | None = None  # its events are checked for breakpoints
        self._auth: AuthByHand | None = None
        self.place = Place("-", 0)
        """The place of the statement being run."""
        self._lines = Lines(
            send=self._send_line,
            expect=self._expect,
            answered=self._judge.answered,
            finish=self._talk.finish,
            lost=self._lost,
            taken=self._taken,
        )
        self._do: dict[type, Callable[[Any], Awaitable[None]]] = {
            SendRaw: self._send_raw,
            MessageContent: self._message,
            Expect: self._expect_closed,
            Wait: self._wait,
            TextAnswer: self._answer,
            SecretAnswer: self._answer,
            LoginStatement: self._login,
            OrderStatement: self._order,
        }
        self._orders: dict[type, Callable[[Any], Awaitable[None]]] = {
            Connect: self._connect, Disconnect: self._disconnect, Reconnect: self._reconnect,
            SetTimeouts: self._set_timeouts, Break: self._break, Procedure: self._procedure,
            SendFile: self._send_file, MessageFile: self._message_file, End: self._end,
        }  # fmt: skip

    # A run

    async def run(self, statements: Iterable[Statement]) -> None:
        """Carry out statements one after another. Raises Ended."""
        left = iter(statements)
        while (statement := await self._lines.run(left)) is not None:
            self._begin(statement)
            if isinstance(statement, FaultyLine):
                raise Ended(Failure(statement.place, str(statement), BAD_INPUT))
            await self._do[type(statement)](statement)
            self._taken()

    def _begin(self, statement: Statement) -> None:
        """Record which statement is run next, and judge the replies to the previous one."""
        judge = self._judge
        self.place = statement.place
        if judge.unsettled and goes_on(statement):
            judge.settle()
        judge.place = statement.place

    def _taken(self) -> None:
        """Raise Ended if the statement just carried out has met a breakpoint."""
        if self._stops.all and self._stops.met:
            self._break_met()

    async def _order(self, statement: OrderStatement) -> None:
        await self._orders[type(statement.action)](statement.action)

    def finish(self) -> None:
        """Judge the remaining replies at the end of the script. Raises Ended."""
        self._check_answers()
        self._judge.settle()
        self._judge.check_injected()

    @property
    def said_quit(self) -> bool:
        """Whether QUIT was the last line sent."""
        return self._judge.after.upper().startswith("QUIT")

    async def connect(self, where: Connect, place: Place) -> None:
        """Connect on behalf of the line at `place`, before any statement is run. Raises Ended."""
        self.place = place
        await self._connect(where)

    # Connections

    async def _connect(self, where: Connect) -> None:
        self._judge.check_injected()
        self._where = where
        self._auth = None
        self._judge.begin("connecting")
        try:
            greeting = await self._connector.connect(where.where, where.scenario, self._began)
        except (SMTPException, OSError, ValueError) as error:
            status, text = self._connector.judged(error)
            if status == BAD_INPUT:  # no connection was tried, so there is nothing to expect
                raise Ended(self._failure(text.rstrip("."), status)) from None
            return self._lost(error)
        self._judge.begin("connecting")  # not the replies to TLS and login since then
        self._judge.came(greeting.event)
        if greeting.code != 220:
            server = self._judge.server
            self._judge.refused(self._failure(f"{server} refused service: {said(greeting)}"))

    def _began(self, session: Session) -> None:
        if self._timeouts is not None:
            session.timeouts = self._timeouts
        self.session = session
        self._judge.follow(session, self._where.where if self._where is not None else "")
        self._watched = None
        self._watch()

    async def _disconnect(self, _: Disconnect) -> None:
        if self.session is not None:
            await self.session.close()

    async def _reconnect(self, _: Reconnect) -> None:
        if self._where is None:
            raise Ended(self._failure("no server to reconnect to yet", BAD_INPUT))
        await self._connect(self._where)

    async def _set_timeouts(self, order: SetTimeouts) -> None:
        self._timeouts = order.timeouts
        if self.session is not None:
            self.session.timeouts = order.timeouts

    @property
    def _live(self) -> Session:
        """The session. Raises Ended if there is none."""
        if self.session is None:
            raise Ended(self._failure("no connection: use :connect first", BAD_INPUT))
        return self.session

    # Incoming events

    def _watch(self) -> None:
        """Watch incoming events for breakpoints, if any are set."""
        session = self.session
        if self._stops.all and session is not None and self._watched is not session:
            self._watched = session
            session.transcript.collect(self._on_event)

    def _on_event(self, events: list[Event]) -> None:
        for event in events:
            self._stops.heard(event)

    # Lines

    def _send_line(self, statement: SendLine | BeginMessage) -> tuple[Session, int] | None:
        """Send a line. Return its session and the row to be answered, or None if there is none."""
        self._begin(statement)
        session, data = self._live, statement.data
        if self._auth is not None:
            self._check_answers()
        conversation = session.conversation
        mode = conversation.mode
        if mode is Kind.AUTH and data != b"*":
            raise Ended(
                self._failure(
                    "the server is waiting for an answer to AUTH (334): use :answer TEXT or "
                    ":secret NAME, or :raw to send any line"
                )
            )
        if mode is Kind.COMMAND and opens_auth(data):
            self._auth = self._by_hand(session)
            if self._auth.begin(data.decode("utf-8", "surrogateescape")):
                self._judge.begin("AUTH")
                return None
        if self._stops.all:
            self._stop_before(data)
        self._judge.begin(data)
        try:
            session.send_line(data)
        except (SMTPException, OSError, ValueError) as error:
            self._lost(error)
            return None
        row = conversation.newest
        return None if row is None else (session, row)

    async def _send_raw(self, statement: SendRaw) -> None:
        await self._talk.raw(self._live, statement.data)

    def _lost(self, error: Exception) -> None:
        """Record that a reply did not arrive or TLS failed, so that this can be judged later."""
        status, text = self._connector.judged(error)
        closed = isinstance(error, ConnectionLost) and error.cause in _BY_SERVER
        self._judge.lost(self._failure(text.rstrip("."), status, lost=True), closed=closed)

    # Messages

    async def _message(self, statement: MessageContent) -> None:
        session = self._live
        if session.connected and session.conversation.mode is Kind.BODY:
            await self._talk.message(session, statement.content)

    async def _message_file(self, order: MessageFile) -> None:
        try:
            content = message_content(order)
        except MessageUnreadable as error:
            raise Ended(self._failure(str(error), BAD_INPUT)) from None
        session = self._live
        await self._lines.run(iter((SendLine(self.place, b"DATA"),)))
        if session.connected and session.conversation.mode is Kind.BODY:
            await self._talk.message(session, content)

    # AUTH

    def _by_hand(self, session: Session) -> AuthByHand:
        manners = self._manners
        return AuthByHand(session, in_clear=manners.in_clear, trusting=manners.trusting)

    async def _answer(self, statement: TextAnswer | SecretAnswer) -> None:
        session = self._live
        if self._auth is None:
            self._auth = self._by_hand(session)
        try:
            if isinstance(statement, SecretAnswer):
                line = self._auth.secret(statement.name, statement.secret)
            else:
                line = self._auth.answer(statement.text)
        except NotAnswered as error:
            if not self._judge.in_auth_refused:
                raise Ended(self._failure(f"not sent: {error}", NO_LOGIN, lost=True)) from None
            session.note(Note(session.clock(), "skipped", f"an answer to AUTH: {error}"))
            return
        if line is not None:
            self._auth.sent()
            kept = "AUTH" if opens_auth(line) else "an answer to AUTH"
            await self._talk.answer(session, line, kept)

    def _check_answers(self) -> None:
        """Raise Ended if an answer to AUTH is incomplete and therefore was not sent."""
        if self._auth is not None and self._auth.unfinished:
            self._auth.drop()
            raise Ended(self._failure("AUTH was not sent: :secret NAME must come first", NO_LOGIN))

    # Procedures

    async def _login(self, statement: LoginStatement) -> None:
        session = self._live
        user, secret, mechanism = statement.user, statement.secret, statement.mechanism
        if statement.of_profile:
            try:
                profile = self._connector.profile_login()
            except NoProfileLogin as error:
                raise Ended(self._failure(str(error).rstrip("."), BAD_INPUT)) from None
            user, secret, mechanism = profile.user, profile.secret, profile.mechanisms
        name, arguments = session.login_procedure(
            user, secret, mechanism=mechanism, in_clear=self._manners.in_clear
        )
        await self._run(session, name, arguments, "the login", NO_LOGIN)

    async def _procedure(self, order: Procedure) -> None:
        status = NO_TLS if order.name == "starttls" else 0
        await self._run(self._live, order.name, order.arguments, f":{order.name}", status)

    async def _send_file(self, order: SendFile) -> None:
        try:
            sender, recipients, message = delivery(order)
        except MessageUnreadable as error:
            raise Ended(self._failure(str(error), BAD_INPUT)) from None
        content = Content(message, as_is=order.as_is)
        await self._run(self._live, "sendmail", (sender, recipients, content), "the message")

    async def _run(
        self, session: Session, name: str, arguments: tuple[Any, ...], what: str, status: int = 0
    ) -> None:
        """Run a procedure. A failure's exit status is `status` or, if that is 0, the error's."""
        self._judge.begin(what)
        try:
            if self._stops.all:
                result = await self._stepped(session, name, arguments)
            else:
                result = await session.run(name, *arguments)
        except (ConnectionLost, ReplyTimedOut) as error:
            self._lost(error)
        except (SMTPException, ValueError) as error:  # the former is an OSError, too
            found, text = self._connector.judged(error)
            if isinstance(error, SMTPRecipientsRefused):
                text = recipients_refused(error.recipients, len(error.recipients))
            failure = self._failure(f"{what}: {text.rstrip('.')}", status or found)
            self._judge.ended(refused=failure)
        except OSError as error:
            self._lost(error)
        else:
            why = refused(name, result)
            failure = self._failure(f"{what}: {why}") if why else None
            self._judge.ended(refused=failure)

    async def _stepped(self, session: Session, name: str, arguments: tuple[Any, ...]) -> Any:
        """Run a procedure step by step, and return its result. Raises Ended at a breakpoint."""
        from ...session.stepping.stepper import Stepper

        stepper = Stepper(session, name, *arguments)
        try:
            await stepper.begin()
            if stepper.next is not None:
                self._stop_before(stepper.next.data, verb=stepper.next.verb)
            if await stepper.run_to(*self._stops.all) is not None:
                stop = stepper.stop
                assert stop is not None
                self._stops.meet(stop.breakpoint, stop.event or Note(session.clock(), "", ""))
                self._break_met()
            if not stepper.over:
                raise ConnectionLost(Cause.CLOSED_BY_SERVER, "the connection has closed")
        finally:
            if not stepper.over:
                await stepper.abandon()
        return stepper.result

    # Breakpoints, pauses, the end

    async def _break(self, order: Break) -> None:
        self._stops.set(order.breakpoint)
        self._watch()

    def _stop_before(self, data: bytes = b"", *, verb: str = "") -> None:
        """Raise Ended, without a failure, if there is a breakpoint before this command."""
        if not self._stops.all:
            return
        if (met := self._stops.before(verb or verb_of(data), data)) is not None:
            self._say_stopped(f"stopped {met}")
            raise Ended()

    def _break_met(self) -> None:
        """Raise Ended for the breakpoint met, with a failure if it is on a reply or a violation."""
        met, event = self._stops.take()
        if met.kind in ("before", "recipient", "tls"):
            self._say_stopped(f"stopped at the breakpoint {met}")
            raise Ended()
        raise Ended(self._judge.stopped_at(met, event, self.place))

    def _say_stopped(self, words: str) -> None:
        if self.session is not None:
            note = Note(self.session.clock(), "stopped", f"{self.place}: {words}")
            self.session.note(note)

    async def _wait(self, statement: Wait) -> None:
        self._judge.pause()
        await asyncio.sleep(statement.seconds)
        self._judge.resume()

    async def _end(self, _: End) -> None:
        self._judge.check_injected()
        raise Ended()

    # Judging

    def _expect(self, statement: Expect) -> None:
        self.place = self._judge.place = statement.place  # nothing is settled by an expectation
        if self.session is None:
            self._live  # noqa: B018  raises
        if self._auth is not None:
            self._check_answers()
        self._judge.expect(statement)

    async def _expect_closed(self, statement: Expect) -> None:
        self._live  # noqa: B018  there has to be a session
        self._check_answers()
        await self._judge.expect_closed(statement)

    def _failed(self, failure: Failure) -> None:
        """Report a failure and let the run continue. Raises Ended if it cannot continue."""
        if failure.lost or not self._manners.keep_going:
            raise Ended(failure)
        self.verdicts.failures.append(failure)
        self.tell(failure)

    def tell(self, failure: Failure) -> None:
        """Report a failure, and add it to the recording."""
        if self.session is not None:
            self.session.note(Note(self.session.clock(), UNEXPECTED, failure.text))
        self._tell(failure)

    def _failure(self, text: str, status: int = REFUSED, *, lost: bool = False) -> Failure:
        return Failure(self.place, f"{self.place}: {text}.", status, lost=lost)
