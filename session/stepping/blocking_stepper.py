"""`BlockingStepper`: runs a procedure on a blocking `SMTP`, one command at a time.

It uses `Stepper` with another driver. The coroutines of `Stepper` wait only for steps, and here
each step is complete when it returns, so they run to their end without an event loop.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Coroutine, Generator, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

import msgspec

from ..events import Event
from ..procedures.results import Checked, Counted, Greeted, Helped, Offered, R, Replied, Sent
from ..reply import Reply
from ..sync.performer import BlockingPerformer
from ..sync.smtp import SMTP
from .breakpoints import Breakpoint, Stop
from .plan import Done, Performs, Planned
from .stepper import Stepper

if TYPE_CHECKING:
    from ..aio.session import Session
    from ..aio.turns import Turns
    from ..procedures.envelope import Refused
    from ..procedures.probe import Offers
    from ..procedures.send_result import SendResult
    from ..procedures.steps import Manner

_T = TypeVar("_T")


class BlockingView:
    """An `SMTP` with the attribute names of `Session`, as a stepper requires."""

    def __init__(self, smtp: SMTP) -> None:
        self.smtp = smtp
        self.clock = time.monotonic

    @property
    def manner(self) -> Manner:
        """How procedures behave: as in smtplib, but with each line of AUTH as a separate step."""
        return msgspec.structs.replace(self.smtp.manner, by_methods=False)

    @property
    def connected(self) -> bool:
        """True while the `SMTP` has a socket."""
        return self.smtp.sock is not None

    def note(self, fact: Event) -> None:
        """Record a fact that the transmitted bytes do not show."""
        self.smtp.conversation.note(fact)

    async def docmd(self, command: str) -> tuple[int, bytes]:
        """Send a command, wait for its reply, and return it as (code, text)."""
        return self.smtp.docmd(command)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.smtp, name)  # all other names are the same in both


class _Alone:
    """The turn of a procedure on a connection where only one can run at a time."""

    held = True
    before = ""
    within = False

    def turn(self, name: str) -> _Alone:
        return self

    def step(self) -> contextlib.nullcontext[None]:
        return contextlib.nullcontext()

    def give_back(self, *, broken_off: bool = False) -> None:
        pass


class _OnSmtp(Stepper[R]):
    _driver = BlockingView

    def _turns_on(self, session: Session) -> Turns:
        return cast("Turns", _Alone())  # a blocking connection is used by one thread at a time

    @contextlib.contextmanager
    def _call(self) -> Generator[None]:
        """Wrap a call of the stepper; if it is interrupted, close the connection as `SMTP` does."""
        smtp = cast("BlockingView", self.session).smtp
        with super()._call():
            try:
                yield
            except BaseException as error:
                if not isinstance(error, Exception):
                    smtp._broken_off(error)  # pyright: ignore[reportPrivateUsage]: as for its own procedures
                raise

    def _performer_on(self, session: Session) -> Performs:
        return BlockingPerformer(session.smtp)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]: it is a BlockingView


class BlockingStepper(Generic[R]):
    """Steps through the procedure `name`, with its arguments, on `smtp`, a heloscope SMTP object.

    Call `begin()` first (`send` and `run_to` do so if necessary). Methods, attributes and errors
    are those of `Stepper`. Commands have smtplib's form. Overridden methods of `smtp` are not
    called, except `send` and `getreply`. The attributes of `smtp` are kept up to date, so that
    `smtp` can be used between the steps and afterwards. To step through a login, use
    `BlockingStepper(smtp, name, *arguments)` with the result of `SMTP.login_procedure`.
    """

    @overload
    def __init__(
        self: BlockingStepper[Reply], smtp: SMTP, name: Replied, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self: BlockingStepper[SendResult], smtp: SMTP, name: Sent, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self: BlockingStepper[Refused], smtp: SMTP, name: Checked, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self: BlockingStepper[Offers], smtp: SMTP, name: Offered, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self: BlockingStepper[int], smtp: SMTP, name: Counted, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self: BlockingStepper[bytes], smtp: SMTP, name: Helped, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self: BlockingStepper[None], smtp: SMTP, name: Greeted, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    @overload
    def __init__(
        self, smtp: SMTP, name: str, *arguments: Any,
        clock: Callable[[], float] | None = None, **keywords: Any,
    ) -> None: ...  # fmt: skip
    def __init__(
        self,
        smtp: SMTP,
        name: str,
        *arguments: Any,
        clock: Callable[[], float] | None = None,
        **keywords: Any,
    ) -> None:
        if not isinstance(cast(object, smtp), SMTP):
            raise TypeError(f"smtp must be a heloscope SMTP, not {type(smtp).__name__}")
        self.smtp = smtp
        # Of a Session, a stepper uses only what the view has.
        session = cast("Session", BlockingView(smtp))
        self._stepper: _OnSmtp[R] = _OnSmtp(session, name, *arguments, clock=clock, **keywords)

    def __repr__(self) -> str:
        return repr(self._stepper).replace(type(self._stepper).__name__, type(self).__name__, 1)

    @property
    def name(self) -> str:
        """The name of the procedure."""
        return self._stepper.name

    @property
    def next(self) -> Planned | None:
        """The next step, or None.

        This is None while `waiting` is true, and once the procedure is `over`.
        """
        return self._stepper.next

    @property
    def done(self) -> list[Done]:
        """The completed steps, each with its reply."""
        return self._stepper.done

    @property
    def over(self) -> bool:
        """True when no step is left."""
        return self._stepper.over

    @property
    def result(self) -> R | None:
        """The result of the procedure, as the method of that name returns it.

        None if the whole procedure was skipped. Accessing this property raises `error` if the
        procedure ended with an error, and RuntimeError if it was abandoned or is not over yet.
        """
        return self._stepper.result

    @property
    def error(self) -> BaseException | None:
        """The error that the procedure raised, or None."""
        return self._stepper.error

    @property
    def stop(self) -> Stop | None:
        """Why the last run stopped, or None if it did not stop at a breakpoint."""
        return self._stepper.stop

    @property
    def edits(self) -> dict[tuple[str, bytes], bytes]:
        """The edited bytes of steps, keyed by (verb, original bytes)."""
        return self._stepper.edits

    @property
    def likely(self) -> Mapping[bool, Mapping[str, str]]:
        """What the EHLO reply is likely to list; `foreseen` uses it while the reply is not known.

        The keys say whether TLS is active. Each value maps the keywords, in lower case, to their
        parameters.
        """
        return self._stepper.likely

    @likely.setter
    def likely(self, likely: Mapping[bool, Mapping[str, str]]) -> None:
        self._stepper.likely = likely

    @property
    def waiting(self) -> bool:
        """True while the next step depends on a reply that has not arrived.

        `wait` waits for that reply.
        """
        return self._stepper.waiting

    @property
    def cut(self) -> bool:
        """Whether more steps follow than the last forecast contained."""
        return self._stepper.cut

    def begin(self) -> None:
        """Advance to the first step, without sending anything."""
        _completed(self._stepper.begin())

    def foreseen(self) -> list[Planned]:
        """Return the remaining steps, the next one first, assuming that every reply is positive.

        A message counts as one step. The list is empty before `begin` and after the end.
        """
        return self._stepper.foreseen()

    def typed(self) -> str:
        """Return the verb of the last command sent since the last step if the plan no longer fits.

        Return "" if the plan still fits, and "closed" if the connection has been closed.
        """
        return self._stepper.typed()

    def sent(self, row: int) -> bool:
        """Return whether the command in this row of the transcript is one of the plan's steps."""
        return self._stepper.sent(row)

    def send(self) -> Reply | None:
        """Send the next step, and wait for its reply. Return the reply, or None if there is none.

        An error in the step is thrown into the procedure. If the error ends the procedure, `error`
        holds it. Raises ValueError if no step is left.
        """
        return _completed(self._stepper.send())

    def wait(self) -> Reply | None:
        """Wait for the reply to the last step if that reply is due, and advance to the next step.

        Return the reply, or None if no reply was due.
        """
        return _completed(self._stepper.wait())

    def edit(self, data: bytes) -> None:
        """Replace the bytes that the next step will send with `data`, which is sent unchanged.

        `data` must include the line ending and, for a message, the doubled dots and the final dot.
        Raises TypeError if `data` is not bytes, ValueError if there is nothing to edit.
        """
        self._stepper.edit(data)

    def edit_later(self, number: int, data: bytes) -> None:
        """Replace the bytes of a later step with `data`, which is sent unchanged.

        `number` is the position of the step in `foreseen()`. Raises TypeError and ValueError as
        `edit` does, and IndexError if there is no such step.
        """
        self._stepper.edit_later(number, data)

    def skip(self) -> None:
        """Skip the next step. Raises CannotSkip if that is impossible."""
        _completed(self._stepper.skip())

    def again(self, place: int) -> None:
        """Go back to the step `done[place]`; that step and the steps after it will be sent again.

        If the step is MAIL and a transaction is open, RSET comes first to abort the transaction.
        Raises CannotRepeat if the step cannot be repeated, IndexError if there is no such step.
        """
        _completed(self._stepper.again(place))

    def why_not_again(self, place: int) -> str:
        """Return why the step `done[place]` cannot be repeated, or "" if it can.

        Raises IndexError if there is no such step.
        """
        return self._stepper.why_not_again(place)

    def run_to(
        self, *breakpoints: Breakpoint, among: Iterable[Breakpoint] = ()
    ) -> Breakpoint | None:
        """Take steps until a breakpoint is met. Return that breakpoint, or None if none was met.

        At least one step is taken, even if a breakpoint applies to the current step. `among` holds
        further breakpoints. It is read again at each step, so it may change during the run. `stop`
        describes the breakpoint that was met. The run also ends at the end of the procedure, after
        `pause`, and if a command sent in between makes the plan invalid (see `typed`).
        """
        return _completed(self._stepper.run_to(*breakpoints, among=among))

    def pause(self) -> None:
        """Stop a run before the next step. Call this from a subscriber, because the run blocks."""
        self._stepper.pause()

    def abandon(self) -> None:
        """Abandon the procedure. During AUTH, send `*` to cancel it; otherwise send nothing."""
        _completed(self._stepper.abandon())


def _completed(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Return the result of a coroutine that never suspends. Raises RuntimeError if it does."""
    try:
        coroutine.send(None)
    except StopIteration as over:
        return over.value
    coroutine.close()
    raise RuntimeError("a blocking step must not wait for an event loop")
