"""Findings and comparisons as pages of `heloscope --plain`."""

from __future__ import annotations

from ...session.comparison.diff import diff_lines
from ..dialogs.requests import Comparison, FindingList


def page_of(asked: FindingList | Comparison) -> tuple[str, list[str]]:
    """(heading, lines) of a page; what is only on the left begins with -, on the right with +."""
    if isinstance(asked, FindingList):
        return f"Findings on {asked.server}", [
            f"{each.grade}: {each.text} ({each.source})" for each in asked.findings
        ]
    return f"- {asked.left}, + {asked.right}", [
        f"{mark} {text}" for mark, text in diff_lines(asked.rows)
    ]
