"""Lays out the boxes and arrows of a small graph, and draws them as characters.

Boxes are placed in a grid of rows and columns that the caller chooses. An arrow is drawn if it goes
between neighbours in a row, up or down a column, around a corner to the row below, or back along
the top row. The caller has to list all other arrows in another way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

LEAST_GAP = 6  # cells between two boxes of a row
MOST_GAP = 16

# Directions in which a line leaves a cell, and the character for each set of them.
_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_LINES = " ╵╷│╴╯╮┤╶╰╭├─┴┬┼"
_RANK = {"refused": 0, "": 1, "taken": 2}


class Node(NamedTuple):
    """A box: its name, its place in the grid, and its tone (a suffix of component classes)."""

    name: str
    row: int
    column: int
    tone: str = ""


class Arrow(NamedTuple):
    """An arrow between two boxes. `tone` is "", "taken" or "refused"."""

    source: str
    target: str
    label: str = ""
    tone: str = ""


class Graph(NamedTuple):
    """A graph of boxes and arrows to draw."""

    nodes: tuple[Node, ...] = ()
    arrows: tuple[Arrow, ...] = ()


class Box(NamedTuple):
    """A placed node. It covers cells `left` to `right` of lines `top` to `bottom`, inclusive."""

    node: Node
    left: int
    right: int
    top: int
    bottom: int

    @property
    def middle(self) -> int:
        """The horizontal centre of the box, as a cell."""
        return (self.left + self.right) // 2

    @property
    def centre(self) -> int:
        """The vertical centre of the box, as a line."""
        return (self.top + self.bottom) // 2


class Picture:
    """A graph drawn into cells. `rows` holds the lines, each as a list of (character, tone)."""

    def __init__(self, graph: Graph, width: int, height: int) -> None:
        self.boxes: dict[str, Box] = {}
        self.rows: list[list[tuple[str, str]]] = []
        columns = 1 + max((node.column for node in graph.nodes), default=-1)
        widths = [
            max((len(n.name) + 2 for n in graph.nodes if n.column == c and not n.row), default=0)
            for c in range(columns)
        ]
        room = width - sum(widths)
        self.fits = columns > 1 and room >= LEAST_GAP * (columns - 1)
        """Whether the graph fits into the width. If it does not, nothing is drawn."""
        if not self.fits:
            return
        gap = min(MOST_GAP, room // (columns - 1))
        left = max(0, (room - gap * (columns - 1)) // 2)
        centres: list[int] = []
        for cells in widths:
            centres.append(left + (cells - 1) // 2)
            left += cells + gap
        lines = 1 + max(node.row for node in graph.nodes)
        tall = height >= 1 + 3 * lines + lines - 1
        deep = 3 if tall else 1
        between = 2 if tall and height >= 1 + 3 * lines + 2 * (lines - 1) else 1
        for node in graph.nodes:
            size = len(node.name) + 2
            start = min(max(0, centres[node.column] - (size - 1) // 2), width - size)
            top = 1 + node.row * (deep + between)
            self.boxes[node.name] = Box(node, start, start + size - 1, top, top + deep - 1)
        self.height = 1 + lines * deep + (lines - 1) * between
        self._width = width
        self._tall = tall
        self._masks: dict[tuple[int, int], int] = {}
        self._tones: dict[tuple[int, int], str] = {}
        self._over: dict[tuple[int, int], tuple[str, str]] = {}  # heads, labels and boxes
        for box in self.boxes.values():
            self._draw_box(box)
        self._taken = {(box.node.row, box.node.column): box for box in self.boxes.values()}
        self._draw_arrows(graph.arrows)
        self.rows = [
            [self._cell(x, y) for x in range(width)] for y in range(self.height)
        ]  # fmt: skip

    def _cell(self, x: int, y: int) -> tuple[str, str]:
        over = self._over.get((x, y))
        if over is not None:
            return over
        mask = self._masks.get((x, y), 0)
        return _LINES[mask], f"line:{self._tones.get((x, y), '')}" if mask else ""

    def _draw_box(self, box: Box) -> None:
        name = f" {box.node.name} " if not self._tall else f"│{box.node.name}│"
        tone = f"box:{box.node.name}"
        rows = [name]
        if self._tall:
            rule = "─" * len(box.node.name)
            rows = [f"╭{rule}╮", name, f"╰{rule}╯"]
        for y, text in enumerate(rows, box.top):
            self._put(box.left, y, text, tone)

    def _put(self, x: int, y: int, text: str, tone: str) -> None:
        for at, char in enumerate(text, x):
            self._over[at, y] = (char, tone)

    # Arrows

    def _draw_arrows(self, arrows: Sequence[Arrow]) -> None:
        pairs: dict[tuple[str, str], list[Arrow]] = {}
        for arrow in arrows:
            if arrow.source in self.boxes and arrow.target in self.boxes:
                if self._returns(arrow):
                    continue
                low, high = sorted((arrow.source, arrow.target))
                pairs.setdefault((low, high), []).append(arrow)
        # Arrows that were not taken come first: where two share a cell, the last one shows.
        for found in sorted(pairs.values(), key=lambda each: _rank_of(each)):
            self._draw_pair(found)
        self._draw_returns([arrow for arrow in arrows if self._returns(arrow)])

    def _returns(self, arrow: Arrow) -> bool:
        """Return whether an arrow leads back to the left from one box of the top row to another."""
        source, target = self.boxes.get(arrow.source), self.boxes.get(arrow.target)
        if source is None or target is None:
            return False
        return source.node.row == target.node.row == 0 and target.node.column < source.node.column

    def _draw_pair(self, arrows: Sequence[Arrow]) -> None:
        """Draw the arrows between two boxes as one line, with a head at each target."""
        a, b = self.boxes[arrows[0].source], self.boxes[arrows[0].target]
        if (a.node.row, a.node.column) > (b.node.row, b.node.column):
            a, b = b, a
        heads = {arrow.target for arrow in arrows}
        forth = [arrow for arrow in arrows if arrow.target == b.node.name] or list(arrows)
        label = " ".join(arrow.label for arrow in forth if arrow.label)
        tone = max((arrow.tone for arrow in arrows), key=_RANK.__getitem__)
        if a.node.row == b.node.row and b.node.column - a.node.column == 1:
            self._draw_level(a, b, heads, label, tone)
        elif a.node.column == b.node.column and self._free(a, b):
            self._draw_down(a, b, heads, label, tone)
        elif (
            b.node.row - a.node.row == 1
            and abs(b.node.column - a.node.column) == 1
            and (b.node.row, a.node.column) not in self._taken
        ):
            self._draw_corner(a, b, heads, label, tone)

    def _free(self, a: Box, b: Box) -> bool:
        column = a.node.column
        return not any((row, column) in self._taken for row in range(a.node.row + 1, b.node.row))

    def _draw_level(self, a: Box, b: Box, heads: Iterable[str], label: str, tone: str) -> None:
        y, first, last = a.centre, a.right + 1, b.left - 1
        self._line(first, y, last, y, tone)
        self._mask(first, y, _LEFT, tone)
        self._mask(last, y, _RIGHT, tone)
        if b.node.name in heads:
            self._head(last, y, "▶", tone)
            last -= 1
        if a.node.name in heads:
            self._head(first, y, "◀", tone)
            first += 1
        self._label(first, last, y, label, tone)

    def _draw_down(self, a: Box, b: Box, heads: Iterable[str], label: str, tone: str) -> None:
        x, first, last = a.middle, a.bottom + 1, b.top - 1
        self._line(x, first, x, last, tone)
        self._mask(x, first, _UP, tone)
        self._mask(x, last, _DOWN, tone)
        both = a.node.name in heads and b.node.name in heads
        if both and first == last:
            self._head(x, first, "↕", tone)
        else:
            if b.node.name in heads:
                self._head(x, last, "▼", tone)
            if a.node.name in heads:
                self._head(x, first, "▲", tone)
        if label:
            self._put(x + 2, last, label, f"label:{tone}")

    def _draw_corner(self, a: Box, b: Box, heads: Iterable[str], label: str, tone: str) -> None:
        x, y = a.middle, b.centre
        right = b.left > x
        end = b.left - 1 if right else b.right + 1
        self._line(x, a.bottom + 1, x, y, tone)
        self._mask(x, a.bottom + 1, _UP, tone)
        self._line(x, y, end, y, tone)
        self._mask(end, y, _RIGHT if right else _LEFT, tone)
        if b.node.name in heads:
            self._head(end, y, "▶" if right else "◀", tone)
        if a.node.name in heads:
            self._head(x, a.bottom + 1, "▲", tone)
        first, last = (x + 1, end - 1) if right else (end + 1, x - 1)
        self._label(first, last, y, label, tone)

    def _draw_returns(self, arrows: Sequence[Arrow]) -> None:
        """Draw the arrows that lead back to the left, along a line above the top row."""
        for arrow in sorted(arrows, key=lambda arrow: _RANK[arrow.tone]):
            source, target = self.boxes[arrow.source], self.boxes[arrow.target]
            self._line(target.middle, 0, source.middle, 0, arrow.tone)
            self._mask(source.middle, 0, _DOWN, arrow.tone)
            if self._tall:
                self._mask(target.middle, 0, _DOWN, arrow.tone)
                self._over[target.middle, 1] = ("▼", f"line:{arrow.tone}")
            else:
                self._head(target.middle, 0, "▼", arrow.tone)
        seen = ""
        for arrow in sorted(arrows, key=lambda arrow: self.boxes[arrow.source].middle):
            source = self.boxes[arrow.source]
            before = [
                box.middle
                for box in self.boxes.values()
                if not box.node.row and box.middle < source.middle
            ]
            if arrow.label != seen:
                self._label(max(before) + 1, source.middle - 1, 0, arrow.label, arrow.tone)
            seen = arrow.label

    def _line(self, x: int, y: int, to_x: int, to_y: int, tone: str) -> None:
        """Draw a straight line from one cell to another, including both."""
        step_x, step_y = _sign(to_x - x), _sign(to_y - y)
        away = {(1, 0): _RIGHT, (-1, 0): _LEFT, (0, 1): _DOWN, (0, -1): _UP, (0, 0): 0}
        leave, arrive = away[step_x, step_y], away[-step_x, -step_y]
        while True:
            last = (x, y) == (to_x, to_y)
            self._mask(x, y, 0 if last else leave, tone)
            if last:
                return
            x, y = x + step_x, y + step_y
            self._mask(x, y, arrive, tone)

    def _mask(self, x: int, y: int, directions: int, tone: str) -> None:
        self._masks[x, y] = self._masks.get((x, y), 0) | directions
        if _RANK[tone] >= _RANK[self._tones.get((x, y), "refused")]:
            self._tones[x, y] = tone

    def _head(self, x: int, y: int, char: str, tone: str) -> None:
        self._over[x, y] = (char, f"line:{tone}")

    def _label(self, first: int, last: int, y: int, label: str, tone: str) -> None:
        """Write as many words of a label as fit between cells `first` and `last`, on line `y`."""
        room = last - first + 1
        words = label.split()
        while words and len(" ".join(words)) > room:
            words.pop()
        text = " ".join(words)
        if text and len(text) + 4 <= room:
            text = f" {text} "
        self._put(first + (room - len(text)) // 2, y, text, f"label:{tone}")


def _rank_of(arrows: Sequence[Arrow]) -> int:
    return max(_RANK[arrow.tone] for arrow in arrows)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
