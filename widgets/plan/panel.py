"""The plan panel: the steps of a procedure, and an explanation of the step under the cursor.

The panel draws the rows and paragraphs that it is given by app/plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ...session.visible import visible_text
from .list import PlanList
from .rows import Paragraph, PlanRow


class ParagraphScroll(VerticalScroll, can_focus=False):
    """A container for the paragraphs, which scrolls with the mouse and never has the focus."""


class PlanPanel(Vertical):
    """A panel with the title of a plan, its steps, and paragraphs about one of them."""

    DEFAULT_CSS = """
    PlanPanel {
        padding: 0;
        & #plan-title { height: auto; padding: 0 1; }
        & PlanList { height: 1fr; min-height: 3; }
        & ParagraphScroll {
            height: auto; max-height: 65%; padding-left: 1;
            scrollbar-size-vertical: 1;
            border-top: solid $foreground 20%;
        }
        & ParagraphScroll > Static { height: auto; width: 100%; padding-right: 1; }
        &.-empty PlanList { height: 1; min-height: 1; }
        &.-empty ParagraphScroll { border-top: none; height: 1fr; max-height: 100%; }
    }
    """
    EMPTY = (
        "No plan is in progress.\n\n"
        "A procedure started here sends nothing by itself. Each step is shown first; to send it, "
        "press Enter on an empty command line.\n\n"
        "To start a procedure, type :hello, :starttls, :login, :verify ADDRESS or :send FILE."
    )

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, classes="-empty")
        self.list = PlanList(id="plan-list")
        self._shown: object = None
        self._said: object = None

    def compose(self) -> ComposeResult:
        title = Static(id="plan-title")
        title.display = False
        yield title
        yield self.list
        with ParagraphScroll():
            yield Static(Content.styled(self.EMPTY, "dim"), id="plan-words")

    def focus(self, scroll_visible: bool = True) -> Self:
        self.list.focus(scroll_visible)
        return self

    def show(
        self, title: str, rows: Sequence[PlanRow], at: int, words: Sequence[Paragraph], key: object
    ) -> None:
        """Show a plan with step `at` in view. If `title` is empty, show that there is no plan.

        `words` are paragraphs about the step under the cursor. `key` must change whenever the title
        or the rows change; changes in `words` are detected here.
        """
        if key != self._shown:
            self._shown = key
            head = self.query_one("#plan-title", Static)
            head.display = bool(title)
            head.update(Content.styled(visible_text(title), "bold"))
            self.set_class(not title, "-empty")
            self.list.show(rows, at)
        said = (bool(title), *words)
        if said != self._said:
            self._said = said
            parts = [_paragraph(each) for each in words]
            if not title:
                parts.insert(0, Content.styled(self.EMPTY, "dim"))
            self.query_one("#plan-words", Static).update(Content("\n").join(parts))
            self.query_one(ParagraphScroll).scroll_home(animate=False)


def _paragraph(words: Paragraph) -> Content:
    gap = "  " if words.head and words.text else ""
    text = visible_text(words.text)
    return Content.assemble(
        (visible_text(words.head), f"bold {words.style}".strip()),
        gap,
        (text, "dim" if words.dim else words.style if not words.head else ""),
    )
