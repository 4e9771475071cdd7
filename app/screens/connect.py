"""The dialog that asks where to connect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from ...session.visible import visible_text
from ..connecting import PRACTICE, PRACTICE_TLS, check_target

_FORMS = (
    ("mail.example.org", "port 25, between servers"),
    ("mail.example.org:587", "another port: 587 is submission"),
    ("smtps://host", "TLS from the first byte, port 465"),
    ("[::1]:2525", "an IPv6 address with its port"),
    ("lmtp://host", "LMTP on port 24"),
    ("unix:/run/lmtp", "LMTP over a socket; smtp+unix:/path for SMTP"),
    (PRACTICE, "the practice server, with STARTTLS"),
    (PRACTICE_TLS, "the same, TLS from the first byte"),
)


class ConnectScreen(ModalScreen[str | None]):
    """Returns a TARGET that can be understood, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "cancel", "cancel", show=False),
        Binding("down", "down", "the recent ones", show=False),
    ]
    DEFAULT_CSS = """
    ConnectScreen { align: center middle; }
    ConnectScreen > Vertical {
        width: 72; max-width: 96%; height: auto; max-height: 96%;
        border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface; padding: 0 2;
    }
    ConnectScreen Input { margin: 1 0 0 0; background: $panel; }
    ConnectScreen #problem { height: auto; min-height: 1; color: $text-error; }
    ConnectScreen OptionList { height: auto; max-height: 7; margin-bottom: 1; border: none;
        background: $surface; padding: 0; }
    ConnectScreen OptionList:focus { border: none; }
    ConnectScreen OptionList:blur > .option-list--option-highlighted {
        background: $surface; color: $foreground;
    }
    ConnectScreen #forms { color: $text-muted; }
    """

    def __init__(self, recent: Sequence[str], present: str = "") -> None:
        super().__init__()
        self._recent = recent
        self._present = present

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Connect"
            box.border_subtitle = "Enter connects  Down: recent ones  Esc cancels"
            yield Input(
                value=self._present,
                placeholder="host, host:port, lmtp://host, unix:/path ...",
                compact=True,
                id="target",
            )
            yield Static("", id="problem", markup=False)
            yield OptionList(
                *(Option(Content(visible_text(target)), id=f"r{number}")
                  for number, target in enumerate(self._recent)),
                id="recent",
            )  # fmt: skip
            rows = [
                Content.assemble((f"{form:<22}", "$text"), f"{meaning}") for form, meaning in _FORMS
            ]
            yield Static(Content("\n").join(rows), id="forms")

    def on_mount(self) -> None:
        recent = self.query_one("#recent", OptionList)
        recent.display = bool(self._recent)
        recent.highlighted = None  # Enter takes what is typed, until one goes down

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self._take(event.value.strip())

    @on(Input.Changed)
    def _changed(self) -> None:
        self.query_one("#problem", Static).update("")

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._take(self._recent[event.option_index])

    def _take(self, target: str) -> None:
        problem = check_target(target) if target else "Type a target, or press Esc."
        if problem is None:
            self.dismiss(target)
        else:
            self.query_one("#problem", Static).update(problem)

    def action_down(self) -> None:
        """From the field to the recent ones."""
        recent = self.query_one("#recent", OptionList)
        if self._recent and not recent.has_focus:
            recent.focus()
            recent.highlighted = 0

    def action_cancel(self) -> None:
        self.dismiss(None)
