"""Checks a lesson by playing it: every example must serve its purpose.

The reader reports the mistakes that are visible without playing; `check_file` reports both kinds.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from .changes import Answered, Change, Done, Spoiled
from .mistakes import Mistake, Mistakes, listed, nearest
from .model import Example, ExampleLine, Lesson, Pattern, Step
from .reader import Reading, read_file
from .rehearsal import Rehearsal
from .run import Run
from .tracker import tracker
from .values import Text


def check_file(path: Path, scenarios: Collection[str] = ()) -> Reading:
    """Read a lesson and play its examples. Raises OSError if the file cannot be read.

    Steps with mistakes are not played.
    """
    reading = read_file(path, scenarios)
    found = Mistakes()
    for mistake in (*reading.mistakes, *play_all(reading.lesson, reading.mistakes)):
        found.add(mistake.line, mistake.text)
    return Reading(reading.lesson, found.sorted())


def check_names(reading: Reading, names: Collection[str]) -> Reading:
    """Return the reading with another mistake for each lesson in `after` that is not in `names`."""
    found = [
        Mistake(reading.lesson.line, f'Unknown lesson "{name}"{nearest(name, names) or "."}')
        for name in reading.lesson.after
        if name not in names
    ]
    return reading._replace(mistakes=sorted([*reading.mistakes, *found]))


def play_all(lesson: Lesson, known: Collection[Mistake] = ()) -> list[Mistake]:
    """Play every example, and return the mistakes found.

    `known` holds mistakes found before. A step that contains one of these is skipped.
    """
    found = Mistakes()
    ends = [step.line for step in lesson.steps[1:]]
    for place, step in enumerate(lesson.steps):
        end = ends[place] if place < len(ends) else 1 << 30
        if not any(step.line <= mistake.line < end for mistake in known):
            _StepCheck(lesson, place, step, found).check()
    for line in _slow_lines(lesson):
        found.add(line, "A regular expression in this pattern takes too long: avoid a repetition "
                  "within a repetition, such as (a*)*.")  # fmt: skip
    return found.sorted()


def _slow_lines(lesson: Lesson) -> list[int]:
    """Return the lines of the patterns whose regular expressions took too long."""
    patterns: list[Pattern] = []
    for step in lesson.steps:
        patterns += [step.goal, *(move.when for move in step.wrong_moves)]
        patterns += [question.until for question in step.questions if question.until is not None]
    return [
        each.line
        for pattern in patterns
        for each in pattern.walk()
        if any(isinstance(value, Text) and value.slow for value in each.where.values())
    ]


class _StepCheck:
    """The check of one step's examples."""

    def __init__(self, lesson: Lesson, place: int, step: Step, mistakes: Mistakes) -> None:
        self._lesson = lesson
        self._place = place
        self._step = step
        self._mistakes = mistakes

    def check(self) -> None:
        step = self._step
        if not step.is_question:
            if step.passes or step.fails:
                self._goal()
            for number, example in enumerate(step.passes):
                self._must_pass(example, straight=not number)
            for example in step.fails:
                self._must_fail(example)
        for number, move in enumerate(step.wrong_moves):
            if tracker(move.when).done:
                self._wrong(move.line, "A wrong move must require an event: this one is met "
                                       "from the start.")  # fmt: skip
                continue
            for example in move.examples:
                self._must_be_answered(number, example)

    def _wrong(self, line: int, text: str) -> None:
        self._mistakes.add(line, text)

    def _goal(self) -> None:
        step = self._step
        if tracker(step.goal).done and not step.asks:
            self._wrong(step.goal.line or step.line, "The goal is met before anything happens: "
                        "it must have a pattern without never.")  # fmt: skip

    def _play(self, example: Example) -> tuple[Run, list[Change]]:
        rehearsal = Rehearsal(Run(self._lesson), self._place)
        changes = rehearsal.play(example)
        for line in example.lines:
            if line.sign == "said":
                self._said(line)
        for line in rehearsal.unseen:
            self._wrong(line.line, f"No row up to here has this text: {line.text}")
        return rehearsal.run, changes

    def _said(self, line: ExampleLine) -> None:
        """Check that an answer in an example belongs to a question of the step."""
        *named, key = line.text.split()
        asked = [q for q in self._step.questions if not named or q.id == named[0]]
        if named and not asked:
            near = nearest(named[0], [question.id for question in self._step.questions])
            self._wrong(line.line, f'The step has no question "{named[0]}"{near or "."}')
        elif not any(question.choice(key) for question in asked):
            keys = {choice.key: None for question in asked for choice in question.choices}
            use = f"; use {listed(keys)}." if keys else ": the step asks no questions."
            self._wrong(line.line, f'No question of the step has the answer "{key}"{use}')

    def _must_pass(self, example: Example, *, straight: bool) -> None:
        """Check that an example completes the step and, if `straight`, makes no wrong move."""
        run, changes = self._play(example)
        made = [change.move for change in changes if isinstance(change, Answered)]
        if straight and made:
            self._wrong(example.line, "The first example in \"pass\" gets the response to the "
                        f"wrong move at line {made[0].line}.")  # fmt: skip
        if run.step_done:
            return
        why = ""
        if any(isinstance(change, Spoiled) for change in changes):
            why = " A forbidden event happens."
        elif run.question is not None:
            why = f' The question "{run.question.id}" is not answered (said: KEY).'
        else:
            missing = self._missing(example)
            if missing:
                why = f" Not met: the pattern at line {missing}."
        self._wrong(example.line, "This example does not complete the step: it ends before the "
                    f"goal is met.{why}")  # fmt: skip

    def _missing(self, example: Example) -> int:
        """Return the line of the first part of the goal that an example does not meet, or 0."""
        goal = self._step.goal
        parts = goal.parts if goal.kind == "all" else (goal,)
        for part in parts:
            if not self._meets(part, example):
                return part.line
        return 0

    def _meets(self, part: Pattern, example: Example) -> bool:
        from msgspec.structs import replace

        alone = replace(self._step, goal=part, asks=(), predictions=())
        steps = (*self._lesson.steps[: self._place], alone)
        rehearsal = Rehearsal(Run(replace(self._lesson, steps=steps)), self._place)
        rehearsal.play(example)
        return rehearsal.run.step_done

    def _must_fail(self, example: Example) -> None:
        run, changes = self._play(example)
        if run.step_done or any(isinstance(change, Done) for change in changes):
            self._wrong(example.line, "This near miss passes, because it completes the step. The "
                        "goal must require more.")  # fmt: skip

    def _must_be_answered(self, number: int, example: Example) -> None:
        move = self._step.wrong_moves[number]
        run, changes = self._play(example)
        made = [change.move for change in changes if isinstance(change, Answered)]
        if any(other == move for other in made):
            return
        if made:
            self._wrong(example.line, f"This wrong move gets the response to the one at line "
                        f"{made[0].line}, which comes before it.")  # fmt: skip
        elif run.step_done:
            self._wrong(example.line, "This wrong move completes the step, so it gets no response.")
        else:
            self._wrong(example.line, "This wrong move is not recognised: its example does not "
                        "match \"when\".")  # fmt: skip
