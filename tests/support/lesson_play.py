"""Feeds the lines of a conversation to a lesson in progress, without a server."""

from __future__ import annotations

from pathlib import Path

from heloscope.app.lessons.changes import Change
from heloscope.app.lessons.model import Example, ExampleLine, Lesson
from heloscope.app.lessons.reader import read
from heloscope.app.lessons.rehearsal import Rehearsal
from heloscope.app.lessons.run import Run

STEP = """
## {title}

Do it.

```step
id = "{id}"
goal = [ {goal} ]
pass = ["C: NOOP"]
fail = ["C: NOOP"]
hints = ["One.", "Two.", "Three."]
{more}
```
"""


def step(goal: str, more: str = "", name: str = "one") -> str:
    """Return the text of a step with this goal."""
    return STEP.format(title=name.capitalize(), id=name, goal=goal, more=more)


def lesson(*steps: str) -> Lesson:
    """Return a lesson with these steps, after checking that their text contains no mistakes."""
    reading = read("# A lesson\n" + "".join(steps), Path("lesson.md"))
    assert reading.mistakes == []
    return reading.lesson


class Play:
    """A lesson that is being taken, and the conversation that it follows."""

    def __init__(self, lesson: Lesson, *, exam: bool = False) -> None:
        self.run = Run(lesson, exam=exam)
        self._rehearsal = Rehearsal(self.run, 0)

    def __call__(self, text: str) -> list[Change]:
        """Play lines such as `C: NOOP`, and return the changes in the lesson."""
        lines: list[ExampleLine] = []
        for number, line in enumerate(text.strip().splitlines(), 1):
            sign, _, rest = line.strip().partition(":")
            lines.append(ExampleLine(sign, rest.removeprefix(" "), number))
        return self._rehearsal.play(Example(tuple(lines)))

    def names(self, text: str) -> list[str]:
        """Play lines, and return the class names of the changes in the lesson."""
        return [type(change).__name__ for change in self(text)]
