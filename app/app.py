"""The application: starts the main screen, saves the settings, and survives internal errors.

Uses these private names of Textual: App._handle_exception, which is replaced because it would print
the values of variables, and the members that the replacement needs: App._return_code,
App._exception, App._exception_event, App._close_messages_no_wait.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App, SystemCommand
from textual.await_complete import AwaitComplete
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widgets import Input

from ..session.private_file import reason
from ..session.target import TargetError
from ..session.visible import visible_text
from ..widgets.base.contrast import ContrastFilter
from ..widgets.base.known_secrets import conceal_in_fields
from .actions import ACTIONS, key_name
from .advice import do
from .config.model import Configuration
from .confinement import FREE, Confinement
from .connect.profile import PRACTICE, Profile
from .connect.recent import RecentProfiles
from .connect.servers import KnownServers
from .input.history import History
from .main.screen import MainScreen
from .main.session_screen import SessionScreen
from .recorded import Recorded
from .runtime.crash_report import Mask, described, log, masker, place, stopped
from .runtime.key_parser import use_key_parser
from .runtime.key_queue import GIVES_UP, KeyQueue
from .runtime.layouts import lay_out_once
from .runtime.settings import Settings
from .runtime.signals import STATUS, listen

if TYPE_CHECKING:
    from ..session.practice.server import PracticeServer
    from .dialogs.requests import Comparison
    from .lessons.opening import Opening
    from .recordings.compared import Side

DARK = "textual-dark"
FIRST_WORDS = (
    f"New to SMTP? {do('lesson')} 1 is a first conversation with a mail server, in ten minutes. "
    f"{do('help')} lists all keys and orders."
)
FRAMES = 2  # the first frame, and the one after focus and greeting have changed it


class HeloscopeApp(App[None]):
    """The heloscope application for one target; "practice" is the practice server.

    `record` is true if a journal is written, `keep` saves the settings after a change, `practice`
    is a practice server to use instead of a new one, and `clock` returns monotonic seconds.
    `reports` is the folder for crash reports, or None if none are written, `signals` is true if a
    signal shuts the application down cleanly, and `told` lists messages about files that could not
    be read. `confinement` limits the servers and files that may be used, `opening` is a lesson to
    start with, `recording` is shown instead of connecting, `first` is true if heloscope seems never
    to have been used here, and `configuration` contains the user's configuration file.
    """

    TITLE = "heloscope"
    ENABLE_COMMAND_PALETTE = True
    # Only dialogs have toasts, at the top: their keys and buttons are at the bottom.
    CSS = """
    ToastRack { dock: top; align: right top; margin-top: 1; margin-bottom: 0; }
    Toast { margin-top: 0; margin-bottom: 1; }
    """

    def __init__(
        self,
        target: str = PRACTICE,
        *,
        settings: Settings | None = None,
        history: History | None = None,
        record: bool = False,
        keep: Callable[[Settings], object] | None = None,
        practice: PracticeServer | None = None,
        clock: Callable[[], float] = time.monotonic,
        reports: Path | None = None,
        signals: bool = False,
        told: Iterable[str] = (),
        confinement: Confinement = FREE,
        opening: Opening | None = None,
        recording: Recorded | None = None,
        first: bool = False,
        configuration: Configuration | None = None,
    ) -> None:
        super().__init__()
        use_key_parser(self.driver_class)
        lay_out_once()
        conceal_in_fields()
        self.keys = KeyQueue(self)
        self._contrast = ContrastFilter()
        self._clock = clock
        self._target = target
        self._settings = settings or Settings()
        self._keep = keep
        self._reports = reports
        self._signals = signals
        self._told = [*told]
        self._first = first
        self.opening = opening
        """The lesson to start with, or None."""
        self._recording = recording
        self._reading: asyncio.Task[None] | None = None
        self._awaited: asyncio.Task[None] | None = None  # the same, until it has been opened
        self._unsaved = ""  # why the settings could not be saved, as last reported
        self._mistakes: set[str] = set()
        self.crashed = ""
        """The sentence to print at exit if an internal error ended the program, or ""."""
        self.history = history or History()
        self.history.on = self._settings.history
        self.recent = RecentProfiles(self._settings.recent, self._recent_changed)
        self.main = MainScreen(
            self,
            self.history,
            self.recent,
            self.keep_settings,
            record=record,
            practice=practice,
            clock=clock,
            confinement=confinement,
        )
        self.connections = self.main.connections
        self.configuration = configuration or Configuration()
        """The settings in the user's configuration file, as last read or written."""
        self.connections.servers = KnownServers(self.configuration)
        if not self.configuration.panel:
            self.main.add_class("-no-panel")

    @property
    def journals(self) -> list[Path]:
        """The journals written during this run."""
        return self.connections.journals

    def get_default_screen(self) -> MainScreen:
        self.main.begin_at(self.size.width, self.size.height)
        return self.main  # an empty screen below it would be painted first

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._contrast]

    def on_load(self) -> None:
        asyncio.get_running_loop().set_exception_handler(self._mistake)
        if self._signals:
            listen(lambda status: self.exit(return_code=status))

    def on_mount(self) -> None:
        themes = self.available_themes
        self.theme = self._settings.theme if self._settings.theme in themes else DARK
        if self.theme != (self._settings.theme or DARK):
            shown = visible_text(self._settings.theme)[:40]
            self._told.append(f"Theme not found: {shown}. {do('theme')} lists all themes.")
        if self.configuration.ladder:
            self.main.view.ladder = True
        self.theme_changed_signal.subscribe(self, lambda theme: self._theme_chosen(theme.name))
        self._after(FRAMES)

    def _after(self, frames: int) -> None:
        """Start the session once this many more frames have been drawn."""
        if frames:
            self.call_after_refresh(self._after, frames - 1)
            return
        if not gc.isenabled():
            gc.freeze()  # every object that exists now lives until the end
            gc.enable()
        self._connect()

    def _connect(self) -> None:
        self._tell_troubles()
        if self._recording is not None:
            self._begin_reading(self._show_recording(self._recording))
            return
        if self.opening is not None:
            self.main.guide.begin(self.opening.lesson, self.opening.step)
            return
        if self._first and self._target == PRACTICE:
            self.main.ui.tell(FIRST_WORDS, holds=lambda: not self.main.guide.active)
        try:
            self.connections.connect(self._target)
        except TargetError as error:
            self.main.ui.tell(str(error), trouble=True)
        else:
            self.recent.note(Profile(self._target))

    def _tell_troubles(self) -> None:
        """Report problems found while starting, such as files that could not be read."""
        for words in (*self._told, self.history.trouble):
            if words:
                self.main.ui.tell(words, trouble=True)
        self.history.trouble = ""

    # Recordings

    def open_recording(self, name: str, *, again: bool = False) -> None:
        """Open a recording, or report why not. If `again` is true, plan to repeat its lines."""
        self._begin_reading(self._show_recording(Recorded(name, again=again)))

    def compare_recording(self, name: str, other: str = "") -> None:
        """Compare a recording with the conversation on the screen, or with the recording `other`.

        If a recording cannot be opened, report the reason.
        """
        from .recordings.screen import RecordingScreen

        at_once = bool(other) or not isinstance(self.screen, RecordingScreen)
        self._begin_reading(self._compare(name, other), keys_wait=at_once)

    async def _compare(self, name: str, other: str) -> None:
        from .recordings.compared import compared, recording_of, session_of
        from .recordings.in_thread import in_thread
        from .recordings.opened import OpenError, Told
        from .recordings.patience import GivenUp, with_patience
        from .recordings.screen import RecordingScreen

        shown = self.screen if isinstance(self.screen, RecordingScreen) else None
        if shown is not None and not other and not await shown.whole():
            return
        self._awaited = self._reading
        ui = (shown or self.main).ui
        secrets = self.connections.secrets

        async def work(told: Told) -> tuple[Side, Side, Comparison]:
            left = await recording_of(name, secrets, told)
            if other:
                right = await recording_of(other, secrets, told)
            elif shown is not None:
                right = shown.side
            else:
                right = session_of(self.connections.session, secrets)
            return left, right, await in_thread(lambda _: compared(left, right))

        try:
            what = secrets.mask_names(f"{name} {other}".strip())
            left, right, asked = await with_patience(self, what, work)
        except OpenError as error:
            ui.tell(str(error), trouble=True)
            return
        except GivenUp:
            ui.tell("Nothing was compared because reading was cancelled.")
            return
        for side in (left, right):
            if side.missing:
                ui.tell(side.missing)
        ui.ask(asked)

    def _begin_reading(self, read: Coroutine[Any, Any, None], *, keys_wait: bool = True) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self._reading = asyncio.get_running_loop().create_task(read)
        self._awaited = self._reading if keys_wait else None

    def waits(self, key: str) -> bool:
        """Return whether the key queue must delay `key` because a recording is still being read."""
        if self._awaited is None or self._awaited.done() or key in GIVES_UP:
            return False
        from .dialogs.reading import ReadingScreen

        # A dialog opened meanwhile, such as the question about leaving, gets its keys.
        return isinstance(self.screen, SessionScreen | ReadingScreen)

    async def _show_recording(self, recorded: Recorded) -> None:
        from .recordings.opened import OpenError, begin_recording
        from .recordings.patience import GivenUp, with_patience
        from .recordings.screen import RecordingScreen

        present = self.screen if isinstance(self.screen, RecordingScreen) else None
        try:
            opened = await with_patience(
                self,
                self.connections.secrets.mask_names(recorded.file),
                lambda told: begin_recording(
                    recorded.file, self.connections.secrets, log=recorded.log, told=told
                ),
            )
        except OpenError as error:
            (present or self.main).ui.tell(str(error), trouble=True)
            return
        except GivenUp:
            (present or self.main).ui.tell("Nothing was opened because reading was cancelled.")
            return
        if recorded.masked:
            self.connections.secrets.hide_names(True)
        if present is not None:
            await self.pop_screen()
        screen = RecordingScreen(opened, self.main, self, self._clock)
        screen.begin_at(self.size.width, self.size.height)
        await self.push_screen(screen)
        if recorded.presented:
            screen.player.order("start")
            screen.presentation.toggle()
        self._awaited = None
        if recorded.again and await screen.whole():
            screen.commands.run("rerun")

    async def on_unmount(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        await self.connections.close()

    # Keys and screens

    async def on_event(self, event: events.Event) -> None:
        if self.keys.holds(event):
            return
        if isinstance(event, events.InputEvent | events.Paste) and not self.screen_stack:
            return  # typed while the application closes: there is nothing left to receive it
        await super().on_event(event)

    def pop_screen(self) -> AwaitComplete:
        """Close the topmost dialog. Does nothing if no dialog is open."""
        return super().pop_screen() if len(self.screen_stack) > 1 else AwaitComplete()

    # Internal errors

    def mask(self) -> Mask:
        """Return a function that masks secrets in the message of an error."""
        transcripts = [section.transcript for section in self.main.view.sections]
        main = self.main
        typed = main.sender.in_auth or main.composer.answering or main.composer.wary
        return masker(transcripts, secret=typed or self._password_typed)

    def mask_known(self, text: str) -> str:
        """Return `text` with all known secrets masked."""
        return self.connections.secrets.mask_text(text)

    @property
    def _password_typed(self) -> bool:
        """Whether a password field of an open dialog contains text."""
        return any(
            field.password and field.value
            for screen in (self.screen_stack if self.is_running else ())
            for field in screen.query(Input)
        )

    def _handle_exception(self, error: Exception) -> None:
        """End the program after an exception in a message handler, writing a report if possible."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()  # pyright: ignore[reportUnknownMemberType]: untyped
            if self._reports is not None:
                self.crashed = stopped(error, self._reports, self.mask())
            else:
                self.crashed = f"{type(error).__qualname__} in {place(error)}"
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        """End the program because the thread that reads the keyboard has failed.

        The usual cause is that the terminal no longer exists.
        """
        if sys.__stdin__ is not None and sys.__stdin__.isatty():
            self._handle_exception(RuntimeError("cannot read the keyboard"))
        else:
            self.exit(return_code=STATUS + signal.SIGHUP)

    def _mistake(self, _: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """Report an error in a task or callback, each kind once. The application continues."""
        error = context.get("exception")
        if not isinstance(error, BaseException):
            log.error("%s", context.get("message"))
            return
        what = f"{type(error).__qualname__} in {place(error)}"
        if what not in self._mistakes:
            self._mistakes.add(what)
            log.error("\n".join(["internal error", *described(error, self.mask())]))
            if self.is_running:
                self.main.ui.tell(
                    f"Internal error ({what}). heloscope continues; see its log for details.",
                    trouble=True,
                )

    # Settings and themes

    @property
    def theme_names(self) -> Iterable[str]:
        """The names of all themes."""
        return list(self.available_themes)

    def choose_theme(self, name: str) -> None:
        """Switch to the colour theme `name`."""
        self.theme = name

    def _theme_chosen(self, name: str) -> None:
        if name != (self._settings.theme or DARK):
            self._settings.theme = name
            self.keep_settings()

    def _recent_changed(self) -> None:
        if self._settings.history or not self.recent.profiles:
            self.keep_settings()

    def keep_settings(self) -> None:
        """Save the settings, or report why that fails.

        The list of recent servers is saved only while the history is on.
        """
        settings = self._settings
        settings.history = self.history.on
        settings.recent = list(self.recent.profiles) if settings.history else []
        if self._keep is not None:
            try:
                self._keep(settings)
            except OSError as error:
                words = f"The settings could not be saved: {reason(error)}."
            else:
                words = ""
            if words and words != self._unsaved:  # every connection saves them
                self.main.ui.tell(words, trouble=True)
            self._unsaved = words

    # Commands

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield the command palette's entries: all actions available here, and all scenarios."""
        offers = self.connections.confinement.offers
        for action in filter(lambda each: offers(each.name), ACTIONS.values()):
            argument = action.argument.replace("[", "\\[")  # the palette reads markup
            known = f":{action.name} {argument}".strip()
            if action.key:
                known += f"   {key_name(action.key)}"
            run = partial(self.main.groups.procedures.type_or_run, action.name)
            yield SystemCommand(f"{action.name}: {action.summary}", known, run)
        from ..session.practice.scenarios.table import SCENARIOS

        for scenario in SCENARIOS.values():
            run = partial(self.main.commands.run, "practice", scenario.name)
            yield SystemCommand(f"practice {scenario.name}", scenario.about, run)

    async def action_quit(self) -> None:
        self.main.commands.run("q")

    def action_help_quit(self) -> None:
        self.main.action_stop()
