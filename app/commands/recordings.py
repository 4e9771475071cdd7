"""The commands on recordings, while a session is shown: open one, and say so of the others."""

from __future__ import annotations

from ..advice import do
from ..ui import Application, Ui
from .registry import CommandTable


class RecordingCommands:
    """Opens recordings. What needs an open one is refused with a sentence."""

    def __init__(self, ui: Ui, application: Application) -> None:
        self._ui = ui
        self._application = application

    @property
    def table(self) -> CommandTable:
        """The commands of this group, by the name of their action."""
        return {
            "open": self.open,
            "recordings": self.recordings,
            "compare": self.compare,
            "play": self.refuse,
            "rewind": self.refuse,
            "live": self.refuse,
        }

    def open(self, name: str) -> None:
        """Open a recording."""
        self._application.open_recording(name)

    def recordings(self, words: str = "") -> None:
        """List the recordings that are kept, and open the chosen one."""
        from ..dialogs.requests import RecordingList

        def answered(chosen: str | None) -> None:
            if chosen:
                self._application.open_recording(chosen)

        self._ui.ask(RecordingList(words.strip()), answered)

    def compare(self, name: str = "") -> None:
        """Compare a recording with what is shown; without a name, one from the list."""
        from ..dialogs.requests import RecordingList

        if name.strip():
            self._application.compare_recording(name)
            return

        def answered(chosen: str | None) -> None:
            if chosen:
                self._application.compare_recording(chosen)

        self._ui.ask(RecordingList(chosen_to="compare"), answered)

    def refuse(self, _: str = "") -> None:
        """Say that no recording is open."""
        self._ui.tell(
            f"No recording is open. {do('open')} FILE opens one, {do('recordings')} lists them.",
            trouble=True,
        )
