"""What the screen of a live session and that of a recording share: keys, and sizes."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.screen import Screen
from textual.widget import Widget

from ...session.script.concealment import reads_as_command
from ...widgets.input.composer import Composer
from ...widgets.transcript.view import TranscriptView
from .bindings import BINDINGS

BREATH = 1.0  # seconds between two letters of a word, at most


class SessionScreen(Screen[None]):
    """A screen with the panes of a conversation; the keys of all actions work on it.

    In a pane, its own keys act, and what else is typed goes to the command line. Letters that were
    keys of the pane and begin a command with it go along, so that the line is whole: of `auth`,
    typed in the transcript, the first one selects all lines.

    A subclass has the methods `action_command`, `action_page`, `action_stop`, `action_home` and
    `action_lesson`.
    """

    view: TranscriptView
    """The transcript."""
    composer: Composer
    """The command line."""

    BINDINGS: ClassVar[list[BindingType]] = [*BINDINGS]
    AUTO_FOCUS = "#command"
    _letters = ""  # that were typed in one go as keys of ...
    _pane: Widget | None = None  # ... this pane, until ...
    _until = 0.0  # ... then, if a word goes on
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]

    def begin_at(self, width: int, height: int) -> None:
        """Set the classes of this size from the start: a change styles everything again."""
        for size, points in (
            (width, self.HORIZONTAL_BREAKPOINTS),
            (height, self.VERTICAL_BREAKPOINTS),
        ):
            names = [name for least, name in points or () if size >= least]
            self.set_class(True, *names[-1:])

    def scroll_page(self, by: int) -> None:
        """Scroll the transcript by this many pages."""
        rows = max(1, self.view.size.height - 1)
        self.view.scroll_relative(y=by * rows, animate=False)

    def action_reply(self, by: int) -> None:
        """Go to the reply before or after the line under the cursor."""
        self.view.action_reply(by)

    @on(events.Key)
    def _typed_in_a_pane(self, event: events.Key) -> None:
        """Take text that is no key of the pane that has the focus into the command line."""
        before = self._letters if self.focused is self._pane and event.time < self._until else ""
        self._letters = ""
        character = event.character or ""
        if event.key not in self.active_bindings:
            word = before if reads_as_command(before + character) else ""
            if self.composer.take_key(event, word):
                event.stop()
        elif character.isalpha():
            self._letters, self._pane = before + character, self.focused
            self._until = event.time + BREATH
