"""The help screen: every key and every order, from the tables that define them."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ...widgets.bars.find import FindBar
from ...widgets.base.columns import beside
from ...widgets.input.command_line import CommandInput
from ...widgets.input.message_editor import MessageEditor
from ...widgets.panels.tabbed import TabbedPanel
from ...widgets.panels.tls import TlsPanel
from ...widgets.plan.list import PlanList
from ...widgets.transcript.view import TranscriptView
from ..actions import ACTIONS, key_name
from .mailbox import MailboxScreen

KEY_COLUMN = 26  # cells, where the meaning of a key begins

_FIRST = """\
Type a command and press Enter: it is sent as typed, followed by CRLF. The server's reply appears \
in the transcript, and its explanation beside it. A line that begins with a colon is an order to \
heloscope; to send such a line, begin it with two colons."""
# Keys that are in no table: those of Textual, and of the screen.
_ANYWHERE = (
    ("PageUp PageDown", "scroll the transcript, from the command line too"),
    ("Ctrl+Up Ctrl+Down", "previous reply, next reply"),
    ("F6 Shift+Tab", "next pane, previous pane"),
    ("Esc", "back to the command line"),
    ("Ctrl+C", "copy the selection; without one, stop what runs"),
    ("Ctrl+P", "command palette"),
    ("mouse", "drag to select text; click to move the cursor or to unfold a message"),
)
_COMMAND_LINE = (
    ("Right", "accept the completion that is shown"),
    ("Enter", "send the line"),
)


def key_rows() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every key: (heading, rows of key and meaning)."""
    orders = [(key_name(order.key), order.summary) for order in ACTIONS.values() if order.key]
    return [
        ("Anywhere", [*orders, *_ANYWHERE]),
        ("Command line", [*_bindings(CommandInput.BINDINGS), *_COMMAND_LINE]),
        ("Transcript", _bindings(TranscriptView.BINDINGS)),
        ("Message editor", [
            (".", "on a line of its own, typed: send the message"),
            *_bindings(MessageEditor.BINDINGS),
        ]),
        ("Find", _bindings(FindBar.BINDINGS)),
        ("Side panel", _bindings(TabbedPanel.BINDINGS)),
        ("TLS tab", _bindings(TlsPanel.BINDINGS)),
        ("Plan", _of_the_plan()),
        ("Mailboxes", _bindings(MailboxScreen.BINDINGS)),
    ]  # fmt: skip


def _bindings(bindings: Iterable[BindingType]) -> list[tuple[str, str]]:
    return [
        (key_name(binding.key), binding.description)
        for binding in bindings
        if isinstance(binding, Binding)
    ]


def _of_the_plan() -> list[tuple[str, str]]:
    """The keys of the plan, described by the orders that they give."""
    rows: list[tuple[str, str]] = []
    for binding in PlanList.BINDINGS:
        if isinstance(binding, Binding):
            asked = ACTIONS.get(binding.action.partition("ask('")[2].removesuffix("')"))
            meaning = asked.summary if asked is not None else binding.description
            rows.append((key_name(binding.key), meaning))
    return rows


class HelpScreen(ModalScreen[None]):
    """Shows every key and order; Esc, q or F1 closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f1,ctrl+c", "close", "close", show=False),
    ]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Vertical {
        width: 90; max-width: 96%; height: 92%; border: round $accent;
        border-title-color: $text-accent; border-subtitle-color: $text-muted;
        background: $surface;
    }
    HelpScreen VerticalScroll { padding: 0 2; scrollbar-size-vertical: 1; }
    """

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Help"
            box.border_subtitle = "Up and Down scroll  Esc closes"
            with VerticalScroll():
                yield Static(id="help-text")

    @on(events.Resize)
    def _draw(self) -> None:
        width = self.query_one(VerticalScroll).content_size.width - 2  # beside the scrollbar
        self.query_one("#help-text", Static).update(_text(max(30, width)))

    def action_close(self) -> None:
        self.dismiss(None)


def _text(width: int) -> Content:
    parts = [Content(line) for line in wrap(_FIRST, width)]
    for heading, rows in key_rows():
        parts += [Content(""), Content.styled(heading, "bold $text-accent")]
        for key, meaning in rows:
            parts += beside(key, meaning, column=KEY_COLUMN, width=width)
    parts += [Content(""), Content.styled("Orders", "bold $text-accent")]
    for order in ACTIONS.values():
        name = f":{order.name} {order.argument}".strip()
        parts += beside(name, order.summary, column=KEY_COLUMN, width=width)
        if order.details:
            parts += beside("", order.details, column=KEY_COLUMN, width=width, style="dim")
    return Content("\n").join(parts)
