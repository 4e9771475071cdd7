"""A run of `heloscope --plain`, which reads lines and waits until each has been processed.

Typed lines take the same path as on the screen: through `InputRouter`, `AuthPrompt`, `Sender`,
`PlanController` and the command groups. The next line is read once the previous line has been
processed, or has taken so long that the user may want to type something else.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...session.script.concealment import reads_as_command
from ...session.target import TargetError
from ..connect.profile import PRACTICE, Profile
from ..connect.recent import RecentProfiles
from ..input.history import History
from ..input.sender import tls_begins
from ..main.words import nothing_to_stop
from .controllers import Controllers
from .dialogs import ASK, NAMES, LineDialogs
from .entry import LineEntry
from .outcome import Outcome
from .output import AUTH, HELP, NOTE, WARNING, Output, without_keys
from .reader import LineTooLong, Reader

if TYPE_CHECKING:
    from ...session.record.transcript import Transcript

PATIENCE = 2.0  # seconds after which another line may be typed while something is in progress
LOOK = 0.05  # seconds between two checks of activities that report no change


class Console:
    """A run of `heloscope --plain`. `how` contains further arguments for `Controllers`."""

    def __init__(
        self, reader: Reader, output: Output, history: History, recent: RecentProfiles, **how: Any
    ) -> None:
        self._reader = reader
        self._output = output
        self._changed = asyncio.Event()
        self._interrupted = False
        self._reading: asyncio.Task[str | None] | None = None
        self._asking: asyncio.Task[object] | None = None
        self._asked_in_auth: object = None  # the question of AUTH written last
        self.outcome = Outcome()
        self.status = 0
        """The exit status after a signal, or 0."""
        self.made = made = Controllers(
            output, history, recent, stir=self._changed.set, on_event=self.outcome.on_event, **how
        )
        reader.complete = self._completions
        self._dialogs = LineDialogs(output, reader)
        self._entry = LineEntry(made, output, self.outcome, terminal=reader.terminal)

    # A run

    @property
    def transcripts(self) -> list[Transcript]:
        """The transcripts of this run."""
        return [section.transcript for section in self.made.transcript.sections]

    async def run_lines(
        self, target: str = PRACTICE, begin: Callable[[], object] = lambda: None
    ) -> int:
        """Connect, and process lines until the input ends. Return the exit status.

        If `target` is empty, no connection is opened. `begin` is called before the first line is
        read.
        """
        loop = asyncio.get_running_loop()
        seconds = loop.create_task(self._each_second())
        try:
            if target:
                self.connect(target)
            self._output.say(HELP, ":help lists the orders, :explain explains the last reply, "
                             "and :q quits.")  # fmt: skip
            begin()
            await self._take_lines()
        finally:
            seconds.cancel()
            await self.made.close()
            self._reader.close()
        if self.status:
            return self.status
        if self._output.broken is not None:
            return 1
        return 0 if self._reader.terminal else self.outcome.status

    def _completions(self, text: str) -> list[str]:
        """Return the completions of a typed line.

        There are none in a message, an edited line, a form or an AUTH exchange.
        """
        made = self.made
        other = made.line.writing or made.line.editing or made.auth.active
        return [] if other or self._asking is not None else made.complete(text)

    def connect(self, target: str | Profile) -> None:
        """Start connecting. If the target is invalid, report an error."""
        try:
            self.made.connections.connect(target)
        except TargetError as error:
            self.made.ui.tell(str(error), trouble=True)
            self.outcome.bad_input()

    def leave(self, status: int) -> None:
        """End the run with exit status `status`. This is also called when a signal arrives."""
        self.status = status
        self.made.ui.left = True
        self._stop_reading()
        self._changed.set()

    def interrupt(self) -> None:
        """Handle Ctrl+C: cancel the open question, or stop an activity, or say how to leave."""
        made = self.made
        self._interrupted = True
        if not self._reader.terminal:
            self.leave(130)
            return
        if self._reader.drop_hidden():
            self._output.end_prompt()
            self._output.say(NOTE, "The hidden text was discarded. Press Enter to continue.")
            if self._asking is not None:
                self._asking.cancel()
        elif self._asking is not None:
            self._asking.cancel()
        elif made.line.editing:
            made.groups.plan.end_edit()
        elif made.line.writing:
            made.router.keep_draft()
            made.line.close_editor()
            self._output.say(NOTE, "The draft is kept; :message continues it.")
        elif not (
            made.comparison.give_up()
            or made.auth.give_up()
            or made.groups.stop()
            or made.groups.connection.stop_waiting()
        ):
            self._output.say(NOTE, nothing_to_stop(made.connections.session))
        self._changed.set()

    def _stop_reading(self) -> None:
        for task in (self._reading, self._asking):
            if task is not None:
                task.cancel()

    async def _each_second(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.made.each_second()
            if self._reading is not None:  # else it is reported before the next line is read
                self.made.tell_news()

    # Lines

    async def _take_lines(self) -> None:
        while True:
            await self._settle()
            while self.made.ui.asked and not self.made.ui.left:
                await self._ask()
                await self._settle()
            if self.made.ui.left or self._output.broken is not None:
                return
            self.made.tell_news()
            self._erase_covered()
            hidden, prompt = self._announce()
            self._reader.remember(self.made.sender.history.lines)
            try:
                line = await self._read(hidden=hidden, prompt=prompt)
            except LineTooLong as error:
                self.made.ui.tell(str(error).capitalize(), trouble=True)
                self.outcome.bad_input()
                line = None
            if line is None and self.made.ui.left:
                return
            if line is None and self._reader.terminal and self.made.line.writing:
                line = "."  # Ctrl+D ends a message, as it does in mail(1)
            if line is None:
                self._end_of_input()
                return
            self._entry.take(line, hidden=hidden)
            if self._in_auth:  # text typed before its challenge has arrived may be a secret
                self._reader.cover()
            self._changed.set()

    @property
    def _in_auth(self) -> bool:
        return self.made.sender.in_auth or self.made.auth.active

    def _erase_covered(self) -> None:
        """Erase text that was typed unseen, if no AUTH exchange asks for the text any more.

        Erased lines that do not read as commands are remembered as secrets.
        """
        if self._in_auth or self.made.sender.authenticated:
            return
        typed = self._reader.take_covered().splitlines()
        for line in typed:
            if not reads_as_command(line):
                self.made.auth.learn(line, begun=True)
        if typed:
            self.made.ui.tell(
                "The typed text was erased because its AUTH exchange is over. None of it was sent."
            )

    async def _read(self, *, hidden: bool, prompt: str) -> str | None:
        """Return the next line. Return None at the end of input, or if the run has to end."""
        self._reading = asyncio.get_running_loop().create_task(
            self._reader.read(hidden=hidden, prompt=prompt)
        )
        try:
            return await self._reading
        except asyncio.CancelledError:
            if not self.made.ui.left:
                raise
            return None
        finally:
            self._reading = None

    def _end_of_input(self) -> None:
        """Report what is left unfinished at the end of input: a message or a mail transaction."""
        if self.made.line.writing:
            self.made.ui.tell(
                "The input ended in the middle of the message, which was not sent.", trouble=True
            )
            self.outcome.not_as_expected()
        elif self.made.sender.in_transaction:
            self._output.say(WARNING, "A mail transaction was open; the server will discard it.")

    async def _ask(self) -> None:
        """Ask the first waiting question, and pass the answer on."""
        asked = self.made.ui.asked.popleft()
        self.made.guide.saw("dialog", NAMES.get(type(asked.request), ""))
        self._asking = asyncio.get_running_loop().create_task(self._dialogs.ask(asked.request))
        try:
            result = await self._asking
        except asyncio.CancelledError:
            if not (self._interrupted or self.made.ui.left):
                raise
            self._output.say(NOTE, "Nothing was done.")
            result = None
        finally:
            self._asking = None
        asked.answered(result)
        self._changed.set()

    # Waiting

    async def _settle(self) -> None:
        """Wait until all activities have ended, or for so long that the user may type more."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._interrupted = False
        await asyncio.sleep(0)
        while self._waits_for() and not (self.made.ui.left or self._interrupted):
            session = self.made.connections.session
            waiting = session.waiting if session is not None else None
            if waiting is not None and waiting[1] < 0 and not self.made.plan.status.busy:
                self.outcome.not_as_expected()
                break  # the reply is overdue, which has been reported
            patient = not self._reader.terminal or self.made.sender.in_auth
            if not patient and loop.time() - began > PATIENCE:
                self._output.say(
                    NOTE, f"{self._waits_for()}; you can keep typing, or press Ctrl+C to stop it"
                )
                break
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), LOOK)
        await asyncio.sleep(0)  # reactions to an event run in the next turn of the loop
        self._entry.message_refused()

    def _waits_for(self) -> str:
        """Return the activity in progress in words, or "" if there is none."""
        connections, session = self.made.connections, self.made.connections.session
        if session is not None and session.flooded:
            return ""  # the next line says whether to read on
        if connections.attempt is not None:
            return connections.stage
        if connections.greeting_due:
            return "the server has not sent its greeting yet"
        if self.made.plan.status.busy:
            return self.made.plan.status.under_way
        if self.made.guide.preparing:
            return "the lesson step is being prepared"
        if self.made.router.sending is not None and not self.made.router.sending.done():
            return "the message is being sent"
        if self.made.comparison.busy:
            return "a recording is being read"
        if self.made.groups.busy:
            return "an order is being carried out"
        if session is None or not session.connected:
            return ""
        if tls_begins(session) and not self.made.plan.status.active:
            return "the TLS handshake is under way"
        verb = session.conversation.waiting_for
        return f"no reply to {verb} yet" if verb else ""

    def _announce(self) -> tuple[bool, str]:
        """Write what the AUTH exchange asks for, if one is in progress.

        Return whether the next line is a secret, and the prompt for it.
        """
        if self.made.line.editing:
            return self.made.line.hidden, "the new line, not shown"
        answers = self.made.auth.answers
        if answers is None or not answers.active:
            self._asked_in_auth = None
            return False, ""
        from ..auth.text import hint, rows

        asked, said = rows(answers, "", brief=False)
        if answers.question is not self._asked_in_auth:
            self._asked_in_auth = answers.question
            for row in asked:
                self._output.say(AUTH, f"{row.head}: {row.text}" if row.head else row.text)
        if answers.insist and not answers.trouble:
            self._output.say(WARNING, said[-1].text)
        found = hint(answers)
        prompt = ": ".join(part for part in (found.syntax, found.summary) if part)
        if len(answers.modes) > 1:
            prompt += "; :way answers in another form"
        hidden = answers.hidden
        if not (hidden and self._reader.terminal):
            self._output.say(ASK, prompt)
        return hidden, without_keys(f"{ASK}: {prompt}")
