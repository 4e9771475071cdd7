"""The fast track: which lesson to begin with, found by their questions.

For who knows already: the questions of each lesson are asked in its order, and the first wrong
answer says where to begin. A lesson whose questions are all answered rightly counts as known.
"""

from __future__ import annotations

from collections.abc import Sequence

from .model import Choice, Lesson, Question


class FastTrack:
    """The questions of lessons, one after the other, until one is answered wrongly."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self.known: list[str] = []
        """The names of the lessons whose questions were all answered rightly."""
        self.start: Lesson | None = None
        """The lesson to begin with, once that is known."""
        self._lessons = [lesson for lesson in lessons if _questions(lesson)]
        self._place = 0
        self._asked = 0
        if not self._lessons:
            self.start = lessons[0] if lessons else None

    @property
    def lesson(self) -> Lesson | None:
        """The lesson whose question is asked now; None when all has been said."""
        over = self.start is not None or self._place >= len(self._lessons)
        return None if over else self._lessons[self._place]

    @property
    def question(self) -> Question | None:
        """The question to be asked now; None when all has been said."""
        lesson = self.lesson
        return None if lesson is None else _questions(lesson)[self._asked]

    def answer(self, key: str) -> Choice | None:
        """Answer the question. Returns the choice; None if the key is that of none."""
        lesson, question = self.lesson, self.question
        choice = None if question is None else question.choice(key)
        if lesson is None or choice is None:
            return None
        if not choice.right:
            self.start = lesson
            return choice
        self._asked += 1
        if self._asked == len(_questions(lesson)):
            self.known.append(lesson.name)
            self._place += 1
            self._asked = 0
        return choice


def _questions(lesson: Lesson) -> list[Question]:
    return [question for step in lesson.steps if step.is_question for question in step.asks]
