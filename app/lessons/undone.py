"""Writes the text about steps not done, shown at the end of a lesson."""

from __future__ import annotations

from collections.abc import Sequence

from ...session.plural import plural
from ..advice import do
from .run import Run


def undone(run: Run) -> str:
    """Return sentences about the steps that are not done, with advice, or "" if all are done."""
    steps = run.lesson.steps
    left = [n for n, step in enumerate(steps, 1) if step.id not in run.done]
    if not left:
        return ""
    lost = [n for n in left if steps[n - 1].id in run.lost]
    named = _listed(left)
    said = plural(len(left), f"Step {named} is not done.", f"Steps {named} are not done.")
    begins = f"`{do('jump')} N` begins step N."
    if not lost:
        return f"{said} {begins}"
    if lost == left:
        stays = plural(len(left), "it stays as it is", "they stay as they are")
        return f"{said} The first answer counts, so {stays}."
    stays = plural(len(lost), "stays as it is", "stay as they are")
    return f"{said} Of these, {_listed(lost)} {stays}: the first answer counts. {begins}"


def _listed(numbers: Sequence[int]) -> str:
    *others, last = map(str, numbers)
    return f"{', '.join(others)} and {last}" if others else last
