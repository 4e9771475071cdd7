"""The notice bar, which shows the program's messages in rows of its own and covers nothing.

While there are notices, the bar is shown between the panes and the command line. It draws the
notices that it is given, newest at the bottom, and marks where something did not fit.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from .notice import Notice

ROWS = 3  # rows of one notice; the list of notices has the rest
MOST_ROWS = 6  # rows of all notices


class NoticeBar(Widget):
    """A bar of notices, each preceded by a mark, which is red for an error."""

    DEFAULT_CSS = """
    NoticeBar {
        height: auto;
        display: none;
        padding: 0 1;
        background: $panel;
        color: $foreground;
        &.-told { display: block; }
    }
    """
    ALLOW_SELECT = True

    def __init__(self, more: str, dismiss: str, *, id: str | None = None) -> None:
        """Create an empty bar.

        `more` names the order that lists all notices, and `dismiss` the key that dismisses errors.
        """
        super().__init__(id=id)
        self._more = more
        self._dismiss = Content.styled(f"  {dismiss}", "dim")
        self._notices: tuple[Notice, ...] = ()

    def show(self, notices: Sequence[Notice]) -> None:
        """Show these notices, newest last. The bar takes up no space if there are none."""
        if self._notices != (shown := tuple(notices)):
            self._notices = shown
            self.set_class(bool(shown), "-told")
            self.refresh(layout=True)

    def render(self) -> Content:
        return Content("\n").join(self._lines(max(20, self.content_size.width)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(max(20, width)))

    def _lines(self, width: int) -> list[Content]:
        """Return at most MOST_ROWS rows. Older notices that do not fit are only counted."""
        rows: list[Content] = []
        for number, notice in enumerate(reversed(self._notices)):
            mine = self._rows_of(notice, width)
            left_out = len(self._notices) - number
            if len(rows) + len(mine) + (left_out > 1) > MOST_ROWS:
                earlier = Content.styled(f"  {left_out} earlier: {self._more}", "dim")
                rows = [earlier.truncate(width, ellipsis=True), *rows]
                break
            rows = [*mine, *rows]
        if any(notice.trouble for notice in self._notices):
            room = width - self._dismiss.cell_length
            if rows[-1].cell_length <= room:
                rows[-1] = rows[-1].pad_right(room - rows[-1].cell_length) + self._dismiss
        return rows

    def _rows_of(self, notice: Notice, width: int) -> list[Content]:
        style = "bold $text-error" if notice.trouble else "$text-accent"
        title = f"{notice.title}  " if notice.title else ""
        words = Content.assemble((title, style), notice.text)
        lines = words.wrap(width - 2)
        if len(lines) > ROWS:
            more = Content.assemble("… ", (self._more, "dim"))
            room = width - 2 - more.cell_length
            lines = [*lines[: ROWS - 1], lines[ROWS - 1].truncate(room) + more]
        mark = Content.assemble(("!" if notice.trouble else "·", style), " ")
        return [(Content("  ") if row else mark) + line for row, line in enumerate(lines)]
