"""Determines from a learner's recordings which steps of a lesson were done.

A recording that heloscope made during the lesson shows when each step began, the answers, and what
the learner looked at. If a message had to arrive for a step, the recording also notes that the step
was done, because the bytes do not show what the practice server made of the message.

Any other recording, such as that of a program, shows only bytes. The whole recording is then
searched for every step, and a step that bytes cannot show is "not shown".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from ...session.events import Event, Note
from ...session.protocol.replay import replay
from ...session.record.reader import Recording
from .deliveries import Deliveries
from .exam import is_exam
from .facts import Began, Did, Tick
from .marks import event_of
from .model import Lesson, Step
from .run import Run
from .step_state import StepState
from .witness import Witness

DONE, NOT_DONE, NOT_SHOWN = "done", "not done", "not shown"
DONE_BEFORE = "done before"
"""The state of a step that was done in an earlier run."""
_UNSHOWN = ("saw", "said")


class Graded(msgspec.Struct, frozen=True):
    """A step and its outcome: DONE, DONE_BEFORE, NOT_DONE or NOT_SHOWN.

    `misses` is the number of the learner's failed attempts at the step.
    """

    id: str
    title: str
    state: str
    misses: int = 0


class Grade(msgspec.Struct, frozen=True):
    """The outcome of a lesson's steps.

    `marked` is true if at least one recording contains marks of the lesson.
    """

    lesson: str
    title: str
    steps: tuple[Graded, ...]
    marked: bool
    problems: tuple[str, ...] = ()

    @property
    def done(self) -> int:
        """The number of completed steps."""
        return len([step for step in self.steps if step.state == DONE])


def grade(lesson: Lesson, recordings: Sequence[Recording]) -> Grade:
    """Grade one learner's recordings, in the order in which they began."""
    in_order = sorted(recordings, key=lambda recording: recording.header.began)
    grader = _Grader(lesson)
    for recording in in_order:
        grader.read(recording)
    problems = [f"{r.path.name}: {text}" for r in in_order for text in r.problems]
    return grader.result(problems)


def grade_run(run: Run, before: Collection[str] = ()) -> Grade:
    """Grade a lesson in progress. `before` holds the IDs of steps that were done in earlier runs.

    The recording of this run gets the same grade, except for the steps in `before`.
    """
    steps: list[Graded] = []
    for step in run.lesson.steps:
        done = DONE_BEFORE if step.id in before else NOT_DONE
        state = DONE if step.id in run.done_here else done
        steps.append(Graded(step.id, step.title, state, _misses(run, step)))
    return Grade(run.lesson.name, run.lesson.title, tuple(steps), marked=True)


def _misses(run: Run, step: Step) -> int:
    """Return the largest number of misses that the learner had in a step."""
    now = run.misses if step is run.step and not run.finished else 0
    return max(run.missed.get(step.id, 0), now)


def lessons_in(recordings: Iterable[Recording]) -> list[str]:
    """Read the recordings to their ends, and return the names of the lessons begun in them."""
    found: dict[str, None] = {}
    for recording in recordings:
        for entry in recording.entries():
            mark = event_of(entry) if isinstance(entry, Note) else None
            if isinstance(mark, Began):
                found[mark.step.partition("/")[0]] = None
    return list(found)


class _Grader:
    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson
        self._run = Run(lesson, exam=is_exam(lesson))
        self._marked = False
        self._inside = False  # a step of this lesson has begun, and none of another one
        self._witness = Witness()
        self._states = [StepState(step) for step in lesson.steps]
        self._deliveries = Deliveries()
        self._at = 0.0

    def read(self, recording: Recording) -> None:
        """Replay a recording, and grade its events."""
        self._at = 0.0
        for event in replay(recording).transcript.events():
            self._on_event(event)

    def _on_event(self, event: Event) -> None:
        for each in self._events(event):
            if isinstance(each, Began):
                self._began(each)
                continue
            if isinstance(each, Did):
                self._did(each)
                continue
            if self._inside:
                self._run.feed(each)
            for fact in self._witness.feed(each):
                for state in self._states:
                    if not state.done and not state.step.is_question:
                        state.feed(fact)

    def _events(self, event: Event) -> Iterator[Event]:
        """Yield an event, or the mark that it notes, preceded by a Tick if time has passed.

        An event that completes a message is followed by its delivery.
        """
        if event.at > self._at:
            self._at = event.at
            yield Tick(event.at)
        mark = event_of(event) if isinstance(event, Note) else None
        if mark is not None:
            yield mark
            return
        yield event
        message = self._deliveries.feed(event)
        if message is not None:
            yield message

    def _began(self, mark: Began) -> None:
        lesson, _, step = mark.step.partition("/")
        place = self._lesson.step(step)
        self._inside = lesson == self._lesson.name and place is not None
        if place is None or not self._inside:
            return
        self._marked = True
        if self._run.step_done and place == self._run.index + 1:
            self._run.go_on()
        else:
            self._run.jump(place)
        self._run.ready()

    def _did(self, mark: Did) -> None:
        run, (lesson, _, step) = self._run, mark.step.partition("/")
        present = self._inside and lesson == self._lesson.name and step == run.step.id
        if present and not run.step_done and _asks_for_message(run.step):
            run.believe_done(mark.misses)

    def result(self, problems: Iterable[str]) -> Grade:
        """Return the outcome of each step and the given problems, as a grade."""
        steps: list[Graded] = []
        for state in self._states:
            step = state.step
            misses = _misses(self._run, step) if self._marked else 0
            done = step.id in self._run.done if self._marked else state.done
            steps.append(Graded(step.id, step.title, self._state(step, done), misses))
        return Grade(
            self._lesson.name, self._lesson.title, tuple(steps), self._marked, tuple(problems)
        )

    def _state(self, step: Step, done: bool) -> str:
        if done:
            return DONE
        return NOT_DONE if self._marked or not needs_marks(step) else NOT_SHOWN


def needs_marks(step: Step) -> bool:
    """Return whether the bytes of a session alone cannot show that a step was done."""
    asked = any(question.until is None or question.required for question in step.questions)
    return asked or any(pattern.kind in _UNSHOWN for pattern in step.goal.walk())


def _asks_for_message(step: Step) -> bool:
    """Return whether a message has to be delivered before the step is done."""
    return any(pattern.kind == "got" for pattern in step.goal.walk())
