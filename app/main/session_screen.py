"""The base class of the screens for live sessions and recordings, with their keys and sizes."""

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

BREATH = 1.0  # the most seconds between two letters of a word


class SessionScreen(Screen[None]):
    """A screen with the panes of a conversation, on which the keys of all actions work.

    When a pane has the focus, its own keys act, and other typed text goes to the command line.
    Letters that are keys of the pane also go to the command line if they are typed together with
    other letters, without a pause (runtime/pane_letters.py). Letters that have already acted as
    keys and turn out to begin a command are added to the line, so that the command is complete:
    when `help` is typed in the transcript, its first letter also scrolls to the left.

    A subclass defines the methods `action_command`, `action_page`, `action_stop`, `action_home` and
    `action_lesson`.
    """

    view: TranscriptView
    """The transcript."""
    composer: Composer
    """The command line."""

    BINDINGS: ClassVar[list[BindingType]] = [*BINDINGS]
    AUTO_FOCUS = "#command"
    _letters = ""  # letters typed without a pause as keys of ...
    _pane: Widget | None = None  # ... this pane, until ...
    _until = 0.0  # ... then, if a word continues
    _seen = False  # whether the screen has been active
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]

    def begin_at(self, width: int, height: int) -> None:
        """Set the CSS classes for this size now, since a later change would restyle everything."""
        for size, points in (
            (width, self.HORIZONTAL_BREAKPOINTS),
            (height, self.VERTICAL_BREAKPOINTS),
        ):
            names = [name for least, name in points or () if size >= least]
            self.set_class(True, *names[-1:])

    @on(events.ScreenResume)
    def _comes_to_the_front(self, event: events.ScreenResume) -> None:
        """Avoid styling a new screen twice, since its widgets were already styled when mounted."""
        if not self._seen:
            self._seen = True
            event.refresh_styles = False

    def scroll_page(self, by: int) -> None:
        """Scroll the transcript down by `by` pages, or up if `by` is negative."""
        rows = max(1, self.view.size.height - 1)
        self.view.scroll_relative(y=by * rows, animate=False)

    def action_reply(self, by: int) -> None:
        """Go from the line under the cursor to the previous (`by` = -1) or next (1) reply."""
        self.view.action_reply(by)

    def letter_acts(self, key: str) -> bool:
        """Return whether a letter is a key of the focused pane that does more than move."""
        if not self.composer.display or key in getattr(self.focused, "MOVES", ""):
            return False
        return key in self.active_bindings or key in getattr(self.focused, "answer_keys", ())

    def begin_line(self, event: events.Key) -> bool:
        """Type a key into the command line and focus it. Return False if that is impossible.

        Preceding letters of the same word that acted as keys of the pane are typed as well.
        """
        before = self._typed_before(event)
        self._letters = ""
        word = before if reads_as_command(before + (event.character or "")) else ""
        return self.composer.take_key(event, word)

    def _typed_before(self, event: events.Key) -> str:
        """Return the letters typed just before a key that acted as keys of the same pane."""
        return self._letters if self.focused is self._pane and event.time < self._until else ""

    @on(events.Key)
    def _typed_in_a_pane(self, event: events.Key) -> None:
        """Type text into the command line, unless it is a key of the focused pane."""
        if event.key not in self.active_bindings:
            if self.begin_line(event):
                event.stop()
        elif (event.character or "").isalpha():
            self._letters = self._typed_before(event) + (event.character or "")
            self._pane, self._until = self.focused, event.time + BREATH
        else:
            self._letters = ""
