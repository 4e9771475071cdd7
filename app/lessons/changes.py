"""What a lesson in progress tells the program around it, as immutable structs."""

from __future__ import annotations

import msgspec

from .model import Choice, Question, Step, WrongMove


class Change(msgspec.Struct, frozen=True):
    """Something that is so now, in `step`."""

    step: Step


class Begun(Change, frozen=True):
    """The step begins. With `keep`, the connection that there is is kept as it is.

    Otherwise the program prepares the step's world (`worlds.scenario_of`, then connecting, setup
    and login), and calls `ready` of the run. Where there is nothing to be said
    (`worlds.is_prepared`), the step begins before the connection, and connecting belongs to it.
    """

    keep: bool = False


class Done(Change, frozen=True):
    """The step is done: the word afterwards is shown, and `go_on` begins the next one."""


class Skipped(Change, frozen=True):
    """The step was left without being done."""


class Finished(Change, frozen=True):
    """The last step was done or skipped, and the learner has gone on."""


class Answered(Change, frozen=True):
    """A wrong move was made; `move.say` is the answer to it, and `row` where it was made.

    `instead`: the line was answered already, and this answer takes the place of that one.
    """

    move: WrongMove
    row: int | None = None
    instead: bool = False


class Compared(Change, frozen=True):
    """What was predicted has happened: `choice` was predicted, `choice.right` says how well."""

    question: Question
    choice: Choice


class TooLate(Change, frozen=True):
    """It happened before the learner had predicted it.

    With `question.required` it does not count: the learner predicts, and does it again.
    """

    question: Question


class Judged(Change, frozen=True):
    """A question was answered with `choice`; it stays open if that is wrong."""

    question: Question
    choice: Choice


class HintOffered(Change, frozen=True):
    """The learner has missed three times, and there are hints left."""


class Spoiled(Change, frozen=True):
    """Something happened that must not: the step is repeated, or done on a new connection."""
