"""The dialog that shows two conversations side by side, aligned by command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ...session.comparison.diff import CHANGED, LEFT, RIGHT, SAME, counted, side_by_side
from ...widgets.base.app_of import app_of

if TYPE_CHECKING:
    from ...session.comparison.differences import ComparedRow

MOST_ROWS = 2000  # turns that are shown
_STYLES = {SAME: "", CHANGED: "bold $text-warning", LEFT: "$text-error", RIGHT: "$text-success"}
_KEYS = "n and p: next and previous difference  Esc: close"
_MARK, _BETWEEN = 2, 3  # cells


class ComparisonScreen(ModalScreen[None]):
    """Shows two conversations, and marks where they differ.

    The marks are ~ for both sides, - for the left only, and + for the right only.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c", "close", "close", show=False),
        Binding("n", "difference(1)", "next difference", show=False),
        Binding("p", "difference(-1)", "previous difference", show=False),
    ]
    DEFAULT_CSS = """
    ComparisonScreen { align: center middle; }
    ComparisonScreen > Vertical {
        width: 98%; height: 96%; border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface;
    }
    ComparisonScreen Static { height: auto; padding: 0 1; }
    ComparisonScreen #names { height: 1; text-style: bold; color: $text-accent; }
    ComparisonScreen OptionList > .option-list--option-highlighted,
    ComparisonScreen OptionList:focus > .option-list--option-highlighted {
        background: $panel; color: $foreground; text-style: none;
    }
    ComparisonScreen OptionList, ComparisonScreen OptionList:focus {
        height: 1fr; border: none; background: $surface; padding: 0 1; scrollbar-size-vertical: 1;
        text-wrap: nowrap;
    }
    """

    def __init__(self, left: str, right: str, rows: Sequence[ComparedRow]) -> None:
        super().__init__()
        self._left, self._right = left, right
        self._rows = rows[:MOST_ROWS]
        more = len(rows) - len(self._rows)
        self._counted = counted(rows) + (f" {more:,} more turns are not shown." if more else "")

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Comparison"
            box.border_subtitle = _KEYS
            yield Static(id="names")
            yield OptionList(id="compared", markup=False)
            yield Static(Content(self._counted), id="counted")

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    @on(events.Resize)
    def _draw(self) -> None:
        options = self.query_one(OptionList)
        width = max(20, options.container_size.width - 4)
        side = (width - _MARK - _BETWEEN) // 2
        self.query_one("#names", Static).update(
            _beside(Content(self._left), Content(self._right), side, " ")
        )
        at = options.highlighted
        options.clear_options()
        options.add_options(Option(_drawn(row, side)) for row in self._rows)
        if at is None:
            first = next((n for n, row in enumerate(self._rows) if row.differences), 0)
            at = first if self._rows else None
        options.highlighted = at

    def action_difference(self, by: int) -> None:
        """Go to the next difference (`by` = 1) or the previous one (-1), or ring the bell."""
        options = self.query_one(OptionList)
        at = options.highlighted if options.highlighted is not None else -1
        ahead = range(at + 1, len(self._rows)) if by > 0 else range(at - 1, -1, -1)
        found = next((number for number in ahead if self._rows[number].differences), None)
        if found is None:
            app_of(self).bell()
        else:
            options.highlighted = found

    def action_close(self) -> None:
        self.dismiss(None)


def _drawn(row: ComparedRow, side: int) -> Content:
    """Return a turn as two columns of `side` cells, with long lines wrapped."""
    lines: list[Content] = []
    for mark, left, right in side_by_side(row):
        style = _STYLES[mark]
        one = Content.styled(left, style).wrap(side) or [Content("")]
        other = Content.styled(right, style).wrap(side) or [Content("")]
        for number in range(max(len(one), len(other))):
            a = one[number] if number < len(one) else Content("")
            b = other[number] if number < len(other) else Content("")
            lines.append(_beside(a, b, side, mark if not number else " ", style))
    return Content("\n").join(lines)


def _beside(left: Content, right: Content, side: int, mark: str, style: str = "") -> Content:
    return Content.assemble(
        (f"{mark} ", style), left.truncate(side, ellipsis=True, pad=True), " │ ",
        right.truncate(side, ellipsis=True, pad=True),
    )  # fmt: skip
