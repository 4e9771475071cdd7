"""The list of lessons, with title, length, prerequisites and progress."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ...session.plural import plural
from ...session.visible import visible_text
from ..advice import do
from ..lessons.library import Entry, entries
from ..lessons.progress import Progress

NUMBER = 5  # cells in front of a title
BESIDE = 3  # cells of the scroll bar, and of the padding on both sides of a row


class LessonsScreen(ModalScreen[str | None]):
    """Asks for a lesson. The result is its number, or None on Esc.

    `present` is the name of the lesson in progress.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c,q", "close", "close", show=False),
    ]
    DEFAULT_CSS = """
    LessonsScreen { align: center middle; }
    LessonsScreen > Vertical {
        width: 84; max-width: 96%; height: auto; max-height: 96%;
        border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface; padding: 0 1;
    }
    LessonsScreen OptionList { height: auto; max-height: 100%; border: none;
        background: $surface; padding: 0; scrollbar-size-vertical: 1; }
    LessonsScreen OptionList:focus { border: none; background-tint: $surface 0%; }
    """

    def __init__(self, progress: Progress, present: str = "") -> None:
        super().__init__()
        self._progress = progress
        self._present = present
        self._entries = entries()
        self._typed = ""  # the digits of a number typed so far

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Lessons"
            box.border_subtitle = "Type a number, or Up, Down  Enter: begin  Esc: close"
            yield OptionList(id="lessons", markup=False)

    @on(events.Resize)
    def _resized(self) -> None:
        options = self.query_one("#lessons", OptionList)
        before = options.highlighted
        width = max(30, min(80, self.size.width * 96 // 100 - 4) - BESIDE)
        options.clear_options()
        for entry in self._entries:
            options.add_option(Option(self._row(entry, width), id=str(entry.number)))
        options.highlighted = self._first() if before is None else before

    def _first(self) -> int:
        """Return the position of the current lesson, or of the lesson opened last; otherwise 0."""
        wanted = self._present or self._progress.last
        places = (n for n, entry in enumerate(self._entries) if entry.name == wanted)
        return next(places, 0)

    def _row(self, entry: Entry, width: int) -> Content:
        done = self._progress.of(entry.name)
        count = len([step for step in entry.steps if step in done.steps])
        if count and count == len(entry.steps):
            state, style = "done", "$text-success"
        elif done.known:
            state, style = "known", "$text-success"
        elif count:
            state, style = f"{count} of {plural(len(entry.steps), '{} step')}", "$text-accent"
        else:
            state, style = plural(len(entry.steps), "{} step"), "dim"
        if entry.faults:
            state, style = (
                plural(entry.faults, "{} error in the file", "{} errors in the file"),
                "$text-error",
            )
        time = f"{entry.minutes} min" if entry.minutes else ""
        right = Content.assemble((f"{state}", style), (f"{time:>8}", "dim"))
        title = visible_text(entry.title) + (" (yours)" if entry.own else "")
        left = Content.assemble((f"{entry.number:>3}  ", "bold $text-accent"), title)
        room = max(NUMBER + 8, width - right.cell_length - 2)
        left = left.truncate(room, ellipsis=True)
        first = left.pad_right(max(1, room - left.cell_length + 2)) + right
        said = [f"after {', '.join(map(visible_text, entry.after))}"] if entry.after else []
        said += [f"in {each}: {do('lesson')} {entry.number} {each}" for each in entry.languages]
        if not said:
            return first
        below = f"{'':{NUMBER}}{'; '.join(said)}"
        second = Content.styled(below, "dim").truncate(width, ellipsis=True)
        return Content("\n").join([first, second])

    def on_key(self, event: events.Key) -> None:
        digit = event.character or ""
        if not (digit.isascii() and digit.isdecimal()):
            self._typed = ""
            return
        event.stop()
        found = [n for n in (self._typed + digit, digit) if 0 < int(n) <= len(self._entries)]
        self._typed = found[0] if found else ""
        if found:
            self.query_one("#lessons", OptionList).highlighted = int(found[0]) - 1

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_close(self) -> None:
        self.dismiss(None)
