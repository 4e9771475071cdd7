"""The panels that belong to no single session: the plan, and the explanation of a line."""

from __future__ import annotations

from collections.abc import Sequence

from ...widgets.panels.explanation import ExplanationPanel
from ...widgets.panels.line_explanation import NO_EXPLANATION
from ...widgets.plan.panel import PlanPanel
from ...widgets.plan.rows import Paragraph, PlanRow
from ...widgets.transcript.layout import FOLD, ROW, RULE
from ...widgets.transcript.view import TranscriptView
from ..plan.status import PlanStatus


def show_plan(panel: PlanPanel, plan: PlanStatus, *, brief: bool) -> None:
    """Show the plan, and an explanation of the step under its cursor.

    `brief` leaves out the meaning of replies, where another panel shows it.
    """
    rows: Sequence[PlanRow] = ()
    words: list[Paragraph] = []
    at = 0
    if plan.title or plan.renewable or plan.breakpoints:
        from ..plan.text import Rows, words_of

        at = plan.at
        rows = Rows(plan.done, plan.foreseen, plan.breakpoints, cut=plan.cut)
        words = words_of(plan, panel.list.going_to(at), brief=brief)
    panel.show(plan.heading, rows, at, words, plan.key())


def show_explanation(panel: ExplanationPanel, view: TranscriptView, refusal: int | None) -> None:
    """Explain the line of the transcript that is under its cursor.

    While the last line is followed, the row `refusal` is explained in its place, if there is one:
    a refusal that the plan has followed with RSET.
    """
    present = view.present
    if present is None:
        panel.show(NO_EXPLANATION)
        return
    from ..explain.line import meaning_of, meaning_of_message

    section, spot = present
    if spot.kind == ROW:
        row = spot.number if refusal is None or view.cursor is not None else refusal
        panel.show(meaning_of(section.index, row, room=view.room))
    elif spot.kind == RULE:
        panel.show(meaning_of(section.index, None, section.transcript.mark(spot.number)[1]))
    elif spot.kind == FOLD:
        body = section.transcript.bodies[spot.number]
        found = section.index.violations_within(body.first, body.last)
        panel.show(meaning_of_message(body.first, body.last, body.size, found))
