"""The list of a plan's steps, one per line.

The list uses Textual's line API: however many rows it has, only those in view are requested and
drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from ...session.visible import visible_text
from ..base.line_view import LineView
from .rows import DONE, NEXT, REFUSED, SKIPPED, TO_COME, PlanRow

_MARKS = {DONE: "✓", REFUSED: "✗", SKIPPED: "–", NEXT: "▶", TO_COME: " "}
STOP = "●"  # a breakpoint
LEAST = 12  # cells of a line that always show, even with a note at its right


class PlanList(LineView, can_focus=True):
    """A list of the steps with a cursor. A key posts ActionRequested with the action to take."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,s,enter", "ask('step')", "step"),
        Binding("c", "ask('run')", "run"),
        Binding("p", "ask('pause')", "pause"),
        Binding("e", "ask('edit')", "edit"),
        Binding("a", "ask('again')", "again"),
        Binding("k", "ask('skip')", "skip"),
        Binding("b", "ask('break')", "break"),
        Binding("r", "ask('restart')", "restart"),
        Binding("q", "ask('abandon')", "drop"),
        Binding("up", "move(-1)", "previous step", show=False),
        Binding("down", "move(1)", "next step", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home", "end(-1)", "first step", show=False),
        Binding("end", "end(1)", "last step", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "plan--done", "plan--next", "plan--to-come", "plan--note", "plan--stop", "plan--cursor",
        "plan--2yz", "plan--3yz", "plan--4yz", "plan--5yz", "plan--odd",
    }  # fmt: skip
    DEFAULT_CSS = """
    PlanList {
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        & .plan--done { color: $foreground 70%; }
        & .plan--next { color: $text-accent; text-style: bold; }
        & .plan--to-come { color: $foreground 55%; }
        & .plan--note { color: $foreground 55%; text-style: italic; }
        & .plan--stop { color: $text-error; }
        & .plan--2yz { color: $text-success; }
        & .plan--3yz { color: $text-primary; }
        & .plan--4yz { color: $text-warning; }
        & .plan--5yz { color: $text-error; }
        & .plan--odd { color: $text-error; }
        & .plan--cursor { background: $foreground 8%; }
        &:focus .plan--cursor { background: $primary 30%; }
    }
    """
    HELP = "The steps of the plan. The keys apply to the step under the cursor."

    class ActionRequested(Message):
        """Posted when a key asks for the action named `order` on the step in row `place`."""

        def __init__(self, list: PlanList, order: str, place: int) -> None:
            super().__init__()
            self.list = list
            self.order = order
            self.place = place

        @property
        def control(self) -> PlanList:
            return self.list

    class CursorMoved(Message):
        """Posted when the cursor has moved to another row."""

        def __init__(self, list: PlanList) -> None:
            super().__init__()
            self.list = list

        @property
        def control(self) -> PlanList:
            return self.list

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, PlanList.CursorMoved)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[PlanRow] = ()
        self._at = -1
        self.cursor = 0
        """The row under the cursor, to which the keys apply."""

    def going_to(self, at: int) -> int:
        """Return the row to which `show`, called with this `at`, would move the cursor."""
        return self.cursor if at == self._at else at

    def show(self, rows: Sequence[PlanRow], at: int) -> None:
        """Show `rows`. If `at` has changed since the last call, move the cursor to row `at`."""
        if bool(rows) != bool(self._rows) and self.has_focus:
            self.screen.refresh_bindings()
        self._rows = rows
        self.virtual_size = Size(self.scrollable_content_region.width, len(rows))
        if at != self._at:
            self._at = at
            self.cursor = at
        self.cursor = max(0, min(self.cursor, len(rows) - 1))
        self._in_view()
        self.refresh()

    def offers(self, action: str) -> bool:
        """Return whether the key bar shows the key for `action`. An empty list offers none."""
        return bool(self._rows)

    def action_ask(self, order: str) -> None:
        self.post_message(self.ActionRequested(self, order, self.cursor))

    def action_move(self, by: int) -> None:
        self.move_to(self.cursor + by)

    def action_page(self, by: int) -> None:
        self.move_to(self.cursor + by * max(1, self.size.height - 1))

    def action_end(self, by: int) -> None:
        self.move_to(0 if by < 0 else len(self._rows) - 1)

    def move_to(self, row: int) -> None:
        """Move the cursor to `row`, or to the first or last row if `row` is out of range."""
        self.cursor = max(0, min(row, len(self._rows) - 1))
        self._in_view()
        self.refresh()
        self.post_message(self.CursorMoved(self))

    def on_click(self, event: events.Click) -> None:
        where = event.get_content_offset(self)
        if where is not None and 0 <= where.y + self.scroll_offset.y < len(self._rows):
            self.move_to(where.y + self.scroll_offset.y)

    def on_resize(self) -> None:
        self._in_view()

    def _in_view(self) -> None:
        """Scroll the row under the cursor into view, with a few rows around it."""
        height = max(1, self.size.height)
        around = min(2, (height - 1) // 2)
        top = self.scroll_offset.y
        least, most = self.cursor + around - height + 1, self.cursor - around
        if not least <= top <= most:
            wanted = least if top < least else most
            self.scroll_to(y=max(0, wanted), animate=False, force=True, immediate=True)

    # Drawing

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        number = y + self.scroll_offset.y
        base = self.rich_style
        if not 0 <= number < len(self._rows) or width <= 0:
            return Strip.blank(width, base)
        if number == self.cursor:
            base += self._style("plan--cursor")
        return Strip(self._segments(self._rows[number], width, base)).adjust_cell_length(
            width, base
        )

    def _segments(self, row: PlanRow, width: int, base: Style) -> list[Segment]:
        said = visible_text(row.said)
        plain = {NEXT: "plan--next", TO_COME: "plan--to-come"}.get(row.when, "plan--done")
        loud = f"plan--{row.style}yz" if 2 <= row.style <= 5 else "plan--odd"
        mark = plain if row.when in (NEXT, TO_COME, SKIPPED) else loud
        line = visible_text(row.line)
        behind = f" {row.note}" if row.note else ""
        right = f" {said}" if said else ""
        room = width - 4 - cell_len(behind) - cell_len(right)
        if room < LEAST and behind:
            behind = ""
            room = width - 4 - cell_len(right)
        cut = "›" if cell_len(line) > room else ""
        if cut:
            line = set_cell_size(line, max(0, room - 1))
        gap = " " * (room - cell_len(line) - len(cut))
        return [
            Segment(STOP if row.stop else " ", base + self._style("plan--stop")),
            Segment(_MARKS[row.when], base + self._style(mark)),
            Segment(" ", base),
            Segment(line, base + self._style(plain)),
            Segment(cut, base + self._style("plan--4yz")),
            Segment(behind, base + self._style("plan--note")),
            Segment(gap, base),
            Segment(right, base + self._style(loud if row.style else plain)),
            Segment(" ", base),
        ]
