"""Remarks to a learner in a step, shown in addition to the text of the step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from ...session.aio.session import Session

MOST_REMARKS = 30  # remarks kept of a step


class Remark(msgspec.Struct, frozen=True):
    """A remark to the learner in a step. `quote` is the line to which the remark refers.

    `kind` is "answer", "hint", "right", "wrong", "late", "note", "offer", "spoiled" or
    "unprepared". The text of "late" is the question that was left open. If the remark says whether
    an answer was right, `about` is the ID of the question.
    """

    kind: str
    text: str
    quote: str = ""
    row: int | None = None
    number: int = 0
    about: str = ""


def with_one(remarks: Sequence[Remark], remark: Remark) -> list[Remark]:
    """Return the remarks with `remark` added, but at most the last MOST_REMARKS of them.

    A repeated remark moves to the end. The remark that the step is spoiled comes after the response
    that explains why.
    """
    others = [each for each in remarks if (each.kind, each.text) != (remark.kind, remark.text)]
    last = (
        others.pop()
        if remark.kind == "answer" and others[-1:] and others[-1].kind == "spoiled"
        else None
    )
    return [*others, remark, *([last] if last else [])][-MOST_REMARKS:]


def without_last(remarks: Sequence[Remark], kind: str) -> list[Remark]:
    """Return the remarks without the last one of this kind, so that it can be replaced."""
    last = next((remark for remark in reversed(remarks) if remark.kind == kind), None)
    return [remark for remark in remarks if remark is not last]


def when_met(remarks: Sequence[Remark]) -> list[Remark]:
    """Return the remarks that still apply once the goal is met.

    Remarks about what was missing are omitted.
    """
    return [remark for remark in remarks if remark.kind not in ("answer", "offer", "spoiled")]


def quoted(session: Session | None, row: int | None) -> str | None:
    """Return the text of the row to which a remark refers, or None if there is no such row."""
    if session is None or row is None or not 0 <= row < len(session.transcript):
        return None
    from ...session.visible import visible

    return visible(session.transcript.masked(row)[:400].rstrip(b"\r\n"))
