"""The base class of forms whose fields are keys of the configuration file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from ...session.private_file import reason
from ...session.target import without_password
from ...session.visible import visible_text
from ...widgets.input.radio_row import RadioRow
from ...widgets.input.single_choice import SingleChoice
from ...widgets.input.target_field import TargetField
from ..config.fields import FLAG, POLICIES, POLICY, SETTINGS, TARGET, Field, WrongValue, checked
from .form import FormScreen

Result = TypeVar("Result")
UNSAID = "default"
YES, NO = "true", "false"
_LABELS = {"ca": "Trusted CAs", "cert": "Client cert", "key": "Client key", "tls": "TLS",
           "server_name": "Server name", "ehlo": "HELO name", "source": "Source IP"}  # fmt: skip


def as_text(value: object) -> str:
    """Return the text that a field shows for a value, or "" if the file does not set it."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


class SettingForm(FormScreen[Result]):
    """The base class of forms that save changes. `begun` maps fields to their initial texts."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "write the file", show=False, priority=True),
    ]

    def __init__(self, fields: Mapping[str, Field], begun: Mapping[str, str]) -> None:
        super().__init__()
        self.fields = fields
        self.begun = begun

    def field_row(self, field: Field, about: str = "") -> ComposeResult:
        """Yield the row for a field; `about`, if given, replaces the field's own description."""
        label = _LABELS.get(field.name, field.name.capitalize())
        yield from self.row(label, self.widget_for(field), about=about or field.about)

    def widget_for(self, field: Field) -> Widget:
        """Return a widget for a field, filled with the value in the file."""
        name, text = field.name, self.begun[field.name]
        if field.kind is POLICY:
            return RadioRow({"": UNSAID, **{each: each for each in POLICIES}}, text, id=name)
        if field.kind is FLAG:
            unsaid = {} if field in SETTINGS else {"": UNSAID}
            return RadioRow({**unsaid, YES: "yes", NO: "no"}, text, id=name)
        kind = TargetField if field.kind is TARGET else Input
        empty = field.example.strip('"') if field.kind is TARGET else UNSAID
        return kind(text, placeholder=empty, compact=True, id=name)

    # Reading the fields

    def text_of(self, name: str) -> str:
        """Return the content of a field, without surrounding spaces."""
        widget = self.query_one(f"#{name}")
        return widget.value.strip() if isinstance(widget, Input | SingleChoice) else ""

    def value_of(self, field: Field) -> Any:
        """Return a field's value as in the file, or None for the default. Raises WrongValue."""
        text = self.text_of(field.name)
        if not text:
            return None
        value = text == YES if field.kind is FLAG else text
        got = "" if field.kind is TARGET else visible_text(without_password(text))[:40]
        found = checked(field, value, strict=False, got=got)
        return int(found) if isinstance(found, float) and found.is_integer() else found

    def problem_of(self, field: Field) -> str:
        """Return what is wrong with the content of a field, or ""."""
        try:
            self.value_of(field)
        except WrongValue as wrong:
            return str(wrong)
        return ""

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        field = self.fields.get(str(event.input.id))
        if field is not None:
            self.say(field.name, self.problem_of(field))

    @property
    def changed(self) -> list[Field]:
        """The fields whose content differs from the file."""
        return [
            field for name, field in self.fields.items() if self.text_of(name) != self.begun[name]
        ]

    def refuse(self, problems: Mapping[str, str]) -> bool:
        """Show problems below their fields, and focus the first. Return whether there are any."""
        wrong = {name: words for name, words in problems.items() if words}
        for name, words in problems.items():
            self.say(name, words)
        for name in wrong:
            self.set_focus(self.query_one(f"#{name}"))
            break
        return bool(wrong)

    def wrote(self, place: str, changes: Callable[[], None]) -> bool:
        """Call `changes` to write the file; if that fails, show the error below the field `place`.

        Return whether the file was written.
        """
        try:
            changes()
        except OSError as error:
            self.refuse({place: f"Nothing was saved: {reason(error)}."})
            return False
        return True
