"""The screen of settings: what the configuration file says, to be changed and written there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from ...session.private_file import reason
from ...session.visible import visible_text
from ...widgets.input.cycle import Cycle
from ...widgets.input.radio_row import RadioRow
from ...widgets.input.single_choice import SingleChoice
from ..config.editor import write
from ..config.fields import (
    FLAG,
    FOR_ALL,
    POLICIES,
    POLICY,
    SETTINGS,
    Field,
    WrongValue,
    checked,
)
from ..config.model import Configuration

_UNSAID = "by default"
_YES, _NO = "true", "false"
# Keys that change the running program; the others count from the next connection or start on.
_LABELS = {"ca": "Trusted CAs", "cert": "Client cert", "key": "Client key", "tls": "TLS",
           "server_name": "Server name", "ehlo": "HELO name", "source": "Source IP"}  # fmt: skip


class SettingsFields(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The scrolling form; Up and Down move between its fields instead of scrolling it."""


class SettingsScreen(ModalScreen[bool | None]):
    """Shows the settings of the file; returns True once changes are written, None on Esc.

    `saved` is what the file says, without the environment, `overruled` are the keys for which an
    environment variable counts before it, `themes` the names of all themes.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "cancel", "cancel", show=False),
        Binding("down", "app.focus_next", "the next field", show=False),
        Binding("up", "app.focus_previous", "the previous field", show=False),
        Binding("enter", "save", "write the file", show=False, priority=True),
        Binding("pagedown", "page(1)", "scroll down", show=False),
        Binding("pageup", "page(-1)", "scroll up", show=False),
    ]
    DEFAULT_CSS = """
    SettingsScreen { align: center middle; }
    SettingsScreen > SettingsFields {
        width: 76; max-width: 96%; height: auto; max-height: 96%;
        border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface; padding: 0 1;
        scrollbar-size-vertical: 1;
        & Horizontal { height: auto; }
        & Label { width: 14; color: $text-muted; }
        & Input { width: 1fr; background: $panel; }
        & .about { height: auto; padding-left: 14; color: $text-muted; }
        & .problem { height: auto; padding-left: 14; color: $text-error; display: none; }
        & .heading { height: auto; margin-top: 1; color: $text; }
    }
    """

    def __init__(
        self, saved: Configuration, overruled: Mapping[str, str], themes: Sequence[str]
    ) -> None:
        super().__init__()
        self._saved = saved
        self._overruled = overruled
        self._themes = themes
        self._begun = {each.name: self._text(each) for each in (*SETTINGS, *FOR_ALL)}

    def _value(self, field: Field) -> Any:
        place = self._saved if field in SETTINGS else self._saved.connect
        return getattr(place, field.name)

    def _text(self, field: Field) -> str:
        """The value of a field as its widget has it; "" for the default of what can be unsaid."""
        value = self._value(field)
        if isinstance(value, bool):
            return _YES if value else _NO
        if isinstance(value, float):
            return f"{value:g}"
        return "" if value is None else str(value)

    def compose(self) -> ComposeResult:
        with SettingsFields() as box:
            box.border_title = "Settings"
            box.border_subtitle = "Enter saves  Up Down fields  Left Right choose  Esc cancels"
            yield Static(f"Enter writes to {visible_text(str(self._saved.file))}", classes="about")
            for field in SETTINGS:
                yield from self._row(field)
            yield Static("For every server, if its profile says nothing else", classes="heading")
            for field in FOR_ALL:
                yield from self._row(field)
            yield Static(
                "Servers (@name) and keys are in the file; heloscope config has examples.",
                classes="heading",
            )

    def _row(self, field: Field) -> ComposeResult:
        label = _LABELS.get(field.name, field.name.capitalize())
        yield Horizontal(Label(label), self._widget(field))
        about = field.about
        if variable := self._overruled.get(field.name):
            about = f"{variable} is set, and counts before the file."
        yield Static("", classes="problem", id=f"{field.name}-problem", markup=False)
        yield Static(about, classes="about", markup=False)

    def _widget(self, field: Field) -> Widget:
        text = self._begun[field.name]
        if field.name == "theme":
            names = {"": _UNSAID, **{name: name for name in self._themes}}
            return Cycle(names, text if text in names else "", id=field.name)
        if field.kind is POLICY:
            return RadioRow({"": _UNSAID, **{name: name for name in POLICIES}}, text, id=field.name)
        if field.kind is FLAG:
            unsaid = {} if field in SETTINGS else {"": _UNSAID}
            return RadioRow({**unsaid, _YES: "yes", _NO: "no"}, text, id=field.name)
        return Input(text, placeholder=_UNSAID, compact=True, id=field.name)

    def on_mount(self) -> None:
        self.query_one("#theme").focus()

    # Checking

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        field = next(each for each in FOR_ALL if each.name == event.input.id)
        self._say(field.name, self._problem(field))

    def _problem(self, field: Field) -> str:
        try:
            self._read(field)
        except WrongValue as wrong:
            return str(wrong)
        return ""

    def _read(self, field: Field) -> Any:
        """What the widget of a field says; None for the default. Raises WrongValue."""
        widget = self.query_one(f"#{field.name}")
        text = widget.value if isinstance(widget, Input | SingleChoice) else ""
        text = text.strip()
        if not text:
            return None
        value = text == _YES if field.kind is FLAG else text
        return checked(field, value, strict=False, got=visible_text(text)[:40])

    def _say(self, name: str, problem: str) -> None:
        said = self.query_one(f"#{name}-problem", Static)
        said.update(Content(problem))
        said.display = bool(problem)

    # Saving

    def action_save(self) -> None:
        """Write what was changed, unless there is a mistake."""
        changes: dict[tuple[str, ...], object] = {}
        wrong: list[str] = []
        for field in (*SETTINGS, *FOR_ALL):
            widget = self.query_one(f"#{field.name}")
            now = widget.value.strip() if isinstance(widget, Input | SingleChoice) else ""
            if now == self._begun[field.name] or (field.name == "theme" and self._same_theme(now)):
                continue
            problem = self._problem(field)
            self._say(field.name, problem)
            if problem:
                wrong.append(field.name)
                continue
            value = self._read(field)
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            changes[(field.name,) if field in SETTINGS else ("connect", field.name)] = value
        if wrong:
            self.query_one(f"#{wrong[0]}").focus()
            return
        try:
            if changes:
                write(self._saved.file, changes)
        except OSError as error:
            self._say("theme", f"Nothing was written: {reason(error)}.")
            self.query_one("#theme").focus()
            return
        self.dismiss(bool(changes))

    def _same_theme(self, chosen: str) -> bool:
        """Whether the theme of the file is not there, and none was chosen in its place."""
        return not chosen and self._begun["theme"] not in self._themes

    def action_page(self, by: int) -> None:
        box = self.query_one(SettingsFields)
        box.scroll_relative(y=by * max(1, box.size.height - 2), animate=False)

    def action_cancel(self) -> None:
        self.dismiss(None)
