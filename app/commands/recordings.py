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
            "play": self.refuse,
            "rewind": self.refuse,
            "live": self.refuse,
        }

    def open(self, name: str) -> None:
        """Open a recording."""
        self._application.open_recording(name)

    def refuse(self, _: str = "") -> None:
        """Say that no recording is open."""
        self._ui.tell(f"No recording is open. {do('open')} FILE opens one.", trouble=True)
