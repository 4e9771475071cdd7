"""The transcript pane: every line of one conversation after another, as it happens.

Drawn with the line API straight from the transcripts: nothing is copied, a frame costs what its
screen shows, and a million lines scroll like a hundred. It follows the tail until the reader
scrolls up, has a cursor that moves by line and by reply, and a selection of lines that stands
while others arrive.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive, var
from textual.selection import Selection
from textual.strip import Strip

from ..session.events import CLIENT, INJECTED, SENT, SERVER, TLS, Direction
from ..session.index import Index
from ..session.visible import visible
from .line_view import LineView
from .transcript_layout import FOLD, ROW, Layout, Spot
from .transcript_lines import (
    Text,
    exported,
    fold_text,
    row_text,
    rule_text,
    side_of,
    time_text,
    with_recipient,
)

if TYPE_CHECKING:
    from ..session.transcript import Transcript

GUTTER = 14  # cells: time, side, mark, rail
NO_TIME = 40  # cells of the pane below which the time is left out
TIME = 10  # cells of it
SIDEWAYS = 16  # cells that Left and Right move by
COPIED = 10_000  # lines at most: no terminal takes more, and a file is better for them
Pending = Callable[[Direction], bytes]


class Section:
    """One conversation on the pane. `pending` gives what has come and is no line yet, masked."""

    def __init__(self, transcript: Transcript, pending: Pending) -> None:
        self.transcript = transcript
        self.pending = pending
        self.layout = Layout(transcript)
        self.index = Index(transcript)


class TranscriptView(LineView, can_focus=True):
    """Shows conversations, one below the other, the present one last."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor(-1)", "line up", show=False),
        Binding("down,j", "cursor(1)", "line down", show=False),
        Binding("left_square_bracket", "reply(-1)", "reply before", show=False),
        Binding("right_square_bracket", "reply(1)", "next reply", show=False),
        Binding("shift+up", "extend(-1)", "select the line above too", show=False),
        Binding("shift+down", "extend(1)", "select the line below too", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home,g", "first", "first line", show=False),
        Binding("end,G", "last", "last line, and follow", show=False),
        Binding("left,h", "sideways(-1)", "scroll left", show=False),
        Binding("right,l", "sideways(1)", "scroll right", show=False),
        Binding("enter,space", "fold", "unfold or fold a message", show=False),
        Binding("y,c", "copy", "copy the line, or the selected ones", show=False),
        Binding("a", "select_all_lines", "select all", show=False),
    ]
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
    TranscriptView {
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
    HELP = "Every line of both sides. C is the client (you), S the server."

    following: var[bool] = var(True)
    """Whether the last line is kept in view."""
    cursor: var[int | None] = var(None)
    """The line that the cursor is on; None while it stays with the last line."""
    shift: reactive[int] = reactive(0)
    """Cells by which the text is scrolled sideways."""
    needle: reactive[str] = reactive("")
    """What is looked for; shown wherever it stands."""

    @dataclass
    class CursorMoved(Message):
        """Posted when another line is the present one, or the same one means more than before."""

        view: TranscriptView

        @property
        def control(self) -> TranscriptView:
            return self.view

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, TranscriptView.CursorMoved)

    @dataclass
    class Tail(Message):
        """Posted when following begins or ends, or when more is new: `new` lines below."""

        view: TranscriptView
        following: bool
        new: int

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, TranscriptView.Tail)

    @dataclass
    class Copied(Message):
        """Posted when `text` of `lines` lines is to go to the clipboard.

        `selected` is how many were selected: of very many, only the first ones are copied.
        """

        view: TranscriptView
        text: str
        lines: int
        selected: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.sections: list[Section] = []
        self.empty_text = ""
        self._height = 0
        self._starts: list[int] = []  # the first line of each section
        self._pending: list[tuple[Direction, bytes]] = []
        self._anchor: int | None = None  # where a selection of lines began
        self._left_at = 0  # how many lines there were when following ended
        self._settling = False
        self._strips: LRUCache[object, Strip] = LRUCache(1024)
        self._told: object = None
        self.cache_hits = 0

    # Content

    def add(self, transcript: Transcript, pending: Pending) -> Section:
        """Show another conversation, below the others."""
        self.sync()  # the last word of the one before
        section = Section(transcript, pending)
        self.sections.append(section)
        self._strips.clear()
        self.sync()
        return section

    def sync(self) -> None:
        """Take in what has come. Cheap when nothing has; to be called once a frame at most."""
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
        """Give the pane its new height, and keep its place."""
        self._settling = True
        try:
            self.virtual_size = Size(self.scrollable_content_region.width, total)
            if self.following:
                self.scroll_to(y=self.max_scroll_y, animate=False, force=True)
        finally:
            self._settling = False

    def _tell(self) -> None:
        """Post what has changed for whoever shows the meaning of a line, or counts new ones."""
        if not self.is_mounted:
            return
        new = 0 if self.following else max(0, self._height - self._left_at)
        self.post_message(self.Tail(self, self.following, new))
        self.post_message(self.CursorMoved(self))

    @property
    def height(self) -> int:
        """How many lines there are, folded messages as one."""
        return self._height + len(self._pending)

    @property
    def present(self) -> tuple[Section, Spot] | None:
        """The line under the cursor, or the last one while there is no cursor."""
        if not self._height:
            return None
        line = self._height - 1 if self.cursor is None else self.cursor
        return self.locate(min(line, self._height - 1))

    def locate(self, line: int) -> tuple[Section, Spot]:
        """What a line shows."""
        number = bisect_right(self._starts, line) - 1
        while not self.sections[number].layout.height or self._starts[number] > line:
            number -= 1
        section = self.sections[number]
        return section, section.layout.at(line - self._starts[number])

    def _line(self, section: Section, row: int) -> int:
        return self._starts[self.sections.index(section)] + section.layout.line_of(row)

    def text_lines(self) -> Iterator[str]:
        """All that is shown, and what is folded, as text: for a file."""
        for section in self.sections:
            for line in range(section.layout.height):
                yield from exported(section.layout, line)

    def say_when_empty(self, text: str) -> None:
        """What stands in the pane while there is nothing to show."""
        if text != self.empty_text:
            self.empty_text = text
            self.refresh()

    @property
    def lead(self) -> int:
        """Cells before the text."""
        narrow = self.scrollable_content_region.width < NO_TIME
        return GUTTER - TIME if narrow else GUTTER

    @property
    def room(self) -> int:
        """Cells that there are for the text of a line."""
        return max(0, self.scrollable_content_region.width - self.lead)

    # Following

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.vertical_scrollbar.position = new_value  # Textual forgets it while it is not shown
        if not self._settling:
            at_end = round(new_value) >= self.max_scroll_y
            if at_end != self.following and not (at_end and self.cursor is not None):
                self._follow(at_end)

    def _follow(self, following: bool) -> None:
        if self.following and not following:
            self._left_at = self._height
        self.following = following
        self._tell()

    def on_resize(self, event: events.Resize) -> None:
        self._strips.clear()
        self._settle(self.height)
        self._tell()

    # Cursor

    def action_cursor(self, by: int) -> None:
        self._anchor = None
        self.move_to(self._current() + by)

    def action_extend(self, by: int) -> None:
        """Move, and select the lines on the way."""
        if self._anchor is None:
            self._anchor = self._current()
        self.move_to(self._current() + by)

    def action_page(self, by: int) -> None:
        self._anchor = None
        self.move_to(self._current() + by * max(1, self.size.height - 1))

    def action_first(self) -> None:
        self._anchor = None
        self.move_to(0)

    def action_last(self) -> None:
        """To the last line, and follow from now on."""
        self._anchor = None
        self.cursor = None
        self._follow(True)
        self._settle(self.height)
        self.refresh()

    def action_reply(self, by: int) -> None:
        """To the reply before or after this line: its first row."""
        if not self._height:
            return
        self._anchor = None
        section, spot = self.locate(min(self._current(), self._height - 1))
        number, row = self.sections.index(section), self._row_of(section, spot)
        while 0 <= number < len(self.sections):
            section = self.sections[number]
            reply = section.index.reply_beside(row, by)
            if reply is not None:
                self.move_to(self._line(section, reply.row))
                return
            number += by
            row = -1 if by > 0 else _BEYOND

    def action_sideways(self, by: int) -> None:
        self.shift = max(0, self.shift + by * SIDEWAYS)

    def action_fold(self) -> None:
        """Unfold the message under the cursor, or fold it."""
        if not self._height:
            return
        section, spot = self.locate(min(self._current(), self._height - 1))
        body = spot.number if spot.kind == FOLD else None
        if spot.kind == ROW:
            body = section.layout.body_of(spot.number)
        if body is not None:
            self.toggle_fold(section, body)

    def toggle_fold(self, section: Section, body: int) -> None:
        """Unfold or fold a message, with the cursor on its first line."""
        self._toggle(section, body)
        line = self._line(section, section.transcript.bodies[body].first)
        if section.layout.is_open(body):
            line -= 1
        self.move_to(line)

    def _toggle(self, section: Section, body: int) -> None:
        before = section.layout.height
        section.layout.toggle(body)
        self._left_at += section.layout.height - before  # none of these lines is new
        self._strips.clear()
        self.sync()

    def move_to(self, line: int) -> None:
        """Put the cursor on a line, and have it in view."""
        if not self.height:
            return
        line = max(0, min(line, self.height - 1))
        self.cursor = line
        if self.following and line < self.height - 1:
            self._follow(False)
        self._settling = True
        try:
            top, rows = self.scroll_offset.y, max(1, self.scrollable_content_region.height)
            if line < top:
                self.scroll_to(y=line, animate=False, force=True)
            elif line >= top + rows:
                self.scroll_to(y=line - rows + 1, animate=False, force=True)
        finally:
            self._settling = False
        self._tell()
        self.refresh()

    def show_row(self, section: Section, row: int) -> None:
        """Put the cursor on a row, unfolding the message that it is in."""
        body = section.layout.body_of(row)
        if body is not None and not section.layout.is_open(body):
            self._toggle(section, body)
        self._anchor = None
        self.move_to(self._line(section, row))

    def _current(self) -> int:
        return max(0, self.height - 1) if self.cursor is None else self.cursor

    # Finding

    def find(self, text: str, *, backwards: bool = False, again: bool = False) -> bool:
        """Go to the next row that holds `text` (case is ignored), round the end if need be.

        `again` leaves the present line, else it may be found too. Returns whether there is one.
        """
        self.needle = text
        if not text or not self._height:
            return False
        section, spot = self.locate(min(self._current(), self._height - 1))
        number = self.sections.index(section)
        row = self._row_of(section, spot)
        step = -1 if backwards else 1
        start = row + step if again else row
        data = text.encode("utf-8", "surrogateescape")
        order = [number]
        order += [(number + step * k) % len(self.sections) for k in range(1, len(self.sections))]
        for turn, at in enumerate([*order, number]):
            transcript = self.sections[at].transcript
            if turn:
                start = len(transcript) - 1 if backwards else 0
            found = transcript.find(data, start, backwards=backwards)
            if found is not None:
                self.show_row(self.sections[at], found)
                return True
        return False

    def _row_of(self, section: Section, spot: Spot) -> int:
        if spot.kind == ROW:
            return spot.number
        if spot.kind == FOLD:
            return section.transcript.bodies[spot.number].first
        return section.transcript.mark(spot.number)[0]

    # Copying

    @property
    def selected_lines(self) -> tuple[int, int]:
        """The lines that the keyboard has selected, or the one under the cursor."""
        here = self._current()
        if self._anchor is None:
            return here, here
        return min(here, self._anchor), max(here, self._anchor)

    def action_select_all_lines(self) -> None:
        if self._height:
            self._anchor = 0
            self.move_to(self._height - 1)

    def action_copy(self) -> None:
        """Copy the selected lines: one as it is, several with their side."""
        first, last = self.selected_lines
        last = min(last, self._height - 1)
        if last < first:
            return
        if first == last:
            section, spot = self.locate(first)
            self.post_message(self.Copied(self, self._plain(section, spot), 1, 1))
            return
        lines: list[str] = []
        for line in range(first, min(last + 1, first + COPIED)):
            section, spot = self.locate(line)
            side = f"{side_of(section.transcript, spot.number)}: " if spot.kind == ROW else ""
            lines.append(side + self._plain(section, spot))
        self.post_message(self.Copied(self, "\n".join(lines), len(lines), last - first + 1))

    def _plain(self, section: Section, spot: Spot) -> str:
        return self._text(section, spot).text

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text under a selection made with the mouse; reads only its own rows."""
        start, end = selection
        first = 0 if start is None else max(0, start.y)
        last = self._height - 1 if end is None else min(end.y, self._height - 1)
        if last < first:
            return None
        lines: list[str] = []
        for line in range(first, min(last + 1, first + COPIED)):
            text = self._plain(*self.locate(line))
            span = self._span(selection, line, len(text))
            lines.append(text[slice(*span)] if span is not None else "")
        return "\n".join(lines), "\n"

    def _span(self, selection: Selection, line: int, length: int) -> tuple[int, int] | None:
        """The characters of a line that are selected."""
        span = selection.get_span(line)
        if span is None:
            return None
        start, end = span
        return max(0, min(start, length)), length if end == -1 else max(0, min(end, length))

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        where = event.get_content_offset(self)
        if where is None:
            return
        line = where.y + self.scroll_offset.y
        if not 0 <= line < self._height or self.text_selection is not None:
            return
        self._anchor = None
        section, spot = self.locate(line)
        if spot.kind == FOLD:
            self.toggle_fold(section, spot.number)
        else:
            self.move_to(line)

    # Drawing

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    def _text(self, section: Section, spot: Spot, most: int | None = None) -> Text:
        if spot.kind == ROW:
            return row_text(section.transcript, spot.number, most)
        if spot.kind == FOLD:
            opened = section.layout.is_open(spot.number)
            return fold_text(section.transcript, spot.number, opened)
        return rule_text(section.transcript.mark(spot.number)[1])

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
            section.transcript.secrets.known,
        )  # fmt: skip
        strip = self._strips.get(key)
        if strip is not None:
            self.cache_hits += 1
            return strip
        if marks[0]:
            base += self._style(marks[0])
        # A cell has an octet at least, a character four of them at most, and some have no cell.
        text = self._text(section, spot, most=8 * (self.shift + width))
        time = time_text(section.layout, spot)
        if spot.kind == ROW:
            reply = None if state & SENT else section.index.reply_at(spot.number)
            if reply is not None and reply.recipient is not None and reply.row == spot.number:
                text = with_recipient(text, section.transcript, reply.recipient)
            side = side_of(section.transcript, spot.number)
            rail = "│" if state & TLS else " "
            mark = "!" if marks[1] else " "
        else:
            side, rail, mark = "C" if spot.kind == FOLD else " ", " ", " "
        gutter = [
            *self._time(time, base),
            Segment(side, base + self._style(_SIDE[side])),
            Segment(mark, base + self._style("transcript--mark")),
            Segment(rail, base + self._style("transcript--rail")),
            Segment(" ", base),
        ]
        if state & INJECTED and spot.kind == ROW:
            text = text._replace(style="transcript--odd", head=len(text.text))
        strip = self._joined(gutter, text, line, width, base, span)
        self._strips[key] = strip
        return strip

    def _time(self, time: str, base: Style) -> list[Segment]:
        """The time at the left, where there is room for it."""
        if self.lead < TIME:
            return []
        return [Segment(f"{time:>8}".ljust(TIME), base + self._style("transcript--time"))]

    def _marks(self, section: Section, spot: Spot, line: int) -> tuple[str, bool]:
        """(background, is something wrong with it) of a line."""
        wrong = spot.kind == ROW and bool(section.index.violations_at(spot.number))
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

    def _joined(
        self,
        gutter: list[Segment],
        text: Text,
        line: int,
        width: int,
        base: Style,
        span: tuple[int, int] | None,
    ) -> Strip:
        """Gutter and text, the text cut to what there is room for, cuts marked."""
        room = self.room
        pieces = self._pieces(text, base, span)
        whole = Strip(pieces)
        cells = whole.cell_length
        shift = min(self.shift, max(0, cells - 1)) if cells > room else 0
        first = shift
        dim = base + self._style("transcript--mark")
        shown = whole
        before = after = None
        if (cells - shift > room or text.cut) and room > 1:
            after = Segment("›", dim)
        if shift:
            before = Segment("‹", dim)
            first += 1
        if shift or after:
            until = shift + room - (1 if after else 0)
            shown = whole.crop(first, max(first, until))
        character = _characters(text.text, first)
        shown = shown.apply_offsets(character, line)
        away = Style.from_meta({"offset": (-self.lead, line)})
        left = [Segment(s.text, s.style + away if s.style else away) for s in gutter]
        segments = [*left, *([before] if before else []), *shown, *([after] if after else [])]
        return Strip(segments).adjust_cell_length(width, base)

    def _pieces(self, text: Text, base: Style, span: tuple[int, int] | None) -> list[Segment]:
        """The text as styled segments: head, what was found, what is selected."""
        own = self._style(text.style)
        words = text.text
        sent = text.style == "transcript--sent"
        rest = base + own
        if text.style in ("transcript--2yz", "transcript--3yz"):
            rest = base
        cuts = {0, len(words), text.head, len(words) - text.tail}
        found: list[tuple[int, int]] = []
        if self.needle:
            low, needle = words.lower(), visible(self.needle.encode(errors="replace")).lower()
            at = low.find(needle)
            while at >= 0 and len(found) < 100:
                found.append((at, at + len(needle)))
                cuts |= {at, min(len(words), at + len(needle))}
                at = low.find(needle, at + len(needle))
        if span is not None:
            end = len(words) if span[1] == -1 else span[1]
            span = (max(0, min(span[0], len(words))), max(0, min(end, len(words))))
            cuts |= set(span)
        ordered = sorted(cut for cut in cuts if 0 <= cut <= len(words))
        segments: list[Segment] = []
        for start, end in pairwise(ordered):
            style = rest
            if start < text.head and text.style == "transcript--body":
                style = base + self._style("transcript--mark")
            elif start < text.head:
                style = base + own + (_BOLD if sent or text.style != "transcript--odd" else _NONE)
            elif start >= len(words) - text.tail:
                style = base + self._style("transcript--mark")
            if any(a <= start < b for a, b in found):
                style += self._style("transcript--found")
            if span is not None and span[0] <= start < span[1]:
                style += self.screen.get_component_rich_style("screen--selection")
            segments.append(Segment(words[start:end], style))
        return segments

    def _pending_strip(self, number: int, width: int, base: Style) -> Strip:
        """What has come of a line, and is no line yet."""
        direction, data = self._pending[number]
        side = direction.value
        dim = base + self._style("transcript--dim")
        room = max(4, self.room)
        text = visible(data[-4 * room :])
        if len(text) > room - 2 or len(data) > 4 * room:
            text = "‹" + text[-(room - 3) :]
        letter = Segment(f"{side}   ", base + self._style(_SIDE[side]))
        strip = Strip([*self._time("…", base), letter, Segment(text + "▏", dim + _ITALIC)])
        return strip.adjust_cell_length(width, base)


_SIDE = {"C": "transcript--client", "S": "transcript--server", " ": "transcript--dim"}
_BOLD = Style(bold=True)
_ITALIC = Style(italic=True)
_NONE = Style()
_BEYOND = 1 << 62  # more rows than there ever are


def _characters(text: str, cells: int) -> int:
    """How many characters of `text` fill so many cells."""
    if text.isascii():
        return min(cells, len(text))
    from rich.cells import cell_len

    count = width = 0
    for char in text:
        if width >= cells:
            break
        width += cell_len(char)
        count += 1
    return count
