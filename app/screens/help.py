"""The help screen: every key and every order, made from the tables that define them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ...widgets.composer import CommandInput
from ...widgets.find_bar import FindBar
from ...widgets.message_editor import MessageEditor
from ...widgets.side_panel import SidePanel
from ...widgets.transcript_view import TranscriptView
from ..orders import ORDERS
from .mailbox import MailboxScreen

_FIRST = """\
Type a command and press Enter: it goes out as typed, with CRLF. What the server says appears \
above, and what it means beside it. A line that begins with a colon is an order to heloscope; \
two colons send one."""
_ELSEWHERE = (
    ("Tab", "complete what is typed; again: the next completion"),
    ("Right", "take the completion that is shown"),
    ("PageUp PageDown", "scroll the transcript from the composer"),
    ("Ctrl+Up Ctrl+Down", "the reply before, the next one, from anywhere"),
    ("Shift+Tab F6", "move between composer, transcript and panel"),
    ("Ctrl+C", "copy what is selected; else stop what runs"),
    ("Ctrl+P", "command palette"),
    ("mouse", "drag over text selects it, a click moves the cursor or unfolds"),
)
_NAMES = {
    "left_square_bracket": "[", "right_square_bracket": "]", "pageup": "PageUp",
    "pagedown": "PageDown", "escape": "Esc", "ctrl": "Ctrl", "shift": "Shift", "enter": "Enter",
    "space": "Space", "up": "Up", "down": "Down", "left": "Left", "right": "Right",
    "home": "Home", "end": "End", "tab": "Tab", "delete": "Del",
}  # fmt: skip


def key_name(key: str) -> str:
    """A key as people write it: ctrl+o is Ctrl+O."""
    parts = [_NAMES.get(part, part) for part in key.split("+")]
    if len(parts) > 1 or (parts[0].startswith("f") and parts[0][1:].isdigit()):
        parts[-1] = parts[-1].upper() if len(parts[-1]) <= 3 else parts[-1]
        if parts[-1] == "UP":
            parts[-1] = "Up"
    return "+".join(parts)


def key_rows() -> list[tuple[str, list[tuple[str, str]]]]:
    """(heading, rows of key and meaning) for every key that there is."""
    orders = [(key_name(order.key), order.summary) for order in ORDERS.values() if order.key]
    return [
        ("Anywhere", [*orders, *_ELSEWHERE]),
        ("Command line", _bindings(CommandInput.BINDINGS)),
        ("Transcript", _bindings(TranscriptView.BINDINGS)),
        ("Message editor", [
            (".", "on a line of its own, typed: send the message"),
            *_bindings(MessageEditor.BINDINGS),
        ]),
        ("Find", _bindings(FindBar.BINDINGS)),
        ("Side panel", _bindings(SidePanel.BINDINGS)),
        ("Mailboxes", _bindings(MailboxScreen.BINDINGS)),
    ]  # fmt: skip


def _bindings(bindings: Iterable[BindingType]) -> list[tuple[str, str]]:
    return [
        (" ".join(key_name(key) for key in binding.key.split(",")), binding.description)
        for binding in bindings
        if isinstance(binding, Binding)
    ]


class HelpScreen(ModalScreen[None]):
    """Scrolls; any of Esc, q and F1 closes it."""

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
                yield Static(self._text())

    def _text(self) -> Content:
        parts = [Content(_FIRST), Content("")]
        for heading, rows in key_rows():
            parts.append(Content.styled(heading, "bold $text-accent"))
            parts += [_row(key, meaning) for key, meaning in rows]
            parts.append(Content(""))
        parts.append(Content.styled("Orders", "bold $text-accent"))
        for order in ORDERS.values():
            parts.append(_row(f":{order.name} {order.argument}".strip(), order.summary))
            if order.details:
                parts.append(Content.styled(f"  {order.details}", "dim"))
        return Content("\n").join(parts)

    def action_close(self) -> None:
        self.dismiss(None)


def _row(key: str, meaning: str) -> Content:
    return Content.assemble((f"{key:<22} ", "bold"), meaning)
