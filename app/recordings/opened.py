"""A recording that was read: its conversation, its notes, and what of it is missing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NamedTuple

from ...session.plural import plural
from ...session.private_file import reason
from ...session.protocol.conversation import Conversation
from ...session.protocol.replay import LEFT_OUT, replaying
from ...session.record.masking import KnownSecrets
from ...session.record.notes import Notes, notes_file
from ...session.record.reader import Recording, RecordingError
from ...session.record.transcript import Transcript
from ...session.visible import visible_text

SLICE = 2000  # entries read before the event loop runs again
_TOLD = 3  # problems that are told one by one


class OpenError(ValueError):
    """A recording that cannot be opened; the message is one sentence."""


class OpenedRecording(NamedTuple):
    """`missing` says what could not be read, "" for nothing."""

    path: Path
    target: str
    conversation: Conversation
    notes: Notes
    missing: str


def _path(file: str) -> Path:
    return Path(file).expanduser().absolute()


async def read_recording(file: str, secrets: KnownSecrets) -> OpenedRecording:
    """Read a recording as far as it goes, in slices. Raises OpenError.

    `secrets` are masked in it, should it hold any.
    """
    path = _path(file)
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
