"""The state panel: where the conversation is, how it goes on, and what may be said now."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static


class StatePanel(VerticalScroll, can_focus=True):
    """The way of a conversation, with the present station marked."""

    DEFAULT_CSS = """
    StatePanel { padding: 0 1; scrollbar-size-vertical: 1; }
    StatePanel > Static { width: 100%; }
    """
    HELP = "Where the conversation is, and which commands may come now."

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: object = None

    def compose(self) -> ComposeResult:
        yield Static("", id="state-text")

    def show(
        self,
        stations: Sequence[tuple[str, str, bool]],
        allowed: Sequence[str],
        notes: Sequence[str],
    ) -> None:
        """`stations` are (name, in words, is it the present one); `allowed` the verbs now."""
        key = (tuple(stations), tuple(allowed), tuple(notes))
        if key == self._shown:
            return
        self._shown = key
        rows: list[Content] = []
        for name, words, present in stations:
            if present:
                rows.append(
                    Content.assemble(("▶ ", "$accent"), (name.ljust(10), "bold $accent"), words)
                )
            else:
                rows.append(Content.styled(f"  {name.ljust(10)}{words}", "dim"))
        if allowed:
            rows += [Content(""), Content.styled("May come now", "bold")]
            rows.append(Content(", ".join(allowed)))
        rows += [Content(""), *(Content.styled(note, "dim") for note in notes)] if notes else []
        self.query_one("#state-text", Static).update(Content("\n").join(rows))
