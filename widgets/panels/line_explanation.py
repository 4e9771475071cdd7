"""The explanation of a line as a plain value, independent of any widget."""

from __future__ import annotations

import msgspec


class LineExplanation(msgspec.Struct, frozen=True):
    """The explanation of a line. Any of its text may come from the wire."""

    head: str  # the code, or the verb
    title: str
    style: str  # of the head: a theme variable such as "$text-error"
    sections: tuple[tuple[str, str], ...] = ()  # (bold word, text)
    notes: tuple[str, ...] = ()  # dim lines below
    warnings: tuple[tuple[str, str], ...] = ()  # the faults of the line
    whole: str = ""  # the line itself, when the transcript cannot show all of it


NO_EXPLANATION = LineExplanation(
    "",
    "",
    "",
    (("", "Move to a line of the transcript to see what it means."),),
)
