"""The dialog that shows the progress if reading a file takes a while. Esc cancels the reading."""

from __future__ import annotations

import time

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ...session.visible import visible_text

EVERY = 0.25  # seconds between two updates


class ReadingScreen(ModalScreen[bool]):
    """Shows the progress of reading a file. The result is whether Esc cancelled the reading."""

    DEFAULT_CSS = """
    ReadingScreen { align: center middle; }
    ReadingScreen > Vertical {
        width: 64; max-width: 96%; height: auto; max-height: 90%;
        border: round $accent; border-title-color: $text-accent;
        background: $surface; padding: 1 2;
    }
    ReadingScreen #keys { margin-top: 1; }
    """

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what
        self._began = time.monotonic()
        self._percent: int | None = None
        self.ended = False
        """Whether everything has been read. The dialog then closes as soon as it is on top."""

    def told(self, percent: int) -> None:
        """Record how much has been read, in percent."""
        self._percent = percent

    def on_screen_resume(self) -> None:
        if self.ended:
            self.dismiss(False)

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Reading"
            yield Static(Content(visible_text(self._what)))
            yield Static(self._far(), id="far")
            yield Static(Content.assemble(("   Esc", "bold $text-accent"), "  Cancel"), id="keys")

    def on_mount(self) -> None:
        self.set_interval(EVERY, self._look)

    def _look(self) -> None:
        self.query_one("#far", Static).update(self._far())

    def _far(self) -> Content:
        seconds = f"{time.monotonic() - self._began:.0f} s"
        return Content(seconds if self._percent is None else f"{self._percent} % in {seconds}")

    def on_key(self, event: events.Key) -> None:
        event.stop()
        if event.key in ("escape", "ctrl+c"):
            self.dismiss(True)
