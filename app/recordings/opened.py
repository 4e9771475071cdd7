"""A recording that was read: its conversation, its notes, and what of it is missing."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import NamedTuple

from ...session.foreign.log import CAPTURE, ForeignError, ForeignLog, open_log, read_log
from ...session.plural import plural
from ...session.private_file import reason
from ...session.protocol.conversation import Conversation
from ...session.protocol.replay import LEFT_OUT, replaying
from ...session.record.masking import KnownSecrets
from ...session.record.notes import Notes, notes_file
from ...session.record.reader import NoHeader, Recording, RecordingError
from ...session.record.transcript import Transcript
from ...session.visible import visible_text

SLICE = 2000  # entries read before the event loop runs again
_TOLD = 3  # problems that are told one by one


class OpenError(ValueError):
    """A recording that cannot be opened; the message is one sentence."""


class OpenedRecording(NamedTuple):
    """`missing` says what could not be read or is not known, "" for nothing.

    `format` is that of another tool's log, "" for a recording; `timed` whether it tells times.
    """

    path: Path
    target: str
    conversation: Conversation
    notes: Notes
    missing: str
    format: str = ""
    timed: bool = True

    @property
    def sort(self) -> str:
        """What it is, in a word or two: a recording, a capture, or a log of a program."""
        if self.format in ("", CAPTURE):
            return self.format or "recording"
        return f"log ({self.format})"


_NUMBERED = re.compile(r"(.+)#(\d{1,6})\Z", re.DOTALL)


def split_number(file: str) -> tuple[str, int]:
    """(file, number of the conversation in it): `trace.pcap#2` is the second, without # the first.

    A file whose own name ends so is meant before any other.
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
) -> OpenedRecording:
    """Read a recording or another tool's log, as far as it goes, in slices. Raises OpenError.

    `secrets` are masked in it, should it hold any. `data` is what a log holds that is no file;
    `log` one that is read already.
    """
    file, number = split_number(file)
    path = _path(file)
    if data is not None or log is not None:
        is_file = data is None and file != "-"
        return await _read_foreign(path, number, secrets, data, log, is_file=is_file)
    conversation = Conversation(Transcript())
    conversation.transcript.secrets = secrets
    notes = Notes(notes_file(path))
    name = visible_text(str(path))
    try:
        with Recording(path) as recording:
            for read, note in enumerate(replaying(recording, conversation), 1):
                if note is not None:
                    notes.found(max(0, len(conversation.transcript) - 1), note.text)
                if read % SLICE == 0:
                    await asyncio.sleep(0)
            problems = recording.problems
            target = recording.header.target
    except NoHeader:
        return await _read_foreign(path, number, secrets)
    except RecordingError as error:
        raise OpenError(f"{name} cannot be opened: {error}") from None
    except OSError as error:
        raise OpenError(f"The recording cannot be read: {reason(error, path)}.") from None
    notes.load()
    return OpenedRecording(
        path, target, conversation, notes, _missing(problems, conversation, notes)
    )


def _missing(problems: list[str], conversation: Conversation, notes: Notes) -> str:
    """What is missing of a recording, in sentences."""
    words = problems[:_TOLD]
    if len(problems) > _TOLD:
        words.append(f"{len(problems) - _TOLD:,} more places cannot be read.")
    left_out = sum(
        getattr(event, "kind", "") == LEFT_OUT for event in conversation.transcript.marks_after(0)
    )
    if left_out:
        words.append(
            f"Of {plural(left_out, '{} part')} only length and digest were recorded, because the "
            "recording had reached its limit."
        )
    if notes.problem:
        words.append(notes.problem)
    return " ".join(words)


async def _read_foreign(
    path: Path,
    number: int,
    secrets: KnownSecrets,
    data: bytes | None = None,
    log: ForeignLog | None = None,
    *,
    is_file: bool = True,
) -> OpenedRecording:
    """Read a conversation out of another tool's log. Raises OpenError."""
    name = visible_text(str(path)) if is_file else "The text"
    try:
        if data is not None:
            log = await asyncio.to_thread(read_log, data)
        elif log is None:
            log = await asyncio.to_thread(open_log, path)
    except ForeignError as error:
        raise OpenError(f"{name} cannot be opened: {error}") from None
    except OSError as error:
        raise OpenError(f"The file cannot be read: {reason(error, path)}.") from None
    count = len(log.conversations)
    if not 1 <= number <= count:
        raise OpenError(
            f"{name} has no conversation {number}: there {plural(count, 'is {}', 'are {}')} in it."
        )
    talk = log.conversations[number - 1]
    conversation = Conversation(Transcript())
    conversation.transcript.secrets = secrets
    conversation.transcript.timed = talk.timed
    for read, _ in enumerate(replaying(talk, conversation), 1):
        if read % SLICE == 0:
            await asyncio.sleep(0)
    notes = Notes(notes_file(path))
    if is_file:
        notes.load()
    missing = " ".join(filter(None, (visible_text(log.unknown(number)), notes.problem)))
    return OpenedRecording(
        path, talk.header.target, conversation, notes, missing, log.format, talk.timed
    )
