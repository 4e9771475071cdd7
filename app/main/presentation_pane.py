"""The widgets of the presentation, which show the turns, the note on a turn, and what it means."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from ...widgets.panels.explanation import ExplanationPanel
from ...widgets.transcript.turns import TurnsView


class PresentationPane(Vertical):
    """The pane of the presentation: the turns, a note and a meaning, one above the other.

    It is shown instead of the other panes.
    """

    SCOPED_CSS: ClassVar[bool] = False  # it covers the panes of a screen with the class `-present`
    DEFAULT_CSS = """
    SessionScreen {
        & #presentation { display: none; width: 1fr; height: 1fr; align-horizontal: center; }
        &.-present #presentation { display: block; }
        &.-present TranscriptView, &.-present #side, &.-present #status { display: none; }
        & #present-turns { width: 1fr; max-width: 68; height: 1fr; padding: 0 2; }
        & #present-note {
            width: 1fr; max-width: 68; height: auto; max-height: 6; padding: 0 1;
            border: round $text-accent; border-title-color: $text-accent;
        }
        & #present-meaning {
            width: 1fr; max-width: 68; height: 40%; max-height: 16;
            border: round $foreground 25%; border-title-color: $foreground;
            &:focus { border: round $accent; }
        }
    }
    """

    def __init__(
        self,
        move: Callable[[int, bool], object],
        light: Callable[[], object],
        begin: Callable[[], object],
    ) -> None:
        """Create the pane.

        `move(by, turn)` moves through the presentation, and `light` switches the light theme on or
        off. `begin` is called once the widgets of the pane can be filled.
        """
        super().__init__(id="presentation")
        self._begin = begin
        self.ready = False
        """Whether the widgets can be filled."""
        self._move = move
        self._light = light
        self.turns = TurnsView(id="present-turns")
        self.note = Static(id="present-note")
        self.meaning = ExplanationPanel(id="present-meaning")

    def compose(self) -> ComposeResult:
        yield self.turns
        yield self.note
        yield self.meaning

    def on_mount(self) -> None:
        self.note.border_title = "Note"
        self.meaning.border_title = "Meaning"
        self.ready = True
        self._begin()

    @on(TurnsView.MoveRequested)
    def _asked_to_move(self, event: TurnsView.MoveRequested) -> None:
        event.stop()
        self._move(event.by, event.turn)

    @on(TurnsView.LightRequested)
    def _asked_for_light(self, event: TurnsView.LightRequested) -> None:
        event.stop()
        self._light()
