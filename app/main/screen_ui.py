"""The main screen as the commands and controllers see it (app/ui.py)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from textual.app import App, ScreenStackError
from textual.screen import Screen

from ...session.visible import visible_text
from ...widgets.bars.notice import Notice
from ...widgets.bars.notices import NoticeBar
from ...widgets.transcript.view import TranscriptView
from ..ui import Request
from .notices import Notices
from .panel_layout import PanelLayout

# The dot before a file extension, as a file name looks like a host name; no extension is a domain.
_FILE_END = (
    r"\.(?=(?:(?:jsonl\.)?(?:notes\.)?jsonl|json|html|txt|svg|pcapng|pcap|eml|toml|pem|xml|log|smtp)"
    r"(?![\w-]|\.\w))"
)
TOAST_SHOWN = 4.0  # seconds for which a notice is shown over a dialog ...
TROUBLE_TOAST_SHOWN = 10.0  # ... and for an error

Result = TypeVar("Result")


class ScreenUi:
    """Provides notices, dialogs, the clipboard and frames. Implements ui.Ui.

    `refresh` schedules a frame.
    """

    def __init__(
        self,
        screen: Screen[Any],
        panel: PanelLayout,
        view: TranscriptView,
        bar: NoticeBar,
        clock: Callable[[], float],
        refresh: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._bar = bar
        self._kept = Notices(clock)
        self._view = view
        self._refresh = refresh
        self.panel = panel
        """The side panel."""
        self.mask: Callable[[str], str] = lambda text: text
        """Replaces known secrets in notices with stars."""
        self.mask_names: Callable[[str], str] = lambda text: text
        """Replaces names in notices and copied text with pseudonyms, if names are masked."""
        self.asked: Callable[[str], object] = lambda _: None
        """Called with the name of each dialog that is opened, such as "mailbox"."""

    @property
    def _app(self) -> App[object]:
        # Textual declares Screen.app as an App of an unknown type.
        return self._screen.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    @property
    def dialog(self) -> Screen[Any] | None:
        """The open dialog, or None."""
        try:
            top = self._app.screen
        except ScreenStackError:  # the program is ending
            return None
        return top if top is not self._screen else None

    def tell(
        self,
        text: str,
        *,
        title: str = "",
        trouble: bool = False,
        holds: Callable[[], bool] = lambda: True,
    ) -> None:
        """Show a notice above the command line and, if a dialog is open, over the dialog too."""
        text = self._shown(text)
        self._kept.add(text, title, trouble=trouble, holds=holds)
        self._show_notices()
        if self.dialog is not None:
            self.clear_toasts()
            self._app.notify(
                text,
                title=title,
                severity="error" if trouble else "information",
                timeout=TROUBLE_TOAST_SHOWN if trouble else TOAST_SHOWN,
                markup=False,
            )

    @property
    def notices(self) -> Sequence[Notice]:
        """The notices of this run, newest last."""
        return self._kept.all

    @property
    def standing(self) -> Sequence[Notice]:
        """The notices currently on the screen, newest last."""
        return self._kept.standing

    def expire_notices(self) -> None:
        """Remove expired news and notices that no longer apply from the screen."""
        before = self._kept.standing
        self._kept.expire()
        if self._kept.standing != before:
            self._show_notices()

    def line_submitted(self) -> None:
        """Remove notices that the user had time to read, or that no longer apply."""
        self._kept.submitted()
        self._show_notices()

    def _show_notices(self) -> None:
        self._bar.show(self._kept.standing)

    def _shown(self, text: str) -> str:
        """Return a notice as shown, with control characters, secrets and masked names replaced."""
        parts = re.split(_FILE_END, self.mask(text))
        return visible_text(".".join(map(self.mask_names, parts)))

    def withdraw(self, text: str) -> None:
        """Remove a notice that no longer applies from the screen; `notices` still lists it."""
        if self._kept.withdraw(self._shown(text)):
            self._show_notices()

    def clear_notices(self) -> None:
        """Remove all notices from the screen; `notices` still lists them."""
        self._kept.dismiss()
        self._show_notices()
        self.clear_toasts()

    def clear_toasts(self) -> None:
        """Remove the notices shown over a dialog."""
        self._app.clear_notifications()
        for screen in self._app.screen_stack:  # else an empty row is left of each
            screen.query("ToastHolder").remove()

    def ask(
        self,
        asked: Screen[Result] | Request[Result],
        answered: Callable[[Result | None], None] | None = None,
    ) -> None:
        """Open a dialog. `answered` is called with its result, or with None if it was cancelled."""
        from ..dialogs.screens import screen_of

        dialog = screen_of(asked, self)
        self.asked(type(dialog).__name__.removesuffix("Screen").lower())
        self._app.push_screen(dialog, answered)

    def confirm_again(self, title: str) -> bool:
        """If the question with this title is open, answer yes to it. Return whether it was open."""
        from ..dialogs.question import QuestionScreen

        asked = self.dialog
        if not isinstance(asked, QuestionScreen) or asked.question != title:
            return False
        asked.dismiss("yes")
        return True

    def copy(self, text: str) -> None:
        """Copy text to the clipboard."""
        self._app.copy_to_clipboard(self.mask_names(text))

    def leave(self) -> None:
        """End the program."""
        self._app.exit()

    def refresh(self) -> None:
        """Update the screen with the next frame."""
        self._refresh()

    def show_newest(self) -> None:
        """Scroll the transcript to its end and follow it."""
        self._view.action_last()
