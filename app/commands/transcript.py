"""The commands on the transcript: find in it, save it, say where it is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from ...session.plural import plural
from ...widgets.bars.find import FindBar
from ...widgets.transcript.lines import is_rule
from ...widgets.transcript.view import TranscriptView
from ..connect.manager import ConnectionManager
from ..export.text_file import default_file, save_lines, why_not_saved
from ..ui import Ui
from .registry import CommandTable
from .tasks import TaskSet

PROGRESS_FROM = 20_000  # lines from which on the progress of saving is shown
TITLE = "Transcript"


class TranscriptCommands:
    """Finding, saving, and the journal."""

    def __init__(
        self,
        ui: Ui,
        view: TranscriptView,
        find_bar: FindBar,
        connections: ConnectionManager,
        tasks: TaskSet,
    ) -> None:
        self._ui = ui
        self._view = view
        self._find_bar = find_bar
        self._connections = connections
        self._tasks = tasks
        self._saving: asyncio.Task[None] | None = None

    @property
    def table(self) -> CommandTable:
        """The commands of this group, by the name of their action."""
        return {"find": self.find, "save": self.save, "journal": self.journal}

    def find(self, text: str = "") -> None:
        """Open the find bar."""
        if self._connections.secrets.mask_text(text) != text:
            self._ui.tell(
                "This text contains a known password, which the transcript shows as stars: "
                "there is nothing to find.",
                trouble=True,
            )
            return
        self._ui.panel.fold()
        self._find_bar.open(text or self._view.needle)

    def journal(self, _: str = "") -> None:
        """Report the file in which this conversation is recorded."""
        journals = self._connections.journals
        if journals:
            self._ui.tell(f"Recorded, secrets masked, in {journals[-1]}", title="Journal")
        else:
            self._ui.tell("This conversation is not being recorded.", title="Journal")

    # Saving

    @property
    def saving(self) -> bool:
        """Whether the transcript is being saved."""
        return self._saving is not None and not self._saving.done()

    def save(self, name: str = "") -> None:
        """Save the transcript as text."""
        if self.saving:
            self._ui.tell("The transcript is being saved already. Ctrl+C stops it.")
        elif not self._view.height:
            self._ui.tell("There is nothing to save yet.")
        else:
            file = (Path(name).expanduser() if name else default_file()).absolute()
            self._saving = self._tasks.start(self._save(file))

    def stop_saving(self) -> bool:
        """Stop saving. Returns whether the transcript was being saved."""
        if self._saving is None or self._saving.done():
            return False
        self._saving.cancel()
        return True

    async def _save(self, file: Path) -> None:
        def progress(count: int) -> None:
            if count >= PROGRESS_FROM:
                self._view.border_title = f"{TITLE}  saving, {count:,} lines, Ctrl+C stops"

        notes = 0

        def lines() -> Iterator[str]:
            nonlocal notes
            for line in self._view.text_lines():
                notes += is_rule(line)
                yield line

        try:
            count = await save_lines(lines(), file, progress)
        except OSError as error:
            self._ui.tell(why_not_saved(error, file), trouble=True)
        except asyncio.CancelledError:
            self._ui.tell("Saving was stopped; the file was removed.")
        else:
            beside = f" and {plural(notes, '{} note')} on the connection" if notes else ""
            said = plural(count - notes, "{} line")
            self._ui.tell(f"Saved {said}{beside}, secrets masked: {file}")
        finally:
            self._view.border_title = TITLE
