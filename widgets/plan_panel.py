"""The plan: the steps of the procedure at hand, done, next and to come.

It is given rows that somebody else has put together (app/stepping.py); it draws them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ..session.visible import visible_text

DONE, NEXT, TO_COME = "done", "next", "to come"
MOST_SHOWN = 200  # steps to come; the rest is counted


class PlanRow(NamedTuple):
    """A step. `line` may come from the wire, or go there; `style` is that of `reply`."""

    when: str
    line: str
    reply: str = ""
    style: str = ""
    words: str = ""


class PlanPanel(VerticalScroll, can_focus=True):
    """Lists the steps; the next one stands out."""

    DEFAULT_CSS = """
    PlanPanel { padding: 0 1; scrollbar-size-vertical: 1; }
    PlanPanel > Static { width: 100%; }
    """
    HELP = "The steps of what is being done, the next one marked."
    EMPTY = (
        "Nothing is being stepped through.\n\n"
        "A procedure sends nothing by itself here: each step is shown first, and Enter on an "
        "empty command line sends it.\n\n"
        ":hello, :starttls, :login, :verify ADDRESS or :send FILE begins one."
    )

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: object = None

    def compose(self) -> ComposeResult:
        yield Static(Content.styled(self.EMPTY, "dim"), id="plan-text")

    def show(self, title: str, rows: Sequence[PlanRow], end: str = "") -> None:
        """Show these steps; `end` says how it came out, when it is over. No title: none at all."""
        key = (title, tuple(rows), end)
        if key == self._shown:
            return
        self._shown = key
        text = self.query_one("#plan-text", Static)
        if not title:
            text.update(Content.styled(self.EMPTY, "dim"))
            return
        parts = [Content.styled(visible_text(title), "bold"), Content("")]
        coming = sum(row.when == TO_COME for row in rows)
        listed = [*rows[: len(rows) - coming], *rows[len(rows) - coming :][:MOST_SHOWN]]
        parts += [self._row(row) for row in listed]
        if len(rows) > len(listed):
            parts.append(Content.styled(f"  and {len(rows) - len(listed):,} more", "dim"))
        if end:
            parts += [Content(""), Content(visible_text(end))]
        text.update(Content("\n").join(parts))
        at = next((n for n, row in enumerate(listed) if row.when == NEXT), len(listed))
        self.scroll_to(y=max(0, at - 3), animate=False)

    def _row(self, row: PlanRow) -> Content:
        line = visible_text(row.line)
        if row.when == DONE:
            said = [Content.styled(f"✓ {line}", "dim")]
            if row.reply:
                said.append(Content.styled(visible_text(row.reply), row.style))
            return Content("  ").join(said)
        if row.when == NEXT:
            parts = [Content.assemble(("▶ ", "$accent"), (line, "bold $accent"))]
            if row.words:
                parts.append(Content.styled(f"  {visible_text(row.words)}", ""))
            return Content("\n").join(parts)
        return Content.styled(f"  {line}", "dim")
