"""The fast track, which finds the lesson to start with by asking the questions of all lessons.

The fast track is for learners with previous knowledge. A lesson whose questions are all answered
correctly counts as known, and the learner starts with the first lesson that is not known.
"""

from __future__ import annotations

from collections.abc import Sequence

from .model import Choice, Lesson, Question, Step


class FastTrack:
    """The questions of all lessons, asked one after the other."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self._lessons = lessons
        self._asked = [
            (lesson, step) for lesson in lessons for step in lesson.steps if step.is_question
        ]
        self._place = 0
        self._missed: set[str] = set()
        self.right = 0
        """The number of questions answered correctly."""

    @property
    def total(self) -> int:
        """The number of questions."""
        return len(self._asked)

    @property
    def answered(self) -> int:
        """The number of questions answered."""
        return min(self._place, len(self._asked))

    @property
    def lesson(self) -> Lesson | None:
        """The lesson whose question is currently asked, or None when all have been answered."""
        return self._asked[self._place][0] if self._place < len(self._asked) else None

    @property
    def step(self) -> Step | None:
        """The step that asks the current question, or None when all have been answered."""
        return self._asked[self._place][1] if self._place < len(self._asked) else None

    @property
    def question(self) -> Question | None:
        """The current question, or None when all have been answered."""
        return None if self.step is None else self.step.asks[0]

    @property
    def known(self) -> list[str]:
        """The names of the lessons whose questions were all answered correctly."""
        open_now = {lesson.name for lesson, _ in self._asked[self._place :]}
        not_known = self._missed | open_now
        names = dict.fromkeys(lesson.name for lesson, _ in self._asked)
        return [name for name in names if name not in not_known]

    @property
    def start(self) -> Lesson | None:
        """The lesson to start with, or None if all are known.

        Lessons without questions are skipped, unless no lesson has any.
        """
        if not self._asked:
            return self._lessons[0] if self._lessons else None
        known = self.known
        return next((lesson for lesson, _ in self._asked if lesson.name not in known), None)

    def answer(self, key: str) -> Choice | None:
        """Answer the question, and return the choice, or None if no choice has this key."""
        lesson, question = self.lesson, self.question
        choice = None if question is None else question.choice(key)
        if lesson is None or choice is None:
            return None
        if choice.right:
            self.right += 1
        else:
            self._missed.add(lesson.name)
        self._place += 1
        return choice
