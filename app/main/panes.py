"""`Panes`: the transcript and, next to it or in its place, the side panel with its pages.

The CSS here places them on screens of every size. The classes that it refers to are set by the
screen (`-narrow`, `-low`), by panel_layout.py (`-panel`, `-no-panel`, `-explain`) and by
state_drawing.py (`-states`, `-alone`). The CSS for lessons and presentations is loaded with their
panes (lesson_pane.py, presentation_pane.py), so that it is not parsed before the first frame.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import DescendantFocus

from ...session.record.notes import Notes
from ...widgets.panels.explanation import ExplanationPanel
from ...widgets.panels.extensions import ExtensionsPanel
from ...widgets.panels.state import StatePanel
from ...widgets.panels.tabbed import TabbedPanel
from ...widgets.panels.tls import TlsPanel
from ...widgets.plan.panel import PlanPanel
from ...widgets.transcript.layout import FOLD, ROW, LineSource
from ...widgets.transcript.section import TranscriptSection
from ...widgets.transcript.view import TranscriptView
from ..advice import do, key_of
from .panels import show_explanation
from .presenter import SessionPanels

if TYPE_CHECKING:
    from ...session.facts.extensions import Described
    from ...widgets.lesson.pane import LessonPane


def _describe(keyword: str, parameters: tuple[str, ...]) -> Described:
    """Describe an extension. The table of extensions is imported on first use."""
    from ...session.facts.extensions import describe

    return describe(keyword, parameters)


class Panes(Horizontal):
    """The main area of the screen, with the transcript and the side panel.

    `remark(keyword, added)` returns the text about an extension that STARTTLS added or removed;
    `refusal()` returns the row of a refusal after which the plan has just sent RSET, or None.
    """

    SCOPED_CSS: ClassVar[bool] = False  # its rules depend on classes for the screen's size
    DEFAULT_CSS = """
    SessionScreen {
        & #panes { height: 1fr; }
        & TranscriptView {
            width: 1fr; border: round $foreground 25%;
            border-title-color: $foreground; border-subtitle-color: $text-muted;
            &:focus { border: round $accent; border-title-color: $text-accent; }
        }
        & #side { width: 36%; min-width: 44; max-width: 72; }
        & #facts { height: 1fr; }
        & #facts.-plan { height: 1.5fr; }
        & #reply {
            height: 1fr; border: round $foreground 25%; border-title-color: $foreground;
            &:focus { border: round $accent; border-title-color: $text-accent; }
        }
        & #states { display: none; }
        &.-states #states { display: block; }
        &.-states TranscriptView { display: none; }
        &.-no-panel #side { display: none; }
        &.-narrow #side { display: none; width: 1fr; max-width: 100%; }
        &.-narrow.-panel #side { display: block; }
        &.-narrow.-panel TranscriptView { display: none; }
        &.-narrow.-low.-panel #reply { display: none; }
        &.-narrow.-explain #panes { layout: vertical; }
        &.-narrow.-explain #side { display: block; width: 100%; height: 1fr; }
        &.-narrow.-explain TranscriptView { width: 100%; height: 40%; min-height: 3; }
        &.-narrow.-explain #facts { display: none; }
        &.-states.-alone #side { display: none; }
    }
    """

    def __init__(
        self,
        remark: Callable[[str, bool], str],
        refusal: Callable[[], int | None],
        *,
        id: str,
    ) -> None:
        super().__init__(id=id)
        self._refusal = refusal
        self.notes: Notes | None = None
        """The notes on the newest conversation, or None before they are needed."""
        self.view = TranscriptView(id="transcript")
        self.panels = SessionPanels(
            ExtensionsPanel(_describe, remark, key_of("connect") or do("connect"), id="extensions"),
            StatePanel(id="state"),
            TlsPanel(id="tls"),
        )
        self.plan = PlanPanel(id="plan")
        self.tabs = TabbedPanel(
            ("Extensions", self.panels.extensions),
            ("State", self.panels.state),
            ("Plan", self.plan),
            ("TLS", self.panels.tls),
            id="facts",
        )
        self.explanation = ExplanationPanel(id="reply")
        self.side = Vertical(id="side")
        """The side panel, which contains the tabs or a lesson, and the explanation."""
        self.looked: Callable[[], object] = lambda: None
        """Called when the transcript's cursor may have moved or appeared."""
        self.entered: Callable[[], object] = lambda: None
        """Called when Enter is pressed on a line of the transcript that does not unfold."""
        self.answered: Callable[[str], object] = lambda _: None
        """Called with the key of the answer that the learner chooses in a lesson."""
        self.ordered: Callable[[str], object] = lambda _: None
        """Called with the order that is assigned to a key pressed in the lesson pane."""

    def compose(self) -> ComposeResult:
        yield self.view
        with self.side:
            yield self.tabs
            yield self.explanation

    def on_mount(self) -> None:
        self.view.show_saving(None)
        self.explanation.border_title = "Meaning"

    @on(TranscriptView.CursorMoved)
    def _cursor_moved(self) -> None:
        self.explain()
        self.looked()

    @on(TranscriptView.EnterPressed)
    def _enter_pressed(self) -> None:
        self.entered()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        if event.widget is self.view:  # there is a line under the cursor now, before it moves
            self.looked()

    def explain(self) -> None:
        """Explain the line under the cursor, and show any note on it."""
        note = self.note_at(*self.view.present) if self.notes and self.view.present else ""
        show_explanation(self.explanation, self.view, self._refusal(), note)

    def note_at(self, section: TranscriptSection, spot: LineSource) -> str:
        """Return the note on a line, or on the message folded into that line; "" without a note."""
        if self.notes is None or section.transcript is not self.view.sections[-1].transcript:
            return ""
        if spot.kind == ROW:
            return self.notes.at(spot.number)
        if spot.kind != FOLD:
            return ""
        body = section.transcript.bodies[spot.number]
        return self.notes.at(body.first, body.last)

    # The lesson's messages, by name: its module is not imported before there is a lesson.

    def on_lesson_pane_chosen(self, event: LessonPane.Chosen) -> None:
        event.stop()
        self.answered(event.key)

    def on_lesson_pane_action_requested(self, event: LessonPane.ActionRequested) -> None:
        event.stop()
        self.ordered(event.order)

    @on(TranscriptView.FollowingChanged)
    def _tail(self, event: TranscriptView.FollowingChanged) -> None:
        if event.following:
            note = "following"
        else:
            count = f"{event.new:,} new  " if event.new else ""
            note = f"{count}End follows"
        self.view.border_subtitle = note
