"""The actions of the transcript pane: following, moving, unfolding, finding, selecting, copying.

The pane follows the tail until the reader scrolls up. It has a cursor that moves by line and by
reply, and a selection of lines that stays while new lines arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.selection import Selection

from .layout import FOLD, ROW, LineSource
from .lines import side_of
from .pane import TranscriptPane
from .section import TranscriptSection

TITLE = "Transcript"
SIDEWAYS = 16  # cells that Left and Right move by
COPIED = 10_000  # lines at most: no terminal takes more, and a file is better for them
_BEYOND = 1 << 62  # more rows than any transcript has


class TranscriptView(TranscriptPane, can_focus=True):
    """A transcript pane with keys to move, unfold, find and copy."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor(-1)", "line up", show=False),
        Binding("down,j", "cursor(1)", "line down", show=False),
        Binding("left_square_bracket", "reply(-1)", "previous reply", show=False),
        Binding("right_square_bracket", "reply(1)", "next reply", show=False),
        Binding("shift+up", "extend(-1)", "extend the selection up", show=False),
        Binding("shift+down", "extend(1)", "extend the selection down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home,g", "first", "first line", show=False),
        Binding("end,G", "last", "last line, following new ones", show=False),
        Binding("left,h", "sideways(-1)", "scroll left", show=False),
        Binding("right,l", "sideways(1)", "scroll right", show=False),
        Binding("enter", "enter", "unfold or fold a message", show=False),
        Binding("space", "fold", "unfold or fold a message", show=False),
        Binding("L", "toggle_ladder", "switch between ladder and list", show=False),
        Binding("y,c", "copy", "copy the current or selected lines", show=False),
        Binding("a", "select_all_lines", "select all", show=False),
    ]
    HELP = "Every line that either side sent. C is the client (you), S is the server."
    MOVES = "hjkl"
    """Letters that only move the cursor or scroll, and therefore act immediately."""

    class Copied(Message):
        """Posted to copy `text`, which has `lines` lines, to the clipboard.

        `selected` is the number of lines selected. It is larger than `lines` if there were too many
        to copy, so that only the first ones are in `text`.
        """

        def __init__(self, view: TranscriptView, text: str, lines: int, selected: int) -> None:
            super().__init__()
            self.view = view
            self.text = text
            self.lines = lines
            self.selected = selected

        @property
        def control(self) -> TranscriptView:
            return self.view

    @dataclass
    class EnterPressed(Message):
        """Posted when Enter is pressed on a line that does not unfold."""

        view: TranscriptView

        @property
        def control(self) -> TranscriptView:
            return self.view

    explained: int | None = None
    """The row explained while the pane follows the last line; None if that line is explained."""

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
        if self.cursor is not None and not self.following:
            self.move_to(self.cursor)
        self._tell()

    # Cursor

    def action_cursor(self, by: int) -> None:
        self._anchor = None
        self.move_to(self._current() + by)

    def action_extend(self, by: int) -> None:
        """Move the cursor by `by` lines, and extend the selection to it."""
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
        """Move to the last line and follow the tail."""
        self._anchor = None
        self.cursor = None
        self._follow(True)
        self._settle(self.height)
        self.refresh()

    def action_reply(self, by: int) -> None:
        """Move to the first row of the next (1) or previous (-1) reply.

        The search starts at the line under the cursor, or at the reply being explained if there is
        no cursor.
        """
        if not self._height:
            return
        self._anchor = None
        section, spot = self.locate(min(self._current(), self._height - 1))
        number, row = self.sections.index(section), self._row_of(section, spot)
        if self.cursor is None and self.explained is not None:
            row = self.explained
        explained = section.index.reply_at(row) if spot.kind == ROW else None
        if explained is not None and by < 0:
            row = explained.row
            if self.cursor is None:  # marked, where no reply comes before it
                self.move_to(self._line(section, row))
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

    def action_toggle_ladder(self) -> None:
        self.toggle_ladder()

    def toggle_ladder(self) -> None:
        """Switch between the ladder and the plain list."""
        self.ladder = not self.ladder

    def show_saving(self, count: int | None, unit: str = "lines") -> None:
        """Show in the border how much has been saved, or nothing if `count` is None."""
        saving = "" if count is None else f"  saving: {count:,} {unit}, Ctrl+C stops"
        self.border_title = f"{TITLE}{saving}"

    def action_enter(self) -> None:
        """Unfold or fold the message under the cursor, or post EnterPressed if there is none."""
        if not self.action_fold():
            self.post_message(self.EnterPressed(self))

    def action_fold(self) -> bool:
        """Unfold or fold the message under the cursor. Return whether there is one."""
        if not self._height:
            return False
        section, spot = self.locate(min(self._current(), self._height - 1))
        body = spot.number if spot.kind == FOLD else None
        if spot.kind == ROW:
            body = section.layout.body_of(spot.number)
        if body is None:
            return False
        self.toggle_fold(section, body)
        return True

    def toggle_fold(self, section: TranscriptSection, body: int) -> None:
        """Unfold or fold the message with the number `body`, and move the cursor to its heading."""
        self._toggle(section, body)
        line = self._line(section, section.transcript.bodies[body].first)
        if section.layout.is_open(body):
            line -= 1
        self.move_to(line)

    def _toggle(self, section: TranscriptSection, body: int) -> None:
        before = section.layout.height
        section.layout.toggle(body)
        self._left_at += section.layout.height - before  # none of these lines is new
        self._strips.clear()
        self.sync()

    def line_of(self, row: int) -> int:
        """Return the line that shows a row of the last conversation."""
        return self._line(self.sections[-1], row)

    def move_to(self, line: int) -> None:
        """Move the cursor to a line and scroll it into view."""
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

    def show_row(self, section: TranscriptSection, row: int) -> None:
        """Move the cursor to a row, unfolding the message that contains it."""
        body = section.layout.body_of(row)
        if body is not None and not section.layout.is_open(body):
            self._toggle(section, body)
        self._anchor = None
        self.move_to(self._line(section, row))

    # Finding

    def find(self, text: str, *, backwards: bool = False, again: bool = False) -> bool:
        """Move to the next row that contains `text` (ignoring case), wrapping around at the end.

        `backwards` searches towards the start. `again` skips the current line. Return whether there
        is a match.
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

    # Copying

    def action_select_all_lines(self) -> None:
        if self._height:
            self._anchor = 0
            self.move_to(self._height - 1)

    def action_copy(self) -> None:
        """Post the selected lines to be copied.

        If there are several lines, each row of the transcript is prefixed with its side.
        """
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

    def _plain(self, section: TranscriptSection, spot: LineSource) -> str:
        return section.text(spot, plain=True).text

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the text selected with the mouse and the line separator, or None for no text.

        At most COPIED lines are read and returned.
        """
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
