"""One of a few choices, in one line: Left and Right go through them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class Choice(Widget, can_focus=True):
    """`choices` are key -> label; `chosen` is a key. All are shown, the chosen one marked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "the choice before", show=False),
        Binding("right,space", "turn(1)", "the next choice", show=False),
    ]
    DEFAULT_CSS = """
    Choice { height: auto; width: 1fr; background: $panel; }
    Choice:focus { background: $panel-lighten-1; }
    """

    chosen: reactive[str] = reactive("", layout=True)
    """The key of the choice that holds."""

    @dataclass
    class Changed(Message):
        """Posted when a person has chosen another."""

        choice: Choice

        @property
        def control(self) -> Choice:
            return self.choice

    def __init__(self, choices: Mapping[str, str], chosen: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._choices = choices
        self.set_reactive(Choice.chosen, chosen)

    def render(self) -> Content:
        focused = self.has_focus
        parts: list[Content] = []
        for key, label in self._choices.items():
            shown = label.replace(" ", "\u00a0")  # not torn apart at the end of a line
            if key == self.chosen:
                style = "bold reverse" if focused else "bold $text-accent"
                parts.append(Content.styled(f"(●)\u00a0{shown}", style))
            else:
                parts.append(Content.styled(f"(\u00a0)\u00a0{shown}", "dim"))
        return Content(" ").join(parts)

    def action_turn(self, by: int) -> None:
        keys = list(self._choices)
        self.chosen = keys[(keys.index(self.chosen) + by) % len(keys)]
        self.post_message(self.Changed(self))

    def on_click(self, event: Click) -> None:
        self.focus()
        self.action_turn(1)
