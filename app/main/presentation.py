"""The presentation: a conversation shown line by line instead of the panes, for a projector.

It shows the part that a `Pace` makes visible: everything except replies that wait for a key (live
session), or everything before the current position (recording). The widgets are created on first
use. Their CSS is in `presentation_pane.py`: the screen class `-present` shows them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from textual.content import Content

from ...session.events import CLIENT, SERVER, Direction
from ...session.visible import visible_text
from ...widgets.transcript.layout import FOLD, ROW, LineSource
from ...widgets.transcript.lines import side_of
from ...widgets.transcript.section import TranscriptSection
from ...widgets.transcript.view import TranscriptView
from .panels import meaning_at
from .panes import Panes

if TYPE_CHECKING:
    from ...widgets.transcript.turns import TurnLine
    from .presentation_pane import PresentationPane
    from .session_screen import SessionScreen

SHOWN = 60  # the most lines: a projector shows fewer
OCTETS = 2000  # octets of a line
LIGHT = "textual-light"
_ASKED = {
    SERVER: "What will the server answer?",
    CLIENT: "What does the client send next?",
}


class Pace(Protocol):
    """Determines which part of a conversation is visible, and moves through the conversation."""

    def shown(self) -> tuple[TranscriptSection, int] | None:
        """Return the conversation and the number of its visible lines, or None if there is none."""
        ...

    @property
    def due(self) -> Direction | None:
        """The side that sends the next line; None if no line follows or the line is an event."""
        ...

    @property
    def more(self) -> bool:
        """Whether there is a next line."""
        ...

    def move(self, by: int, *, turn: bool) -> bool:
        """Go forward (`by` = 1) or back (-1), and return whether that was possible.

        If `turn` is true, go to the end of the turn rather than a single line.
        """
        ...


class LivePace:
    """The pace of a live session: client lines are shown at once, and a reply waits for a key."""

    def __init__(self, view: TranscriptView) -> None:
        self._view = view
        self._section: TranscriptSection | None = None
        self._lines: int = 0
        self._furthest: int = 0  # the largest number of lines shown
        self.holds = True
        """Whether replies wait for a key."""

    def begin(self) -> None:
        """Start presenting, with all lines so far visible."""
        self._section = None
        self._take_in()

    def _take_in(self) -> TranscriptSection | None:
        """Read new lines, and return the current session's section, or None if there is no session.

        New lines that need not wait for a key become visible at once.
        """
        if not self._view.sections:
            return None
        present = self._view.sections[-1]
        section = self._section
        if section is None or section.transcript is not present.transcript:
            all_of_it = section is None
            section = self._section = TranscriptSection(present.transcript, present.pending)
            section.layout.sync()
            self._lines = self._furthest = section.layout.height if all_of_it else 0
        section.layout.sync()
        height = section.layout.height
        self._furthest = min(self._furthest, height)
        if self._lines >= self._furthest:  # nobody has gone back
            self._lines = self._furthest
            while self._lines < height and not (
                self.holds and _side(section, self._lines) is SERVER
            ):
                self._lines += 1
            self._furthest = self._lines
        return section

    def shown(self) -> tuple[TranscriptSection, int] | None:
        """Return the session and the number of its visible lines, or None without a session."""
        section = self._take_in()
        return None if section is None else (section, self._lines)

    @property
    def more(self) -> bool:
        """Whether a line is waiting to be shown."""
        return self._section is not None and self._lines < self._section.layout.height

    @property
    def due(self) -> Direction | None:
        """The side that sent the waiting line; None if no line waits or the line is an event."""
        return _side(self._section, self._lines) if self._section and self.more else None

    def move(self, by: int, *, turn: bool) -> bool:
        """Show waiting lines or hide visible ones, and return whether that was possible."""
        section = self._take_in()
        if section is None:
            return False
        height = section.layout.height
        to = self._lines + by
        if not 0 <= to <= height:
            return False
        if turn and by > 0:
            while to < height and _side(section, to) is _side(section, to - 1):
                to += 1
        elif turn:
            while to > 0 and _side(section, to - 1) is _side(section, to):
                to -= 1
        self._lines = to
        self._furthest = max(self._furthest, to)
        return True


def _side(section: TranscriptSection, line: int) -> Direction | None:
    """Return the side that sent a line, or None for an event.

    A folded message counts as the client's.
    """
    spot = section.layout.at(line)
    if spot.kind == ROW:
        return CLIENT if side_of(section.transcript, spot.number) == "C" else SERVER
    return CLIENT if spot.kind == FOLD else None


class Presentation:
    """Shows the presentation on a screen, and moves through it. Implements ui.Presenting."""

    def __init__(
        self,
        root: SessionScreen,
        panes: Panes,
        pace: Pace,
        leave: Callable[[], object],
        *,
        starts: bool = False,
        moved: Callable[[], object] = lambda: None,
    ) -> None:
        """Create a presentation, which stays hidden until it is toggled.

        `leave` focuses the command line. If `starts` is true, the turns get the focus when the
        presentation starts; otherwise the command line has it. `moved` is called whenever the
        position changes and when the presentation ends.
        """
        self._root = root
        self._panes = panes
        self._pace = pace
        self._leave = leave
        self._moved = moved
        self._focuses = starts
        self._pane: PresentationPane | None = None
        self._theme = ""  # the theme before the light one

    @property
    def on(self) -> bool:
        """Whether the presentation is shown."""
        return self._root.has_class("-present")

    @property
    def waits(self) -> bool:
        """Whether a line is waiting to be shown and must not be revealed elsewhere."""
        if not self.on:
            return False
        self._pace.shown()  # including lines since the last frame
        return self._pace.more

    def toggle(self, *, follow: bool = False) -> None:
        """Start or end the presentation.

        If `follow` is true, replies in a live session are shown without waiting for a key.
        """
        if self.on:
            self._root.remove_class("-present")
            self._leave()
            self._moved()
            return
        if isinstance(self._pace, LivePace):
            self._pace.holds = not follow
            self._pace.begin()
        if self._pane is None:
            from .presentation_pane import PresentationPane

            self._pane = PresentationPane(self.move, self.change_light, self._show)
            self._panes.mount(self._pane, before=0)
        self._root.remove_class("-panel", "-explain", "-states", "-alone")
        self._root.add_class("-present")
        if self._pane.ready:
            self._show()

    def _show(self) -> None:
        """Fill the widgets, and focus the one that receives the keys."""
        self.sync()
        if self._pane is not None and self._focuses:
            self._pane.turns.focus()
        else:
            self._leave()

    def move(self, by: int, turn: bool) -> bool:
        """Go forward or back by a line or a turn, and return whether that was possible."""
        moved = self._pace.move(by, turn=turn)
        self.sync()
        self._moved()
        return moved

    def change_light(self) -> None:
        """Change to a light theme, or back to the previous one."""
        app = self._root.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if app.theme == LIGHT:
            app.theme = self._theme or "textual-dark"
        else:
            self._theme, app.theme = app.theme, LIGHT

    def sync(self) -> None:
        """Update the presentation, unless it is hidden."""
        pane = self._pane
        if pane is None or not pane.ready or not self.on:
            return
        found = self._pace.shown()
        prompt, hint = self._prompt()
        if found is None or not found[1]:
            pane.turns.show((), prompt or "Nothing has been sent yet.", hint)
            pane.note.display = pane.meaning.display = False
            return
        section, count = found
        first = max(0, count - SHOWN)
        spots = [section.layout.at(line) for line in range(first, count)]
        pane.turns.show([_turn_line(section, spot) for spot in spots], prompt, hint)
        pane.meaning.display = True
        pane.meaning.show(meaning_at(section, spots[-1], room=1 << 20))
        note = self._panes.note_at(section, spots[-1])
        pane.note.display = bool(note)
        pane.note.update(Content(visible_text(note)))

    def _prompt(self) -> tuple[str, str]:
        if not self._pace.more:
            return "", ""
        due = self._pace.due
        key = "Space shows it" if self._focuses else "Enter shows it"
        return (_ASKED[due], key) if due is not None else ("", key)


def _turn_line(section: TranscriptSection, spot: LineSource) -> TurnLine:
    from ...widgets.transcript.turns import TurnLine

    text = section.text(spot, OCTETS)
    if spot.kind == ROW:
        return TurnLine(side_of(section.transcript, spot.number), text)
    return TurnLine("C" if spot.kind == FOLD else "", text)
