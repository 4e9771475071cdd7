"""A row of radio buttons that shows all choices and marks the chosen one."""

from __future__ import annotations

from textual.content import Content
from textual.events import Click
from textual.geometry import Size

from .single_choice import SingleChoice


class RadioRow(SingleChoice):
    """A choice of a few values, all of them visible. Lines break only between choices."""

    DEFAULT_CSS = """
    RadioRow { height: auto; width: 1fr; background: $panel; }
    RadioRow:focus { background: $panel-lighten-1; }
    """

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        """Return lines that hold as many choices as fit, broken only between choices."""
        lines: list[Content] = []
        for value in self.choices:
            choice = self._drawn(value)
            if lines and lines[-1].cell_length + 1 + choice.cell_length <= width:
                lines[-1] = Content.assemble(lines[-1], " ", choice)
            else:
                lines.append(choice)
        return lines

    def _drawn(self, value: str) -> Content:
        if value != self.value:
            return Content.styled(f"( ) {self.choices[value]}", "dim")
        style = "bold reverse" if self.has_focus else "bold $text-accent"
        return Content.styled(f"(●) {self.choices[value]}", style)

    def on_click(self, event: Click) -> None:
        self.focus()
        self.action_turn(1)
