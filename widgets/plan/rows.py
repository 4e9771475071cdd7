"""The steps and paragraphs of the plan panel as plain values, independent of any widget."""

from __future__ import annotations

import msgspec

# The outcome of a step, each with a mark: no meaning rests on colour alone.
DONE, REFUSED, SKIPPED, NEXT, TO_COME = "done", "refused", "skipped", "next", "to-come"


class PlanRow(msgspec.Struct, frozen=True):
    """A step of the plan.

    `when` is the status of the step, such as NEXT or DONE. `line` is what the step sends, and
    `said` sums up the outcome, such as the reply code and the time. `style` is the class of the
    reply, from 2 to 5, or 0. `note` is a remark after the line. `stop` is true if a breakpoint is
    set before the step. `line` and `said` may come from the wire.
    """

    when: str
    line: str
    said: str = ""
    style: int = 0
    note: str = ""
    stop: bool = False


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph, with a `head` in `style` followed by `text`. Both may come from the wire."""

    head: str = ""
    text: str = ""
    style: str = ""
    dim: bool = False
