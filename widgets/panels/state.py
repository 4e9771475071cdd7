"""The state panel: the states of a conversation, the current state, and the commands it allows."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ..base.columns import beside

_Shown = tuple[tuple[tuple[str, str, bool], ...], tuple[str, ...], tuple[str, ...]]


class StatePanel(VerticalScroll, can_focus=True):
    """A list of the states of a conversation in order, with the current one marked."""

    DEFAULT_CSS = """
    StatePanel { padding-left: 1; scrollbar-size-vertical: 1; }
    StatePanel > Static { width: 100%; padding-right: 1; }
    """
    HELP = "The current state of the conversation, and the commands that it allows."

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: _Shown | None = None
        self._drawn: _Shown | None = None

    def compose(self) -> ComposeResult:
        yield Static("", id="state-text")

    def show(
        self,
        stations: Sequence[tuple[str, str, bool]],
        allowed: Sequence[str],
        notes: Sequence[str],
    ) -> None:
        """Show the states, the verbs allowed in the current state, and notes.

        Each item of `stations` is a state's name, its description, and whether the state is the
        current one. `notes` are dim lines below the verbs. If the page is hidden, it is drawn when
        its tab is opened.
        """
        key = (tuple(stations), tuple(allowed), tuple(notes))
        if key != self._shown:
            self._shown = key
            if self.display:
                self._draw()

    def turned_to(self) -> None:
        """Draw the changes made while another page was shown."""
        if self._drawn != self._shown:
            self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        self._drawn = self._shown
        stations, allowed, notes = self._shown
        width = max(24, self.content_size.width - 2)  # a scrollbar, and a space beside it
        rows: list[Content] = []
        for name, words, present in stations:
            head = f"{'▶' if present else ' '} {name}"
            bold, style = ("bold $accent", "") if present else ("dim", "dim")
            rows += beside(head, words, column=12, width=width, bold=bold, style=style)
        if allowed:
            rows += [Content(""), Content.styled("Allowed now", "bold")]
            rows.append(Content(", ".join(allowed)))
        rows += [Content(""), *(Content.styled(note, "dim") for note in notes)] if notes else []
        self.query_one("#state-text", Static).update(Content("\n").join(rows))
