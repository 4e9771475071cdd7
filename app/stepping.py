"""Stepping: the procedure that is being led one step at a time, and what the plan shows of it.

A plain object that knows no widget's inside. It owns the stepper and the task that takes a step;
whoever shows something of it is told by `changed`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..session.visible import visible
from ..widgets.plan_panel import DONE, NEXT, TO_COME, PlanRow
from .connecting import Connecting

if TYPE_CHECKING:  # the engine's procedures are not needed for the first frame
    from ..session.session import Session
    from ..session.stepper import Done, Planned, Stepper

_STYLES = {2: "$text-success", 3: "$text-accent", 4: "$text-warning", 5: "$text-error"}
Tell = Callable[..., object]


class Stepping:
    """Leads one procedure of the engine at a time."""

    def __init__(self, connecting: Connecting, changed: Callable[[], object], tell: Tell) -> None:
        self._connecting = connecting
        self._changed = changed
        self._tell = tell
        self._stepper: Stepper | None = None
        self._title = ""
        self._task: asyncio.Task[None] | None = None
        self._foreseen: list[Planned] = []

    # What there is

    @property
    def next(self) -> Planned | None:
        """The step that Enter takes; None while one is under way, and when there is none."""
        if self._stepper is None or self.busy:
            return None
        return self._stepper.next

    @property
    def busy(self) -> bool:
        """True while a step is under way."""
        return self._task is not None and not self._task.done()

    @property
    def active(self) -> bool:
        """True from the beginning of a procedure to its last step."""
        return self._stepper is not None and (self.busy or not self._stepper.over)

    @property
    def title(self) -> str:
        return self._title

    @property
    def foreseen(self) -> list[Planned]:
        """The steps to come if all goes well, the next one first."""
        return self._foreseen

    @property
    def arguments(self) -> tuple[Any, ...]:
        """Those of the procedure."""
        return self._stepper.arguments if self._stepper is not None else ()

    def rows(self) -> list[PlanRow]:
        """The steps, for the plan."""
        stepper = self._stepper
        if stepper is None:
            return []
        rows = [_done(done) for done in stepper.done]
        for number, planned in enumerate(self._foreseen):
            first = number == 0 and stepper.next is not None
            rows.append(PlanRow(NEXT if first else TO_COME, line_of(planned), words=planned.words))
        return rows

    def end(self) -> str:
        """How it came out; empty while it is not over."""
        stepper = self._stepper
        if stepper is None or self.active:
            return ""
        if stepper.error is not None:
            return f"It ended with an error: {_words(stepper.error)}"
        from .outcomes import outcome

        return outcome(stepper.name, stepper.result)

    # Leading

    def begin(self, title: str, name: str, *arguments: Any, **keywords: Any) -> None:
        """Begin a procedure, at its first step; one that was under way is given up."""
        session = self._connecting.session
        if session is None or not session.connected:
            self._tell("Not connected. Ctrl+O connects; F9 reconnects.", trouble=True)
            return
        if session.conversation.waiting_for and not self.active:
            verb = session.conversation.waiting_for
            self._tell(f"The reply to {verb} has not come yet; then again.", trouble=True)
            return
        self._title = title
        self._start(self._begin(session, name, arguments, keywords))

    async def _begin(
        self, session: Session, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]
    ) -> None:
        from ..session.stepper import Stepper

        if self._stepper is not None and not self._stepper.over:
            await self._stepper.abandon()
        self._stepper = Stepper(session, name, *arguments, **keywords)
        await self._stepper.begin()

    def step(self) -> bool:
        """Take the next step. Returns whether there was one."""
        if self.busy:
            return True
        stepper = self._stepper
        if stepper is None or (stepper.next is None and not stepper.waiting):
            return False
        self._start(self._take(stepper))
        return True

    def run(self) -> bool:
        """Take all steps to the end. Returns whether there was one."""
        stepper = self._stepper
        if self.busy or stepper is None or stepper.next is None:
            return self.busy
        self._start(self._take_all(stepper))
        return True

    def skip(self) -> None:
        """Leave the next step out."""
        stepper = self._stepper
        if stepper is None or stepper.next is None or self.busy:
            self._tell("There is no step to skip.")
            return
        self._start(self._skip(stepper))

    def give_up(self) -> bool:
        """Stop: the step under way is waited for no longer, the rest is not done."""
        if not self.active:
            return False
        if self._task is not None and not self._task.done():
            self._task.cancel()
        stepper, self._stepper = self._stepper, None
        self._foreseen = []
        if stepper is not None and stepper.session.connected:
            self._start(stepper.abandon())
        self._title = ""
        self._changed()
        return True

    def ended(self) -> None:
        """The session is another one now."""
        if self._task is not None:
            self._task.cancel()
        self._stepper = None
        self._title = ""
        self._foreseen = []

    # Within

    def _start(self, work: Any) -> None:
        task = self._task = asyncio.get_running_loop().create_task(self._watched(work))
        task.add_done_callback(lambda _: self._changed())

    async def _watched(self, work: Any) -> None:
        from ..session.errors import ConnectionLost, ReplyTimedOut
        from ..session.stepper import CannotSkip

        try:
            await work
        except asyncio.CancelledError:
            return
        except ReplyTimedOut as error:
            self._tell(f"{error}. Enter waits on.", trouble=True)
        except ConnectionLost as error:
            self._tell(f"{error}.", trouble=True)
        except CannotSkip as error:
            self._tell(f"{error}.", trouble=True)
        except (OSError, ValueError) as error:
            self._tell(f"{error}", trouble=True)
        self._foreseen = self._stepper.foreseen() if self._stepper is not None else []
        if self._stepper is not None and self._stepper.error is not None:
            self._tell(self.end_of(self._stepper.error), title=self._title, trouble=True)

    def end_of(self, error: BaseException) -> str:
        return f"It ended here: {_words(error)}"

    async def _take(self, stepper: Stepper) -> None:
        if stepper.waiting:
            await stepper.wait()
        else:
            await stepper.send()

    async def _take_all(self, stepper: Stepper) -> None:
        await stepper.run_to()

    async def _skip(self, stepper: Stepper) -> None:
        await stepper.skip()


def line_of(planned: Planned) -> str:
    """A step in one line: what goes out, secrets masked, else what is done."""
    if planned.verb == ".":
        return "the message, and the dot that ends it"
    if planned.shown:
        return visible(planned.shown.split(b"\r\n", 1)[0])
    return planned.words or planned.verb


def _done(done: Done) -> PlanRow:
    line = line_of(done.planned)
    if done.skipped:
        return PlanRow(DONE, line, "skipped", "dim")
    reply = done.reply
    if reply is None:
        return PlanRow(DONE, line, done.error[:60], "$text-error")
    said = f"{reply.code}{f' {reply.enhanced}' if reply.enhanced else ''}"
    return PlanRow(
        DONE, line, f"{said}  {done.seconds * 1000:,.0f} ms", _STYLES.get(reply.code // 100, "")
    )


def _words(error: BaseException) -> str:
    """What a procedure raised, for people."""
    code, text = getattr(error, "smtp_code", None), getattr(error, "smtp_error", None)
    if isinstance(code, int):
        said = visible(text) if isinstance(text, bytes) else str(text)
        return f"{code} {said}"
    recipients = getattr(error, "recipients", None)
    if isinstance(recipients, dict):
        return f"all {len(recipients)} recipients were refused."
    return str(error) or type(error).__name__
