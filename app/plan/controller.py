"""Stepping: leads a procedure one step at a time, or lets it run.

A plain object that knows no widget's inside. It owns the stepper, the breakpoints, and the task
that takes a step; whoever shows something of it is told by `changed`. Where it stands is told in
standing.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from ..connect.known_server import KnownServer, Make
from ..connect.manager import ConnectionManager
from ..connect.profile import OFFERED, REQUIRED
from .status import Plan, PlanStatus

if TYPE_CHECKING:  # the engine's procedures are not needed for the first frame
    from ...session.aio.session import Session
    from ...session.stepping.breakpoints import Breakpoint
    from ...session.stepping.stepper import Stepper
    from .edit import Edit

Tell = Callable[..., object]
# What needs somebody to be logged in again, where somebody was.
_BEHIND_LOGIN = ("sendmail", "send_message", "check", "verify", "expn")
# What is not to go out in clear where it would have gone out, or has gone out, inside TLS.
_AS_BEFORE = (*_BEHIND_LOGIN, "login", "auth")


class PlanController(PlanStatus):
    """Leads one procedure of the engine at a time."""

    def __init__(
        self,
        connecting: ConnectionManager,
        changed: Callable[[], object],
        tell: Tell,
        seen: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(connecting)
        self._changed = changed
        self._tell = tell
        self._seen = seen
        self._make: Make | None = None
        self._known = KnownServer()
        self._preparing = False  # whether the next session is made for the plan

    # Leading

    def begin(self, title: str, name: str, *arguments: Any, **keywords: Any) -> None:
        """Begin a procedure, at its first step; one that was under way is given up.

        Without a connection, connecting is the first step.
        """
        self.lead(Plan(title, name, arguments, keywords))

    def lead(self, plan: Plan, make: Make | None = None) -> None:
        """The same with a plan; `make` gives name and arguments of its procedure, for another
        session: it logs in.
        """
        if plan.connects:
            if self.busy or self._connecting.connecting is not None:
                self._tell("Something is under way: Ctrl+C gives it up, then again.", trouble=True)
                return
            session = None
        else:
            session = self._ready()
            if session is None and not self._unconnected:
                return
        inside = self._plan.inside if self._plan is not None and self._connecting.failed else None
        self._make, self._plan = make, plan._replace(edits={}, inside=inside)
        self._start(self._from_the_start() if session is None else self._begin(session, self._plan))

    @property
    def _unconnected(self) -> bool:
        """Whether there is no connection, and nobody is making one."""
        session = self._connecting.session
        connected = session is not None and session.connected
        return not connected and self._connecting.connecting is None and not self.busy

    def _ready(self) -> Session | None:
        """The session, if a procedure can begin in it now; else it is said why not.

        Nothing is said where there is no connection, and none is being made: `_unconnected`.
        """
        session = self._connecting.session
        if session is None or not session.connected:
            if not self._unconnected:
                self._tell("A connection is being made: Ctrl+C gives it up, then again.")
            return None
        verb = session.conversation.waiting_for
        if verb and not self.active:
            self._tell(f"The reply to {verb} has not come yet; then again.", trouble=True)
            return None
        from ...session.stepping.interleaving import held

        why = held(session)
        if why and not (self.next is not None and self.next.verb == "(auth)"):  # given up with *
            self._tell(f"First, {why}.", trouble=True)
            return None
        return session

    async def _begin(
        self, session: Session, plan: Plan, likely: Mapping[bool, Mapping[str, str]] = {}
    ) -> None:
        from ...session.stepping.stepper import Stepper

        if self._stepper is not None and not self._stepper.over:
            await self._stepper.abandon()
        self._foreseen, self._taken = [], 0
        self._stepper = stepper = Stepper(session, plan.name, *plan.arguments, **plan.keywords)
        stepper.edits, stepper.likely = plan.edits, likely
        await stepper.begin()

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
        """Take all steps up to a breakpoint, or to the end. Returns whether there was one."""
        stepper = self._stepper
        if self.busy or stepper is None or (stepper.next is None and not stepper.waiting):
            return self.busy
        self._running, self._paused = True, False
        self._start(self._take_all(stepper))
        return True

    def pause(self) -> bool:
        """Have a run end at its next step. Returns whether one was running, and not pausing."""
        if not self.running or self._paused or self._stepper is None:
            return False
        self._paused = True
        self._stepper.pause()
        self._changed()
        return True

    def skip(self) -> None:
        """Leave the next step out."""
        stepper = self._stepper
        if stepper is None or stepper.next is None or self.busy:
            self._tell("There is no step to skip.")
            return
        self._start(stepper.skip())

    def again(self, place: int | None = None) -> bool:
        """Go back to a step that was taken, by default the last that was refused.

        Returns whether there is one that may be meant.
        """
        place = self._place_again(place)
        if place is None or self._stepper is None:
            return False
        self._start(self._stepper.again(place))
        return True

    def _place_again(self, place: int | None) -> int | None:
        if self.busy:
            return None
        done = self.done
        if place is None or place >= len(done):
            taken = [n for n in range(len(done)) if not done[n].skipped]
            refused = [n for n in taken if done[n].refused]
            place = (refused or taken or [None])[-1]
        return place

    def edit(self, place: int | None = None) -> Edit | None:
        """What is to be edited in that row, by default the next step. Says why if nothing can."""
        from .edit import CannotEdit, edit_of

        stepper = self._stepper
        if stepper is None or self.busy:
            self._tell("There is no step to edit.")
            return None
        taken = len(stepper.done)
        place = taken if place is None else place
        if place < taken:
            why = stepper.why_not_again(place)
            planned = stepper.done[place].planned
            if why:
                self._tell(f"{planned.verb} cannot be sent again: {why}.", trouble=True)
                return None
        elif place - taken < len(self.foreseen):
            planned = self.foreseen[place - taken]
        else:
            self._tell("There is no step to edit.")
            return None
        if planned.secret and place > taken:
            self._tell("It holds a secret, and can be edited when it is the next step.")
            return None
        try:
            self.editing = edit_of(planned, place, again=place < taken)
        except CannotEdit as error:
            self._tell(str(error), trouble=True)
        return self.editing

    def edited(self, data: bytes) -> None:
        """These bytes go out in place of the step that is being edited."""
        edit, stepper = self.editing, self._stepper
        self.editing = None
        if edit is None or stepper is None or self.busy:
            return
        if edit.again:
            self._start(self._edit_again(stepper, edit.place, data))
            return
        stepper.edit_later(edit.place - len(stepper.done), data)
        self._look_ahead()
        self._changed()

    async def _edit_again(self, stepper: Stepper, place: int, data: bytes) -> None:
        verb = stepper.done[place].planned.verb
        await stepper.again(place)
        for number, planned in enumerate(stepper.foreseen()):
            if planned.verb == verb:  # behind the RSET that may come first
                stepper.edit_later(number, data)
                return

    def toggle_breakpoint(self, point: Breakpoint) -> bool:
        """Set it, or take it away where it is set. Returns whether it is set now."""
        if point in self.breakpoints:
            self.breakpoints.remove(point)
        else:
            self.breakpoints.append(point)
        self._changes += 1
        self._changed()
        return point in self.breakpoints

    # Beginning anew, giving up

    def restart(self) -> bool:
        """Begin the same procedure anew, edits and all.

        Without a connection, connecting is its first step. Returns whether there is one.
        """
        plan = self._plan
        if plan is None:
            return False
        if self.busy:
            self._tell("A step is under way: Ctrl+C gives it up, then again.", trouble=True)
            return True
        if plan.connects:
            self._start(self._from_the_start())
            return True
        session = self._ready()
        if session is not None or self._unconnected:
            self._start(self._from_the_start() if session is None else self._begin(session, plan))
        return True

    def repeat(self) -> bool:
        """Begin anew with connecting, and come by itself to where the plan is now.

        Returns whether there is one that ended in the handshake: no other is repeated unasked.
        """
        taken = [done.planned.verb for done in self.done]
        if self._plan is None or not self.lost or taken[-1:] != ["TLS"] or self.busy:
            return False
        self._start(self._repeat(taken))
        return True

    def give_up(self) -> bool:
        """Stop: the step under way is waited for no longer, the rest is not done."""
        if not self.active:
            return False
        if self._task is not None and not self._task.done():
            self._task.cancel()
        stepper, self._stepper = self._stepper, None
        self._foreseen, self._taken = [], 0
        if stepper is not None and stepper.session.connected:
            self._start(stepper.abandon())
        self._changed()
        return True

    async def _from_the_start(self) -> None:
        way, known = self._connecting.way, self._known
        before = self._connecting.session
        if before is not None:
            known.learn(way, before)
            if self._plan is not None and before.tls:
                self._plan = self._plan._replace(inside=way)
        self._preparing = True
        try:
            session = await self._connecting.prepare()
        finally:
            self._preparing = False
        plan = self._plan
        assert plan is not None and session.target is not None
        again = plan.inside == way and plan.name in _AS_BEFORE and not session.target.implicit
        secured = again or (way.policy in (OFFERED, REQUIRED) and plan.name != "starttls")
        likely = ({False: {"starttls": ""}} if secured else {}) | known.offered(way)
        keywords = {
            "secured": secured,
            "required": again or way.policy == REQUIRED,
            "before": known.login(way, session) if plan.name in _BEHIND_LOGIN else [],
            "leave": plan.leaves,
        }
        arguments = (session.target, plan.name, plan.arguments, plan.keywords)
        whole = plan._replace(name="from_the_start", arguments=arguments, keywords=keywords)
        await self._begin(session, whole, likely)

    async def _repeat(self, verbs: list[str]) -> None:
        from ...session.stepping.plan import CONNECT

        await self._from_the_start()
        stepper = self._stepper
        for verb in verbs if verbs[0] == CONNECT else (CONNECT, *verbs):
            if stepper is None or stepper.next is None or stepper.next.verb != verb:
                return  # the server has another mind now: it is for a person to go on
            await stepper.send()

    def session_began(self, session: Session) -> None:
        """The session is another one now: the plan can be begun again in it."""
        if self._task is not None and not self._preparing:
            self._task.cancel()
        self._stepper = self.editing = None
        self._foreseen, self._taken = [], 0
        if self._plan is not None and self._make is not None:
            name, arguments = self._make(session)
            self._plan = self._plan._replace(name=name, arguments=arguments)

    # Within

    def _start(self, work: Coroutine[Any, Any, object]) -> None:
        task = self._task = asyncio.get_running_loop().create_task(self._watched(work))
        task.add_done_callback(lambda _: self._changed())

    async def _watched(self, work: Coroutine[Any, Any, object]) -> None:
        from ...session.errors import ConnectionLost, ReplyTimedOut
        from ...session.stepping.stepper import CannotRepeat, CannotSkip

        try:
            await work
        except asyncio.CancelledError:
            return
        except ReplyTimedOut as error:
            self._tell(f"{error}. Enter waits on.", trouble=True)
        except (ConnectionLost, CannotSkip, CannotRepeat) as error:
            self._tell(f"{error}.", trouble=True)
        except (OSError, ValueError) as error:
            self._tell(f"{error}", trouble=True)
        finally:
            self._running = False
        self._look_ahead()
        stepper = self._stepper
        error = stepper.error if stepper is not None else None
        if stepper is not None and stepper.over and error is None and self._make is not None:
            self._known.logged_in(self._connecting.way, self._make)
        if error is not None and not self._seen():  # where the plan is seen, it says so itself
            self._tell(f"It ended here: {self.trouble}", title=self.title, trouble=True)

    def _look_ahead(self) -> None:
        self._changes += 1
        self._foreseen = self._stepper.foreseen() if self._stepper is not None else []
        self._taken = len(self.done)

    async def _take(self, stepper: Stepper) -> None:
        if stepper.waiting:
            await stepper.wait()
        else:
            await stepper.send()

    async def _take_all(self, stepper: Stepper) -> None:
        await stepper.run_to(among=self.breakpoints)
