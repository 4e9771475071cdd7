"""The base class of dialogs with labelled fields: keys, layout, and remarks below a field.

The dialogs for a connection, the settings and a server derive from it. They define the fields and
use the answers.
"""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Label, Static

Result = TypeVar("Result")
_COLUMN = 14  # cells of the labels; the CSS repeats it


class FormFields(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The scrolling fields of a form, between which Up and Down move instead of scrolling."""

    DEFAULT_CSS = f"""
    FormFields {{
        width: 76; max-width: 96%; height: auto; max-height: 96%;
        border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface; padding: 0 1;
        scrollbar-size-vertical: 1;
        & Horizontal {{ height: auto; }}
        & Label {{ width: {_COLUMN}; color: $text-muted; }}
        & Input {{ width: 1fr; background: $panel; }}
        & .about {{ height: auto; padding-left: {_COLUMN}; color: $text-muted; }}
        & .problem {{
            height: auto; padding-left: {_COLUMN}; color: $text-error; display: none;
        }}
        & .heading {{ height: auto; margin-top: 1; color: $text; }}
    }}
    """


class FormScreen(ModalScreen[Result]):
    """The base class of the forms, which contain their fields in FormFields. Esc answers None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "cancel", "cancel", show=False),
        Binding("down", "app.focus_next", "the next field", show=False),
        Binding("up", "app.focus_previous", "the previous field", show=False),
        Binding("pagedown", "page(1)", "scroll down", show=False),
        Binding("pageup", "page(-1)", "scroll up", show=False),
    ]
    DEFAULT_CSS = """
    FormScreen { align: center middle; }
    """

    def row(self, label: str, field: Widget, *, about: str | None = None) -> ComposeResult:
        """Yield a field with its label, a place for its problem and, if given, a description."""
        yield Horizontal(Label(label), field)
        yield Static("", classes="problem", id=f"{field.id}-problem", markup=False)
        if about is not None:
            yield Static(about, classes="about", id=f"{field.id}-about", markup=False)

    def say(self, field: str, problem: str) -> None:
        """Show a problem below a field, or remove it if `problem` is ""."""
        said = self.query_one(f"#{field}-problem", Static)
        said.update(Content(problem))
        said.display = bool(problem)
        if problem:
            # A first overflow narrows the fields by a scrollbar, which takes another layout.
            self.call_after_refresh(self.call_after_refresh, self._reveal)

    def _reveal(self) -> None:
        """Scroll to the problem shown below the focused field, if there is one."""
        if self.focused is not None:
            for said in self.query(f"#{self.focused.id}-problem").filter(".problem"):
                if said.display:
                    said.scroll_visible(animate=False)

    def action_page(self, by: int) -> None:
        """Scroll down (`by` = 1) or up (-1) by a page."""
        box = self.query_one(FormFields)
        box.scroll_relative(y=by * max(1, box.size.height - 2), animate=False)

    def action_cancel(self) -> None:
        """Close the dialog without an answer."""
        self.dismiss(None)
