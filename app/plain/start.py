"""Starts `heloscope --plain`, with standard input and output, history, settings and signals."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ..config.model import Configuration
from ..connect.recent import RecentProfiles
from ..connect.servers import KnownServers
from ..input.history import History
from ..runtime.crash_report import Mask, described, log, masker, place, stopped
from ..runtime.settings import Settings, SettingsKeeper, state_folder
from ..runtime.signals import listen
from .console import Console
from .output import ERROR, NOTE, Output
from .reader import StandardInput

if TYPE_CHECKING:
    from ..lessons.opening import Opening


class PlainProgram:
    """A run of `heloscope --plain TARGET`, or of a lesson without a screen.

    `log_to` sets up the log. It is called with two arguments: a function that returns the mask for
    an error message, and a function that masks the secrets whose text is known.
    """

    def __init__(
        self,
        target: str,
        *,
        record: bool,
        opening: Opening | None,
        log_to: Callable[[Callable[[], Mask], Mask], None],
        configuration: Configuration,
    ) -> None:
        self._target = target
        self._record = record
        self._opening = opening
        self._log_to = log_to
        self._configuration = configuration
        self._keeper = SettingsKeeper(configuration)
        self._output = Output(sys.stdout)
        self._console: Console | None = None
        self._settings = Settings()
        self._history = History()
        self._mistakes: set[str] = set()

    def run(self) -> int:
        """Run until the user quits. Return the exit status."""
        told: list[str] = []
        self._settings = self._keeper.load(told.append)
        self._history = History(state_folder() / "history")
        self._history.on = self._settings.history
        for words in (*told, self._history.trouble):
            if words:
                self._output.line(ERROR, words)  # unchanged: it may be about keys
        self._history.trouble = ""
        before = signal.getsignal(signal.SIGINT)
        gc.enable()
        try:
            return asyncio.run(self._run())
        except Exception as error:
            self._output.say(ERROR, stopped(error, state_folder(), self._mask()))
            return 1
        finally:
            signal.signal(signal.SIGINT, before)
            self._last_words()

    async def _run(self) -> int:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._mistake)
        recent = RecentProfiles(self._settings.recent, self._keep)
        self._console = console = Console(
            StandardInput(),
            self._output,
            self._history,
            recent,
            record=self._record,
            history_switched=self._keep,
        )
        self._recent = recent
        console.made.connections.servers = KnownServers(self._configuration)
        self._log_to(self._mask, console.made.connections.secrets.mask_text)
        listen(console.leave)
        loop.add_signal_handler(signal.SIGINT, console.interrupt)
        if self._opening is None:
            return await console.run_lines(self._target)
        opening = self._opening
        begin = partial(console.made.guide.begin, opening.lesson, opening.step)
        status = await console.run_lines("", begin)
        return status or (0 if console.made.lesson.finished or sys.stdin.isatty() else 1)

    def _mask(self) -> Mask:
        """Return the function that masks the secrets in an error message."""
        console = self._console
        if console is None:
            return masker([], secret=True)
        return masker(
            console.transcripts, secret=console.made.sender.in_auth or console.made.line.wary
        )

    def _keep(self) -> None:
        """Save the settings. Recent servers are saved only while the history is on."""
        settings = self._settings
        settings.history = self._history.on
        settings.recent = list(self._recent.profiles) if settings.history else []
        try:
            self._keeper.save(settings)
        except OSError as error:
            from ...session.private_file import reason

            self._output.say(ERROR, f"The settings could not be saved: {reason(error)}.")

    def _mistake(self, _: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """Report an error in a task or callback the first time that it occurs, and continue."""
        error = context.get("exception")
        if not isinstance(error, BaseException):
            log.error("%s", context.get("message"))
            return
        what = f"{type(error).__qualname__} in {place(error)}"
        if what not in self._mistakes:
            self._mistakes.add(what)
            log.error("\n".join(["a mistake", *described(error, self._mask())]))
            words = f"Internal error ({what}). heloscope continues; see its log for details."
            self._output.say(ERROR, words)

    def _last_words(self) -> None:
        console = self._console
        if console is None:
            return
        for journal in console.made.connections.journals:
            self._output.say(NOTE, f"recorded, with secrets masked: {journal}")
        for words in console.made.connections.last_words:
            self._output.say(NOTE, words)
