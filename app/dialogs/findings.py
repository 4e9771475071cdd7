"""The dialog that lists the findings about a server, each with its grade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ...session.findings.table import GOOD, NOTICE, PROBLEM, SUBJECTS
from ...session.plural import plural

if TYPE_CHECKING:
    from ...session.findings.server import Finding

_STYLES = {GOOD: "$text-success", NOTICE: "$text-warning", PROBLEM: "bold $text-error"}
_GRADE, _SUBJECT = 9, 13  # cells


class FindingsScreen(ModalScreen[None]):
    """A scrolling page of findings, closed by Esc or q."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c", "close", "close", show=False),
    ]
    DEFAULT_CSS = """
    FindingsScreen { align: center middle; }
    FindingsScreen > Vertical {
        width: 110; max-width: 96%; height: auto; max-height: 92%; border: round $accent;
        border-title-color: $text-accent; border-subtitle-color: $text-muted;
        background: $surface;
    }
    FindingsScreen VerticalScroll { height: auto; max-height: 100%; padding: 0 1;
        scrollbar-size-vertical: 1; }
    """

    def __init__(self, server: str, findings: Sequence[Finding]) -> None:
        super().__init__()
        self._server = server
        self._findings = findings

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content(f"Findings about {self._server}")
            box.border_subtitle = "Up and Down scroll  Esc closes"
            with VerticalScroll():
                yield Static(id="findings-text")

    @on(events.Resize)
    def _draw(self) -> None:
        # Leaves room for the scrollbar, shown or not.
        width = self.query_one(VerticalScroll).container_size.width - 4
        self.query_one("#findings-text", Static).update(_text(self._findings, max(30, width)))

    def action_close(self) -> None:
        self.dismiss(None)


def _text(findings: Sequence[Finding], width: int) -> Content:
    rows: list[Content] = []
    for each in findings:
        words = Content.assemble(each.text, (f" ({each.source})", "$text-muted"))
        head = Content.assemble(
            (f"{each.grade:<{_GRADE}}", _STYLES[each.grade]),
            f"{SUBJECTS[each.subject]:<{_SUBJECT}}",
        )
        for number, line in enumerate(words.wrap(max(16, width - _GRADE - _SUBJECT))):
            left = Content(" " * (_GRADE + _SUBJECT)) if number else head
            rows.append(Content.assemble(left, line))
    counts = [sum(each.grade == grade for each in findings) for grade in (PROBLEM, NOTICE)]
    rows.append(Content(f"{plural(counts[0], '{} problem')}, {plural(counts[1], '{} notice')}."))
    return Content("\n").join(rows)
