"""The transcript commands: search it, save it, and show where it is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from ...session.plural import plural
from ...session.visible import visible_text
from ...widgets.transcript.lines import is_rule
from ..advice import do
from ..connect.manager import ConnectionManager
from ..export.text_file import default_file, save_lines, why_not_saved
from ..ui import Finder, TranscriptLines, Ui
from .registry import CommandTable
from .tasks import TaskSet

PROGRESS_FROM = 20_000  # from this many lines on, the progress of saving is shown


class TranscriptCommands:
    """The commands that search and save the transcript, and name its journal."""

    def __init__(
        self,
        ui: Ui,
        view: TranscriptLines,
        find_bar: Finder,
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
        """The commands of this group, keyed by action name."""
        return {
            "find": self.find,
            "save": self.save,
            "ladder": self.ladder,
            "journal": self.journal,
        }

    def find(self, text: str = "") -> None:
        """Open the find bar with `text`, or else with the last search.

        Text that contains a known password is refused, because the transcript shows it as stars.
        """
        if self._connections.secrets.mask_text(text) != text:
            self._ui.tell(
                "This text contains a known password, which the transcript shows as stars, "
                "so it cannot be found.",
                trouble=True,
            )
            return
        self._ui.panel.fold()
        self._find_bar.open(text or self._view.needle)

    def journal(self, _: str = "") -> None:
        """Tell the user which file this conversation is recorded in."""
        journals = self._connections.journals
        if journals:
            self._ui.tell(f"Recorded, with secrets masked, in {journals[-1]}", title="Journal")
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
            self._ui.tell("The transcript is already being saved. Ctrl+C stops it.")
        elif not self._view.height:
            self._ui.tell("Nothing to save yet.")
        else:
            file = (Path(name).expanduser() if name else default_file()).absolute()
            self._saving = self._tasks.start(self._save(file, self._view.text_lines()))

    def ladder(self, name: str = "") -> None:
        """Switch between ladder and list or, with a name, save the ladder to that file."""
        if not name:
            self._ui.panel.fold()
            self._view.toggle_ladder()
            return
        from ..export.ladder import LADDERS, MOST_DRAWN

        file = Path(name).expanduser().absolute()
        form = LADDERS.get(file.suffix.lower())
        if form is None:
            self._ui.tell(
                f"The ladder's file name must end in "
                f"{' or '.join(LADDERS)}, which selects the format; "
                f"{visible_text(name)[:60]} does not.",
                trouble=True,
            )
        elif self.saving:
            self._ui.tell("A file is already being saved. Ctrl+C stops it.")
        elif not self._view.height:
            self._ui.tell("Nothing to save yet.")
        elif file.suffix.lower() == ".svg" and self._view.height > MOST_DRAWN:
            self._ui.tell(
                f"A picture can show at most {plural(MOST_DRAWN, '{} line')}; the transcript has "
                f"{self._view.height:,}. {do('ladder')} FILE.txt saves all of them.",
                trouble=True,
            )
        else:
            lines = form(self._view.sections)
            self._saving = self._tasks.start(self._save(file, lines, "ladder"))

    def stop_saving(self) -> bool:
        """Stop saving the transcript or the ladder. Return whether one was being saved."""
        if self._saving is None or self._saving.done():
            return False
        self._saving.cancel()
        return True

    async def _save(self, file: Path, lines: Iterator[str], order: str = "save") -> None:
        def progress(count: int) -> None:
            if count >= PROGRESS_FROM:
                self._view.show_saving(count)

        notes = 0

        def counted() -> Iterator[str]:
            nonlocal notes
            for line in lines:
                notes += is_rule(line)
                yield line

        try:
            count = await save_lines(counted(), file, progress)
        except OSError as error:
            self._ui.tell(why_not_saved(error, file, order), trouble=True)
        except asyncio.CancelledError:
            self._ui.tell("Saving stopped; the partial file was deleted.")
        else:
            beside = f" and {plural(notes, '{} note')} on the connection" if notes else ""
            said = plural(count - notes, "{} line") + beside
            what = "the ladder" if order == "ladder" else said
            self._ui.tell(f"Saved {what} with secrets masked: {visible_text(str(file))}")
        finally:
            self._view.show_saving(None)
