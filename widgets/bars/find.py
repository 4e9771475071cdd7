"""The find bar, with the text to search for and the keys that move from match to match."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label

_ROOM = 32  # the fewest cells for the label, the text to find and the gaps
_FOUND = (
    "Enter or Down: next  Up: previous  Esc: close",
    "Down: next  Up: previous",
    "Esc: close",
)
_NOT_FOUND = ("not found  Esc: close", "not found")


class FindBar(Horizontal):
    """A bar with a field for the text to find.

    Enter or Down moves to the next match, and Up to the previous one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", show=False),
        Binding("up,shift+tab", "again(-1)", "previous match", show=False, priority=True),
        Binding("down,tab", "again(1)", "next match", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    FindBar {
        height: 1;
        display: none;
        background: $panel;
        padding: 0 1;
        &.-open { display: block; }
        & Label { width: auto; }
        & Input { width: 1fr; background: $surface; }
        & #find-note { color: $text-muted; padding-left: 1; }
    }
    """

    class Sought(Message):
        """Posted to find `text`. `by` is the direction: 1 for forwards or -1 for backwards.

        `again` is true if the current line is to be skipped.
        """

        def __init__(self, bar: FindBar, text: str, by: int, again: bool) -> None:
            super().__init__()
            self.bar = bar
            self.text = text
            self.by = by
            self.again = again

        @property
        def control(self) -> FindBar:
            return self.bar

    class Closed(Message):
        """Posted when the bar is closed."""

        def __init__(self, bar: FindBar) -> None:
            super().__init__()
            self.bar = bar

        @property
        def control(self) -> FindBar:
            return self.bar

    _found = True  # as last reported

    def open(self, text: str = "") -> None:
        """Show the bar and focus its field.

        A `text` that is not empty replaces the text in the field. The widgets in the bar are
        mounted on first use.
        """
        if not self.children:
            self.mount(
                Label("Find ", id="find-label"),
                Input(id="find-text", compact=True, select_on_focus=True),
                Label("", id="find-note", markup=False),
            )
        self.add_class("-open")
        field = self.query_one(Input)
        if text:
            field.value = text
        field.focus()
        self.say(True)

    def say(self, found: bool) -> None:
        """Show whether the text was found, followed by the longest list of keys that fits."""
        notes = _FOUND if found else _NOT_FOUND
        note = next((note for note in notes if self.size.width >= len(note) + _ROOM), notes[-1])
        self._found = found
        self.query_one("#find-note", Label).update(note)

    @on(events.Resize)
    def _fit(self) -> None:
        if self.children:
            self.say(self._found)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.has_class("-open"):
            self.post_message(self.Sought(self, event.value, 1, False))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_again(1)

    def action_again(self, by: int) -> None:
        self.post_message(self.Sought(self, self.query_one(Input).value, by, True))

    def action_close(self) -> None:
        self.remove_class("-open")
        self.post_message(self.Closed(self))
