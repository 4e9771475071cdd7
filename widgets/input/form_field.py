"""A text field of a form that offers completions."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from .suggestions import Complete, FirstCompletion


class FormField(Input):
    """A text field of a form.

    Right accepts the completion shown; Up and Down cycle through all completions. Enter moves to
    the next field.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "choose(1)", "next completion", show=False),
        Binding("up", "choose(-1)", "previous completion", show=False),
        Binding("enter", "app.focus_next", "next field", show=False),
    ]
    DEFAULT_CSS = """
    FormField { width: 1fr; background: $panel; }
    """

    def __init__(self, value: str, complete: Complete, *, id: str, placeholder: str = "") -> None:
        super().__init__(
            value=value,
            placeholder=placeholder,
            suggester=FirstCompletion(complete),
            compact=True,
            select_on_focus=False,
            id=id,
        )
        self._complete = complete
        self._choices: list[str] = []
        self._choice = -1
        self._chosen = ""  # the completion that Up or Down inserted

    def action_cursor_right(self, select: bool = False) -> None:
        """Move right. At the end of the line, accept the completion, even if not yet drawn."""
        if self.cursor_at_end and not select:
            found = [text for text in self._complete(self.value) if text.startswith(self.value)]
            if self.value and found:
                self.value = found[0]
                self.cursor_position = len(self.value)
        else:
            super().action_cursor_right(select)

    def action_choose(self, by: int) -> None:
        """Replace the text with the next (1) or previous (-1) completion of the typed text."""
        if not self._choices or self.value != self._chosen:
            self._choices = [text for text in self._complete(self.value) if text != self.value]
            self._choice = -1 if by > 0 else 0
        if self._choices:
            self._choice = (self._choice + by) % len(self._choices)
            self._chosen = self._choices[self._choice]
            self.value = self._chosen
            self.cursor_position = len(self._chosen)

    def _on_paste(self, event: events.Paste) -> None:
        """Insert pasted text as one line, its words separated by single spaces.

        Unprintable characters are dropped.
        """
        event.stop()
        event.prevent_default()
        text = " ".join(event.text.split())
        self.insert_text_at_cursor("".join(char for char in text if char.isprintable()))
