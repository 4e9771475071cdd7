"""An opened recording, with its conversation, its notes, and a description of what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...session.foreign.log import CAPTURE, ForeignError, ForeignLog, content, open_log, read_log
from ...session.plural import plural
from ...session.private_file import reason
from ...session.protocol.checkpoints import Checkpoints
from ...session.protocol.conversation import Conversation
from ...session.protocol.replay import replaying
from ...session.record.masking import KnownSecrets
from ...session.record.notes import Notes, notes_file
from ...session.record.reader import NoHeader, Recording, RecordingError
from ...session.record.transcript import Transcript
from ...session.visible import visible_text
from .in_thread import in_thread
from .reading import FIRST, Pause, Reading

if TYPE_CHECKING:
    from ..explain.reported import Reported

SLICE = 200  # entries between two checks of the clock


Told = Callable[[int], object]
"""Called with how much of a recording has been read, in percent."""


class OpenError(ValueError):
    """Raised when a recording cannot be opened. The message is one sentence."""


class NoConversation(OpenError):
    """Raised when a text contains no conversation but reports what went wrong, like a mail log."""

    def __init__(self, message: str, data: bytes) -> None:
        super().__init__(message)
        self._data = data

    def reported(self, *, mask_names: bool) -> Reported:
        """Return what the text reports."""
        from ..explain.reported import reported

        found = reported(self._data, mask_names=mask_names)
        assert found is not None  # as it was before
        return found


@dataclass
class OpenedRecording:
    """An opened recording or log. `missing` describes what is unread or unknown, or is "".

    `format` is the format of another tool's log, or "" for a recording; `timed` is true if times
    are known. `reading` reads the rest of the recording, and is None if all has been read; until
    then, `missing` is not known. `checkpoints` are places where playback can start.
    """

    path: Path
    target: str
    conversation: Conversation
    notes: Notes
    missing: str
    format: str = ""
    timed: bool = True
    reading: Reading | None = None
    checkpoints: Checkpoints = field(default_factory=Checkpoints)

    def all_read(self) -> None:
        """Set `missing`, now that the rest has been read."""
        if self.reading is not None:
            self.missing = self.reading.missing()
            self.reading = None

    @property
    def sort(self) -> str:
        """What was opened, in a word or two: a recording, a capture, or the log of a program."""
        if self.format in ("", CAPTURE):
            return self.format or "recording"
        return f"log ({self.format})"


_NUMBERED = re.compile(r"(.+)#(\d{1,6})\Z", re.DOTALL)


def split_number(file: str) -> tuple[str, int]:
    """Split `trace.pcap#2` into the file and the number of a conversation, 1 by default.

    A file whose own name has that ending takes precedence.
    """
    found = _NUMBERED.match(file)
    if found is None or _path(file).exists():
        return file, 1
    return found[1], int(found[2])


def _path(file: str) -> Path:
    return Path(file).expanduser().absolute()


async def read_recording(
    file: str,
    secrets: KnownSecrets,
    data: bytes | None = None,
    *,
    log: ForeignLog | None = None,
    told: Told | None = None,
) -> OpenedRecording:
    """Read a recording or another tool's log, as far as possible, in slices. Raises OpenError.

    `secrets` are masked wherever the recording contains them. `data` is the content of a log that
    is not in a file; `log` is a log that has already been read. `told(percent)` reports progress.
    """
    opened = await begin_recording(file, secrets, data, log=log, told=told)
    if opened.reading is not None:
        try:
            pause = Pause()
            while opened.reading.take(SLICE):
                if pause.due:
                    if told is not None:
                        told(opened.reading.percent)
                    await pause.make()
        except OSError as error:
            raise _unreadable(opened.path, error) from None
        finally:
            opened.reading.close()
        opened.all_read()
    return opened


async def begin_recording(
    file: str,
    secrets: KnownSecrets,
    data: bytes | None = None,
    *,
    log: ForeignLog | None = None,
    told: Told | None = None,
) -> OpenedRecording:
    """Read the beginning of a recording. Raises OpenError.

    A short recording is read completely, and so is another tool's log. Otherwise, the caller must
    use the `reading` of the result to read the rest, or close it.
    """
    file, number = split_number(file)
    path = _path(file)
    if data is not None or log is not None:
        is_file = data is None and file != "-"
        return await _read_foreign(path, number, secrets, data, log, is_file=is_file, told=told)
    conversation = Conversation(Transcript())
    conversation.transcript.secrets = secrets
    notes = Notes(notes_file(path))
    try:
        recording = Recording(path)
    except NoHeader:
        return await _read_foreign(path, number, secrets, told=told)
    except RecordingError as error:
        name = visible_text(str(path))
        raise OpenError(f"{name} cannot be opened: {error}") from None
    except OSError as error:
        raise _unreadable(path, error) from None
    notes.load()
    target = recording.header.target
    try:
        checkpoints = Checkpoints()
        reading = Reading(recording, conversation, notes, checkpoints)
        reading.take(FIRST)
    except OSError as error:
        recording.close()
        raise _unreadable(path, error) from None
    opened = OpenedRecording(
        path, target, conversation, notes, "", reading=reading, checkpoints=checkpoints
    )
    if reading.ended:
        opened.all_read()
    return opened


def _unreadable(path: Path, error: OSError) -> OpenError:
    return OpenError(f"Cannot read the recording: {reason(error, path)}.")


def _unread(
    name: str, path: Path, data: bytes | None, error: ForeignError, _: Callable[[], None]
) -> OpenError:
    """Return an error that explains why a text, such as a mail log, has no conversation."""
    from ..explain.reported import hint

    data = content(path) if data is None else data
    words = hint(data)
    if not words:
        return OpenError(f"{name} cannot be opened: {error}")
    return NoConversation(f"{name} cannot be opened: {words}", data)


async def _read_foreign(
    path: Path,
    number: int,
    secrets: KnownSecrets,
    data: bytes | None = None,
    log: ForeignLog | None = None,
    *,
    is_file: bool = True,
    told: Told | None = None,
) -> OpenedRecording:
    """Read a conversation from another tool's log. Raises OpenError."""
    name = visible_text(str(path)) if is_file else "The text"
    try:
        if data is not None:
            log = await in_thread(partial(read_log, data))
        elif log is None:
            log = await in_thread(partial(open_log, path))
    except ForeignError as error:
        raise await in_thread(partial(_unread, name, path, data, error)) from None
    except OSError as error:
        raise OpenError(f"Cannot read the file: {reason(error, path)}.") from None
    count = len(log.conversations)
    if not 1 <= number <= count:
        raise OpenError(
            f"{name} has no conversation {number}; it contains {plural(count, '{} conversation')}."
        )
    talk = log.conversations[number - 1]
    conversation = Conversation(Transcript())
    conversation.transcript.secrets = secrets
    conversation.transcript.timed = talk.timed
    checkpoints = Checkpoints()
    pause = Pause()
    for read, _ in enumerate(replaying(talk, conversation, checkpoints), 1):
        if read % SLICE == 0 and pause.due:
            if told is not None:
                told(min(99, read * 100 // max(1, len(talk.talk))))
            await pause.make()
    notes = Notes(notes_file(path))
    if is_file:
        notes.load()
    missing = " ".join(filter(None, (visible_text(log.unknown(number)), notes.problem)))
    return OpenedRecording(
        path, talk.header.target, conversation, notes, missing, talk.format, talk.timed,
        checkpoints=checkpoints,
    )  # fmt: skip
