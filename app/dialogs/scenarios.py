"""The list of scenarios of the practice server, each with a description."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from ...session.practice.scenarios.table import SCENARIOS
from ...widgets.base.columns import beside

NAME_COLUMN = 22  # cells, where the sentence beside a name begins


class ScenariosScreen(ModalScreen[str | None]):
    """Asks for a scenario. The result is its name, or None on Esc. `present` is the one in use."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "close", "close", show=False),
        Binding("down", "move(1)", "next", show=False),
        Binding("up", "move(-1)", "previous", show=False),
        Binding("pagedown", "move(10)", "ten down", show=False),
        Binding("pageup", "move(-10)", "ten up", show=False),
    ]
    DEFAULT_CSS = """
    ScenariosScreen { align: center middle; }
    ScenariosScreen > Vertical {
        width: 116; max-width: 96%; height: 90%;
        border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface; padding: 0 1;
    }
    ScenariosScreen Input, ScenariosScreen Input:focus { border: none; height: 1; padding: 0 1;
        margin: 0 0 1 0; background: $panel; }
    ScenariosScreen OptionList { height: 1fr; border: none; background: $surface; padding: 0; }
    """

    def __init__(self, present: str) -> None:
        super().__init__()
        self._present = present

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Scenarios of the practice server"
            box.border_subtitle = "Type to search  Up, Down: choose  Enter: begin  Esc: close"
            yield Input(placeholder="a name, or a word in the description", id="wanted")
            yield OptionList(id="scenarios", markup=False)

    @on(events.Resize)
    def _resized(self) -> None:
        self._list(self.query_one("#wanted", Input).value)

    def _list(self, wanted: str) -> None:
        """List the scenarios that contain every word of `wanted`."""
        words = wanted.lower().split()
        options = self.query_one("#scenarios", OptionList)
        options.clear_options()
        found = [
            scenario
            for scenario in SCENARIOS.values()
            if all(word in f"{scenario.name} {scenario.about}".lower() for word in words)
        ]
        width = max(40, options.content_size.width - 2)
        for scenario in found:
            about = scenario.about + (" (in use)" if scenario.name == self._present else "")
            lines = beside(scenario.name, about, column=NAME_COLUMN, width=width)
            options.add_option(
                Option(Content("\n").join(lines), id=scenario.name.replace(":", "__"))
            )
        names = [scenario.name for scenario in found]
        if names:
            at = names.index(self._present) if self._present in names and not words else 0
            options.highlighted = at

    @on(Input.Changed)
    def _searched(self, event: Input.Changed) -> None:
        self._list(event.value)

    @on(Input.Submitted)
    def _entered(self) -> None:
        options = self.query_one("#scenarios", OptionList)
        if options.highlighted is not None:
            self._choose(options.get_option_at_index(options.highlighted))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option)

    def _choose(self, option: Option) -> None:
        self.dismiss((option.id or "").replace("__", ":"))

    def action_move(self, by: int) -> None:
        """Move the highlight by this many rows, while the focus stays in the search field."""
        options = self.query_one("#scenarios", OptionList)
        if options.option_count:
            at = (options.highlighted or 0) + by
            options.highlighted = max(0, min(options.option_count - 1, at))

    def action_close(self) -> None:
        self.dismiss(None)
