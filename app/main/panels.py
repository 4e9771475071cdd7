"""Fills the panels that do not belong to a single session: the plan and the explanation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

import msgspec

from ...session.record.masking import KnownSecrets
from ...widgets.panels.explanation import ExplanationPanel
from ...widgets.panels.line_explanation import NO_EXPLANATION, LineExplanation
from ...widgets.plan.panel import PlanPanel
from ...widgets.plan.rows import Paragraph, PlanRow
from ...widgets.transcript.layout import FOLD, ROW, LineSource
from ...widgets.transcript.section import TranscriptSection
from ...widgets.transcript.view import TranscriptView
from ..plan.status import PlanStatus


def show_plan(panel: PlanPanel, plan: PlanStatus, secrets: KnownSecrets, *, brief: bool) -> None:
    """Show the plan, and an explanation of the step under its cursor.

    `secrets` provides the pseudonyms if names are masked. `brief` omits the meaning of replies
    because another panel shows it.
    """
    rows: Sequence[PlanRow] = ()
    words: list[Paragraph] = []
    at = 0
    if plan.title or plan.renewable or plan.breakpoints:
        from ..plan.text import Rows, words_of

        at = plan.at
        rows = Rows(plan.done, plan.foreseen, plan.breakpoints, cut=plan.cut)
        words = words_of(plan, panel.list.going_to(at), brief=brief, mask=secrets.mask_names)
    heading = secrets.mask_names(plan.heading)
    if secrets.stand_ins is not None:
        rows = _MaskedRows(rows, secrets.mask_names)
    panel.show(heading, rows, at, words, (plan.key(), secrets.look))


class _MaskedRows(Sequence[PlanRow]):
    """The rows of a plan with pseudonyms instead of names. Each row is created when it is drawn."""

    def __init__(self, rows: Sequence[PlanRow], mask: Callable[[str], str]) -> None:
        self._rows = rows
        self._mask = mask

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> PlanRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[PlanRow]: ...
    def __getitem__(self, index: int | slice) -> PlanRow | list[PlanRow]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        row = self._rows[index]
        mask = self._mask
        return msgspec.structs.replace(
            row, line=mask(row.line), said=mask(row.said), note=mask(row.note)
        )


def show_explanation(
    panel: ExplanationPanel, view: TranscriptView, refusal: int | None, note: str = ""
) -> None:
    """Explain the line under the transcript's cursor; `note` is a teacher's note on it.

    `refusal` is the row of a refusal after which the plan sent RSET, or None. The refusal is
    explained instead while the transcript follows the last line.
    """
    present, view.explained = view.present, None
    if present is None:
        panel.show(NO_EXPLANATION)
        return
    section, spot = present
    if spot.kind == ROW and refusal is not None and view.cursor is None:
        spot, view.explained = LineSource(ROW, refusal), refusal
    meaning = meaning_at(section, spot, room=view.room)
    if note:
        meaning = msgspec.structs.replace(meaning, sections=(("Note", note), *meaning.sections))
    panel.show(meaning)


def meaning_at(section: TranscriptSection, spot: LineSource, *, room: int) -> LineExplanation:
    """Return the explanation of a line; `room` is the width available for it, in cells.

    Names are replaced by pseudonyms if they are masked.
    """
    from ..explain.line import meaning_of, meaning_of_message

    if spot.kind == ROW:
        return meaning_of(section.index, spot.number, room=room)
    if spot.kind == FOLD:
        body = section.transcript.bodies[spot.number]
        return meaning_of_message(body.first, body.last, body.size, section.index)
    return meaning_of(section.index, None, section.transcript.mark(spot.number)[1])
