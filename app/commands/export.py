"""The command that exports conversations, in a thread, to files or to the clipboard."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ...session.plural import plural
from ...session.record.masks import Masking
from ...session.visible import visible_text
from ..actions import ACTIONS
from ..advice import do
from ..confinement import Confinement
from ..export.formats import EXPORTS, format_of_file
from ..export.text_file import why_not_saved
from ..ui import TranscriptLines, Ui
from .copy import MOST_COPIED, words_of
from .registry import CommandTable
from .tasks import TaskSet

if TYPE_CHECKING:
    from ...session.record.masking import KnownSecrets
    from ..dialogs.requests import ExportRequest
    from ..export.source import ExportSource

_SYNTAX = f"The syntax is {do('export')} {ACTIONS['export'].argument}."
_PROGRESS_FROM = 1_000_000  # octets


class ExportCommand:
    """Exports the conversation from `source`, or all those from `sources`.

    `source` returns None if nothing has been sent or received yet. Names are masked by default if
    `secrets` masks them on the screen. Only one export is written at a time.
    """

    def __init__(
        self,
        ui: Ui,
        view: TranscriptLines,
        source: Callable[[], ExportSource | None],
        secrets: KnownSecrets,
        confinement: Confinement,
        tasks: TaskSet,
        sources: Callable[[], list[ExportSource]] = list,
    ) -> None:
        self._sources = sources
        self._ui = ui
        self._view = view
        self._source = source
        self._secrets = secrets
        self._confinement = confinement
        self._tasks = tasks
        self._stop: threading.Event | None = None  # of the export being written

    @property
    def table(self) -> CommandTable:
        """The command of this group, keyed by action name."""
        return {"export": self.export}

    def export(self, argument: str = "") -> None:
        """Export in the given format; if neither a format nor a file is given, ask for both."""
        words = words_of(argument)
        source, sources = self._source(), self._sources()
        if source is None and not sources:
            self._ui.tell("Nothing to export yet.", trouble=True)
            return
        masking = Masking(addresses=self._secrets.stand_ins is not None)
        if not words:
            self._ask(source, sources, masking)
            return
        from ..dialogs.requests import ExportRequest

        form = words.pop(0).lower() if words[0].lower() in EXPORTS else ""
        everything = False
        while words and words[0].startswith("--"):
            option = words.pop(0)
            if option == "--all":
                everything = True
                continue
            found = words.pop(0).split(",") if words else [""]
            if option != "--mask" or not set(found) <= {"addresses", "content"}:
                self._ui.tell(_SYNTAX, trouble=True)
                return
            masking = Masking("addresses" in found, "content" in found)
        if not form and not words:
            self._ask(source, sources, masking, everything=everything)
            return
        form = form or (format_of_file(words[0]) if words else "")
        if not form or len(words) > 1:
            self._ui.tell(_SYNTAX, trouble=True)
            return
        chosen = self._chosen(source, sources, everything)
        file = words[0] if words else ""
        self._carry_out(chosen, ExportRequest(form, masking, file, everything))

    def _chosen(
        self, source: ExportSource | None, sources: list[ExportSource], everything: bool
    ) -> list[ExportSource]:
        """Return the conversations to export.

        These are all `sources` if `everything` is true or `source` is None, and otherwise only
        `source`.
        """
        if sources and (everything or source is None):
            return sources
        return [source] if source is not None else []

    def stop(self) -> bool:
        """Stop the export that is being written. Return whether there was one."""
        if self._stop is None or self._stop.is_set():
            return False
        self._stop.set()
        return True

    def _ask(
        self,
        source: ExportSource | None,
        sources: list[ExportSource],
        masking: Masking,
        *,
        everything: bool = False,
    ) -> None:
        from ..dialogs.requests import ExportForm
        from ..export.output import preview

        def shown(
            form: str, masking: Masking, everything: bool, stopped: Callable[[], bool]
        ) -> tuple[str, str]:
            chosen = self._chosen(source, sources, everything)
            return preview(masked(chosen, masking), form, stopped)

        def answered(asked: ExportRequest | None) -> None:
            if asked is not None:
                self._carry_out(self._chosen(source, sources, asked.everything), asked)

        files, count = self._confinement.files, max(1, len(sources))
        form = ExportForm(shown, masking, files, count, everything=everything)
        self._ui.ask(form, answered)

    def _carry_out(self, sources: list[ExportSource], asked: ExportRequest) -> None:
        sources = masked(sources, asked.masking)
        if self._stop is not None:
            self._ui.tell("An export is already being written. Ctrl+C stops it.")
        elif asked.file:
            self._stop = threading.Event()
            file = Path(asked.file).expanduser().absolute()
            self._tasks.start(self._save(sources, asked, file, self._stop))
        elif not (EXPORTS[asked.form].lines or asked.form == "eml"):
            self._ui.tell(
                "A capture cannot be copied to the clipboard. "
                f"{do('export')} with a FILE writes one.",
                trouble=True,
            )
        elif len(sources) > 1 and EXPORTS[asked.form].together is None:
            self._ui.tell(
                f"{asked.form} needs a separate file for each connection. "
                f"{do('export')} {asked.form} --all FILE writes them.",
                trouble=True,
            )
        else:
            self._stop = threading.Event()
            self._tasks.start(self._copy(sources, asked, self._stop))

    # Writing

    async def _save(
        self, sources: list[ExportSource], asked: ExportRequest, file: Path, stop: threading.Event
    ) -> None:
        from ..export.output import NoMessage, Stopped, files_of, write_parts
        from ..export.svg import TooLong

        loop = asyncio.get_running_loop()

        def progress(size: int) -> None:
            if size >= _PROGRESS_FROM:
                loop.call_soon_threadsafe(self._show_saved, size)

        def write() -> list[Path]:
            written: list[Path] = []
            try:
                for path, parts in files_of(sources, asked.form, file):
                    write_parts(parts(), path, progress, stop.is_set)
                    written.append(path)
            except BaseException:
                for path in written:
                    path.unlink()
                raise
            return written

        what = EXPORTS[asked.form].what
        try:
            written = await asyncio.to_thread(write)
        except Stopped:
            self._ui.tell("Export stopped; the partial file was deleted.")
        except OSError as error:
            named = Path(error.filename) if isinstance(error.filename, str) else file
            self._ui.tell(why_not_saved(error, named, "export"), trouble=True)
        except (NoMessage, TooLong) as error:
            self._ui.tell(f"Not exported: {error}", trouble=True)
        else:
            names = visible_text(str(written[0]))
            if len(written) > 1:
                names += f" to {visible_text(written[-1].name)}"
            self._ui.tell(f"Exported as {what}, {asked.masking.words} masked: {names}")
        finally:
            self._stop = None
            self._view.show_saving(None)

    def _show_saved(self, size: int) -> None:
        if self._stop is not None:
            self._view.show_saving(size // 1000, "kB")

    async def _copy(
        self, sources: list[ExportSource], asked: ExportRequest, stop: threading.Event
    ) -> None:
        from ..export.eml import messages
        from ..export.svg import TooLong

        def made() -> bytes:
            found = bytearray()
            chosen = EXPORTS[asked.form]
            together = chosen.together if len(sources) > 1 else None
            for part in together(sources) if together else chosen.render(sources[0]):
                found += part
                if len(found) > 4 * MOST_COPIED or stop.is_set():
                    break
            return bytes(found)

        what = EXPORTS[asked.form].what
        try:
            count = len(messages(sources[0].conversation.transcript)) if asked.form == "eml" else 1
            if count != 1:
                words = (
                    f"There are {count} messages. {do('export')} eml FILE writes each to its own "
                    "file."
                )
                self._ui.tell(words if count else "No message was sent.", trouble=True)
                return
            text = (await asyncio.to_thread(made)).decode("utf-8", "backslashreplace")
            if stop.is_set():
                self._ui.tell("Export stopped.")
            elif len(text) > MOST_COPIED:
                self._ui.tell(
                    f"As {what}, this is too long for a clipboard (more than {MOST_COPIED:,} "
                    f"characters). Add a FILE to {do('export')} to save it instead.",
                    trouble=True,
                )
            else:
                self._ui.copy(text)
                lines = plural(text.count("\n"), "{} line")
                self._ui.tell(f"Copied as {what}, {asked.masking.words} masked: {lines}.")
        except TooLong as error:
            self._ui.tell(f"Not exported: {error}", trouble=True)
        finally:
            self._stop = None


def masked(sources: list[ExportSource], masking: Masking) -> list[ExportSource]:
    """Return the conversations with a masking applied, using the same pseudonyms in all of them."""
    from ...session.record.stand_ins import StandIns

    names = StandIns() if masking.addresses and len(sources) > 1 else None
    return [source._replace(masking=masking, names=names) for source in sources]
