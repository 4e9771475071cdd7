"""Finds the lines that the prompt of a lesson step asks the learner to type, and the next one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from ..lessons.model import Step

_MARKS = re.compile(r"^(\d+\.|[-*])\s+`?|`$")
"""Matches the list marker and the backquotes around a line of a prompt."""
_SPAN = re.compile(r"`([^`\n]+)`")
_MARKUP = re.compile(r"[`*_\[]")


def next_typed(step: Step, typed: Collection[str]) -> str:
    """Return the first line in the step's prompt that is to be typed and is not in `typed`.

    If every such line has been typed, return the first of them. If the prompt contains none, return
    the first code span in it that is part of a line to type, or "". Other lines of the prompt, such
    as a message for later, are ignored.
    """
    said = step.passes[0].lines if step.passes else ()
    lines = {f":raw {line.text}" if line.sign == "raw" else line.text for line in said
             if line.sign in ("C", "raw")}  # fmt: skip
    spans = _SPAN.findall(step.prompt)
    named = (span for span in spans if any(span in line for line in lines))
    return _first_shown(step, lines - {*typed}) or _first_shown(step, lines) or next(named, "")


def first_of_message(step: Step) -> str:
    """Return the first line of the prompt that belongs to the message to write, or ""."""
    return _first_shown(step, {*_message(step)} - {"."})


def following(step: Step, typed: Sequence[str]) -> str:
    """Return the prompt's next line to type after the lines in `typed`.

    If no further line is to be typed, return the beginning of the text after those lines. Return ""
    if nothing has been typed yet or the prompt ends there.
    """
    said = {line.text for line in step.passes[0].lines if line.sign == "C"} if step.passes else ()
    counted = Counter(typed)
    if "." in counted:  # the message has been sent
        counted.update(_message(step))
    lines = list(_lines(step))
    last = -1
    for place, line in enumerate(lines):
        if line and line in said and counted[line]:
            counted[line] -= 1
            last = place
    behind = [line for line in lines[last + 1 :] if line] if last >= 0 else []
    to_type = (line for line in behind if line in said)
    return next(to_type, _MARKUP.split(behind[0])[0].rstrip() if behind else "")


def _message(step: Step) -> Sequence[str]:
    """Return the lines of the first example that form a message, including the final dot."""
    said = [line.text for line in step.passes[0].lines if line.sign == "C"] if step.passes else []
    begun = next((n for n, text in enumerate(said) if text.upper() == "DATA"), len(said))
    return said[begun + 1 :]


def _first_shown(step: Step, wanted: set[str]) -> str:
    return next((line for line in _lines(step) if line and line in wanted), "")


def _lines(step: Step) -> Iterator[str]:
    return (_MARKS.sub("", line.strip()) for line in step.prompt.splitlines())
