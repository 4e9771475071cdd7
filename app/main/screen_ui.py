"""The main screen as commands and controllers see it (app/ui.py)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from textual.app import App
from textual.screen import Screen

from ...session.visible import visible_text
from ...widgets.transcript.view import TranscriptView
from .panel_layout import PanelLayout

NEWS_SHOWN = 4.0  # seconds for which a notification is shown ...
TROUBLE_SHOWN = 10.0  # ... and one of an error

Result = TypeVar("Result")


class ScreenUi:
    """Notifications, dialogs, clipboard, frames; implements ui.Ui. `refresh` schedules a frame."""

    def __init__(
        self,
        screen: Screen[Any],
        panel: PanelLayout,
        view: TranscriptView,
        refresh: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._view = view
        self._refresh = refresh
        self.panel = panel
        """The side panel."""
        self.mask: Callable[[str], str] = lambda text: text
        """Puts stars in place of the secrets that are known, in what is told."""
        self._told: dict[str, float] = {}  # notification -> until when it is shown

    @property
    def _app(self) -> App[object]:
        # Textual declares Screen.app as an App of an unknown type.
        return self._screen.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    @property
    def dialog(self) -> Screen[Any] | None:
        """The dialog that is open, if one is."""
        top = self._app.screen
        return top if top is not self._screen else None

    def tell(self, text: str, *, title: str = "", trouble: bool = False) -> None:
        """Show a notification; one that is shown already is shown afresh, and not twice."""
        text = self.mask(text)
        seconds = TROUBLE_SHOWN if trouble else NEWS_SHOWN
        now = time.monotonic()
        if self._told.get(text, 0.0) > now:
            self.clear_told()
        self._told = {told: until for told, until in self._told.items() if until > now}
        self._told[text] = now + seconds
        self._screen.notify(
            visible_text(text),
            title=title,
            severity="error" if trouble else "information",
            timeout=seconds,
            markup=False,
        )

    def clear_told(self) -> None:
        """Take the notifications away."""
        self._told.clear()
        self._app.clear_notifications()
        for screen in self._app.screen_stack:  # else an empty row is left of each
            screen.query("ToastHolder").remove()

    def ask(
        self, dialog: Screen[Result], answered: Callable[[Result | None], None] | None = None
    ) -> None:
        """Open a dialog. `answered` is called with its result; None if it was cancelled."""
        self._app.push_screen(dialog, answered)

    def copy(self, text: str) -> None:
        """Copy text to the clipboard."""
        self._app.copy_to_clipboard(text)

    def leave(self) -> None:
        """End the program."""
        self._app.exit()

    def refresh(self) -> None:
        """Bring the screen up to date with the next frame."""
        self._refresh()

    def show_newest(self) -> None:
        """Scroll the transcript to its end and follow it."""
        self._view.action_last()
