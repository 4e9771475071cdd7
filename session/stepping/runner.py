"""`StepRunner`: performs the steps of one procedure, one at a time, on request.

The user's decisions (the next step, edits, where to stop) are handled in stepper.py.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Generator, Mapping
from typing import Any

from ..aio.driver import turns_of
from ..aio.session import Session
from ..aio.turns import OnlyOne, Turns
from ..driver.performer import Performer
from ..driver.reply_waiters import InFlight
from ..errors import ReplyTimedOut, mask_secrets
from ..events import TlsFailed
from ..procedures.execution import Execution
from ..procedures.steps import Ask, Call, Expect, Send, Skipped, Step
from ..protocol.states import TO_MESSAGE_END
from ..reply import Reply
from ..verbs import AUTH_RESPONSE, END_OF_DATA
from .foresight import Foresight
from .history import History
from .plan import TLS, Performs, Planned, planned

_RSET = Send(b"RSET\r\n", "RSET")
# The steps that a server waits for, in place of a command; "": the rest of one is to be sent.
_WITHIN = ("", END_OF_DATA, AUTH_RESPONSE, TLS)
# Errors of the calling program, such as in its authobject: they are raised, not only kept.
_MISTAKES = (TypeError, AttributeError, LookupError, AssertionError, NameError, NotImplementedError)


class StepRunner:
    """Runs one procedure on a session, and keeps track of the procedure's turn and current step."""

    def __init__(
        self,
        session: Session,
        name: str,
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        clock: Callable[[], float] | None,
    ) -> None:
        self.session = session
        self.next: Planned | None = None
        self.error: BaseException | None = None
        """The error that ended the procedure, or None."""
        self.over = False
        """True when no step is left."""
        self.edits: dict[tuple[str, bytes], bytes] = {}
        self.likely: Mapping[bool, Mapping[str, str]] = {}
        """What the EHLO reply is likely to list; `foreseen` uses it while the reply is not known.

        The keys say whether TLS is active. Each value maps the keywords, in lower case, to their
        parameters.
        """
        self._clock = clock or session.clock
        self._history = History(self._clock)
        self._turns = self._turns_on(session)
        self._turn = self._turns.turn(name)
        self._result: Any = None
        self._performer = self._performer_on(session)
        self._name, self._arguments, self._keywords = name, arguments, keywords
        self._run: Execution | None = None
        self._in_flight = InFlight()
        self._before: Send | None = None  # our own step, before those of the procedure
        self._left_open = False  # whether that step was skipped and must not come again
        self._reply_is_due = False  # whether its reply is due
        self._replaced = False  # whether the rest of the message must not be sent
        self._only_one = OnlyOne("a step of this procedure is already in progress; wait for it")
        self._rows: set[int] = set()  # of our own commands
        self._since = session.transcript.mark_count  # the beginning of our last step
        self._foresight = Foresight()

    def _turns_on(self, session: Session) -> Turns:
        return turns_of(session)

    def _performer_on(self, session: Session) -> Performs:
        return Performer(session.connection)

    @contextlib.contextmanager
    def _call(self) -> Generator[None]:
        """Wrap a call of the stepper, so that it runs alone and within the procedure's turn.

        Raises RuntimeError if another call is in progress.
        """
        with self._only_one, self._turn.step():
            try:
                yield
            except BaseException:
                self._foresight.forget()
                raise
            finally:
                self._turn.before = before = self.next.verb if self.next is not None else ""
                self._turn.within = before in _WITHIN

    # Beginning

    async def _begin(self) -> None:
        session = self.session
        try:
            self._run = Execution(
                lambda: session, self._name, self._arguments, self._keywords, keep=True
            )
        except Exception as error:
            self._ended(error)
            return
        await self._wait()
        self._make_room()

    async def _take_turn(self) -> None:
        """Take the turn and settle the session's state, before the first command is sent.

        Raises ConnectionLost if the previous procedure was aborted within a message.
        """
        if self._turn.held:
            return
        if not await self._turn.take():
            return
        try:
            await self._turns.recovery.settle(reset=False)
            self._turn.begin()
            if self._before is None:
                self._make_room()
        except BaseException:
            self._turn.give_back()
            raise

    def _make_room(self) -> None:
        """Insert RSET before MAIL if a transaction is open."""
        if self._left_open:
            return
        if self.next is not None and self.next.verb == "MAIL" and self._in_transaction:
            self._before = _RSET
            self.next = self._planned(_RSET)

    @property
    def _in_transaction(self) -> bool:
        return self.session.connected and self.session.conversation.state in TO_MESSAGE_END

    # A step

    async def _wait_on(self) -> Reply | None:
        try:
            return await self._wait()
        finally:
            self._foresight.forget()

    async def _wait(self) -> Reply | None:
        reply: Reply | None = None
        if self._reply_is_due:
            reply = await self._take(Expect(), own=True)
            self._reply_is_due = False
            if reply is not None:
                self._history.replied(reply, again=False)
        while self._run is not None and isinstance(self._run.step, Ask | Call | Expect):
            step = self._run.step
            if isinstance(step, Expect) and not step.again and self._run.owed:
                self._answer(self._run, self._run.owed.popleft())
                continue
            answer = await self._take(step)
            if isinstance(step, Expect) and isinstance(answer, Reply):
                self._history.replied(answer, again=step.again)
                reply = answer
            if self._history.last_verb == ".":
                await self._rest_of_message()
        step = self._run.step if self._run is not None else None
        if step is not None:
            self.next = self._planned(step)
        elif self._run is not None and not self.over:
            self.over = True
            self._result = self._run.result
            self._turn.give_back()
        return reply

    def _own(self) -> set[int]:
        """Return the rows of this procedure's commands, including those in flight."""
        in_flight = self._in_flight
        self._rows.update(row for row, _ in in_flight.waiting if row is not None)
        if in_flight.last is not None:
            self._rows.add(in_flight.last)
        return self._rows

    def sent(self, row: int) -> bool:
        """Return whether the command in this row of the transcript is one of the plan's steps."""
        return row in self._own()

    async def _rest_of_message(self) -> None:
        """Perform the remaining parts of a message, after its first part.

        All parts of a message belong to one step.
        """
        run = self._run
        while run is not None and self._run is run and isinstance(run.step, Send | Ask):
            if isinstance(run.step, Send) and run.step.verb != ".":
                return
            if self._replaced:  # all of it has been sent
                self._answer(run, b"" if isinstance(run.step, Ask) else None)
            else:
                await self._take(run.step)

    async def _take(self, step: Step, *, own: bool = False) -> Any:
        """Perform one step, and advance to the next.

        `own` is true for a step of the runner itself, after which the procedure does not advance.
        """
        run = self._run
        assert run is not None
        try:
            answer = await self._performer.perform(step, self._in_flight)
        except asyncio.CancelledError:
            if isinstance(step, Send) and not own:  # in flight, must not be sent again
                self._answer(run, None)
            raise
        except Exception as error:
            if isinstance(error, ReplyTimedOut) and isinstance(step, Expect):
                raise  # its reply is still awaited
            if self._run is run:
                self._throw(error)
            return None
        finally:
            if isinstance(step, Send):
                self._own()
        if not own:
            self._answer(run, answer)
        if isinstance(step, Send) and isinstance(answer, Reply):
            self._history.replied(answer, again=False)  # sent in the middle of a message
        return answer

    def _answer(self, run: Execution, answer: Any) -> None:
        if self._run is not run:
            return  # abandoned in the meantime
        try:
            run.answer(answer)
        except Exception as error:
            self._ended(error)
            if isinstance(error, _MISTAKES):
                raise

    def _throw(self, error: BaseException) -> None:
        assert self._run is not None
        try:
            self._run.throw(error)
        except Exception as raised:
            self._ended(raised)
            if isinstance(raised, _MISTAKES):
                raise

    def _ended(self, error: BaseException) -> None:
        self.next = None
        self.over = True
        self._reply_is_due = False
        self._performer.forget(self._in_flight)
        self._turn.give_back(broken_off=True)
        if isinstance(error, Skipped):
            return
        mask_secrets(error, self.session.transcript.secrets)
        self.error = error
        said = str(error)
        for event in self.session.transcript.marks_after(self._since):
            if isinstance(event, TlsFailed):  # OpenSSL's words are for programs
                said = event.detail or said
        self._history.failed(said)

    def _planned(self, step: Step, *, foreseen: bool = False) -> Planned:
        edited = self.edits.get((step.verb, step.data)) if isinstance(step, Send) else None
        return planned(step, self.session.conversation, edited, foreseen=foreseen)
