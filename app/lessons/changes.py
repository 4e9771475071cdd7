"""The changes that a lesson in progress reports to the program around it, as immutable structs."""

from __future__ import annotations

import msgspec

from .model import Choice, Question, Step, WrongMove


class Change(msgspec.Struct, frozen=True):
    """Base of the changes: something that has changed in `step`."""

    step: Step


class Begun(Change, frozen=True):
    """The step begins. With `keep`, the existing connection is kept.

    Otherwise the program prepares the step's world (`worlds.scenario_of`, then connecting, setup
    and login), and calls `ready` of the run. If no preparation is needed (`worlds.is_prepared`),
    the step begins before the connection, and connecting is part of it.
    """

    keep: bool = False


class Done(Change, frozen=True):
    """The step is done: its closing text is shown, and `go_on` begins the next one."""


class Skipped(Change, frozen=True):
    """The step was skipped without being done."""


class Finished(Change, frozen=True):
    """The last step was done or skipped, and the learner has continued."""


class Answered(Change, frozen=True):
    """A wrong move was made; `move.say` is the answer to it, and `row` is where it was made.

    With `instead`, the line already had an answer, which this one replaces.
    """

    move: WrongMove
    row: int | None = None
    instead: bool = False


class Compared(Change, frozen=True):
    """The predicted event has happened; `choice` was predicted, and `choice.right` is whether
    correctly.
    """

    question: Question
    choice: Choice


class TooLate(Change, frozen=True):
    """The event happened before the learner had predicted it.

    With `question.required`, it does not count: the learner predicts and does it again.
    """

    question: Question


class Judged(Change, frozen=True):
    """A question was answered with `choice`; it stays open if that is wrong."""

    question: Question
    choice: Choice


class HintOffered(Change, frozen=True):
    """The learner has missed three times, and there are hints left."""


class Spoiled(Change, frozen=True):
    """Something happened that must not: the step has to be repeated, or done on a new
    connection.
    """
