"""The diagram of a conversation's states, with a description of the state under the cursor.

The diagram is given the graph to draw, and `graph_layout.py` places its boxes and arrows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widgets import Static

from ..base.columns import beside
from ..base.line_view import LineView
from .graph_layout import Graph, Picture

LEAST_HEIGHT = 8  # lines left for the text below the diagram


class StateWords(NamedTuple):
    """The description of a state: a heading, followed by paragraphs of (bold word, text)."""

    name: str
    meaning: str
    paragraphs: tuple[tuple[str, str], ...] = ()
    source: str = ""


class StateDiagram(LineView, can_focus=True):
    """A drawing of the states as boxes joined by arrows, with a cursor on one of the boxes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "states--box",
        "states--here",
        "states--visited",
        "states--next",
        "states--apart",
        "states--cursor",
        "states--line",
        "states--taken",
        "states--refused",
    }
    DEFAULT_CSS = """
    StateDiagram {
        height: auto; overflow: hidden;
        & .states--box { color: $foreground; background: $foreground 8%; }
        & .states--here {
            color: $text-accent; background: $accent 30%; text-style: bold;
        }
        & .states--visited { color: $text-success; background: $foreground 8%; }
        & .states--next { color: $foreground; background: $primary 25%; }
        & .states--apart { color: $foreground 55%; }
        & .states--cursor { text-style: reverse; }
        & .states--line { color: $foreground 75%; }
        & .states--taken { color: $text-success; text-style: bold; }
        & .states--refused { color: $foreground 40%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "go(0, -1)", "state to the left", show=False),
        Binding("right", "go(0, 1)", "state to the right", show=False),
        Binding("up", "go(-1, 0)", "state above", show=False),
        Binding("down", "go(1, 0)", "state below", show=False),
        Binding("pageup", "words(-1)", "scroll the description up", show=False),
        Binding("pagedown", "words(1)", "scroll the description down", show=False),
        Binding("home", "present", "go to the current state and follow it", show=False),
    ]
    HELP = "The states of a conversation, and the commands that lead from one to another."

    cursor: var[str] = var("")
    """The state under the cursor; "" while the cursor follows the conversation's current state."""

    class CursorMoved(Message):
        """Posted when the cursor has moved to another state."""

    @dataclass
    class WordsScrolled(Message):
        """Posted to scroll the description of the state by `pages` pages."""

        pages: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._graph = Graph()
        self._present = ""
        self._next: frozenset[str] = frozenset()
        self._room = 0
        self._picture: Picture | None = None

    def show(self, graph: Graph, present: str) -> None:
        """Draw a graph. `present` is the name of the current state."""
        if (graph, present) != (self._graph, self._present):
            self._graph, self._present = graph, present
            self._lay_out()

    def give_room(self, lines: int) -> None:
        """Set the maximum number of lines that the diagram may use."""
        if lines != self._room:
            self._room = lines
            self._lay_out()

    @property
    def current(self) -> str:
        """The name of the state under the cursor."""
        return self.cursor or self._present

    def _lay_out(self) -> None:
        width = self.size.width
        picture = Picture(self._graph, width, self._room) if width else None
        self._picture = picture if picture is not None and picture.fits else None
        height = self._picture.height if self._picture else len(self._graph.nodes)
        self.styles.height = height
        self.virtual_size = Size(width, height)
        self._mark()

    def _mark(self) -> None:
        """Find the states that can be reached from the state under the cursor, and redraw."""
        here = self.current
        self._next = frozenset(
            arrow.target
            for arrow in self._graph.arrows
            if arrow.source == here and arrow.tone != "refused"
        )
        self.refresh()

    def on_resize(self) -> None:
        self._lay_out()

    def watch_cursor(self) -> None:
        self._mark()
        if self.is_mounted:
            self.post_message(self.CursorMoved())

    # Drawing

    def render_line(self, y: int) -> Strip:
        width, base = self.size.width, self.rich_style
        if self._picture is None:
            return self._listed(y, width, base)
        if y >= len(self._picture.rows):
            return Strip.blank(width, base)
        segments: list[Segment] = []
        text, tone = "", ""
        for char, its in [*self._picture.rows[y], ("", "end")]:
            if its != tone:
                if text:
                    segments.append(Segment(text, base + self._style_of(tone)))
                text, tone = "", its
            text += char
        return Strip(segments).adjust_cell_length(width, base)

    def _listed(self, y: int, width: int, base: Style) -> Strip:
        """Return line `y` of the list of states that is shown if the diagram does not fit."""
        if y >= len(self._graph.nodes):
            return Strip.blank(width, base)
        node = self._graph.nodes[y]
        mark = "▶" if node.name == self._present else " "
        style = base + self._style_of(f"box:{node.name}")
        return Strip([Segment(f"{mark} {node.name}", style)]).adjust_cell_length(width, base)

    def _style_of(self, tone: str) -> Style:
        kind, _, name = tone.partition(":")
        if kind == "box":
            return self._style_of_box(name)
        if kind in ("line", "label"):
            return self._style(f"states--{name or 'line'}")
        return Style()

    def _style_of_box(self, name: str) -> Style:
        node = next(node for node in self._graph.nodes if node.name == name)
        which = "here" if name == self._present else node.tone or "box"
        if name in self._next and name != self._present:
            which = "next"
        style = self._style(f"states--{which}")
        return style + self._style("states--cursor") if name == self.current else style

    # Moving

    def action_go(self, down: int, right: int) -> None:
        """Move the cursor to the nearest state in a direction."""
        if self._picture is None:
            self._step(down or right)
            return
        boxes = self._picture.boxes
        here = boxes[self.current]
        best: tuple[int, str] | None = None
        for name, box in boxes.items():
            rows, cells = box.centre - here.centre, box.middle - here.middle
            if name == here.node.name or (down and rows * down <= 0):
                continue
            if right and (rows or cells * right <= 0):
                continue
            # A line above or below counts more than the cells to the side.
            distance = abs(cells) + 100 * abs(rows)
            if best is None or distance < best[0]:
                best = (distance, name)
        if best is not None:
            self.cursor = best[1]

    def _step(self, by: int) -> None:
        names = [node.name for node in self._graph.nodes]
        self.cursor = names[max(0, min(names.index(self.current) + by, len(names) - 1))]

    def action_words(self, pages: int) -> None:
        self.post_message(self.WordsScrolled(pages))

    def action_present(self) -> None:
        self.cursor = ""

    def on_click(self, event: events.Click) -> None:
        if self._picture is None:
            if 0 <= event.y < len(self._graph.nodes):
                self.cursor = self._graph.nodes[event.y].name
            return
        for name, box in self._picture.boxes.items():
            width, height = box.right - box.left + 1, box.bottom - box.top + 1
            if Region(box.left, box.top, width, height).contains(event.x, event.y):
                self.cursor = name


