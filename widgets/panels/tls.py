"""The TLS panel: the result of a handshake, its faults, and the certificate chain as a tree.

The panel draws the values that it is given by app/explain, any of which may come from the wire. The
certificate under the cursor is unfolded. Up and Down move along the tree, and scroll through a
certificate that is longer than the panel.
"""

from __future__ import annotations

from textwrap import wrap
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from ...session.visible import visible_text
from ..base.columns import beside
from .tls_view import ChainEntry, Detail, Fault, TlsView

DETAIL_COLUMN = 11  # cells, where the words beside a name begin
LONGEST_VALUE = 600  # characters of one value; a certificate can hold 64 kB of names
MOST_CERTIFICATES = 100  # certificates that are drawn
_DEEPEST = 6  # levels of indentation; a longer chain goes straight down


class TlsPanel(VerticalScroll, can_focus=True):
    """A panel with the TLS parameters and the certificates of a connection."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "walk(-1)", "previous certificate", show=False),
        Binding("down", "walk(1)", "next certificate (the issuer)", show=False),
        Binding("c", "copy", "copy SHA-256"),
        Binding("s", "ask('pem')", "save PEM"),
        Binding("t", "ask('trust')", "trust"),
    ]
    DEFAULT_CSS = """
    TlsPanel { padding-left: 1; scrollbar-size-vertical: 1; }
    TlsPanel > Static { width: 100%; }
    """
    HELP = (
        "Up and Down move along the chain, c copies the fingerprint, s saves the certificates as "
        "PEM, and t trusts the certificate that failed verification."
    )

    class Copied(Message):
        """Posted to copy the fingerprint of certificate `number`."""

        def __init__(self, panel: TlsPanel, number: int) -> None:
            super().__init__()
            self.panel = panel
            self.number = number

        @property
        def control(self) -> TlsPanel:
            return self.panel

    class ActionRequested(Message):
        """Posted when a key asks for the action named `order` on the certificate chain."""

        def __init__(self, panel: TlsPanel, order: str) -> None:
            super().__init__()
            self.panel = panel
            self.order = order

        @property
        def control(self) -> TlsPanel:
            return self.panel

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._view = TlsView()
        self._cursor = 0
        self._width = 0
        self._places: list[tuple[int, int]] = []  # first line of each certificate, and after it

    def compose(self) -> ComposeResult:
        yield Static(Content.styled(self._view.empty, "dim"), id="tls-text")

    def show(self, view: TlsView) -> None:
        """Show `view`. This is cheap if `view` is already shown."""
        if view == self._view:
            return
        other = view.chain != self._view.chain
        if self.has_focus:
            self.screen.refresh_bindings()
        self._view = view
        if other:
            self._cursor = next((n for n, one in enumerate(view.chain) if one.faults), 0)
        self._draw()
        if other:
            self.scroll_home(animate=False)

    @property
    def cursor(self) -> int:
        """The index of the unfolded certificate."""
        return self._cursor

    def on_resize(self, event: events.Resize) -> None:
        if self.content_size.width != self._width:
            self._draw()

    # Walking

    def action_walk(self, by: int) -> None:
        """Move to the next (1) or previous (-1) certificate.

        If the current certificate is not in view as a whole, scroll by a line instead.
        """
        top, height = round(self.scroll_y), self.size.height
        if not self._places:
            self.scroll_relative(y=by, animate=False)
            return
        first, after = self._places[self._cursor]
        if by < 0 and (first < top or self._cursor == 0):
            self.scroll_relative(y=-1, animate=False)
        elif by > 0 and (after > top + height or self._cursor == len(self._places) - 1):
            self.scroll_relative(y=1, animate=False)
        else:
            self._cursor += by
            self._draw()
            self.call_after_refresh(self._bring)

    def _bring(self) -> None:
        """Scroll the certificate under the cursor into view.

        If the certificate is longer than the panel, scroll to its first line.
        """
        if self._cursor >= len(self._places):
            return
        first, after = self._places[self._cursor]
        top, height = round(self.scroll_y), self.size.height
        if first < top or after > top + height:
            self.scroll_to(y=min(first, max(after - height, 0)) if after - first <= height else
                           first, animate=False)  # fmt: skip

    def offers(self, action: str) -> bool:
        """Return whether the key bar shows the key for `action` because it applies now."""
        if action == "ask('trust')":
            return self._view.at_fault and bool(self._view.chain)
        return bool(self._view.chain)

    def action_copy(self) -> None:
        if self._view.chain and self._view.chain[self._cursor].sent:
            self.post_message(self.Copied(self, self._cursor))

    def action_ask(self, order: str) -> None:
        self.post_message(self.ActionRequested(self, order))

    # Drawing

    def _draw(self) -> None:
        self._width = self.content_size.width
        self._places = []
        text = self.query_one("#tls-text", Static)
        view = self._view
        if not view.head:
            text.update(Content.styled(view.empty, "dim"))
            return
        # While hidden it has no width: assume that of a narrow screen, which it then fills.
        width = max(20, (self._width or self.screen.size.width - 3) - 2)  # beside a scrollbar
        lines = _wrapped(visible_text(view.head), width, f"bold {view.style}".strip())
        lines += _wrapped(visible_text(view.advice), width, "")
        for fault in view.faults:
            lines += ["", *_fault(fault, width)]
        if view.at_fault:
            self._chain(lines, width)
        lines.append("")
        for fact in view.facts:
            lines += _fact(fact, width)
        if not view.at_fault:
            self._chain(lines, width)
        text.update(Content("\n").join(Content(line) if isinstance(line, str) else line
                                       for line in lines))  # fmt: skip

    def _chain(self, lines: list[Content | str], width: int) -> None:
        chain = self._view.chain
        if chain:
            lines += ["", Content.styled("The chain, as sent by the server", "bold")]
        for number, shown in enumerate(chain[:MOST_CERTIFICATES]):
            first = len(lines)
            lines += self._certificate(number, shown, width)
            self._places.append((first, len(lines)))
        if len(chain) > MOST_CERTIFICATES:
            lines.append(Content.styled(f"and {len(chain) - MOST_CERTIFICATES:,} more", "dim"))

    def _certificate(self, number: int, shown: ChainEntry, width: int) -> list[Content | str]:
        chosen = number == self._cursor
        depth = min(number, _DEEPEST)
        branch = "  " * (depth - 1) + "└ " if depth else ""
        sign = "▾ " if chosen else "▸ "
        name = visible_text(shown.name[:LONGEST_VALUE])
        room = width - len(branch) - 2
        note = visible_text(shown.note)
        style = "bold $text-accent" if chosen else ("" if shown.sent else "dim")
        head = Content.assemble((branch, "dim"), (sign, "$text-accent" if chosen else "dim"))
        lines: list[Content | str] = []
        first, *more = wrap(name, room) or [""]
        row = Content.assemble(head, (first, style))
        below = " " * (len(branch) + 2)
        lines += [row, *(Content.assemble(below, (line, style)) for line in more)]
        if note:
            last = lines[-1]
            assert isinstance(last, Content)
            if last.cell_length + 2 + len(note) <= width:
                lines[-1] = Content.assemble(last, "  ", (note, shown.style))
            else:
                lines += [Content.assemble(below, (line, shown.style)) for line in wrap(note, room)]
        if chosen:
            inner: list[Content | str] = []
            for fault in shown.faults:
                inner += [*_fault(fault, room), ""]
            for fact in shown.facts:
                inner += _fact(fact, room)
            lines += [Content.assemble(below, line) for line in inner]
        return lines


def _wrapped(text: str, width: int, style: str) -> list[Content | str]:
    return [Content.styled(line, style) for line in wrap(text, width)]


def _fault(fault: Fault, width: int) -> list[Content | str]:
    lines = _wrapped(f"✗ {visible_text(fault.title)}", width, f"bold {fault.style}")
    lines += wrap(visible_text(fault.text[: LONGEST_VALUE * 2]), width)
    if fault.try_next:
        lines += beside(
            "Try", visible_text(fault.try_next[: LONGEST_VALUE * 2]), column=5, width=width
        )
    return lines


def _fact(fact: Detail, width: int) -> list[Content]:
    text = visible_text(fact.text[: LONGEST_VALUE + 1])
    if len(text) > LONGEST_VALUE:
        text = text[: LONGEST_VALUE - 1] + "…"
    return beside(fact.word, text, column=DETAIL_COLUMN, width=width, bold="dim", style=fact.style)
