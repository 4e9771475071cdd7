"""The application: it puts the screen and the concerns together, and nothing else."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import App, SystemCommand
from textual.screen import Screen

from .connecting import PRACTICE, Connecting
from .doing import HistorySwitched
from .history import History
from .leading import Leading
from .orders import ORDERS
from .screens.main import MainScreen
from .settings import Settings
from .showing import Showing

if TYPE_CHECKING:
    from ..session.practice.server import PracticeServer
    from ..session.session import Session

DARK = "textual-dark"
FRAMES = 3  # the first one, the one behind which Footer makes its keys, the one that shows them


class HeloscopeApp(App[None]):
    """heloscope on one target; "practice" is the practice server.

    `record` is whether a journal is written, `keep` writes the settings when one is changed,
    `practice` is a practice server to use in place of a fresh one, `clock` gives monotonic
    seconds.
    """

    TITLE = "heloscope"
    ENABLE_COMMAND_PALETTE = True

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
    ) -> None:
        super().__init__()
        self._target = target
        self._settings = settings or Settings()
        self._keep = keep
        history = history or History()
        history.on = self._settings.history
        self.connecting = Connecting(self, record=record, practice=practice, clock=clock)
        self.leading = Leading(self.connecting, history)
        self.showing = Showing(self.connecting, self.leading)
        self.main = MainScreen(self.connecting, self.leading, self.showing)

    @property
    def journals(self) -> list[Path]:
        """The files that were written."""
        return self.connecting.journals

    def get_default_screen(self) -> MainScreen:
        self.main.begin_at(self.size.width)
        return self.main  # not pushed on an empty one, which would be laid out and painted first

    def on_mount(self) -> None:
        themes = self.available_themes
        self.theme = self._settings.theme if self._settings.theme in themes else DARK
        self.showing.themes = list(themes)
        self.theme_changed_signal.subscribe(self, lambda theme: self._theme_chosen(theme.name))
        self._after(FRAMES)

    def _after(self, frames: int) -> None:
        """Connect when so many frames are out."""
        if frames:
            self.call_after_refresh(self._after, frames - 1)
            return
        if not gc.isenabled():
            gc.freeze()  # all that lives now lives to the end
            gc.enable()
        self._connect()

    def _connect(self) -> None:
        if self._target != PRACTICE:
            self.showing.targets.append(self._target)
        self.connecting.connect(self._target)

    async def on_unmount(self) -> None:
        await self.connecting.close()

    # What Connecting tells

    def session_began(self, session: Session) -> None:
        self.main.session_began(session)

    def tell(self, text: str, *, title: str = "", trouble: bool = False) -> None:
        self.main.tell(text, title=title, trouble=trouble)

    # Settings

    def _theme_chosen(self, name: str) -> None:
        if name != (self._settings.theme or DARK):
            self.keep_setting(theme=name)

    @on(HistorySwitched)
    def _history_switched(self, event: HistorySwitched) -> None:
        self.keep_setting(history=event.on)

    def keep_setting(self, *, theme: str | None = None, history: bool | None = None) -> None:
        """Remember a choice for the next run."""
        if theme is not None:
            self._settings.theme = theme
        if history is not None:
            self._settings.history = history
        if self._keep is not None:
            try:
                self._keep(self._settings)
            except OSError as error:
                self.tell(f"The choice could not be kept: {error.strerror}.", trouble=True)

    # Commands

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The command palette: every order."""
        for order in ORDERS.values():
            if order.argument and "[" not in order.argument:
                yield SystemCommand(
                    f"{order.name} {order.argument}",
                    order.summary,
                    lambda name=order.name: self.main.type_order(name),
                )
            else:
                yield SystemCommand(
                    order.name, order.summary, lambda name=order.name: self.main.doing.run(name, "")
                )

    async def action_quit(self) -> None:
        self.main.doing.run("q", "")

    def action_help_quit(self) -> None:
        self.main.action_stop()
