"""A panel that shows one of several pages, with tabs in its border."""

from __future__ import annotations

from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import ContentSwitcher


class TabbedPanel(Vertical):
    """A panel of pages, each given as (title, widget with an id). Left and Right switch pages."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "previous tab", show=False),
        Binding("right", "turn(1)", "next tab", show=False),
    ]
    DEFAULT_CSS = """
    TabbedPanel {
        border: round $foreground 25%;
        border-title-color: $text-muted;
        &:focus-within { border: round $accent; }
        & ContentSwitcher { height: 1fr; }
        & ContentSwitcher > * { height: 1fr; }
    }
    """

    page: reactive[int] = reactive(0)
    """The index of the page shown."""

    def __init__(self, *pages: tuple[str, Widget], id: str | None = None) -> None:
        super().__init__(id=id)
        self._pages = pages

    def compose(self) -> ComposeResult:
        with ContentSwitcher(initial=self._pages[0][1].id):
            for _, widget in self._pages:
                yield widget

    def on_mount(self) -> None:
        self._title()

    def number(self, id: str) -> int:
        """Return the index of the page with this widget id. Raises ValueError if there is none."""
        return [widget.id for _, widget in self._pages].index(id)

    def watch_page(self, page: int) -> None:
        if self.is_mounted:
            front = self._pages[page][1]
            getattr(front, "turned_to", _nothing)()
            self.query_one(ContentSwitcher).current = front.id
            for number, (_, widget) in enumerate(self._pages):
                self.set_class(number == page, f"-{widget.id}")  # for the layout
            self._title()

    def _title(self) -> None:
        parts = [
            Content.styled(title, "bold $text-accent" if number == self.page else "dim")
            for number, (title, _) in enumerate(self._pages)
        ]
        self.border_title = cast(str, Content("  ").join(parts))  # which Textual would parse

    def focus_page(self) -> None:
        """Focus the page shown."""
        self._pages[self.page][1].focus()

    def action_turn(self, by: int) -> None:
        focused = self.has_focus_within
        self.page = (self.page + by) % len(self._pages)
        if focused:
            self._pages[self.page][1].focus()


def _nothing() -> None:
    """Do nothing: the default for a page that has nothing to draw when its tab is opened."""
