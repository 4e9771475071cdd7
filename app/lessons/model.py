"""A lesson as read from its file: steps, patterns, questions, and examples.

FORMAT.md, next to this file, is the reference for authors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec


class Count(msgspec.Struct, frozen=True):
    """How often something must happen: at least `least` and at most `most` times."""

    least: int = 1
    most: int | None = None

    def holds(self, number: int) -> bool:
        """Return whether `number` is within the limits."""
        return self.least <= number and (self.most is None or number <= self.most)


ONCE = Count()


class Pattern(msgspec.Struct, frozen=True):
    """A description of an event: a fact of one `kind` with the properties `where`.

    `kind` is a key of vocabulary.KINDS, or it is `all`, `any` or `then`, which join the patterns in
    `parts`. `distinct` names a property; facts with the same value of this property count only
    once. If `never` is true, the event must not happen. `line` is the pattern's line in the file.
    """

    kind: str
    where: dict[str, Any] = {}
    parts: tuple[Pattern, ...] = ()
    times: Count = ONCE
    distinct: str = ""
    never: bool = False
    line: int = 0

    def walk(self) -> Iterator[Pattern]:
        """Yield this pattern and all its parts."""
        yield self
        for part in self.parts:
            yield from part.walk()


class Choice(msgspec.Struct, frozen=True):
    """A choice of a question. `says` is the response shown when this choice is made."""

    key: str
    text: str
    says: str = ""
    right: bool = False


class Question(msgspec.Struct, frozen=True):
    """A question with choices.

    A question with `until` is a prediction, resolved by the event that `until` describes. If the
    question is also `required`, the step does not count until the learner has answered before that
    event. Any other question is asked again until it is answered correctly.
    """

    id: str
    ask: str
    choices: tuple[Choice, ...]
    until: Pattern | None = None
    required: bool = False
    line: int = 0

    def choice(self, key: str) -> Choice | None:
        """Return the choice with this key, or None."""
        return next((each for each in self.choices if each.key == key), None)

    @property
    def right(self) -> tuple[Choice, ...]:
        """The right answers."""
        return tuple(choice for choice in self.choices if choice.right)


class ExampleLine(msgspec.Struct, frozen=True):
    """One line of an example: its sign, such as `C` or `saw`, its text, and its line number."""

    sign: str
    text: str
    line: int


class Example(msgspec.Struct, frozen=True):
    """A short conversation, written as `C:` and `S:` lines, that tests a step."""

    lines: tuple[ExampleLine, ...]
    line: int = 0


class WrongMove(msgspec.Struct, frozen=True):
    """A likely wrong move, the pattern `when` that recognises it, and the response to it."""

    id: str
    when: Pattern
    say: str
    examples: tuple[Example, ...] = ()
    line: int = 0


class World(msgspec.Struct, frozen=True):
    """The start of a step: the scenario of the practice server, and the commands sent first.

    `connect` is true if heloscope connects, or "tls" for TLS from the first byte, "lmtp" for LMTP,
    or "second" for the second server of a scenario that has two.

    If `continues` is true and the previous step has just been done, its connection is kept, and
    `setup` is not needed. `clock` is how many seconds of the scenario pass in one real second; 0
    leaves this to the scenario. `alias` is shown instead of the scenario's name if the name would
    reveal too much.
    """

    scenario: str = "friendly"
    connect: bool | str = True
    setup: tuple[str, ...] = ()
    login: str = ""
    continues: bool = False
    clock: float = 0.0
    alias: str = ""


class Step(msgspec.Struct, frozen=True):
    """A step of a lesson: prompt, world, goal, wrong moves, hints, and the closing text.

    The prose is Markdown. If a step only asks a question (`is_question`), its goal is the answer to
    the question.
    """

    id: str
    title: str
    prompt: str
    goal: Pattern
    world: World = World()
    predictions: tuple[Question, ...] = ()
    asks: tuple[Question, ...] = ()
    passes: tuple[Example, ...] = ()
    fails: tuple[Example, ...] = ()
    wrong_moves: tuple[WrongMove, ...] = ()
    hints: tuple[str, ...] = ()
    afterwards: str = ""
    notice: str = ""
    more: str = ""
    is_question: bool = False
    line: int = 0
    original: str = ""
    """In a translation, the digest of the original texts."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, predictions first."""
        return self.predictions + self.asks


class Lesson(msgspec.Struct, frozen=True):
    """A complete lesson. `name` is unique, and `after` names the lessons to do before it."""

    name: str
    title: str
    intro: str
    steps: tuple[Step, ...]
    minutes: int = 0
    after: tuple[str, ...] = ()
    notice: str = ""
    path: str = ""
    number: int = 0
    """The lesson's number among the built-in lessons, counted from 1, or 0 for any other lesson."""
    line: int = 1
    """The line of the lesson's block in the file."""
    language: str = ""
    """The language of a translation, or "" for the original."""
    options: str = ""
    """For an examination, the options that follow its seed when it is started or graded."""

    def step(self, name: str) -> int | None:
        """Return the index of the step with this ID, or None."""
        return next((n for n, step in enumerate(self.steps) if step.id == name), None)
