"""What the screen of a live session and that of a recording share: keys, and sizes."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.screen import Screen

from ...widgets.input.composer import Composer
from ...widgets.transcript.view import TranscriptView
from .bindings import BINDINGS


class SessionScreen(Screen[None]):
    """A screen with the panes of a conversation; the keys of all actions work on it.

    A subclass has the methods `action_command`, `action_page`, `action_stop`, `action_home` and
    `action_lesson`.
    """

    view: TranscriptView
    """The transcript."""
    composer: Composer
    """The command line."""

    BINDINGS: ClassVar[list[BindingType]] = [*BINDINGS]
    AUTO_FOCUS = "#command"
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
        """Scroll the transcript by so many pages."""
        rows = max(1, self.view.size.height - 1)
        self.view.scroll_relative(y=by * rows, animate=False)

    def action_reply(self, by: int) -> None:
        """Go to the reply before or after the line under the cursor."""
        self.view.action_reply(by)

    @on(events.Key)
    def _typed_in_a_pane(self, event: events.Key) -> None:
        """Take text that is no key of the pane that has the focus into the command line."""
        if event.key not in self.active_bindings and self.composer.take_key(event):
            event.stop()
