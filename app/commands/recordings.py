"""The commands for recordings while a session is shown: open, list and compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..advice import do
from ..ui import Application, Ui
from .registry import CommandTable

if TYPE_CHECKING:
    from pathlib import Path

    from ...session.record.masking import KnownSecrets
    from ..dialogs.requests import ChosenRecording


class RecordingCommands:
    """Opens, lists and compares recordings, and refuses commands that need an open one."""

    def __init__(
        self, ui: Ui, application: Application, secrets: KnownSecrets, shown: Path | None = None
    ) -> None:
        """Create the commands.

        `secrets` determines whether the list masks names. `shown` is the recording that is open, or
        None.
        """
        self._ui = ui
        self._secrets = secrets
        self._application = application
        self._shown = shown

    @property
    def table(self) -> CommandTable:
        """The commands of this group, keyed by action name."""
        return {
            "open": self.open,
            "recordings": self.recordings,
            "compare": self.compare,
            "play": self.refuse,
            "rewind": self.refuse,
            "rerun": self.refuse,
            "live": self.refuse,
        }

    def open(self, name: str) -> None:
        """Open a recording."""
        self._application.open_recording(name)

    def recordings(self, words: str = "") -> None:
        """List the stored recordings, and open or compare the chosen one."""
        from ..dialogs.requests import RecordingList

        self._ui.ask(RecordingList(words.strip(), secrets=self._secrets), self._chosen)

    def _chosen(self, chosen: ChosenRecording | None) -> None:
        if chosen is None:
            return
        if chosen.compare:
            self._application.compare_recording(chosen.file, chosen.other)
        else:
            self._application.open_recording(chosen.file, again=chosen.again)

    def compare(self, name: str = "") -> None:
        """Compare the named recording with the one shown; without a name, offer a list."""
        from ..dialogs.requests import RecordingList

        if name.strip():
            self._application.compare_recording(name)
            return

        asked = RecordingList(chosen_to="compare", secrets=self._secrets, omitted=self._shown)
        self._ui.ask(asked, self._chosen)

    def refuse(self, _: str = "") -> None:
        """Tell the user that no recording is open."""
        self._ui.tell(
            f"No recording is open. {do('open')} FILE opens one, {do('recordings')} lists them.",
            trouble=True,
        )
