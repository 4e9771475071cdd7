"""A widget that shows a message and draws only the lines in view."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from ...session.visible import beginning, visible

LONGEST = 4000  # octets shown of one line
_DIM = Style(dim=True)


class MessageText(Widget):
    """A message as it was received, with the names of its header fields dimmed."""

    DEFAULT_CSS = """
    MessageText { width: auto; min-width: 100%; height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: list[str] = []
        """The lines as shown, safe for the terminal and cut at `LONGEST` octets."""
        self._header = 0  # lines of the header
        self._width = 0  # cells of the longest line

    def show(self, content: bytes) -> None:
        """Show `content`, which must have CRLF line endings."""
        head, blank, body = content.partition(b"\r\n\r\n")
        header = head.removesuffix(b"\r\n").split(b"\r\n")
        text = [b"", *body.removesuffix(b"\r\n").split(b"\r\n")] if blank else []
        self.lines = [_shown(line) for line in (*header, *text)] if content else []
        self._header = len(header)
        widths = (len(line) if line.isascii() else cell_len(line) for line in self.lines)
        self._width = max(widths, default=0)
        self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return self._width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines)

    def render_line(self, y: int) -> Strip:
        width, style = self.size.width, self.rich_style
        if y >= len(self.lines):
            return Strip.blank(width, style)
        line = self.lines[y]
        name = line.find(":") + 1 if y < self._header else 0
        if line[:1] in (" ", "\t"):  # continues the field above
            name = 0
        elif y < self._header and not name:
            name = len(line)
        segments = [Segment(line[:name], style + _DIM), Segment(line[name:], style)]
        strip = Strip(segments).adjust_cell_length(width, style)
        span = self.text_selection.get_span(y) if self.text_selection is not None else None
        if span is not None:
            start, end = span
            end = len(line) if end == -1 else end
            chosen = style + self.screen.get_component_rich_style("screen--selection")
            before, after = cell_len(line[:start]), cell_len(line[:end])
            parts = strip.divide([before, after, width])
            strip = Strip.join([parts[0], parts[1].apply_style(chosen), *parts[2:]])
        return strip.apply_offsets(0, y)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        return selection.extract("\n".join(self.lines)), "\n"


def _shown(line: bytes) -> str:
    if len(line) <= LONGEST:
        return visible(line)
    return f"{visible(beginning(line, LONGEST))}… and {len(line) - LONGEST:,} more bytes"
