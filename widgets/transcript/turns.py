"""A conversation drawn large for a projector, with turns set apart and lines of at most 60 columns.

The view draws the lines that it is given and posts what the keys ask for. It reads no conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.cells import cell_len, chop_cells
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from .lines import LineText

COLUMNS = 60  # of text
_SIDE = 4  # columns before the text, for C or S
_STYLES = {
    "transcript--2yz": "$text-success",
    "transcript--3yz": "$text-primary",
    "transcript--4yz": "$text-warning",
    "transcript--5yz": "$text-error",
    "transcript--odd": "$text-error",
    "transcript--trouble": "$text-warning",
    "transcript--tls": "$text-accent",
    "transcript--rule": "$text-muted",
}


class TurnLine(NamedTuple):
    """A line of a turn. `side` is "C" or "S", or empty for an event such as the start of TLS."""

    side: str
    text: LineText


class TurnsView(VerticalScroll, can_focus=True):
    """A view of the last turns of a conversation, newest at the bottom."""

    DEFAULT_CSS = """
    TurnsView { scrollbar-size-vertical: 0; }
    TurnsView > Static { width: 100%; padding: 1 0 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "move(1, False)", "next line"),
        Binding("enter,right,down", "move(1, False)", "next line", show=False),
        Binding("backspace,left,up", "move(-1, False)", "previous line", show=False),
        Binding("pagedown", "move(1, True)", "next turn"),
        Binding("pageup", "move(-1, True)", "previous turn"),
        Binding("t", "light", "light theme"),
    ]
    HELP = "Space shows the next line; PageDown shows the next turn."

    @dataclass
    class MoveRequested(Message):
        """Posted when a key asks to move forward (`by` is 1) or back (-1) by a line or a turn."""

        view: TurnsView
        by: int
        turn: bool

        @property
        def control(self) -> TurnsView:
            return self.view

    @dataclass
    class LightRequested(Message):
        """Posted when a key asks to switch to a light theme, or back to the previous theme."""

        view: TurnsView

        @property
        def control(self) -> TurnsView:
            return self.view

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(id="turns-text")

    def show(self, lines: Sequence[TurnLine], prompt: str, hint: str = "") -> None:
        """Show these lines with the last turn in bold, then `prompt` followed by `hint`."""
        shown = (tuple(lines), prompt, hint)
        if shown != self._shown:
            self._shown = shown
            self.query_one("#turns-text", Static).update(drawn(lines, prompt, hint))
            self.call_after_refresh(self.scroll_end, animate=False)

    def action_move(self, by: int, turn: bool) -> None:
        self.post_message(self.MoveRequested(self, by, turn))

    def action_light(self) -> None:
        self.post_message(self.LightRequested(self))


def drawn(lines: Sequence[TurnLine], prompt: str = "", hint: str = "") -> Content:
    """Return the lines as text, with an empty line between turns, then `prompt` and `hint`."""
    parts: list[Content] = []
    last = len(lines)
    while last and lines[last - 1].side == lines[-1].side:
        last -= 1
    before: str | None = None
    for number, line in enumerate(lines):
        begins = line.side != before
        if begins and parts:
            parts.append(Content(""))
        before = line.side
        weight = "bold" if number >= last else ""
        parts += _rows(line, weight, begins=begins)
    if prompt or hint:
        parts += [Content("")] if parts else []
        parts.append(Content.assemble((prompt, "bold $text-warning"), "  ", (hint, "dim")))
    return Content("\n").join(parts)


def _rows(line: TurnLine, weight: str, *, begins: bool) -> Iterable[Content]:
    colour = _STYLES.get(line.text.style, "")
    style = f"{weight} {colour}".strip()
    label = "$primary" if line.side == "C" else ""
    for number, row in enumerate(_wrapped(line.text.text + ("›" if line.text.cut else ""))):
        side = line.side if begins and not number else ""
        yield Content.assemble((side.ljust(_SIDE), f"bold {label}".strip()), (row, style))


def _wrapped(text: str) -> list[str]:
    """Wrap a text into rows of at most COLUMNS cells, breaking at spaces where possible."""
    rows: list[str] = []
    while cell_len(text) > COLUMNS:
        start = chop_cells(text, COLUMNS)[0]
        blank = start.rfind(" ", len(start) // 3)
        if blank > 0:
            start = start[: blank + 1]
        rows.append(start.rstrip(" "))
        text = text[len(start) :]
    return [*rows, text]
