"""The dialog that shows the grade of a lesson in progress, with the outcome of each step so far."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ...session.visible import visible_text
from ..lessons.grade import DONE, DONE_BEFORE, Grade
from ..lessons.grade_words import as_lines

_STYLES = {DONE: "$text-success", DONE_BEFORE: "$text-success"}


class GradeScreen(ModalScreen[None]):
    """Shows a grade: one row for each step, then the total."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,ctrl+c", "close", "close", show=False),
    ]
    DEFAULT_CSS = """
    GradeScreen { align: center middle; }
    GradeScreen > Vertical {
        width: 84; max-width: 96%; height: auto; max-height: 96%;
        border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface; padding: 0 1;
    }
    GradeScreen VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    GradeScreen Static { width: 100%; height: auto; }
    """

    def __init__(self, grade: Grade) -> None:
        super().__init__()
        self._grade = grade

    def compose(self) -> ComposeResult:
        *steps, total = as_lines(self._grade)
        rows = [
            Content.styled(line, _STYLES.get(step.state, "")) if step.state in _STYLES
            else Content(line)
            for step, line in zip(self._grade.steps, steps, strict=True)
        ]  # fmt: skip
        with Vertical() as box:
            box.border_title = Content(f"Grade: {visible_text(self._grade.title)}").markup
            box.border_subtitle = "Esc: close"
            with VerticalScroll():
                yield Static(Content("\n").join([*rows, Content(""), Content(total)]))

    def action_close(self) -> None:
        self.dismiss(None)
