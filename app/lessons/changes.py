"""The changes that a lesson in progress reports to the program, as immutable structs."""

from __future__ import annotations

import msgspec

from .model import Choice, Question, Step, WrongMove


class Change(msgspec.Struct, frozen=True):
    """The base class of changes. `step` is the step in which something has changed."""

    step: Step


class Begun(Change, frozen=True):
    """The step begins. If `keep` is true, the existing connection is kept.

    Otherwise the program prepares the step's world (`worlds.scenario_of`, then connection, setup
    and login), and calls `ready` of the run. If no preparation is needed (see
    `worlds.is_prepared`), the step begins before the connection is made, and connecting is part of
    it.
    """

    keep: bool = False


class Done(Change, frozen=True):
    """The step is done. Its closing text is shown, and `go_on` begins the next step."""


class Skipped(Change, frozen=True):
    """The step was skipped without being done."""


class Finished(Change, frozen=True):
    """The last step was done or skipped, and the learner has continued."""


class Answered(Change, frozen=True):
    """The learner made a wrong move in `row`, to which `move.say` is the response.

    If `instead` is true, this response replaces an earlier one to the same line.
    """

    move: WrongMove
    row: int | None = None
    instead: bool = False


class Compared(Change, frozen=True):
    """The predicted event has happened; `choice` is the prediction, whether right or wrong."""

    question: Question
    choice: Choice


class TooLate(Change, frozen=True):
    """The event to predict happened before the learner had predicted it.

    If `question.required` is true, the event does not count: the learner must predict it, and make
    it happen again.
    """

    question: Question


class Judged(Change, frozen=True):
    """A question was answered with `choice`.

    If the choice is wrong, the question stays open, except in an examination.
    """

    question: Question
    choice: Choice


class HintOffered(Change, frozen=True):
    """The learner has got the step wrong three times, and hints remain."""


class Spoiled(Change, frozen=True):
    """A forbidden event happened. The step must be repeated, or done on a new connection."""
