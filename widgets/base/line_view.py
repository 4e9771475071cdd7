"""The base class of panes that draw their own lines (Textual's line API)."""

from __future__ import annotations

from rich.style import Style
from textual.scroll_view import ScrollView


class LineView(ScrollView):
    """A pane that draws its lines in the styles of its component classes."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._styles: dict[str, Style] = {}

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()

    def _style(self, name: str) -> Style:
        """Return the style of the component class `name`.

        Translucent colours in the style are blended with the background.
        """
        style = self._styles.get(name)
        if style is None:
            found = self.get_component_styles(name)
            under = self.background_colors[1]
            over = under + found.background if found.has_rule("background") else None
            style = self._styles[name] = (
                Style(
                    color=(under + found.color).rich_color if found.has_rule("color") else None,
                    bgcolor=over.rich_color if over is not None else None,
                )
                + found.text_style
            )
        return style
