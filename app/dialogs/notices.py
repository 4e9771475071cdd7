"""The list of notices: every message that heloscope has shown in this run, newest first."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ...widgets.bars.notice import Notice

TIME_COLUMN = 10  # cells, where the words beside a time begin


class NoticesScreen(ModalScreen[None]):
    """A scrolling page of notices, closed by Esc or q."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c", "close", "close", show=False),
    ]
    DEFAULT_CSS = """
    NoticesScreen { align: center middle; }
    NoticesScreen > Vertical {
        width: 100; max-width: 96%; height: auto; max-height: 92%; border: round $accent;
        border-title-color: $text-accent; border-subtitle-color: $text-muted;
        background: $surface;
    }
    NoticesScreen VerticalScroll { height: auto; max-height: 100%; padding: 0 1;
        scrollbar-size-vertical: 1; }
    """

    def __init__(self, notices: Sequence[Notice]) -> None:
        """Create the page; the last of the `notices` is listed at the top."""
        super().__init__()
        self._notices = notices

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Notices"
            box.border_subtitle = "Up and Down scroll  Esc closes"
            with VerticalScroll():
                yield Static(id="notices-text")

    @on(events.Resize)
    def _draw(self) -> None:
        # Leaves room for the scrollbar, shown or not.
        width = self.query_one(VerticalScroll).container_size.width - 4
        self.query_one("#notices-text", Static).update(_text(self._notices, max(30, width)))

    def action_close(self) -> None:
        self.dismiss(None)


def _text(notices: Sequence[Notice], width: int) -> Content:
    rows: list[Content] = []
    for notice in reversed(notices):
        style = "bold $text-error" if notice.trouble else "$text-accent"
        head = time.strftime("%H:%M:%S", time.localtime(notice.at)).ljust(TIME_COLUMN)
        title = f"{notice.title}  " if notice.title else ""
        words = Content.assemble((title, style), notice.text)
        for number, line in enumerate(words.wrap(width - TIME_COLUMN)):
            left = " " * TIME_COLUMN if number else head
            rows.append(Content.assemble((left, style), line))
    return Content("\n").join(rows) if rows else Content("No notices yet.")
