"""A lesson in progress, which is fed events and returns the resulting changes.

The run does not depend on a screen, socket or clock: `feed` processes the events of a session and
those of the program around the lesson (facts.py). The same events always have the same result.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ...session.events import Event
from .changes import (
    Answered,
    Begun,
    Change,
    Compared,
    Done,
    Finished,
    HintOffered,
    Judged,
    Skipped,
    TooLate,
)
from .facts import Said, Tick
from .model import Choice, Lesson, Question, Step
from .step_state import StepState
from .witness import Witness
from .worlds import is_prepared

_HELP = (HintOffered, Answered, Judged, Compared)
"""The changes that are not reported in an examination."""


class Run:
    """A learner's way through a lesson, which begins with `jump` or `restart`.

    The run is fed all events of a session, including those before a step. Lines that prepare the
    world of a step do not count: events are ignored between `Begun` and `ready`.

    In an examination (`exam`) there are no hints and no responses to wrong moves, and only the
    first answer to a question counts. A step with a wrong answer can no longer be done, even if it
    is begun again; the learner has to `skip` it. `done` holds the IDs of steps done in earlier
    runs.
    """

    def __init__(self, lesson: Lesson, *, done: Collection[str] = (), exam: bool = False) -> None:
        if not lesson.steps:
            raise ValueError("a lesson must have at least one step")
        self.lesson = lesson
        self.done: set[str] = {step.id for step in lesson.steps if step.id in done}
        """The IDs of the steps that have been done, in this run or earlier."""
        self.index = 0
        """The index of the current step."""
        self.finished = False
        """Whether the learner has continued after the last step."""
        self.done_here: set[str] = set()
        """The IDs of the steps that have been done in this run."""
        self.missed: dict[str, int] = {}
        """The largest number of misses in each step, keyed by step ID.

        The misses of the current step are not included.
        """
        self._exam = exam
        self._wrong: dict[str, dict[str, Choice]] = {}  # first answers of an examination, by step
        self._witness = Witness()
        self._now = self._state(0)
        self._ahead: StepState | None = None
        self._late: list[Change] = []  # predictions of the step ahead that came too late
        self.waiting = False
        """Whether the world of the step is being prepared, so that events do not count yet."""

    # Reading

    @property
    def step(self) -> Step:
        """The current step."""
        return self.lesson.steps[self.index]

    @property
    def step_done(self) -> bool:
        """Whether the current step is done, so that `go_on` can begin the next one."""
        return self._now.done

    @property
    def question(self) -> Question | None:
        """The question to ask now, which may be a prediction. None if there is none."""
        return None if self._now.done else self._now.question

    @property
    def expecting(self) -> bool:
        """Whether the learner has made a prediction about an event that has not happened yet."""
        return not self._now.done and self._now.expecting

    @property
    def seen(self) -> bool:
        """Whether the goal of the current step is met, although a question may still be open."""
        return self._now.seen

    @property
    def typed(self) -> Sequence[str]:
        """The commands sent in the current step, in order."""
        return self._now.typed

    @property
    def asked(self) -> Question | None:
        """The question that can be answered now, or None during preparation and at the end."""
        return None if self.finished or self.waiting else self.question

    def reads_as_answer(self, text: str) -> bool:
        """Return whether a typed line is meant as an answer: a key of the question, or a digit.

        No command begins with a digit. If the answers are 1 to 3, a 7 is therefore taken for an
        answer, too.
        """
        key, asked = text.strip(), self.asked
        if asked is None:
            return False
        return asked.choice(key) is not None or (len(key) == 1 and key.isdecimal())

    @property
    def has_hints(self) -> bool:
        """Whether the current step has hints. The steps of an examination have none."""
        return bool(self.step.hints)

    @property
    def given(self) -> dict[str, str]:
        """The wrong answers in the current step of an examination, keyed by question ID."""
        return {name: choice.key for name, choice in self._wrong.get(self.step.id, {}).items()}

    @property
    def lost(self) -> set[str]:
        """The IDs of an examination's steps that a wrong answer has spoiled permanently."""
        return {name for name, wrong in self._wrong.items() if wrong}

    @property
    def misses(self) -> int:
        """The number of misses in the current step."""
        return self._now.misses

    @property
    def hints_shown(self) -> int:
        """The number of hints shown in the current step."""
        return self._now.hints_shown

    # Events

    def feed(self, event: Event) -> list[Change]:
        """Process an event, and return the resulting changes in order."""
        changes: list[Change] = []
        if self.finished:
            return changes
        for fact in self._witness.feed(event):
            if self.waiting:
                continue
            if self._now.done:
                if self._ahead is None:
                    changes += self._now.feed(fact)
                elif not isinstance(fact, Said):
                    told = self._ahead.feed(fact)
                    self._late += [change for change in told if isinstance(change, TooLate)]
                continue
            changes += self._now.feed(fact)
            if self._now.done:
                self._step_done()
        if not self._exam:
            return changes
        for change in changes:
            if isinstance(change, Judged) and not change.choice.right:
                self._wrong.setdefault(change.step.id, {})[change.question.id] = change.choice
        return [change for change in changes if not isinstance(change, _HELP)]

    def tick(self, at: float) -> list[Change]:
        """Report the time on the clock of the session's events, and return the changes."""
        return self.feed(Tick(at))

    def answer(self, key: str, at: float) -> list[Change]:
        """Answer the open question, and return the resulting changes."""
        question = self.question
        return [] if question is None else self.feed(Said(at, question.id, key))

    def believe_done(self, misses: int) -> None:
        """Mark the current step as done after this many misses, because a recording says so."""
        self._now.done, self._now.misses = True, misses
        self._step_done()

    def _step_done(self) -> None:
        self.done.add(self.step.id)
        self.done_here.add(self.step.id)
        self._count()
        following = self.index + 1
        if following < len(self.lesson.steps) and self.keeps(following):
            self._ahead = self._state(following)

    def _state(self, index: int) -> StepState:
        step = self.lesson.steps[index]
        return StepState(step, once=self._exam, given=self._wrong.get(step.id))

    def keeps(self, index: int) -> bool:
        """Return whether the step at `index` keeps the connection of the step before it.

        The connection is kept only if the step before it has been done.
        """
        step = self.lesson.steps[index]
        return step.world.continues or step.is_question

    def ready(self) -> None:
        """Record that the world of the step has been prepared, so that events count from now on."""
        self.waiting = False

    # The learner's decisions

    def hint(self) -> str | None:
        """Return the next hint, or None in an examination or if the step has none."""
        return None if self._exam else self._now.hint()

    def go_on(self) -> list[Change]:
        """Begin the next step if the current one is done, and return the resulting changes."""
        if not self._now.done or self.finished:
            return []
        ahead = self._ahead
        if self.index + 1 >= len(self.lesson.steps):
            self.finished = True
            return [Finished(self.step)]
        self.index += 1
        late, self._late = self._late, []
        self._now = ahead or self._state(self.index)
        self._ahead = None
        keep = self.keeps(self.index)
        self.waiting = not keep and is_prepared(self.step.world)
        changes: list[Change] = [Begun(self.step, keep=keep)]
        if self._now.done:  # it was done before the learner continued
            self._step_done()
            changes.append(Done(self.step))
        changes += late
        return changes

    def skip(self) -> list[Change]:
        """Leave the current step and begin the next one, and return the resulting changes."""
        if self._now.done:
            return self.go_on()
        skipped = Skipped(self.step)
        if self.finished or self.index + 1 >= len(self.lesson.steps):
            self.finished = True
            return [skipped, Finished(self.step)]
        return [skipped, *self._begin(self.index + 1)]

    def repeat(self) -> list[Change]:
        """Begin the current step again in a new world, and return the resulting changes."""
        return self._begin(self.index)

    def jump(self, step: int | str) -> list[Change]:
        """Begin the step with this index (from 0) or ID, and return the resulting changes.

        Raises KeyError if the step does not exist.
        """
        found = self.lesson.step(step) if isinstance(step, str) else step
        if found is None or not 0 <= found < len(self.lesson.steps):
            raise KeyError(step)
        return self._begin(found)

    def restart(self) -> list[Change]:
        """Begin the lesson again with no step done, and return the resulting changes."""
        self.done.clear()
        self.done_here.clear()
        return self._begin(0)

    def first_open(self) -> int:
        """Return the index of the first step that has not been done, or 0 if all have been."""
        places = (n for n, step in enumerate(self.lesson.steps) if step.id not in self.done)
        return next(places, 0)

    def _count(self) -> None:
        """Record the misses of the current step."""
        name = self.step.id
        self.missed[name] = max(self.missed.get(name, 0), self._now.misses)

    def _begin(self, index: int) -> list[Change]:
        self._count()
        self.finished = False
        self.index = index
        self._now = self._state(self.index)
        self._ahead = None
        self._late = []
        self.waiting = is_prepared(self.step.world)
        return [Begun(self.step, keep=self.step.is_question)]
