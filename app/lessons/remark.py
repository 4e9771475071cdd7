"""What is said to a learner in a step, beside what the step itself says."""

from __future__ import annotations

from typing import NamedTuple

MOST_REMARKS = 30  # that are kept of a step


class Remark(NamedTuple):
    """Something said to the learner in a step; `quote` is the line that it is about.

    The text of "late" is the question that was left open.

    `kind` is "answer", "hint", "right", "wrong", "late", "note", "offer", "spoiled" or
    "unprepared".
    """

    kind: str
    text: str
    quote: str = ""
    row: int | None = None
    number: int = 0
