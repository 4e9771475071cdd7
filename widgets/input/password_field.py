"""A field for a password, which is shown as dots and never copied to the clipboard."""

from __future__ import annotations

from textual.actions import SkipAction
from textual.widgets import Input

from ...session.secret import Secret


class PasswordField(Input):
    """A field of a form that holds a secret."""

    def __init__(self, *, id: str, placeholder: str = "") -> None:
        super().__init__(
            placeholder=placeholder, compact=True, password=True, select_on_focus=False, id=id
        )

    def take(self) -> Secret:
        """Return the secret as it was typed, and empty the field."""
        typed, self.value = self.value, ""
        return Secret(typed.encode("utf-8", "surrogateescape"))

    def action_copy(self) -> None:
        """Do nothing, because any program can read the clipboard."""
        raise SkipAction

    def action_cut(self) -> None:
        self.delete_selection()