class StatesView(Vertical):
    """The state diagram and, below it, a description of the state under the cursor.

    `describe` returns the description of the state with the given name.
    """

    DEFAULT_CSS = """
    StatesView {
        width: 1fr; border: round $foreground 25%; padding: 0 1;
        border-title-color: $foreground; border-subtitle-color: $text-muted;
        &:focus-within { border: round $accent; border-title-color: $text-accent; }
        & VerticalScroll { height: 1fr; margin-top: 1; scrollbar-size-vertical: 1; }
        & VerticalScroll > Static { width: 100%; }
        &.-low VerticalScroll { margin-top: 0; }
    }
    """

    def __init__(self, describe: Callable[[str], StateWords], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.diagram = StateDiagram(id="state-diagram")
        self._describe = describe
        self._words: tuple[StateWords, int] | None = None

    def compose(self) -> ComposeResult:
        yield self.diagram
        with VerticalScroll(can_focus=False):
            yield Static("", id="state-words")

    def on_mount(self) -> None:
        self.diagram.focus()
        self.border_title = "States"
        self.border_subtitle = "arrows: explore  Home: follow  Esc: close"

    def show(self, graph: Graph, present: str) -> None:
        """Show the graph, and the description of the state under the cursor."""
        self.diagram.show(graph, present)
        self._say()

    @on(events.Resize)
    def _resized(self) -> None:
        self.set_class(self.size.height < 20, "-low")
        self.diagram.give_room(self.size.height - LEAST_HEIGHT)
        self._say()

    @on(StateDiagram.CursorMoved)
    def _say(self) -> None:
        if not self.diagram.current or not self.is_mounted:
            return
        words = self._describe(self.diagram.current)
        width = max(24, self.content_size.width - 2)
        if self._words == (words, width):
            return
        self._words = (words, width)
        self.query_one("#state-words", Static).update(_text(words, width))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    @on(StateDiagram.WordsScrolled)
    def _scroll_words(self, event: StateDiagram.WordsScrolled) -> None:
        words = self.query_one(VerticalScroll)
        words.scroll_relative(y=event.pages * max(1, words.size.height - 1), animate=False)


def _text(words: StateWords, width: int) -> Content:
    head = f"{words.meaning} ({words.source})" if words.source else words.meaning
    parts = beside(words.name, head, column=13, width=width, bold="bold $text-accent")
    for word, text in words.paragraphs:
        parts += beside(word, text, column=13, width=width)
    return Content("\n").join(parts)
