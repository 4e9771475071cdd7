"""`Stepper`: runs a procedure one command at a time, as a debugger runs a program.

It runs the same procedures as `Session`. A step can be inspected and edited before it is sent,
skipped where that makes sense, and repeated afterwards, and steps can be run up to a breakpoint.
Commands typed in between are separate, and receive their own replies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic, cast, overload

import msgspec

from ..aio.arguments import check_callback
from ..aio.session import Session
from ..driver.reply_waiters import InFlight
from ..errors import CannotRepeat, CannotSkip
from ..events import Note
from ..plural import plural
from ..procedures.arguments import check_call
from ..procedures.results import Checked, Counted, Greeted, Helped, Offered, R, Replied, Sent
from ..procedures.steps import Dial, Send, Skipped, StartTls, needed
from ..reply import Reply
from .breakpoints import Breakpoint, Stop
from .interleaving import CLOSED, fits, typed_between, why_not_again
from .plan import CONNECT, Done, Planned, planned
from .runner import StepRunner

if TYPE_CHECKING:
    from ..procedures.envelope import Refused
    from ..procedures.probe import Offers
    from ..procedures.send_result import SendResult

__all__ = ["CannotRepeat", "CannotSkip", "Done", "Planned", "Stepper"]


class Stepper(StepRunner, Generic[R]):
    """Steps through the procedure `name`, such as "sendmail", with its arguments, on `session`.

    The procedures are those of `Session.run`: each method that sends commands is one. To step
    through a login, use `Stepper(session, name, *arguments)` with the result of
    `Session.login_procedure`.

    `await begin()` advances to the first step. Then `next` is the next step; it is None while
    `waiting`, and once the procedure is `over`, when `result` or `error` has the outcome. `done`
    lists the completed steps, each with its reply once the procedure has asked for it. `stop` says
    why the last run stopped at a breakpoint.

    Only one command is sent at a time, even from a pipelined group (RFC 2920), so that the others
    can still be seen, changed and skipped. After a call that is cancelled or times out, nothing is
    sent again, and `wait` continues.

    From its first step to its end, the procedure has its turn among the session's procedures:
    others wait until it is `over` or `abandon` is called. A procedure that would wait forever,
    because the task that calls it also takes the steps, raises RuntimeError, as does a call during
    another call. A programming error (TypeError, LookupError and others) is raised by the call in
    which it occurs.

    Raises ValueError if there is no procedure `name`, TypeError for arguments that it does not
    accept.

    If a procedure begins with MAIL and a transaction is open, RSET comes first. `edits` maps (verb,
    original bytes) to the edited bytes, and applies to these steps whenever they are repeated.
    """

    _driver: type = Session

    @overload
    def __init__(
        self: Stepper[Reply], session: Session, name: Replied, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self: Stepper[SendResult], session: Session, name: Sent, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self: Stepper[Refused], session: Session, name: Checked, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self: Stepper[Offers], session: Session, name: Offered, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self: Stepper[int], session: Session, name: Counted, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self: Stepper[bytes], session: Session, name: Helped, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self: Stepper[None], session: Session, name: Greeted, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self, session: Session, name: str, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    def __init__(
        self,
        session: Session,
        name: str,
        *arguments: Any,
        clock: Callable[[], float] | None = None,
        **keywords: Any,
    ) -> None:
        if not isinstance(cast(object, session), self._driver):
            more = "; use a BlockingStepper for an SMTP" if hasattr(session, "getreply") else ""
            raise TypeError(f"session must be a Session, not {type(session).__name__}{more}")
        check_call(name, arguments, keywords)
        super().__init__(session, name, arguments, keywords, check_callback("clock", clock))
        self.stop: Stop | None = None
        """Why the last run stopped, or None if it did not stop at a breakpoint."""
        self.settled = 0
        """The length of `done` when `again` was last called."""
        self._pausing = False

    def __repr__(self) -> str:
        if self.error is not None:
            how = f"over, {type(self.error).__name__}"
        elif self.over:
            how = "abandoned" if self._run is None else "over"
        elif self.next is not None:
            how = f"{self.next.verb} comes next"
        else:
            how = "not begun" if self._run is None else "a reply is due"
        return f"<{type(self).__name__}: {self.name}, {how}>"

    @property
    def name(self) -> str:
        """The name of the procedure."""
        return self._name

    @property
    def done(self) -> list[Done]:
        """The completed steps, each with its reply once the procedure has asked for it."""
        return self._history.done

    @property
    def result(self) -> R | None:
        """The result of the procedure, as the method of `Session` returns it.

        None if the whole procedure was skipped. Accessing this property raises `error` if the
        procedure ended with an error, and RuntimeError if it was abandoned or is not over yet.
        """
        if self.error is not None:
            raise self.error
        if self._run is None or not self.over:
            if self.over:
                why = "it was abandoned"
            elif self.next is not None:
                lost = bool(self.done) and self.typed() == CLOSED
                closed = "the connection has closed, and " if lost else ""
                why = f"{closed}{self.next.verb} comes next"
            else:
                why = "it has not begun" if self._run is None else "a reply is due"
            raise RuntimeError(f"{self.name} has no result: {why}")
        return self._result

    @property
    def waiting(self) -> bool:
        """True while the next step depends on a reply that has not arrived.

        `wait` waits for that reply.
        """
        return not self.over and self._run is not None and self.next is None

    async def begin(self) -> None:
        """Advance to the first step, without sending anything.

        `send` and `run_to` do this if necessary. Raises RuntimeError if the procedure has already
        begun.
        """
        with self._call():
            if self._run is not None or self.over:
                raise RuntimeError(
                    f"{self.name} has already begun; create a new Stepper to start again"
                )
            await self._begin()

    def foreseen(self) -> list[Planned]:
        """Return the remaining steps, the next one first, assuming that every reply is positive.

        A message counts as one step. The list is empty before `begin` and after the end.
        """
        if self._run is None or self.over:
            return []
        steps = self._foresight.steps(self._run, self.likely)
        found = [self._planned(step, foreseen=number > 0) for number, step in enumerate(steps)]
        if self.next is not None and self._before is not None:
            found.insert(0, self.next)
        elif self.next is not None and found:
            found[0] = self.next  # whose edit may be one that is not kept
        return found

    @property
    def cut(self) -> bool:
        """Whether more steps follow than the last forecast contained."""
        return self._foresight.cut

    def typed(self) -> str:
        """Return the verb of the last command typed since the last step if the plan no longer fits.

        Return "" if the plan still fits, and "closed" if the connection has been closed.
        """
        if self.over or self._run is None or (self.next is not None and self.next.verb == CONNECT):
            return ""
        verbs = typed_between(self.session, self._since, self._own())
        if not verbs or verbs[-1] == CLOSED or self._history.open:
            return verbs[-1] if verbs else ""
        ahead = self.next is None or fits(self.session, self.next.verb)
        return "" if ahead else verbs[-1]

    # Stepping

    async def send(self) -> Reply | None:
        """Send the next step, and wait for its reply unless more can be sent first.

        Return the reply, or None. Raises ReplyTimedOut if the reply is late; the command is then in
        flight, and `wait` continues. Other errors in the step are thrown into the procedure; if an
        error ends the procedure, `error` holds it. Raises RuntimeError during another `send` or
        `run_to`, ValueError if no step is left.
        """
        with self._call():
            return await self._send()

    async def _send(self) -> Reply | None:
        if self._run is None and not self.over:
            await self._begin()
        if self.waiting:
            return await self._wait_on()
        if self.next is not None:
            await self._take_turn()
        run = self._run
        if run is None or self.next is None:
            raise ValueError("no step is left")
        coming = self.next
        own = self._before is not None
        step = self._before or run.step
        self._before = None
        if isinstance(step, Send):
            step = msgspec.structs.replace(step, data=coming.data, more=False)
            self._replaced = coming.edited and coming.verb == "."
        if coming.edited:
            self.session.note(Note(self._clock(), "edited", "the next line was edited"))
        assert step is not None
        self.next = self.stop = None
        self._since = self.session.transcript.mark_count
        known = run.known
        self._history.add(coming, None if own else len(run.kept))
        began = self._clock()
        if isinstance(step, Send | Dial):
            self._history.reply_is_due(began)
        self._reply_is_due = own
        await self._take(step, own=own)
        if isinstance(step, StartTls):
            self._history.took(self._clock() - began)
        if coming.verb == ".":
            await self._rest_of_message()
        reply = await self._wait()
        if not own:
            same = run.known is known and self._run is run
            self._foresight.took(coming.verb, reply, self._run, same=same)
        return reply

    async def wait(self) -> Reply | None:
        """Wait for the reply to the last step if that reply is due, and advance to the next step.

        Return the reply, or None if no reply was due. Raises ReplyTimedOut.
        """
        with self._call():
            return await self._wait_on()

    def edit(self, data: bytes) -> None:
        """Replace the bytes that the next step will send with `data`, which is sent unchanged.

        `data` must include the line ending and, for a message, the doubled dots and the final dot.
        Raises TypeError if `data` is not bytes, ValueError if there is nothing to edit.
        """
        _check_bytes(data)
        step = self._before or (self._run.step if self._run is not None else None)
        if self.next is None or not isinstance(step, Send):
            raise ValueError("the next step sends nothing that can be edited")
        if self.next.secret:
            self.next = planned(step, self.session.conversation, data)  # kept no longer
        else:
            self._keep_edit(step, data)
            self.next = self._planned(step)

    def edit_later(self, number: int, data: bytes) -> None:
        """Replace the bytes of a later step with `data`, which is sent unchanged.

        `number` is the position of the step in `foreseen()`. Raises TypeError and ValueError as
        `edit` does, and IndexError if there is no such step.
        """
        if number == 0:
            self.edit(data)
            return
        _check_bytes(data)
        _check_place(number, len(self.foreseen()), "foreseen")
        step = self._foresight.known[number - (self._before is not None)]
        if not isinstance(step, Send) or self._planned(step, foreseen=True).secret:
            raise ValueError("this step does not send anything that can be edited yet")
        self._keep_edit(step, data)

    def _keep_edit(self, step: Send, data: bytes) -> None:
        if data == step.data:
            self.edits.pop((step.verb, step.data), None)
        else:
            self.edits[step.verb, step.data] = data

    async def skip(self) -> None:
        """Skip the next step. Raises CannotSkip if that is impossible."""
        with self._call():
            await self._skip()

    async def _skip(self) -> None:
        if self.next is None:
            raise CannotSkip("no step can be skipped now")
        if not self.next.skipping:
            raise CannotSkip(f"{self.next.verb} cannot be skipped: {needed(self.next.verb)}")
        self._history.add(self.next, None, skipped=True)
        self.session.note(Note(self._clock(), "skipped", f"{self.next.verb} was skipped"))
        self.next = None
        if self._before is not None:
            self._before = None
            self._left_open = True
        else:
            self._foresight.forget()
            self._throw(Skipped())
        await self._wait()

    async def again(self, place: int) -> None:
        """Go back to the step `done[place]`; that step and the steps after it will be sent again.

        If the step is MAIL and a transaction is open, RSET comes first to abort the transaction.
        Raises CannotRepeat if the step cannot be repeated, IndexError if there is no such step.
        """
        with self._call():
            await self._again(place)

    async def _again(self, place: int) -> None:
        reason = self.why_not_again(place)
        if reason:
            raise CannotRepeat(f"{self.done[place].planned.verb} cannot be sent again: {reason}")
        back = self._history.places[place]
        assert back is not None and self._run is not None
        self._performer.forget(self._in_flight)
        self._in_flight = InFlight()
        self._run = self._run.back_to(back)
        self._history.back_to(back)
        self.settled = len(self.done)
        self._foresight.forget()
        self._before = self.next = self.stop = self._result = self.error = None
        self._reply_is_due = self._replaced = self.over = self._left_open = False
        await self._wait()
        self._make_room()

    def why_not_again(self, place: int) -> str:
        """Return why the step `done[place]` cannot be repeated, or "" if it can.

        Raises IndexError if there is no such step.
        """
        _check_place(place, len(self.done), "done")
        if self.session.connected and (self._history.unanswered or self.waiting):
            return "a reply is still due"
        if self._history.places[place] is None:
            return "it is no longer part of the plan"
        return why_not_again(self.session, self.done, place)

    async def run_to(
        self, *breakpoints: Breakpoint, among: Iterable[Breakpoint] = ()
    ) -> Breakpoint | None:
        """Take steps until a breakpoint is met. Return that breakpoint, or None if none was met.

        At least one step is taken, even if a breakpoint applies to the current step. `among` holds
        further breakpoints. It is read again at each step, so it may change during the run. `stop`
        describes the breakpoint that was met. The run also ends at the end of the procedure, after
        `pause`, if the connection has closed, and if a typed command makes the plan invalid (see
        `typed`). Raises RuntimeError as `send` does, TypeError for anything that is not a
        Breakpoint.
        """
        for each in breakpoints:
            if not isinstance(cast(object, each), Breakpoint):
                raise TypeError(
                    f"a breakpoint must be a Breakpoint, not {type(each).__name__}; "
                    "use parse_breakpoint() for a string"
                )
        with self._call():
            self._pausing = False
            while not self.over and not self._pausing:
                seen = self.session.transcript.mark_count
                await self._send()
                news = self.session.transcript.marks_after(seen)
                watched = [*breakpoints, *among]
                for found in watched:
                    event = found.met_by(news)
                    if event is not None:
                        self.stop = Stop(found, event)
                        return found
                if self.typed():
                    return None
                if self.next is not None:
                    for found in watched:
                        if found.before(self.next.verb, self.next.data):
                            self.stop = Stop(found)
                            return found
            return None

    def pause(self) -> None:
        """Stop a run before the next step."""
        self._pausing = True

    async def abandon(self) -> None:
        """Abandon the procedure. During AUTH, send `*` to cancel it; otherwise send nothing."""
        in_auth = self.next is not None and self.next.verb == "(auth)"
        self._run = self.next = self._before = None
        self.over = True
        self._performer.forget(self._in_flight)
        try:
            if in_auth:
                with self._turn.step():
                    await self.session.docmd("*")
        finally:
            self._turn.give_back(broken_off=True)


def _check_bytes(data: object) -> None:
    if not isinstance(data, bytes):
        raise TypeError(f"the data of a step must be bytes, not {type(data).__name__}")


def _check_place(place: int, count: int, of: str) -> None:
    if not 0 <= place < count:
        raise IndexError(f"no step {place}: {of} has {plural(count, 'only 1 step', '{} steps')}")
