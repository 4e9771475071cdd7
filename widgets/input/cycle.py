"""A field that shows one of a few values and lets the user cycle through the others."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from .single_choice import SingleChoice


class Cycle(SingleChoice):
    """A choice that shows only its current value, for values that do not all fit in a row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "app.focus_next", "next field", show=False),
    ]
    DEFAULT_CSS = """
    Cycle { height: 1; width: auto; min-width: 16; background: $panel; padding: 0 1; }
    Cycle:focus { background: $accent 40%; text-style: bold; }
    """

    def render(self) -> Content:
        return Content.assemble(("‹ ", "dim"), self.choices[self.value], (" ›", "dim"))
