"""The plan controller, which takes the steps of a procedure one by one, or runs to a breakpoint.

The controller knows the screen only as a `Ui`. It owns the stepper, the breakpoints, and the task
that takes a step; other objects read its `status`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from ..advice import ADVICE
from ..connect.known_server import KnownServer, Make
from ..connect.manager import ConnectionManager
from ..connect.profile import OFFERED, REQUIRED
from ..ui import Ui
from .not_yet import not_yet
from .status import Plan, PlanStatus, Progress

if TYPE_CHECKING:  # the engine's procedures are not needed for the first frame
    from ...session.aio.session import Session
    from ...session.stepping.breakpoints import Breakpoint
    from ...session.stepping.stepper import Stepper
    from .edit import Edit

_CONNECTING = f"A connection attempt is in progress. {ADVICE['busy']}"
# Procedures preceded by a new login, if there was one.
_BEHIND_LOGIN = ("sendmail", "send_message", "check", "verify", "expn")
# Procedures that are not repeated in clear if they were or would have been sent inside TLS.
_AS_BEFORE = (*_BEHIND_LOGIN, "login", "auth")


class PlanController:
    """Begins a plan, takes its steps, and edits and repeats them. There is one plan at a time.

    `changed` is called after each change to the plan.
    """

    def __init__(
        self,
        ui: Ui,
        connections: ConnectionManager,
        changed: Callable[[], object] = lambda: None,
    ) -> None:
        self._connections = connections
        self._progress = Progress()
        self.status = PlanStatus(connections, self._progress)
        self._ui = ui
        self._tell = ui.tell
        self._on_change = changed
        self._make: Make | None = None
        self.known = KnownServer()
        """Facts about the server, learned from an earlier connection."""
        self._preparing = False  # whether the next session is made for the plan
        self._opening: asyncio.Task[None] | None = None  # until the first step can be taken
        self._asked: Callable[[], bool] | None = None  # step or run, requested before that

    # Beginning a plan

    def begin(self, plan: Plan, make: Make | None = None) -> None:
        """Begin a plan at its first step, abandoning the current one.

        Without a connection, connecting is the first step. For a plan that logs in, `make` returns
        the procedure and its arguments for another session.
        """
        self._ui.panel.turn_to("plan")
        if plan.connects:
            if self._under_way():
                why = f"Something is in progress. {ADVICE['busy']}"
                self._tell(why, trouble=True, holds=self._under_way)
                return
            session = None
        else:
            session = self._ready()
            if session is None and (self._under_way() or not self._connections.cut_off()):
                return
        inside = (
            self._progress.plan.inside
            if self._progress.plan is not None and self._connections.failed
            else None
        )
        self._make, self._progress.plan = make, replace(plan, edits={}, inside=inside)
        self._begin(
            self._connect_first() if session is None else self._open(session, self._progress.plan)
        )

    def _under_way(self) -> bool:
        """Return whether a step or a connection attempt is in progress."""
        return self.status.busy or self._connections.attempt is not None

    def _unanswered(self) -> bool:
        """Return whether a reply is due."""
        session = self._connections.session
        return session is not None and session.connected and bool(session.conversation.waiting_for)

    def _ready(self) -> Session | None:
        """Return the session if a procedure can begin on it now, or None.

        If none can begin, tell the user why. Without a connection or a connection attempt, say
        nothing.
        """
        session = self._connections.session
        if session is None or not session.connected:
            if self._under_way():
                self._tell(_CONNECTING, holds=self._under_way)
            return None
        verb = session.conversation.waiting_for
        if verb and not self.status.active:
            why = f"The reply to {verb} has not arrived yet: try again when it has."
            self._tell(why, trouble=True, holds=self._unanswered)
            return None
        why = not_yet(session)
        if why and not (
            self.status.next is not None and self.status.next.verb == "(auth)"
        ):  # cancelled with *
            still = self._connections.present
            self._tell(why, trouble=True, holds=lambda: still(session) and not_yet(session) == why)
            return None
        return session

    async def _open(
        self, session: Session, plan: Plan, likely: Mapping[bool, Mapping[str, str]] = {}
    ) -> None:
        from ...session.stepping.stepper import Stepper

        if self._progress.stepper is not None and not self._progress.stepper.over:
            await self._progress.stepper.abandon()
        self._progress.ahead, self._progress.taken = [], 0
        self._progress.stepper = stepper = Stepper(
            session, plan.name, *plan.arguments, **plan.keywords
        )
        stepper.edits, stepper.likely = plan.edits, likely
        await stepper.begin()

    def step(self) -> bool:
        """Take the next step. Return False if there is none.

        A plan that is about to begin takes the step as soon as it has begun.
        """
        if self._is_opening:
            self._asked = self.step
        if self.status.busy:
            return True
        stepper = self._progress.stepper
        if stepper is None or (stepper.next is None and not stepper.waiting):
            return False
        self._start(self._take(stepper))
        return True

    def run(self) -> bool:
        """Take all steps up to a breakpoint or the end. Return False if there are none.

        A plan that is about to begin takes them as soon as it has begun.
        """
        if self._is_opening:
            self._asked = self.run
        stepper = self._progress.stepper
        if self.status.busy or stepper is None or (stepper.next is None and not stepper.waiting):
            return self.status.busy
        self._progress.running, self._progress.paused = True, False
        self._start(self._take_all(stepper))
        return True

    def pause(self) -> bool:
        """Pause a run before its next step. Return False if there is no run to pause."""
        if not self.status.running or self._progress.paused or self._progress.stepper is None:
            return False
        self._progress.paused = True
        self._progress.stepper.pause()
        self._notify()
        return True

    def skip(self) -> None:
        """Skip the next step, or tell the user that there is none."""
        stepper = self._progress.stepper
        if stepper is None or stepper.next is None or self.status.busy:
            self._tell("No step to skip.")
            return
        self._start(stepper.skip())

    def again(self, place: int | None = None) -> bool:
        """Go back to the step in row `place`, which has already been taken.

        By default, this is the last refused step or, if none was refused, the last step taken.
        Return False if there is no such step or if a step is in progress.
        """
        place = self._place_again(place)
        if place is None or self._progress.stepper is None:
            return False
        self._start(self._progress.stepper.again(place))
        return True

    def _place_again(self, place: int | None) -> int | None:
        if self.status.busy:
            return None
        done = self.status.done
        if place is None or place >= len(done):
            taken = [n for n in range(len(done)) if not done[n].skipped]
            refused = [n for n in taken if done[n].refused]
            place = (refused or taken or [None])[-1]
        return place

    def edit(self, place: int | None = None) -> Edit | None:
        """Start editing the step in row `place`; by default, the next step.

        If the step cannot be edited, tell the user why and return None.
        """
        from .edit import CannotEdit, edit_of

        stepper = self._progress.stepper
        if stepper is None or self.status.busy:
            self._tell("No step to edit.")
            return None
        taken = len(stepper.done)
        place = taken if place is None else place
        if place < taken:
            why = stepper.why_not_again(place)
            planned = stepper.done[place].planned
            if why:
                self._tell(f"{planned.verb} cannot be sent again: {why}.", trouble=True)
                return None
        elif place - taken < len(self.status.foreseen):
            planned = self.status.foreseen[place - taken]
        else:
            self._tell("No step to edit.")
            return None
        if planned.secret and place > taken:
            self._tell("This step contains a secret, so it can only be edited when it is next.")
            return None
        try:
            self._progress.editing = edit_of(planned, place, again=place < taken)
        except CannotEdit as error:
            self._tell(str(error), trouble=True)
        return self._progress.editing

    def edited(self, data: bytes) -> None:
        """Replace the bytes of the step that is being edited."""
        edit, stepper = self._progress.editing, self._progress.stepper
        self._progress.editing = None
        if edit is None or stepper is None or self.status.busy:
            return
        if edit.again:
            self._start(self._edit_again(stepper, edit.place, data))
            return
        stepper.edit_later(edit.place - len(stepper.done), data)
        self._look_ahead()
        self._notify()

    def end_edit(self) -> None:
        """Stop editing, leaving the step as it was."""
        self._progress.editing = None

    async def _edit_again(self, stepper: Stepper, place: int, data: bytes) -> None:
        verb = stepper.done[place].planned.verb
        await stepper.again(place)
        for number, planned in enumerate(stepper.foreseen()):
            if planned.verb == verb:  # after an RSET that may come first
                stepper.edit_later(number, data)
                return

    def toggle_breakpoint(self, point: Breakpoint) -> bool:
        """Set or remove a breakpoint. Return whether it is now set."""
        if point in self._progress.breakpoints:
            self._progress.breakpoints.remove(point)
        else:
            self._progress.breakpoints.append(point)
        self._progress.changes += 1
        self._notify()
        return point in self._progress.breakpoints

    # Restarting and abandoning

    def restart(self) -> bool:
        """Restart the plan, including its edits. Return False if there is no plan.

        Without a connection, connecting is the first step.
        """
        plan = self._progress.plan
        if plan is None:
            return False
        if self.status.busy:
            why = f"A step is in progress. {ADVICE['busy']}"
            self._tell(why, trouble=True, holds=self._under_way)
            return True
        if self.status.reconnects:
            if self._connections.attempt is not None and not plan.connects:
                self._tell(_CONNECTING, holds=self._under_way)
            else:
                self._begin(self._connect_first())
            return True
        session = self._ready()
        if session is not None:
            self._begin(self._open(session, plan))
        return True

    def repeat(self) -> bool:
        """Reconnect and repeat a plan that ended in the TLS handshake. Return whether it did."""
        taken = [done.planned.verb for done in self.status.done]
        if (
            self._progress.plan is None
            or not self.status.lost
            or taken[-1:] != ["TLS"]
            or self.status.busy
        ):
            return False
        self._start(self._repeat(taken))
        return True

    def give_up(self) -> bool:
        """Abandon the plan, and stop waiting for its step. Return False if no plan is active."""
        if not self.status.active:
            return False
        if self._progress.task is not None and not self._progress.task.done():
            self._progress.task.cancel()
        self._asked = None
        stepper, self._progress.stepper = self._progress.stepper, None
        self._progress.ahead, self._progress.taken = [], 0
        if stepper is not None and stepper.session.connected:
            self._start(stepper.abandon())
        self._notify()
        return True

    async def _connect_first(self) -> None:
        profile, known = self._connections.profile, self.known
        before = self._connections.session
        if before is not None:
            known.learn(profile, before)
            if self._progress.plan is not None and before.tls:
                self._progress.plan = replace(self._progress.plan, inside=profile)
        self._preparing = True
        try:
            session = await self._connections.prepare()
        finally:
            self._preparing = False
        plan = self._progress.plan
        assert plan is not None and session.target is not None
        again = plan.inside == profile and plan.name in _AS_BEFORE and not session.target.implicit
        secured = again or (profile.policy in (OFFERED, REQUIRED) and plan.name != "starttls")
        likely = ({False: {"starttls": ""}} if secured else {}) | known.offered(profile)
        keywords = {
            "secured": secured,
            "required": again or profile.policy == REQUIRED,
            "before": known.login(profile, session) if plan.name in _BEHIND_LOGIN else [],
            "leave": plan.leaves,
        }
        arguments = (session.target, plan.name, plan.arguments, plan.keywords)
        whole = replace(plan, name="from_the_start", arguments=arguments, keywords=keywords)
        if plan.name == "rerun":  # it connects by itself, and begins TLS at the same place
            whole = replace(plan, keywords={**plan.keywords, "target": session.target})
            likely = known.offered(profile)
        await self._open(session, whole, likely)

    async def _repeat(self, verbs: list[str]) -> None:
        from ...session.stepping.plan import CONNECT

        await self._connect_first()
        stepper = self._progress.stepper
        for verb in verbs if verbs[0] == CONNECT else (CONNECT, *verbs):
            if stepper is None or stepper.next is None or stepper.next.verb != verb:
                return  # the server behaves differently this time: the user has to continue
            await stepper.send()

    def session_began(self, session: Session) -> None:
        """Switch to a new session, on which the plan can be restarted."""
        if self._progress.task is not None and not self._preparing:
            self._progress.task.cancel()
        self._progress.stepper = self._progress.editing = None
        self._progress.ahead, self._progress.taken = [], 0
        if self._progress.plan is not None and self._make is not None:
            name, arguments = self._make(session)
            self._progress.plan = replace(self._progress.plan, name=name, arguments=arguments)

    # Internals

    def _notify(self) -> None:
        self._on_change()
        self._ui.refresh()

    @property
    def _is_opening(self) -> bool:
        return self._opening is not None and not self._opening.done()

    def _begin(self, work: Coroutine[Any, Any, object]) -> None:
        """Let `work` open the plan, and then take any steps requested in the meantime."""
        self._asked = None
        self._start(work)
        task = self._opening = self._progress.task
        assert task is not None
        task.add_done_callback(self._opened)

    def _opened(self, task: asyncio.Task[None]) -> None:
        asked, self._asked = self._asked, None
        if asked is not None and task is self._progress.task:
            asked()

    def _start(self, work: Coroutine[Any, Any, object]) -> None:
        task = self._progress.task = asyncio.get_running_loop().create_task(self._watched(work))
        task.add_done_callback(lambda _: self._ended(work))

    def _ended(self, work: Coroutine[Any, Any, object]) -> None:
        work.close()  # a task cancelled immediately has not begun
        self._notify()

    async def _watched(self, work: Coroutine[Any, Any, object]) -> None:
        from ...session.errors import CannotRepeat, CannotSkip, ConnectionLost, ReplyTimedOut

        try:
            await work
        except asyncio.CancelledError:
            return
        except ReplyTimedOut as error:
            self._tell(f"{error}. Enter waits again.", trouble=True, holds=self._unanswered)
        except (ConnectionLost, CannotSkip, CannotRepeat) as error:
            self._tell(f"{error}.", trouble=True)
        except (OSError, ValueError) as error:
            self._tell(f"{error}", trouble=True)
        finally:
            self._progress.running = False
        self._look_ahead()
        stepper = self._progress.stepper
        error = stepper.error if stepper is not None else None
        if stepper is not None and stepper.over and error is None and self._make is not None:
            self.known.logged_in(self._connections.profile, self._make)
        told = self.status.verdict
        if told and not self._ui.panel.shows("plan"):  # which reports it itself
            self._tell(
                told,
                title=self.status.title,
                trouble=error is not None,
                holds=lambda: self._progress.stepper is stepper,
            )

    def _look_ahead(self) -> None:
        self._progress.changes += 1
        self._progress.ahead = (
            self._progress.stepper.foreseen() if self._progress.stepper is not None else []
        )
        self._progress.taken = len(self.status.done)

    async def _take(self, stepper: Stepper) -> None:
        if stepper.waiting:
            await stepper.wait()
        else:
            await stepper.send()

    async def _take_all(self, stepper: Stepper) -> None:
        await stepper.run_to(among=self._progress.breakpoints)
