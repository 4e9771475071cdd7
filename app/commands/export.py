"""The command that exports the conversation: to a file, in a thread, or to the clipboard."""

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

_SYNTAX = f"The syntax is {do('export')} {ACTIONS['export'].argument[1:-1]}."
_PROGRESS_FROM = 1_000_000  # octets


class ExportCommand:
    """Exports what `source` gives, None if nothing was said; `secrets` says what the screen masks.

    One export at a time is written.
    """

    def __init__(
        self,
        ui: Ui,
        view: TranscriptLines,
        source: Callable[[], ExportSource | None],
        secrets: KnownSecrets,
        confinement: Confinement,
        tasks: TaskSet,
    ) -> None:
        self._ui = ui
        self._view = view
        self._source = source
        self._secrets = secrets
        self._confinement = confinement
        self._tasks = tasks
        self._stop: threading.Event | None = None  # of the export that is being written

    @property
    def table(self) -> CommandTable:
        """The command, by the name of its action."""
        return {"export": self.export}

    def export(self, argument: str = "") -> None:
        """Export in a format; without an argument, ask for one."""
        words = words_of(argument)
        source = self._source()
        if source is None:
            self._ui.tell("Nothing was said yet that could be exported.", trouble=True)
            return
        masking = Masking(addresses=self._secrets.stand_ins is not None)
        if not words:
            self._ask(source, masking)
            return
        from ..dialogs.requests import ExportRequest

        form = words.pop(0).lower() if words[0].lower() in EXPORTS else ""
        if words[:1] == ["--mask"] and len(words) > 1:
            found = words[1].split(",")
            words = words[2:]
            if not set(found) <= {"addresses", "content"}:
                self._ui.tell(_SYNTAX, trouble=True)
                return
            masking = Masking("addresses" in found, "content" in found)
        form = form or (format_of_file(words[0]) if words else "")
        if not form or len(words) > 1:
            self._ui.tell(_SYNTAX, trouble=True)
            return
        self._carry_out(source, ExportRequest(form, masking, words[0] if words else ""))

    def stop(self) -> bool:
        """Stop writing. Returns whether an export was being written."""
        if self._stop is None or self._stop.is_set():
            return False
        self._stop.set()
        return True

    def _ask(self, source: ExportSource, masking: Masking) -> None:
        from ..dialogs.requests import ExportForm
        from ..export.output import preview

        def shown(form: str, masking: Masking, stopped: Callable[[], bool]) -> tuple[str, str]:
            return preview(source._replace(masking=masking), form, stopped)

        def answered(asked: ExportRequest | None) -> None:
            if asked is not None:
                self._carry_out(source, asked)

        self._ui.ask(ExportForm(shown, masking, self._confinement.files), answered)

    def _carry_out(self, source: ExportSource, asked: ExportRequest) -> None:
        source = source._replace(masking=asked.masking)
        if self._stop is not None:
            self._ui.tell("An export is being written already. Ctrl+C stops it.")
        elif asked.file:
            self._stop = threading.Event()
            file = Path(asked.file).expanduser().absolute()
            self._tasks.start(self._save(source, asked, file, self._stop))
        elif not (EXPORTS[asked.form].lines or asked.form == "eml"):
            self._ui.tell(
                f"A capture is no text for the clipboard. {do('export')} with a FILE writes one.",
                trouble=True,
            )
        else:
            self._stop = threading.Event()
            self._tasks.start(self._copy(source, asked, self._stop))

    # Writing

    async def _save(
        self, source: ExportSource, asked: ExportRequest, file: Path, stop: threading.Event
    ) -> None:
        from ..export.output import NoMessage, Stopped, files_of, write_parts
        from ..export.svg import TooLong

        loop = asyncio.get_running_loop()

        def progress(size: int) -> None:
            if size >= _PROGRESS_FROM:
                loop.call_soon_threadsafe(self._told_progress, size)

        def write() -> list[Path]:
            written: list[Path] = []
            try:
                for path, parts in files_of(source, asked.form, file):
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
            self._ui.tell("The export was stopped; the file was removed.")
        except OSError as error:
            self._ui.tell(why_not_saved(error, file, "export"), trouble=True)
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

    def _told_progress(self, size: int) -> None:
        if self._stop is not None:
            self._view.show_saving(size // 1000, "kB")

    async def _copy(
        self, source: ExportSource, asked: ExportRequest, stop: threading.Event
    ) -> None:
        from ..export.eml import messages
        from ..export.svg import TooLong

        def made() -> bytes:
            found = bytearray()
            for part in EXPORTS[asked.form].render(source):
                found += part
                if len(found) > 4 * MOST_COPIED or stop.is_set():
                    break
            return bytes(found)

        what = EXPORTS[asked.form].what
        try:
            count = len(messages(source.conversation.transcript)) if asked.form == "eml" else 1
            if count != 1:
                words = "No message was sent." if not count else f"It has {count} messages."
                self._ui.tell(f"{words} {do('export')} eml FILE writes each.", trouble=True)
                return
            text = (await asyncio.to_thread(made)).decode("utf-8", "backslashreplace")
            if stop.is_set():
                self._ui.tell("The export was stopped.")
            elif len(text) > MOST_COPIED:
                self._ui.tell(
                    f"As {what}, this is too long for a clipboard (more than {MOST_COPIED:,} "
                    f"characters). {do('export')} with a FILE at its end writes it there.",
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
