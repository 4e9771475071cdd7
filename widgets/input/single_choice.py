"""The base class of RadioRow and Cycle, which choose one of a few labelled values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from ...session.visible import visible_text


class SingleChoice(Widget, can_focus=True):
    """The base class of widgets in which Left, Right and Space choose one of a few values.

    Textual's RadioSet and Select do not suit a form of one-line fields in which keys may arrive in
    a burst. RadioSet uses a row per choice and consumes Enter, which here submits the form or moves
    to the next field. Select opens an overlay, and loses keys that are typed before the overlay is
    mounted.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "previous choice", show=False),
        Binding("right,space", "turn(1)", "next choice", show=False),
    ]
    HELP = "Left and Right change the choice."

    value: reactive[str] = reactive("", layout=True)
    """The chosen value."""

    @dataclass
    class Changed(Message):
        """Posted when the user has chosen another value, but not when a program sets `value`."""

        choice: SingleChoice
        value: str

        @property
        def control(self) -> SingleChoice:
            return self.choice

    def __init__(
        self, choices: Mapping[str, str] | Sequence[str], value: str = "", *, id: str | None = None
    ) -> None:
        """Create a choice. `choices` maps each value to its label.

        In a plain sequence, each value is its own label. A `value` that is not among the choices
        selects the first one.
        """
        super().__init__(id=id)
        labels = choices if isinstance(choices, Mapping) else {key: key for key in choices}
        self.choices = {key: visible_text(label) for key, label in labels.items()}
        """The label of each value, safe to show."""
        self.set_reactive(
            SingleChoice.value, value if value in self.choices else next(iter(self.choices))
        )

    def action_turn(self, by: int) -> None:
        """Choose the next (1) or previous (-1) value, wrapping around at the ends."""
        values = list(self.choices)
        self.value = values[(values.index(self.value) + by) % len(values)]
        self.post_message(self.Changed(self, self.value))
