"""The commands for typed input: raw bytes, the message, answers to AUTH, and the history.

The module also asks what to do with several pasted lines.
"""

from __future__ import annotations

from collections.abc import Callable

from ...session.plural import plural
from ...session.private_file import reason
from ...session.record.masking import by_shape
from ...session.script.escapes import raw_bytes
from ...session.script.grammar import GrammarError
from ...session.visible import visible_text
from ..actions import ACTIONS
from ..advice import do
from ..auth.prompt import AuthPrompt
from ..connect.recent import RecentProfiles
from ..input.router import InputRouter
from ..input.sender import NotSent, Sender
from ..ui import CommandLine, Ui
from .registry import CommandTable
from .tasks import TaskSet


class InputCommands:
    """The commands for raw bytes, the message, answers to AUTH, the history, and pasted lines.

    `history_switched` is called when the history is switched on or off.
    """

    def __init__(
        self,
        ui: Ui,
        line: CommandLine,
        sender: Sender,
        router: InputRouter,
        auth: AuthPrompt,
        recent: RecentProfiles,
        tasks: TaskSet,
        history_switched: Callable[[], object],
    ) -> None:
        self._ui = ui
        self._line = line
        self._sender = sender
        self._router = router
        self._auth = auth
        self._recent = recent
        self._tasks = tasks
        self._history_switched = history_switched

    @property
    def table(self) -> CommandTable:
        """The commands of this group, keyed by action name."""
        return {
            "raw": self.raw,
            "message": self.message,
            "peek": self.peek,
            "way": self.way,
            "history": self.history,
        }

    def raw(self, text: str) -> None:
        """Send exactly the bytes that `text` describes, without adding CRLF."""
        try:
            data = raw_bytes(text)
        except GrammarError as error:
            self._ui.tell(str(error), trouble=True)
            self._line.text = f":raw {text}"
            return
        self._tasks.start(self._send_raw(data))

    async def _send_raw(self, data: bytes) -> None:
        try:
            await self._sender.send_raw(data)
        except NotSent as reason:
            self._ui.tell(str(reason), trouble=True, holds=reason.holds)

    def message(self, _: str = "") -> None:
        """Open the editor for the message being written, or tell the user why it cannot open."""
        if self._sender.in_message:
            self._line.open_editor(None if self._line.draft else self._sender.draft)
            self._ui.refresh()
        elif self._sender.draft:
            self._ui.tell("The draft is kept: the editor opens with it after DATA.")
        else:
            self._ui.tell(
                "The server is not waiting for a message: MAIL, RCPT and DATA come first.",
                holds=lambda: not self._sender.in_message,
            )

    def peek(self, _: str = "") -> None:
        """Show the hidden answer to AUTH for a moment, or hide it again."""
        if not self._auth.peek():
            self._ui.tell("No hidden text is being typed.")

    def way(self, _: str = "") -> None:
        """Switch to the next way of answering AUTH."""
        if not self._auth.next_mode():
            self._ui.tell(
                "No challenge to answer. Send AUTH with a mechanism to start an exchange."
            )

    def history(self, argument: str) -> None:
        """Clear the history, or switch it on or off."""
        history = self._sender.history
        if argument == "clear":
            try:
                history.clear()
            except OSError as error:
                self._ui.tell(f"The history could not be removed: {reason(error)}.", trouble=True)
            else:
                self._recent.forget()
                self._ui.tell("The history and the list of recent servers have been cleared.")
        elif argument in ("on", "off"):
            history.on = argument == "on"
            self._history_switched()
            self._ui.tell("Typed lines are kept." if history.on else "Typed lines are not kept.")
        else:
            self._ui.tell(
                f"The syntax is {do('history')} {ACTIONS['history'].argument}.", trouble=True
            )

    # Several lines

    def ask_about_paste(self, text: str, *, hidden: bool = False) -> None:
        """Ask whether several pasted lines are commands or a message.

        A swaks command line is put into the command line instead. `hidden` is true if the lines
        were pasted where text is not shown.
        """
        from ..dialogs.requests import Answer, Question

        taken = hidden or self._sender.in_message or self._line.text
        if not taken and (line := _of_swaks(text)):
            self._line.text = line
            return
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        while lines and not lines[-1]:
            lines.pop()

        def answered(answer: str | None) -> None:
            if answer == "commands":
                self._router.type_lines(lines, hidden=hidden)
            elif answer == "message":
                self._sender.draft = text
                if self._sender.in_message:
                    self._line.open_editor(text)
                else:
                    self._ui.tell("Kept as the draft: the editor opens with it after DATA.")
            self._line.focus_line()

        first = visible_text(by_shape(lines[0]))[:60] if lines else ""
        dots = sum(line[:1] == "." and line[1:2] not in (".", "") for line in lines)
        lost = ""
        if dots and self._sender.in_message:
            lost = plural(dots, "\n{} line begins", "\n{} lines begin")
            lost += " with a dot, which the server removes if lines are typed one by one. In a "
            lost += "message, heloscope doubles it."
        if hidden:
            first = "not shown"
        self._ui.ask(
            Question(
                "Several lines were pasted",
                f"{len(lines)} lines; the first is: {first}{lost}\nWhat are they?",
                (
                    Answer("c", "commands", "commands: type them one by one"),
                    Answer("m", "message", "a message: keep it as the draft for DATA"),
                    Answer("Esc", "", "neither: discard them"),
                ),
            ),
            answered,
        )


def _of_swaks(text: str) -> str:
    """Join a swaks command line into one line; return "" if `text` is not one."""
    if "swaks" not in text:
        return ""
    from ..swaks.words import one_line

    return one_line(text)
