"""The help screen, with all keys and orders in the table of `app/dialogs/key_table.py`."""

from __future__ import annotations

from textwrap import wrap
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ...widgets.base.columns import beside
from ..actions import keys_with
from ..confinement import FREE, Confinement
from .key_table import COLUMN, INTRODUCTION, sections


class HelpScreen(ModalScreen[None]):
    """A scrolling page of the keys and orders that `confinement` allows, closed by Esc, q or F1."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys_with("escape,q,ctrl+c", "help"), "close", "close", show=False),
    ]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Vertical {
        width: 90; max-width: 96%; height: 92%; border: round $accent;
        border-title-color: $text-accent; border-subtitle-color: $text-muted;
        background: $surface;
    }
    HelpScreen VerticalScroll { padding: 0 2; scrollbar-size-vertical: 1; }
    """

    def __init__(self, confinement: Confinement = FREE) -> None:
        super().__init__()
        self._confinement = confinement

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Help"
            box.border_subtitle = "Up and Down scroll  Esc closes"
            with VerticalScroll():
                yield Static(id="help-text")

    @on(events.Resize)
    def _draw(self) -> None:
        width = self.query_one(VerticalScroll).content_size.width - 2  # beside the scrollbar
        self.query_one("#help-text", Static).update(_text(max(30, width), self._confinement))

    def action_close(self) -> None:
        self.dismiss(None)


def _text(width: int, confinement: Confinement) -> Content:
    parts = [Content(line) for line in wrap(INTRODUCTION, width)]
    for heading, entries in sections(confinement):
        parts += [Content(""), Content.styled(heading, "bold $text-accent")]
        for name, meaning, details in entries:
            parts += beside(name, meaning, column=COLUMN, width=width)
            if details:
                parts += beside("", details, column=COLUMN, width=width, style="dim")
    return Content("\n").join(parts)
