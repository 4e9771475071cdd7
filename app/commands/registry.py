"""What each order does: one method an order, named after it (orders.ORDERS).

It asks, tells and opens screens; the work itself is done by Connecting, Leading and keeping. The
orders that begin a procedure are in beginning.py.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from ...session.events import Kind
from ...session.plural import plural
from ...session.record.masking import by_position
from ...session.script.escapes import raw_bytes
from ...session.script.grammar import GrammarError
from ...session.timeouts import Timeouts
from ...session.visible import visible_text
from ...widgets.bars.find import FindBar
from ...widgets.panels.tabbed import TabbedPanel
from ..actions import find_action, nearest_action
from ..export.text_file import default_file, save_lines, why_not_saved
from ..input.sender import NotSent
from .copy import Copying
from .plan import DoingPlan
from .procedures import Beginning
from .tls import DoingTls

if TYPE_CHECKING:
    from ..main.screen import MainScreen


def _masked(line: str) -> str:
    """A pasted line without what stands behind AUTH and its mechanism."""
    return by_position(line.encode("utf-8", "replace"), Kind.COMMAND).decode() if (
        line.lstrip()[:6].upper().startswith(("AUTH", "X-EXPS"))
    ) else line  # fmt: skip


class HistorySwitched(Message):
    """Posted when history is switched on or off: to be remembered."""

    def __init__(self, on: bool) -> None:
        super().__init__()
        self.on = on


class Doing(DoingTls, DoingPlan, Beginning, Copying):
    """Runs orders for one screen."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen
        self._tasks: set[asyncio.Task[None]] = set()
        self._saving: asyncio.Task[None] | None = None

    def run(self, name: str, argument: str) -> None:
        """Do what `:name argument` says."""
        order = find_action(name)
        if order is None:
            meant = nearest_action(name)
            hint = f" Did you mean :{meant}?" if meant else " F1 lists the orders."
            self._tell(f"There is no order :{visible_text(name)[:40]}.{hint}", trouble=True)
        elif order.argument == "" and argument:
            self._tell(f":{order.name} takes no argument.", trouble=True)
        elif order.argument and "[" not in order.argument and not argument:
            self._tell(f"The syntax is :{order.name} {order.argument}", trouble=True)
        else:
            getattr(self, f"order_{order.name}")(argument)

    def stop(self) -> bool:
        """Stop what runs. Returns whether anything did."""
        screen = self._screen
        if self._saving is not None and not self._saving.done():
            self._saving.cancel()
            return True
        if screen.leading.give_up() or screen.taking.stop():
            return True
        if screen.stepping.pause():
            return True
        if screen.stepping.give_up():
            self._tell("The procedure was given up. :restart begins it again.")
            return True
        if screen.connecting.give_up():
            self._tell("Connecting was given up.")
            return True
        return False

    def _tell(self, text: str, *, title: str = "", trouble: bool = False) -> None:
        self._screen.tell(text, title=title, trouble=trouble)

    def _spawn(self, work: asyncio.Task[None]) -> asyncio.Task[None]:
        self._tasks.add(work)
        work.add_done_callback(self._tasks.discard)
        return work

    # Waiting

    def order_timeout(self, argument: str) -> None:
        if argument == "standard":
            timeouts = Timeouts()
        else:
            try:
                seconds = float(argument)
            except ValueError:
                seconds = 0.0
            if not 0 < seconds <= 86_400:
                self._tell("A timeout is a number of seconds up to 86400, or standard.",
                           trouble=True)  # fmt: skip
                return
            timeouts = Timeouts.all(seconds)
        self._screen.connecting.set_timeouts(timeouts)
        self._tell(f"Waiting for replies: {argument}{' s' if argument != 'standard' else ''}.")

    # Sending

    def order_raw(self, argument: str) -> None:
        try:
            data = raw_bytes(argument)
        except GrammarError as error:
            self._tell(str(error), trouble=True)
            self._screen.composer.text = f":raw {argument}"
            return
        self._spawn(asyncio.get_running_loop().create_task(self._send_raw(data)))

    async def _send_raw(self, data: bytes) -> None:
        try:
            await self._screen.leading.send_raw(data)
        except NotSent as reason:
            self._tell(str(reason), trouble=True)

    def order_message(self, _: str) -> None:
        screen = self._screen
        if screen.leading.in_message:
            screen.composer.open_editor(None if screen.composer.draft else
                                        screen.leading.draft)  # fmt: skip
            screen.schedule()
        elif screen.leading.draft:
            self._tell("The draft is kept. After DATA, when the server waits for it, it is there.")
        else:
            self._tell("The server does not wait for a message: MAIL, RCPT and DATA come first.")

    def ask_about_paste(self, text: str) -> None:
        """Several lines were pasted into the command line: what are they?"""
        from ..dialogs.question import Answer, QuestionScreen

        screen = self._screen
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        while lines and not lines[-1]:
            lines.pop()

        def answered(answer: str | None) -> None:
            if answer == "commands":
                screen.taking.type_lines(lines)
            elif answer == "message":
                screen.leading.draft = text
                if screen.leading.in_message:
                    screen.composer.open_editor(text)
                else:
                    self._tell("Kept as the draft: after DATA it is in the editor.")
            screen.composer.focus_line()

        first = visible_text(_masked(lines[0]))[:60] if lines else ""
        screen.app.push_screen(
            QuestionScreen(
                "Several lines were pasted",
                f"{len(lines)} lines, the first is: {first}\nWhat are they?",
                (
                    Answer("c", "commands", "commands: type them one after the other"),
                    Answer("m", "message", "a message: keep it as the draft for DATA"),
                    Answer("Esc", "", "neither: forget them"),
                ),
            ),
            answered,
        )

    # Within AUTH

    def order_peek(self, _: str) -> None:
        if not self._screen.auth.peek():
            self._tell("Nothing hidden is being typed.")

    def order_way(self, _: str) -> None:
        if not self._screen.auth.another_way():
            self._tell("Nothing is being answered: AUTH and a mechanism begin it.")

    # Looking

    def order_mailbox(self, argument: str) -> None:
        practice = self._screen.connecting.practice
        if practice is None:
            self._tell("The practice server does not run: :connect practice starts it.")
            return
        if argument == "clear":
            practice.mailboxes.clear()
            self._tell("The mailboxes are empty.")
            return
        from ..dialogs.mailbox import MailboxScreen

        self._screen.app.push_screen(MailboxScreen(practice.mailboxes, argument))

    def order_explain(self, _: str) -> None:
        screen = self._screen
        screen.clear_told()  # they would stand before what was asked for
        if screen.has_class("-narrow"):
            shown = screen.has_class("-explain")
            screen.set_class(not shown, "-panel")
            screen.set_class(not shown, "-explain")
        else:
            screen.remove_class("-no-panel")
        if not screen.has_class("-narrow") or screen.has_class("-panel"):
            screen.query_one("#reply").focus()
        else:
            screen.composer.focus_line()

    def order_panel(self, _: str) -> None:
        screen = self._screen
        screen.clear_told()
        if screen.has_class("-narrow"):
            explaining = screen.has_class("-explain")
            screen.remove_class("-explain")
            screen.set_class(explaining or not screen.has_class("-panel"), "-panel")
            if screen.has_class("-panel"):
                screen.query_one(TabbedPanel).focus_page()
            else:
                screen.composer.focus_line()
        else:
            screen.toggle_class("-no-panel")
            if screen.has_class("-no-panel") and screen.query_one("#side").has_focus_within:
                screen.composer.focus_line()

    def order_find(self, argument: str) -> None:
        screen = self._screen
        screen.remove_class("-panel", "-explain")
        bar = screen.query_one(FindBar)
        bar.open(argument or screen.view.needle)

    def order_help(self, _: str) -> None:
        from ..dialogs.help import HelpScreen

        self._screen.app.push_screen(HelpScreen())

    def order_theme(self, argument: str) -> None:
        app = self._screen.app
        if not argument:
            app.search_themes()
        elif argument in app.available_themes:
            app.theme = argument
        else:
            names = ", ".join(sorted(app.available_themes))
            self._tell(f"There is no theme {visible_text(argument)[:40]}. There are {names}.")

    # Keeping

    def order_save(self, argument: str) -> None:
        screen = self._screen
        if self._saving is not None and not self._saving.done():
            self._tell("The transcript is being saved already. Ctrl+C stops that.")
        elif not screen.view.height:
            self._tell("There is nothing to save yet.")
        else:
            file = (Path(argument).expanduser() if argument else default_file()).absolute()
            loop = asyncio.get_running_loop()
            self._saving = self._spawn(loop.create_task(self._save(file)))

    async def _save(self, file: Path) -> None:
        screen = self._screen

        def progress(count: int) -> None:
            if count >= 20_000:
                screen.view.border_title = f"Transcript  saving, {count:,} lines, Ctrl+C stops"

        try:
            count = await save_lines(screen.view.text_lines(), file, progress)
        except OSError as error:
            self._tell(why_not_saved(error, file), trouble=True)
        except asyncio.CancelledError:
            self._tell("Saving was stopped; nothing is left of the file.")
        else:
            self._tell(f"Saved {plural(count, '{} line')}, secrets masked: {file}")
        finally:
            screen.view.border_title = "Transcript"

    def order_history(self, argument: str) -> None:
        history = self._screen.leading.history
        if argument == "clear":
            try:
                history.clear()
            except OSError as error:
                self._tell(f"The history could not be removed: {error.strerror}.", trouble=True)
            else:
                self._forget(None)
                self._tell("The history is empty, and so is the list of recent servers.")
        elif argument in ("on", "off"):
            history.on = argument == "on"
            self._screen.post_message(HistorySwitched(history.on))
            self._tell("What is typed is kept." if history.on else "What is typed is not kept.")
        else:
            self._tell("The syntax is :history clear, :history on or :history off.", trouble=True)

    def order_journal(self, _: str) -> None:
        journals = self._screen.connecting.journals
        if journals:
            self._tell(f"Recorded, secrets masked, in {journals[-1]}", title="Journal")
        else:
            self._tell("This conversation is not being recorded.", title="Journal")

    # Leaving

    def order_q(self, _: str) -> None:
        self._sure("Leave?", "leave", self._screen.app.exit)

    def _sure(self, title: str, verb: str, go: object) -> None:
        """Do it; in the middle of a mail transaction only after asking once."""
        assert callable(go)
        from ..dialogs.question import Answer, QuestionScreen

        asked = self._screen.app.screen
        if isinstance(asked, QuestionScreen) and asked.question == title:
            asked.dismiss("yes")  # asked for again: that is an answer
            return
        if not self._screen.leading.in_transaction:
            go()
            return

        def answered(answer: str | None) -> None:
            if answer == "yes":
                go()

        self._screen.app.push_screen(
            QuestionScreen(
                title,
                "A mail transaction is open. The server forgets it when the connection ends.",
                (Answer("y", "yes", f"yes, {verb}"), Answer("Esc", "no", "no, stay")),
            ),
            answered,
        )
