"""`Turns`: makes the procedures on one session run one after another, in the order of the calls."""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from collections import deque
from collections.abc import Callable, Generator
from typing import Self

from ..driver.recovery import RESETTING, Recovery
from ..protocol.states import State
from .connection import Connection
from .socket_protocol import ELSEWHERE

Task = asyncio.Task[object]


class Turns:
    """The order in which the procedures of one session run, including those of a `Stepper`.

    A single command does not need a turn, and may be sent between the steps of a procedure. A
    procedure that runs inside another one, such as in an AUTH callback that calls `Session.run`,
    shares the turn of the outer procedure.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.recovery = Recovery(connection)
        """The recovery after the last aborted procedure."""
        self._holder: weakref.ref[Turn] | None = None
        self.quiet = True
        """Whether commands need not wait, because no procedure is in progress or needs recovery.

        This is an attribute because it is read for every command.
        """
        self._waiting: deque[tuple[Turn, asyncio.Future[None]]] = deque()

    def turn(self, name: str) -> Turn:
        """Create a turn for the procedure `name`, without taking it yet."""
        return Turn(self, name)

    @property
    def holder(self) -> Turn | None:
        """The turn of the procedure in progress, or None."""
        return self._holder() if self._holder is not None else None

    @property
    def busy_elsewhere(self) -> bool:
        """Whether a task other than the current one is performing a step of a procedure."""
        holder = self.holder
        if holder is None or holder.task is None:
            return False
        return holder.task is not asyncio.current_task()

    @property
    def guarded(self) -> bool:
        """Whether commands may have to wait for a procedure in progress or for a recovery."""
        return self._holder is not None or self.recovery.needed

    async def until_commands_are_read(self) -> None:
        """Wait until the server would read a single command as a command.

        The call waits while another task's procedure is in a message, in AUTH or in STARTTLS, even
        if a Stepper has stopped there. If a procedure was aborted there, the connection is cleaned
        up as before the next procedure, but the transaction is kept. Raises RuntimeError if the
        wait would never end.
        """
        task = _current()
        while not self.recovery.reads_commands and self.connection.connected:
            holder = self.holder
            if holder is not None and holder.task is not task and holder.excludes_others:
                holder.check_end(task)
                if holder.held:
                    del holder  # else a waiting task would keep the turn alive
                    await self.connection.news()
            elif holder is None and self.recovery.needed:
                turn = self.turn("")
                if await turn.take():
                    try:
                        await self.recovery.settle(reset=False)
                    finally:
                        turn.give_back()
            else:
                return  # the caller's own procedure, or lines that the user typed

    async def queue(self, turn: Turn) -> None:
        """Wait until it is the turn of `turn`. Turns are served in the order of the calls.

        The wait can be cancelled.
        """
        if self.holder is None and not self._waiting:
            self._give_to(turn)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (turn, future)
        self._waiting.append(entry)
        try:
            await future
        except BaseException:
            if self.holder is turn:  # cancelled at this very moment
                self.next()
            elif entry in self._waiting:  # else `next` has already skipped it
                self._waiting.remove(entry)
            raise

    def next(self) -> None:
        """Give the turn to the next waiting procedure."""
        self._holder = None
        self.connection.tell()  # a command may wait for the procedure that has ended
        while self._waiting:
            turn, future = self._waiting.popleft()
            if not future.done() and not future.get_loop().is_closed():
                self._give_to(turn)
                future.set_result(None)
                return
        self.quiet = self.recovery.nothing_left

    def _give_to(self, turn: Turn) -> None:
        self._holder = weakref.ref(turn)
        self.quiet = False


class Turn:
    """The turn of one procedure, taken before its first command and given back at its end.

    If the turn is garbage-collected together with its Stepper, it is also given back.
    """

    def __init__(self, turns: Turns, name: str) -> None:
        self.held = False
        self.task: Task | None = None
        """The task that is performing a step; None while a Stepper is between two steps."""
        self.before = ""
        """A description of the step before which a Stepper is stopped."""
        self.within = True
        """Whether data sent between two steps would become part of the procedure's data."""
        self._turns = turns
        self._name = name
        self._maker = _weak_reference(_current())
        self._last: weakref.ref[Task] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._began_in = State.READY
        self._watched: list[tuple[weakref.ref[Task], Callable[[Task], None]]] = []

    async def __aenter__(self) -> Self:
        """Take the turn, unless the current task already has one, and clean up if it is needed.

        Cleaning up is needed after an aborted procedure.
        """
        if await self.take():
            try:
                await self._turns.recovery.settle(reset=self._name not in RESETTING)
            except BaseException:
                self.give_back()
                raise
            self.begin()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.give_back(broken_off=kind is not None)

    async def take(self) -> bool:
        """Wait for the turn, and take it. Return False if the current task already has a turn.

        Raises RuntimeError if the wait would never end, or on another event loop.
        """
        self._turns.connection.check_loop()
        task = _current()
        holder = self._turns.holder
        if holder is not None and holder.task is not None and holder.task is task:
            return False
        if holder is not None:
            holder.check_end(task)
        del holder  # else a waiting task would keep the turn alive
        await self._turns.queue(self)
        self.held = True
        self.task = task
        self._loop = asyncio.get_running_loop()
        self.begin()
        return True

    def begin(self) -> None:
        """Record the state of the conversation in which the procedure begins."""
        self._began_in = self._turns.connection.conversation.foreseen

    @contextlib.contextmanager
    def step(self) -> Generator[None]:
        """Return a context manager for a step that this task performs.

        Raises RuntimeError on another event loop, before anything has changed.
        """
        self._turns.connection.check_loop()
        task = _current()
        known = self.held and self._last is not None and self._last() is task
        self._last = _weak_reference(task)
        if self.held:
            self.task = task
        try:
            yield
        finally:
            if self.task is task:
                self.task = None
            if self.held and not known:
                self._watch()

    def _watch(self) -> None:
        """Arrange to give the turn back once no task is left that will continue the Stepper."""
        turn = weakref.ref(self)

        def ended(_: Task) -> None:
            if (this := turn()) is not None and this._left_behind:
                this.give_back(broken_off=True)

        self._unwatch()
        # By the tasks: a reference to a dead one cannot be hashed.
        references = [each for each in (self._last, self._maker) if each is not None]
        alive = {task: each for each in references if (task := each()) is not None}
        for task, reference in alive.items():
            task.add_done_callback(ended)
            self._watched.append((reference, ended))

    def _unwatch(self) -> None:
        for reference, ended in self._watched:
            if (task := reference()) is not None:
                task.remove_done_callback(ended)
        self._watched.clear()

    @property
    def _left_behind(self) -> bool:
        """Whether no task will continue the Stepper, although a traceback may keep it alive.

        This is so if the task of the last step ended with an error, and the task that created the
        Stepper has ended.
        """
        last = self._last() if self._last is not None else None
        maker = self._maker() if self._maker is not None else None
        return last is not None and _failed(last) and (maker is None or maker.done())

    def give_back(self, *, broken_off: bool = False) -> None:
        """End this turn. `broken_off` is true if the procedure was not completed."""
        if not self.held:
            return
        self.held = False
        self.task = None
        self._unwatch()
        if broken_off:
            self._turns.recovery.broken_off(self._began_in)
        if self._turns.holder in (self, None):  # None: it is being garbage-collected
            self._turns.next()

    @property
    def excludes_others(self) -> bool:
        """Whether a command from another task would become part of this procedure's data."""
        return self.task is not None or self.within

    def check_end(self, task: Task | None) -> None:
        """Raise RuntimeError if `task` would wait forever for this turn.

        That is so if the turn belongs to another running event loop, or to an idle Stepper that the
        caller steps itself. A turn that nothing will continue is given back.
        """
        loop = self._loop
        if loop is not None and loop is not asyncio.get_running_loop():
            if not loop.is_closed():
                raise RuntimeError(ELSEWHERE)
            self.give_back(broken_off=True)
            return
        if self.task is not None or task is None:
            return
        if self._left_behind:
            self.give_back(broken_off=True)
            return
        last = self._last() if self._last is not None else None
        maker = self._maker() if self._maker is not None else None
        made_here = maker is task
        if last is task or (made_here and (last is None or last.done())):
            stands = f" and has stopped before {self.before}" if self.before else ""
            raise RuntimeError(
                f"{self._name} is being stepped through{stands}; finish it or abandon it first"
            )

    def __del__(self) -> None:
        if self.held:
            with contextlib.suppress(RuntimeError):  # the loop of the waiting task may be closed
                self.give_back(broken_off=True)


class OnlyOne:
    """A context manager that raises RuntimeError if it is entered again before it is left."""

    def __init__(self, refusal: str) -> None:
        self._refusal = refusal
        self._entered = False

    def __enter__(self) -> None:
        if self._entered:
            raise RuntimeError(self._refusal)
        self._entered = True

    def __exit__(self, *raised: object) -> None:
        self._entered = False


def _current() -> Task | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # no event loop runs
        return None


def _failed(task: Task) -> bool:
    """Return whether the task was cancelled or raised an exception.

    `exception()` is not called, because that would mark the error as retrieved.
    """
    return task.cancelled() or getattr(task, "_exception", None) is not None


def _weak_reference(task: Task | None) -> weakref.ref[Task] | None:
    return None if task is None else weakref.ref(task)
