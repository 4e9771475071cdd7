"""Asks once before a command ends a mail transaction."""

from __future__ import annotations

from collections.abc import Callable

from ..input.sender import Sender
from ..ui import Ui


def confirm(ui: Ui, sender: Sender, title: str, verb: str, go: Callable[[], object]) -> None:
    """Call `go`; while a mail transaction is open, only after the answer yes.

    `title` is the question, `verb` what is confirmed ("yes, leave"). The same command once more,
    while its question is open, is the answer yes.
    """
    from ..dialogs.question import Answer, QuestionScreen

    asked = ui.dialog
    if isinstance(asked, QuestionScreen) and asked.question == title:
        asked.dismiss("yes")
        return
    if not sender.in_transaction:
        go()
        return

    def answered(answer: str | None) -> None:
        if answer == "yes":
            go()

    ui.ask(
        QuestionScreen(
            title,
            "A mail transaction is open. The server drops it when the connection ends.",
            (Answer("y", "yes", f"yes, {verb}"), Answer("Esc", "no", "no, stay")),
        ),
        answered,
    )
