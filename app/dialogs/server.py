"""The form for one server in the configuration file, built from the table of its fields."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from ...session.secret import Secret
from ...session.target import passwords_in
from ...session.visible import visible_text
from ...widgets.input.radio_row import RadioRow
from ..config.editor import write, written
from ..config.fields import SERVER, WrongValue
from ..config.model import Configuration, SecretReference, Server
from ..config.reader import NAME, contradictions
from .form import FormFields
from .setting_fields import SettingForm, as_text

_KINDS = {"": "ask", "env": "variable", "command": "command", "keyring": "keyring"}
_ABOUT = {
    "": "Each login asks for the password.",
    "env": "The environment variable that contains it, such as MAIL_PASSWORD.",
    "command": "The command that prints it on its first line, such as pass mail.",
    "keyring": "The service under which the system keyring stores it, for the user above.",
}
_WHY = (
    "The password itself is never stored in the file, which may end up in backups and repositories "
    "and be read by other programs. The file names its place, and each login fetches it from there."
)
_FIRST = ("target", "tls", "user")  # the secret follows, then the other fields
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_SAYS_ITSELF = ("echo", "printf")


class ServerScreen(SettingForm[str | None]):
    """Asks for a new server, or changes an existing one, including its name.

    The result is the server's name if the server was written, or None. `learn` is called with text
    that may be a password, typed in a field that must not contain one.
    """

    DEFAULT_CSS = """
    ServerScreen #why { height: auto; margin-top: 1; color: $text-muted; }
    """

    def __init__(
        self,
        found: Configuration,
        name: str,
        learn: Callable[[Secret], object] = lambda secret: None,
    ) -> None:
        self._found = found
        self._named = name
        self._learn = learn
        server = found.servers.get(name, Server())
        self._secret = server.secret
        names = [*_FIRST, *(field.name for field in SERVER if field.name not in _FIRST)]
        by_name = {field.name: field for field in SERVER}
        super().__init__(
            {each: by_name[each] for each in names},
            {each: as_text(getattr(server, each)) for each in names},
        )

    def compose(self) -> ComposeResult:
        with FormFields() as box:
            box.border_title = f"Server @{self._named}" if self._named else "New server"
            box.border_subtitle = "Enter saves  Up Down fields  Left Right choose  Esc cancels"
            about = "Letters, digits, - and _; :connect @NAME uses it."
            yield from self.row("Name", Input(self._named, compact=True, id="name"), about=about)
            for name in _FIRST:
                yield from self.field_row(self.fields[name])
            kind, place = _shown(self._secret)
            yield from self.row("Password", RadioRow(_KINDS, kind, id="secret"))
            yield from self.row("Place", Input(place, compact=True, id="where"), about="")
            yield Static(_WHY, classes="about", markup=False)
            for name, field in self.fields.items():
                if name not in _FIRST:
                    yield from self.field_row(field)

    def on_mount(self) -> None:
        self.query_one("#target" if self._named else "#name").focus()
        self._about_secret()

    # The secret

    @on(RadioRow.Changed, "#secret")
    def _kind_chosen(self) -> None:
        self._about_secret()

    @on(Input.Changed, "#where")
    def _place_typed(self) -> None:
        self._about_secret()

    def _about_secret(self) -> None:
        kind, place = self.text_of("secret"), self.text_of("where")
        about = _ABOUT[kind]
        if kind == "env" and _VARIABLE.match(place) and not os.environ.get(place):
            about = f"{place} is not set: set it before starting heloscope."
        self.query_one("#where-about", Static).update(about)
        self.query_one("#where", Input).disabled = not kind
        self.say("where", "")

    def _reference(self) -> SecretReference | None:
        """Return where the secret is stored, or None if logins ask for it. Raises WrongValue."""
        kind, place = self.text_of("secret"), self.text_of("where")
        if not kind:
            return None
        if not place:
            raise WrongValue(f"Empty. {_ABOUT[kind]}")
        if kind == "env":
            if not _VARIABLE.match(place):
                self._learn(Secret(place))  # which may be the secret itself
                raise WrongValue(
                    "A variable name must consist of letters, digits and _. A password cannot be "
                    "used here."
                )
            return SecretReference(env=place)
        if kind == "keyring":
            return SecretReference(keyring=place)
        try:
            words = shlex.split(place)
        except ValueError:
            raise WrongValue("A quotation mark is missing.") from None
        if not words or not words[0]:
            raise WrongValue(f"The program is missing. {_ABOUT['command']}")
        if Path(words[0]).name in _SAYS_ITSELF:
            self._learn(Secret(words[-1]))
            raise WrongValue(
                f"{words[0]} prints its arguments, so the password would have to be "
                f"in this file. Use a program that stores passwords, such as pass."
            )
        return SecretReference(command=tuple(words))

    # Saving

    def action_save(self) -> None:
        """Write the server to the file, unless a field is invalid."""
        self._learn_target()
        problems = {name: self.problem_of(field) for name, field in self.fields.items()}
        name = self.text_of("name").removeprefix("@")
        problems = {"name": self._name_problem(name), **problems}
        if not self.text_of("target"):
            problems["target"] = "Enter a server, such as mail.example.org:587."
        problems["where"] = ""
        reference = None
        try:
            reference = self._reference()
        except WrongValue as wrong:
            problems["where"] = str(wrong)
        if not any(problems.values()):
            values = {each: self.value_of(field) for each, field in self.fields.items()}
            problems |= _together(values, reference)
        if self.refuse(problems):
            return
        changes = self._changes(name, reference)
        renamed = (self._named, name) if self._named and name != self._named else None
        if not changes and renamed is None:
            self.dismiss(None)
        elif self.wrote("name", partial(write, self._found.file, changes, renamed)):
            self.dismiss(name)

    def _name_problem(self, name: str) -> str:
        if not re.match(NAME, name):
            return "Enter a name that consists of letters, digits, - and _, such as mail."
        if name != self._named and name in self._found.servers:
            return f"A server @{name} already exists. Choose another name, or change that server."
        return ""

    def _changes(
        self, name: str, reference: SecretReference | None
    ) -> Mapping[tuple[str, ...], object]:
        """Return the changes to write: the table of a new server, or the values that changed."""
        values: dict[str, Any] = {field.name: self.value_of(field) for field in self.changed}
        if reference != self._secret:
            values["secret"] = written(reference) if reference is not None else None
        if self._named:
            return {("servers", name, each): value for each, value in values.items()}
        table = {each: value for each, value in values.items() if value is not None}
        return {("servers", name): table}

    def _learn_target(self) -> None:
        """From now on, mask a password typed in the target, even though it will be refused."""
        for password in passwords_in(self.text_of("target")):
            self._learn(Secret(password))

    def action_cancel(self) -> None:
        """Close the form, leaving the server unchanged."""
        self._learn_target()
        super().action_cancel()


def _shown(reference: SecretReference | None) -> tuple[str, str]:
    """Return the kind and place of a secret, as shown in the form."""
    if reference is None:
        return "", ""
    if reference.command:
        return "command", visible_text(shlex.join(reference.command))
    return ("env", reference.env) if reference.env else ("keyring", reference.keyring)


def _together(values: Mapping[str, Any], reference: SecretReference | None) -> dict[str, str]:
    """Return the contradictions between fields, keyed by field."""
    found = dict(contradictions(Server(**values)))
    if reference is not None and not values["user"]:
        found["user"] = "A password needs a user name."
    return found
