"""The list of procedures that can be stepped through, each with the letter that chooses it."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ..actions import BY_LETTER, keys_with

LESSON = "1"  # the key of the first lesson, and its number
RECORDINGS = "2"
ORDER_COLUMN = 12  # cells, where the words beside a name begin


class ProceduresScreen(ModalScreen[str | None]):
    """Asks for a procedure. The result is its order without the colon, or None on Esc.

    `recordings` is true if the list of recordings is offered as well.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys_with("escape,ctrl+c", "begin"), "close", "close", show=False),
    ]
    DEFAULT_CSS = """
    ProceduresScreen { align: center middle; }
    ProceduresScreen > Vertical {
        width: 76; max-width: 96%; height: auto; max-height: 96%;
        border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface; padding: 1 1;
    }
    ProceduresScreen OptionList { height: auto; max-height: 100%; border: none;
        background: $surface; padding: 0; }
    ProceduresScreen OptionList:focus { border: none; background-tint: $surface 0%; }
    """

    def __init__(self, *, recordings: bool = True) -> None:
        super().__init__()
        self._recordings = recordings

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Step by step"
            box.border_subtitle = "Press a letter, or Up, Down and Enter  Esc closes"
            yield OptionList(
                *(
                    Option(
                        Content.assemble(
                            (f"  {letter}  ", "bold $text-accent"),
                            (f":{order.name}".ljust(ORDER_COLUMN), "bold"),
                            order.summary,
                        ),
                        id=order.name,
                    )
                    for letter, order in BY_LETTER.items()
                ),
                Option(
                    Content.assemble(
                        (f"  {LESSON}  ", "bold $text-accent"),
                        (":lesson 1".ljust(ORDER_COLUMN), "bold"),
                        "learn SMTP: a first conversation with a mail server",
                    ),
                    id=f"lesson {LESSON}",
                ),
                *([_recordings()] if self._recordings else []),
                id="procedures",
            )

    def on_key(self, event: events.Key) -> None:
        order = BY_LETTER.get(event.key)
        if order is not None:
            event.stop()
            self.dismiss(order.name)
        elif event.key == LESSON:
            event.stop()
            self.dismiss(f"lesson {LESSON}")
        elif event.key == RECORDINGS and self._recordings:
            event.stop()
            self.dismiss("recordings")

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_close(self) -> None:
        self.dismiss(None)


def _recordings() -> Option:
    return Option(
        Content.assemble(
            (f"  {RECORDINGS}  ", "bold $text-accent"),
            (":recordings".ljust(ORDER_COLUMN), "bold"),
            "earlier sessions: search, show or repeat them",
        ),
        id="recordings",
    )
