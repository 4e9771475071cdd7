"""Asks once before a command ends a mail transaction, or loses a message."""

from __future__ import annotations

from collections.abc import Callable

from ..input.sender import Sender
from ..ui import Ui


def confirm(ui: Ui, sender: Sender, title: str, verb: str, go: Callable[[], object]) -> None:
    """Call `go`; while a mail transaction is open, or a draft would be lost, only after a yes.

    `title` is the question, `verb` what is confirmed ("yes, leave"). The same command once more,
    while its question is open, is the answer yes.
    """
    from ..dialogs.question import Answer, QuestionScreen

    asked = ui.dialog
    if isinstance(asked, QuestionScreen) and asked.question == title:
        asked.dismiss("yes")
        return
    if sender.in_transaction:
        why = "A mail transaction is open. The server drops it when the connection ends."
    elif verb == "leave" and sender.draft:
        why = "A message was written and not accepted. It is lost when heloscope ends."
    else:
        go()
        return

    def answered(answer: str | None) -> None:
        if answer == "yes":
            go()

    ui.ask(
        QuestionScreen(
            title,
            why,
            (Answer("y", "yes", f"yes, {verb}"), Answer("Esc", "no", "no, stay")),
        ),
        answered,
    )
