"""Shows and updates the state diagram in place of the transcript.

The widget is created on first use, and the tables of facts are imported then. Its CSS is in
`panes.py`: the screen class `-states` shows it, and `-alone` also gives it the space of the side
panel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from ...session.protocol.states import State
from .panes import Panes

if TYPE_CHECKING:
    from ...session.protocol.state_graph import Circumstances
    from ...session.protocol.state_trail import StateTrail
    from ...session.protocol.view import SessionView
    from ...session.record.transcript import Transcript
    from ...widgets.panels.state_diagram import StatesView, StateWords

SIDE_BESIDE = 128  # from this width on, the side panel stays beside the diagram


class StateDrawing:
    """Shows the state diagram. Implements ui.StateDrawing.

    `PanelLayout.fold` restores the transcript. `root` is the screen on which the classes are set,
    `session` returns the current session, and `leave` focuses the command line.
    """

    def __init__(
        self,
        root: Screen[None],
        panes: Panes,
        session: Callable[[], SessionView | None],
        leave: Callable[[], object],
    ) -> None:
        self._root = root
        self._panes = panes
        self._session = session
        self._leave = leave
        self._view: StatesView | None = None
        self._trail: tuple[Transcript, StateTrail] | None = None

    @property
    def shown(self) -> bool:
        """Whether the diagram is shown instead of the transcript."""
        return self._root.has_class("-states")

    def toggle(self) -> None:
        """Show the diagram and focus it, or show the transcript again."""
        if self.shown:
            self._root.remove_class("-states", "-alone")
            self._leave()
            return
        if self._view is None:
            from ...widgets.panels.state_diagram import StatesView

            self._view = StatesView(self._describe, id="states")
            self._panes.mount(self._view, before=0)
        self._root.remove_class("-panel", "-explain")
        self._root.add_class("-states")
        self.sync()
        if self._view.is_mounted:
            self._view.diagram.focus()

    def sync(self) -> None:
        """Update the diagram, unless it is hidden."""
        if self._view is None or not self.shown:
            return
        from ..explain.state_diagram import graph_of

        self._root.set_class(self._root.size.width < SIDE_BESIDE, "-alone")
        present, known, trail = self._now()
        self._view.show(graph_of(present, known, trail), present.value)

    def _now(self) -> tuple[State, Circumstances, StateTrail | None]:
        from ...session.protocol.state_graph import Circumstances, circumstances_of
        from ...session.protocol.state_trail import StateTrail

        session = self._session()
        if session is None:
            return State.CLOSED, Circumstances(), None
        if self._trail is None or self._trail[0] is not session.transcript:
            self._trail = (session.transcript, StateTrail(session.transcript))
        trail = self._trail[1]
        trail.sync()
        talk = session.conversation
        known = circumstances_of(talk, lmtp=session.lmtp, rejected=trail.rejected)
        return talk.state, known, trail

    def _describe(self, name: str) -> StateWords:
        from ..explain.state_diagram import words_of

        return words_of(State(name), *self._now())
