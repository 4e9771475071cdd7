"""A grade as lines of text."""

from __future__ import annotations

from ...session.plural import plural
from ...session.visible import visible_text
from .grade import DONE_BEFORE, Grade


def as_lines(found: Grade) -> list[str]:
    """Return a line for each step, followed by the total."""
    width = max(len(step.state) for step in found.steps)
    lines: list[str] = []
    for place, step in enumerate(found.steps, 1):
        misses = f", {plural(step.misses, '{} miss', '{} misses')}" if step.misses else ""
        lines.append(f"{step.state:<{width}}  {place}. {visible_text(step.title)}{misses}")
    before = len([step for step in found.steps if step.state == DONE_BEFORE])
    earlier = f", and {before} earlier" if before else ""
    return [*lines, f"{found.done} of {plural(len(found.steps), '{} step')} done{earlier}."]
