"""Guides a learner through a lesson: feeds the run, prepares each step, and queues remarks.

The main screen (`session_began`, `saw`, `tick`) and the commands report events to the guide. The
guide never blocks the program: if learners do something else, it waits until they come back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..connect.manager import ConnectionManager
from ..ui import Ui
from .marking import Marking
from .remark import Remark, quoted, when_met, with_one, without_last
from .step_notices import StepNotices

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.events import Event
    from ...session.practice.mailboxes import Message
    from ...session.practice.server import PracticeServer
    from .bookmark import Bookmark
    from .changes import Change
    from .model import Lesson, Step
    from .progress import Progress
    from .run import Run


class Guide:
    """The lesson in progress, if any, and what is shown about it.

    `quiet` waits until no reply is due. The progress is kept in `folder`, or in the usual folder if
    `folder` is None. `moved` is called when a step begins. `pointed` is called with the row to
    which a remark refers.
    """

    def __init__(
        self,
        ui: Ui,
        connections: ConnectionManager,
        quiet: Callable[[], Awaitable[None]],
        *,
        folder: Path | None = None,
    ) -> None:
        self._ui = ui
        self._connections = connections
        self._quiet = quiet
        self._folder = folder
        self.moved: Callable[[], object] = lambda: None
        self.pointed: Callable[[int], object] = lambda _: None
        self.run: Run | None = None
        """The lesson in progress, or None."""
        self.remarks: list[Remark] = []
        """The remarks in the current step, newest last."""
        self.details = False
        """Whether the details of the step are shown."""
        self.folded = False
        """Whether the lesson is folded to one row."""
        self.answers: dict[str, str] = {}
        """The key of the answer last chosen to each question in this step, keyed by question ID."""
        self.introducing = False
        """Whether the introduction of the lesson is shown, before its first step."""
        self.begun = 0
        """The number of steps that have begun."""
        self.astray = ""
        """Where the learner is instead of in the step's world, or "" if in the right place."""
        self._met = False  # whether the goal of the step is met
        self._changes: list[Change] = []
        self._due: asyncio.Handle | None = None
        self._task: asyncio.Task[None] | None = None
        self._session: Session | None = None
        self._unsubscribe: Callable[[], object] | None = None
        self._mailboxes: tuple[PracticeServer, Callable[[], object]] | None = None
        self._marks = Marking()
        self.notices = StepNotices(ui)

    # Reading

    @property
    def active(self) -> bool:
        """Whether a lesson is in progress, or is finished but still shown."""
        return self.run is not None

    @property
    def lesson(self) -> Lesson | None:
        """The lesson in progress, or None."""
        return self.run.lesson if self.run is not None else None

    @property
    def preparing(self) -> bool:
        """Whether the world of the step is being prepared."""
        return self._task is not None and not self._task.done()

    @property
    def under_way(self) -> bool:
        """Whether the current step expects something to be done on an open connection."""
        return self._unfinished is not None and self._connections.connected

    @property
    def cut_off(self) -> bool:
        """Whether the connection that was prepared for the current step has ended."""
        run, at = self._unfinished, self._connections
        busy = self.preparing or at.connected or at.attempt is not None
        return run is not None and bool(run.step.world.setup) and not busy

    @property
    def _unfinished(self) -> Run | None:
        run = self.run
        over = run is None or self.introducing or run.step_done or run.finished
        return None if over else run

    @property
    def can_go_on(self) -> bool:
        """Whether the learner can go on, because nothing in the current step remains to be done."""
        return self.run is not None and self._unfinished is None

    @property
    def asks(self) -> bool:
        """Whether a question is open."""
        return not self.introducing and self.run is not None and self.run.asked is not None

    @cached_property
    def bookmark(self) -> Bookmark:
        """The bookmark that keeps the learner's progress."""
        from .bookmark import Bookmark

        confined = self._connections.confinement.confined
        return Bookmark(self._ui, self._folder, keep=not confined)

    @property
    def progress(self) -> Progress:
        """The learner's progress in all lessons."""
        return self.bookmark.progress

    # Beginning and leaving

    def begin(self, lesson: Lesson, step: int | str | None = None) -> None:
        """Begin a lesson at a step, or where it was left. Raises KeyError for an unknown step."""
        from .exam import is_exam
        from .run import Run

        exam = is_exam(lesson)
        done = self.progress.of(lesson.name)
        run = Run(lesson, done=() if exam else done.steps, exam=exam)
        if step is None:
            place = lesson.step(done.at) if done.at and not exam else None
            all_done = len(run.done) == len(lesson.steps)
            step = 0 if all_done else place if place is not None else run.first_open()
        changes = run.jump(step)
        self.leave()
        self.run = run
        self._marks.lesson()
        self.introducing = run.index == 0 and bool(lesson.intro) and not exam
        session = self._connections.session
        if session is not None:
            self._listen(session)
        self._take(changes)

    def leave(self) -> None:
        """Leave the lesson. Later connections use the friendly scenario; an open one is kept."""
        if self.run is not None:
            from .worlds import friendly

            self._connections.use(friendly())
        if self._task is not None:
            self._task.cancel()
        self.end()
        self.notices.withdraw()
        self.run = None
        self.remarks = []
        self._changes.clear()
        self.astray = ""
        self._ui.refresh()

    def end(self) -> None:
        """Stop following the session. Called before the program ends."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        if self._mailboxes is not None:
            self._mailboxes[1]()
            self._mailboxes = None
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self._session = self._marks.session = None

    # Events

    def session_began(self, session: Session) -> None:
        """Follow a new session from now on.

        Remarks about rows of the previous session are dropped, and so is the remark that the step
        was spoiled.
        """
        if self.run is not None:
            self.remarks = [
                each for each in self.remarks if each.row is None and each.kind != "spoiled"
            ]
            self._listen(session)

    def _listen(self, session: Session) -> None:
        self._session = self._marks.session = session
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._unsubscribe = session.subscribe(self._on_event, blocks=True)
        server = self._connections.practice
        if server is not None and (self._mailboxes is None or self._mailboxes[0] is not server):
            if self._mailboxes is not None:
                self._mailboxes[1]()
            self._mailboxes = (server, server.mailboxes.subscribe(self._arrived))
        self._look_where()

    def _look_where(self) -> None:
        """Record where the learner is, if not in the scenario of the step."""
        if self.run is not None:
            from .whereabouts import elsewhere

            self.astray = "" if self.preparing else elsewhere(self.run, self._connections)

    def _on_event(self, event: Event) -> None:
        if self.run is not None and (self._connections.practising or self.run.waiting):
            self._note(self.run.feed(event))
            if self._marks.due and not self.run.waiting:
                self._schedule()

    def _arrived(self, message: Message) -> None:
        if self.run is not None:
            from .deliveries import delivered

            self._note(self.run.feed(delivered(message, self._now())))

    def saw(self, what: str, name: str = "", row: int | None = None) -> None:
        """Report that the learner looked at something of kind `what`, one of vocabulary.SEEN."""
        if self.run is None or self.run.finished or self.run.waiting:
            return
        from .facts import Saw

        event = Saw(self._now(), what, name, row)
        self._marks.note(event)
        self._note(self.run.feed(event))

    def tick(self) -> None:
        """Report the time to the run. Called once a second."""
        run = self.run
        if run is not None and not run.finished and self._session is not None:
            changes = run.tick(self._now())
            self._note([] if self.introducing else changes)  # the learner is reading

    def _now(self) -> float:
        return self._session.clock() if self._session is not None else 0.0

    def _note(self, changes: list[Change]) -> None:
        """Queue changes until the batch is complete, and update remarks if the goal is met."""
        if self.run is not None and self.run.seen and not self._met:
            self._met = True
            self.remarks = when_met(self.remarks)
        if not changes:
            return
        self._changes += changes
        self._schedule()

    def _schedule(self) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_soon(self._act)

    def _act(self) -> None:
        self._due = None
        if self.run is not None and not self.run.waiting:
            # the connection has been made: before that, nothing can be noted
            self._marks.step(self.run, self._now())
        changes, self._changes = self._changes, []
        self._take(changes)

    def _take(self, changes: list[Change]) -> None:
        from . import changes as kinds
        from .whereabouts import falls_short

        run = self.run
        if run is None:
            return
        for change in changes:
            match change:
                case kinds.Begun() if change.keep and falls_short(run, self._session):
                    self._take(run.repeat())  # the connection was left elsewhere: it is made anew
                    break
                case kinds.Begun():
                    self._begun(run, change.step, keep=change.keep)
                case kinds.Done():
                    self._marks.done(run, self._now())
                    self.introducing = False
                    self.notices.withdraw()
                    self.remarks = without_last(self.remarks, "offer")
                    self.bookmark.put(run, change.step.id)
                case kinds.Finished():
                    self._finished(run)
                case kinds.Answered():
                    if change.instead:
                        self.remarks = without_last(self.remarks, "answer")
                    self._remark("answer", change.move.say, row=change.row)
                case kinds.Compared() | kinds.Judged():
                    kind = "right" if change.choice.right else "wrong"
                    told = change.choice.says or change.choice.text
                    self._remark(kind, told, about=change.question.id)
                case kinds.TooLate():
                    self._remark("late", change.question.ask, about=change.question.id)
                case kinds.HintOffered():
                    self._remark("offer", "")
                case kinds.Spoiled():
                    self._remark("spoiled", "")
                case _:
                    pass
        if changes:
            self._ui.refresh()

    def _remark(
        self, kind: str, text: str, *, row: int | None = None, number: int = 0, about: str = ""
    ) -> None:
        self.introducing = self.introducing and kind == "note"
        quote = quoted(self._session, row)
        if row is not None and quote is not None:
            self.pointed(row)
        self.folded = self.folded and kind in ("note", "hint", "offer")
        self.remarks = with_one(self.remarks, Remark(kind, text, quote or "", row, number, about))

    def _begun(self, run: Run, step: Step, *, keep: bool) -> None:
        self.notices.withdraw()
        self.remarks, self.answers, self._met = [], run.given, False
        self.details = False
        self._marks.due = True
        self.begun += 1
        self.bookmark.put(run)
        self.astray, self.folded = "", False
        if self._task is not None:
            self._task.cancel()
        if keep or step.is_question:
            run.ready()
            self._marks.step(run, self._now())
        else:
            run.waiting = True
            self._task = asyncio.get_running_loop().create_task(self._prepare(step, run))
        self.moved()

    async def _prepare(self, step: Step, run: Run) -> None:
        from .preparation import NotPrepared, prepare
        from .worlds import is_prepared

        number = self.begun

        def ready() -> None:
            if self.begun != number:  # another step has begun meanwhile
                return
            run.ready()
            if is_prepared(step.world) or not step.world.connect:
                self._marks.step(run, self._now())

        try:
            done = await prepare(step.world, self._connections, self._quiet, ready)
        except NotPrepared as error:
            self._remark("unprepared", str(error))
        except (OSError, LookupError) as error:
            ready()
            self._remark("unprepared", str(error).rstrip("."))
        else:
            if done:
                self._remark("note", done)
        self._ui.refresh()

    def _finished(self, run: Run) -> None:
        self.notices.withdraw()
        self.remarks = []
        self.astray = ""
        self.folded = False
        self.bookmark.put(run)

    # The learner's decisions

    def answer(self, key: str) -> bool:
        """Answer the open question with the choice `key`. Return False if that is impossible."""
        run = self.run
        question = run.asked if run is not None else None
        if run is None or question is None or question.choice(key) is None:
            return False
        from .facts import Said

        self.answers = {**self.answers, question.id: key}
        self.notices.withdraw()
        self._marks.note(Said(self._now(), question.id, key))
        self._take(run.answer(key, self._now()))
        self._ui.refresh()
        return True

    def go_on(self) -> bool:
        """Continue the lesson, or leave it at its end. Return False if the step is not done."""
        run = self.run
        if run is None or not self.can_go_on:
            return False
        if self.introducing:
            self.introducing = False
            self._ui.refresh()
        elif run.finished:
            self.leave()
        else:
            self._take(run.go_on())
        return True

    def hint(self) -> bool:
        """Show the next hint. Return whether there is one."""
        run = self.run
        text = run.hint() if run is not None and not run.finished else None
        if run is None or text is None:
            return False
        self.remarks = without_last(self.remarks, "offer")
        self._remark("hint", text, number=run.hints_shown)
        self._ui.refresh()
        return True

    def jump(self, step: int | str) -> None:
        """Begin the step with this index or ID. Raises KeyError if it does not exist."""
        if self.run is not None:
            self.introducing = False
            self._take(self.run.jump(step))

    def skip(self) -> None:
        """Skip this step, and begin the next one."""
        if self.run is not None:
            self.introducing = False
            self._take(self.run.skip())

    def repeat(self) -> None:
        """Begin this step again in a new world. If the lesson is finished, begin its first step."""
        if self.run is not None:
            self.introducing = False
            self._take(self.run.restart() if self.run.finished else self.run.repeat())

    def toggle_details(self) -> None:
        """Show or hide the details of the step."""
        self.details, self.folded = not self.details, False
        self._ui.refresh()

    def toggle_fold(self) -> None:
        """Fold the lesson to one row, or unfold it."""
        self.folded = not self.folded
        self._ui.refresh()
