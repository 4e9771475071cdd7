"""The transcript pane: every line of one or more conversations, shown as it happens.

The lines are drawn with the line API, straight from the transcripts. Nothing is copied, so the cost
of a frame depends only on the lines in view, and a million lines scroll like a hundred. Keys and
actions are in view.py.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import msgspec
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive, reactive, var
from textual.selection import Selection
from textual.strip import Strip

from ...session.events import CLIENT, INJECTED, SENT, SERVER, TLS, Direction
from ...session.visible import visible
from ..base.line_view import LineView
from .ladder import AROUND, Rung, around, frame, rung_at
from .layout import FOLD, ROW, LineSource
from .lines import LineText, exported
from .section import Pending, TranscriptSection
from .segments import text_segments, visible_part

if TYPE_CHECKING:
    from ...session.record.transcript import Transcript

GUTTER = 14  # cells: time, side, mark, rail
NO_TIME = 40  # cells of the pane below which the time is left out
TIME = 10  # cells of it


_SIDE = {"C": "transcript--client", "S": "transcript--server", " ": "transcript--dim"}
_ITALIC = Style(italic=True)
_NONE = Style()


class TranscriptPane(LineView):
    """A pane that draws conversations one below the other, with the current one last."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "transcript--time",
        "transcript--client",
        "transcript--server",
        "transcript--rail",
        "transcript--sent",
        "transcript--body",
        "transcript--2yz",
        "transcript--3yz",
        "transcript--4yz",
        "transcript--5yz",
        "transcript--odd",
        "transcript--rule",
        "transcript--trouble",
        "transcript--tls",
        "transcript--fold",
        "transcript--mark",
        "transcript--cursor",
        "transcript--reply",
        "transcript--selected",
        "transcript--found",
        "transcript--dim",
        "transcript--empty",
    }
    DEFAULT_CSS = """
    TranscriptPane {
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        overflow-y: auto;
        & .transcript--time { color: $foreground 55%; }
        & .transcript--client { color: $primary; text-style: bold; }
        & .transcript--server { color: $foreground 55%; }
        & .transcript--rail { color: $accent; }
        & .transcript--sent { color: $foreground; }
        & .transcript--body { color: $foreground 55%; }
        & .transcript--2yz { color: $text-success; }
        & .transcript--3yz { color: $text-primary; }
        & .transcript--4yz { color: $text-warning; }
        & .transcript--5yz { color: $text-error; }
        & .transcript--odd { color: $text-error; }
        & .transcript--rule { color: $foreground 55%; text-style: italic; }
        & .transcript--trouble { color: $text-warning; text-style: italic; }
        & .transcript--tls { color: $text-accent; }
        & .transcript--fold { color: $foreground 55%; }
        & .transcript--mark { color: $text-warning; text-style: bold; }
        & .transcript--cursor { background: $foreground 8%; }
        & .transcript--reply { background: $foreground 4%; }
        & .transcript--selected { background: $primary 40%; }
        & .transcript--found { background: $warning 50%; text-style: bold; }
        & .transcript--dim { color: $foreground 55%; }
        & .transcript--empty { color: $foreground 55%; }
        &:focus .transcript--cursor { background: $primary 30%; }
    }
    """
    # Textual lays the whole screen out again for a new size; `_settle` does so only where it must.
    virtual_size = Reactive(Size(0, 0))
    following: var[bool] = var(True)
    """Whether the pane follows the tail, keeping the last line in view."""
    cursor: var[int | None] = var(None)
    """The line under the cursor; None while the cursor stays on the last line."""
    shift: reactive[int] = reactive(0)
    """The number of cells by which the text is scrolled sideways."""
    ladder: reactive[bool] = reactive(False)
    """Whether the pane is drawn as a ladder, with arrows from one side to the other."""
    needle: reactive[str] = reactive("")
    """The search text, highlighted wherever it occurs."""

    class CursorMoved(Message):
        """Posted when the cursor has moved, or more is known about the line under the cursor."""

        def __init__(self, view: TranscriptPane) -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> TranscriptPane:
            return self.view

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, TranscriptPane.CursorMoved)

    class FollowingChanged(Message):
        """Posted when the pane starts or stops following, and when lines arrive.

        `new` is the number of lines that have arrived since the pane stopped following.
        """

        def __init__(self, view: TranscriptPane, following: bool, new: int) -> None:
            super().__init__()
            self.view = view
            self.following = following
            self.new = new

        @property
        def control(self) -> TranscriptPane:
            return self.view

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, TranscriptPane.FollowingChanged)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.sections: list[TranscriptSection] = []
        self.empty_text = ""
        self._height = 0
        self._starts: list[int] = []  # the first line of each section
        self._pending: list[tuple[Direction, bytes]] = []
        self._anchor: int | None = None  # where a selection of lines began
        self._left_at = 0  # the number of lines when following ended
        self._settling = False
        self._strips: LRUCache[object, Strip] = LRUCache(1024)
        self.cache_hits = 0

    # Content

    def add(self, transcript: Transcript, pending: Pending) -> TranscriptSection:
        """Show another conversation below the others, and return its section."""
        self.sync()  # the last lines of the previous one
        section = TranscriptSection(transcript, pending)
        self.sections.append(section)
        self._strips.clear()
        self.sync()
        return section

    def replace(self, transcript: Transcript, pending: Pending) -> None:
        """Show only this conversation."""
        self.sections.clear()
        self.add(transcript, pending)

    def sync(self) -> None:
        """Lay out new lines. Call this at most once per frame; it is cheap if nothing is new."""
        height = 0
        starts: list[int] = []
        for section in self.sections:
            starts.append(height)
            if section is self.sections[-1]:
                section.layout.sync()
            height += section.layout.height
        self._starts = starts
        self._pending = []
        if self.sections:
            last = self.sections[-1]
            for direction in (CLIENT, SERVER):
                data = last.pending(direction)
                if data:
                    self._pending.append((direction, data))
        self._height = height
        total = height + len(self._pending)
        if self.cursor is not None and self.cursor >= max(1, total):
            self.cursor = max(0, total - 1)
        self._settle(total)
        self._tell()
        self.refresh()

    def _settle(self, total: int) -> None:
        """Give the pane its new height. Scroll to the end only if the pane follows the tail."""
        self._settling = True
        try:
            self.virtual_size = Size(self.scrollable_content_region.width, total)
            barred = total > self.container_size.height
            if barred != self.show_vertical_scrollbar:
                self.refresh(layout=True)
            elif barred:
                self.vertical_scrollbar.window_virtual_size = total
            if self.following:
                self.scroll_to(y=self.max_scroll_y, animate=False, force=True)
        finally:
            self._settling = False

    def _tell(self) -> None:
        """Post messages so that the owner explains the current line and counts the new lines."""
        if not self.is_mounted:
            return
        new = 0 if self.following else max(0, self._height - self._left_at)
        self.post_message(self.FollowingChanged(self, self.following, new))
        self.post_message(self.CursorMoved(self))

    @property
    def height(self) -> int:
        """The number of lines, counting a folded message as one."""
        return self._height + len(self._pending)

    @property
    def present(self) -> tuple[TranscriptSection, LineSource] | None:
        """The section and source of the line under the cursor, or None if the pane is empty.

        If there is no cursor, the last line is used.
        """
        if not self._height:
            return None
        line = self._height - 1 if self.cursor is None else self.cursor
        return self.locate(min(line, self._height - 1))

    def locate(self, line: int) -> tuple[TranscriptSection, LineSource]:
        """Return the section that contains a line, and the source of what the line shows."""
        number = bisect_right(self._starts, line) - 1
        while not self.sections[number].layout.height or self._starts[number] > line:
            number -= 1
        section = self.sections[number]
        return section, section.layout.at(line - self._starts[number])

    def _line(self, section: TranscriptSection, row: int) -> int:
        return self._starts[self.sections.index(section)] + section.layout.line_of(row)

    def text_lines(self) -> Iterator[str]:
        """Yield all lines as they are saved to a file, including those of folded messages."""
        for section in self.sections:
            for line in range(section.layout.height):
                yield from exported(section.layout, line)

    def say_when_empty(self, text: str) -> None:
        """Set the text shown while the pane is empty."""
        if text != self.empty_text:
            self.empty_text = text
            self.refresh()

    @property
    def lead(self) -> int:
        """The number of cells before the text."""
        narrow = self.scrollable_content_region.width < NO_TIME
        return GUTTER - TIME if narrow else GUTTER

    @property
    def room(self) -> int:
        """The number of cells available for the text of a line."""
        around = AROUND + 1 - GUTTER + TIME if self.ladder else 0
        return max(0, self.scrollable_content_region.width - self.lead - around)

    def _current(self) -> int:
        return max(0, self.height - 1) if self.cursor is None else self.cursor

    @property
    def selected_lines(self) -> tuple[int, int]:
        """The first and last line of the keyboard selection.

        Without a selection, both are the line under the cursor.
        """
        here = self._current()
        if self._anchor is None:
            return here, here
        return min(here, self._anchor), max(here, self._anchor)

    # Drawing

    def watch_ladder(self) -> None:
        if self.is_mounted:
            self._tell()  # there is room for less or for more of a line

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        line = y + self.scroll_offset.y
        base = self.rich_style
        if line >= self.height or width <= 0:
            return self._empty_line(y, width, base)
        if line >= self._height:
            strip = self._pending_strip(line - self._height, width, base)
        else:
            strip = self._line_strip(line, width, base)
        return strip

    def _empty_line(self, y: int, width: int, base: Style) -> Strip:
        if not self.height and self.empty_text:
            lines = self.empty_text.split("\n")
            top = max(0, (self.size.height - len(lines)) // 3)
            if top <= y < top + len(lines):
                text = lines[y - top].center(width)
                style = base + self._style("transcript--empty")
                return Strip([Segment(text[:width], style)]).adjust_cell_length(width, base)
        return Strip.blank(width, base)

    def _line_strip(self, line: int, width: int, base: Style) -> Strip:
        section, spot = self.locate(line)
        marks = self._marks(section, spot, line)
        selection = self.text_selection
        span = selection.get_span(line) if selection is not None else None
        state = section.transcript.flags(spot.number) if spot.kind == ROW else 0
        if spot.kind == FOLD:
            state = section.transcript.bodies[spot.number].last
        key = (
            id(section), spot, state, line, width, self.shift, marks, self.needle, span,
            self.ladder, section.transcript.secrets.look,
        )  # fmt: skip
        strip = self._strips.get(key)
        if strip is not None:
            self.cache_hits += 1
            return strip
        if marks[0]:
            base += self._style(marks[0])
        # A cell takes at least one octet, a character at most four, and some characters take no
        # cell.
        rung = rung_at(section, spot, most=8 * (self.shift + width))
        if state & INJECTED and spot.kind == ROW:
            odd = msgspec.structs.replace(
                rung.text, style="transcript--odd", head=len(rung.text.text)
            )
            rung = msgspec.structs.replace(rung, text=odd)
        text = rung.text
        selected = _NONE
        if span is not None:
            selected = self.screen.get_component_rich_style("screen--selection")
        segments = text_segments(
            text, base, self._style, needle=self.needle, span=span, selected=selected
        )
        mark_style = base + self._style("transcript--mark")
        shown = visible_part(
            text, segments, line, shift=self.shift, room=self.room, mark=mark_style
        )
        left = [*self._time(rung.time, base), Segment("!" if marks[1] else " ", mark_style)]
        right: list[Segment] = []
        if self.ladder:
            cells = sum(segment.cell_length for segment in shown)
            before, right = frame(rung, cells, self.room + AROUND, base, self._style)
            left += before
        else:
            side, mark = rung.side or " ", left.pop()
            rail = "│" if spot.kind == ROW and state & TLS else " "
            left += [
                Segment(side, base + self._style(_SIDE[side])),
                mark,
                Segment(rail, base + self._style("transcript--rail")),
                Segment(" ", base),
            ]
        away = Style.from_meta({"offset": (-self.lead, line)})
        left = [Segment(each.text, each.style + away if each.style else away) for each in left]
        strip = Strip([*left, *shown, *right]).adjust_cell_length(width, base)
        self._strips[key] = strip
        return strip

    def _time(self, time: str, base: Style) -> list[Segment]:
        """Return the segments of the time column; empty if the pane is too narrow for it."""
        if self.lead < TIME:
            return []
        return [Segment(f"{time:>8}".ljust(TIME), base + self._style("transcript--time"))]

    def _marks(self, section: TranscriptSection, spot: LineSource, line: int) -> tuple[str, bool]:
        """Return the component class of a line's background, and whether the line breaks a rule."""
        wrong = spot.kind == ROW and bool(section.index.violations_at(spot.number))
        if spot.kind == FOLD:
            body = section.transcript.bodies[spot.number]
            wrong = section.index.is_wrong(body.first, body.last)
        here = self._current()
        if self._anchor is not None:
            first, last = self.selected_lines
            if first <= line <= last:
                return "transcript--selected", wrong
        if self.cursor is None and not self.has_focus:
            here = self._height - 1
        if line == here:
            return "transcript--cursor", wrong
        if spot.kind == ROW and self._height:
            at, there = self.locate(min(here, self._height - 1))
            if at is section and there.kind == ROW and abs(there.number - spot.number) < 1000:
                reply = section.index.reply_at(there.number)
                if (
                    reply is not None
                    and reply.row <= spot.number <= reply.last
                    and not section.transcript.flags(spot.number) & SENT
                    and not section.transcript.flags(there.number) & SENT
                ):
                    return "transcript--reply", wrong
        return "", wrong

    def _pending_strip(self, number: int, width: int, base: Style) -> Strip:
        """Return the strip for an unfinished line, showing its last characters."""
        direction, data = self._pending[number]
        side = direction.value
        dim = base + self._style("transcript--dim")
        room = max(4, self.room)
        text = visible(data[-4 * room :])
        if len(text) > room - 2 or len(data) > 4 * room:
            text = "‹" + text[-(room - 3) :]
        tail = Segment(text + "▏", dim + _ITALIC)
        if self.ladder:
            rung = Rung(side, LineText("", 0, 0, "transcript--dim"), arrow=False)
            before = around(rung, tail.cell_length, room + AROUND)[0]
            letter = Segment(f" {before}", dim)
        else:
            letter = Segment(f"{side}   ", base + self._style(_SIDE[side]))
        strip = Strip([*self._time("…", base), letter, tail])
        return strip.adjust_cell_length(width, base)

    def _span(self, selection: Selection, line: int, length: int) -> tuple[int, int] | None:
        """Return the start and end of what is selected in a line of this length, or None."""
        span = selection.get_span(line)
        if span is None:
            return None
        start, end = span
        return max(0, min(start, length)), length if end == -1 else max(0, min(end, length))

    def _row_of(self, section: TranscriptSection, spot: LineSource) -> int:
        if spot.kind == ROW:
            return spot.number
        if spot.kind == FOLD:
            return section.transcript.bodies[spot.number].first
        return section.transcript.mark(spot.number)[0]
