"""Asks once before a command ends a mail transaction, discards a message, or ends a connection."""

from __future__ import annotations

from collections.abc import Callable

from ...session.visible import visible_text
from ..connect.manager import ConnectionManager
from ..input.sender import Sender
from ..ui import Ui

ConfirmClose = Callable[[Callable[[], object]], None]
"""Calls its argument, either at once or when the user has agreed to end the connection."""

_OPEN = "A mail transaction is open. The server will discard it when the connection ends."
_DRAFT = "A message was written but not accepted. It will be lost when heloscope ends."


def confirm(ui: Ui, sender: Sender, title: str, verb: str, go: Callable[[], object]) -> None:
    """Call `go`. Ask first if that would end a mail transaction or discard a draft.

    `title` is the question, and `verb` the action to confirm ("yes, leave"). If the user gives the
    same command again while its question is open, that answers yes.
    """
    if ui.confirm_again(title):
        return
    if sender.in_transaction:
        _ask(ui, title, _OPEN, verb, go)
    elif verb == "leave" and sender.draft:
        _ask(ui, title, _DRAFT, verb, go)
    else:
        go()


def confirm_closing(
    ui: Ui, connections: ConnectionManager, sender: Sender, go: Callable[[], object]
) -> None:
    """Call `go`, which begins a plan whose first step connects.

    If there is a connection, `go` is called only after the user has agreed to close the connection,
    which happens before the first step.
    """
    if not connections.connected:
        go()
        return
    server = visible_text(connections.profile.target)[:60]
    text = f"The plan starts by connecting, so the connection to {server} will be closed first."
    if sender.in_transaction:
        text += f" {_OPEN}"
    _ask(ui, "Close this connection?", text, "close it", go)


def _ask(ui: Ui, title: str, text: str, verb: str, go: Callable[[], object]) -> None:
    from ..dialogs.requests import Answer, Question

    def answered(answer: str | None) -> None:
        if answer == "yes":
            go()

    ui.ask(
        Question(
            title,
            text,
            (Answer("y", "yes", f"yes, {verb}"), Answer("Esc", "no", "no, stay")),
        ),
        answered,
    )
