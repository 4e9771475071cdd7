"""Which remarks a step shows, in which order, and for how long."""

from __future__ import annotations

import msgspec
from heloscope.app.lessons.remark import Remark, when_met, with_one

HINT = Remark("hint", "Look up.", number=1)
ANSWER = Remark("answer", "No blank.", "MAIL FROM: <a@b.example>", 3)
SPOILED = Remark("spoiled", "")
VERDICT = Remark("wrong", "It was a 4.", about="guess")
OFFER = Remark("offer", "")


def test_what_is_said_again_moves_to_the_end() -> None:
    again = msgspec.structs.replace(ANSWER, row=7)
    assert with_one([ANSWER, HINT], again) == [HINT, again]


def test_that_a_step_is_spoiled_is_said_behind_why() -> None:
    assert with_one([HINT, SPOILED], ANSWER) == [HINT, ANSWER, SPOILED]
    assert with_one([ANSWER, SPOILED], HINT) == [ANSWER, SPOILED, HINT]


def test_what_was_missing_is_no_longer_said_once_the_goal_is_met() -> None:
    assert when_met([HINT, ANSWER, SPOILED, VERDICT, OFFER]) == [HINT, VERDICT]
