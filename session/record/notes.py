"""A teacher's notes on a recording: a text at a row, shown when that row is reached.

They are stored in a file next to the recording, `NAME.notes.jsonl`, one per line, or in the
recording itself, where a note is a fact of the kind `TEACHER` and belongs to the row before it.
`handout` writes a conversation and its notes as one recording.

    {"row": 12, "text": "Why does the server refuse this?"}
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ..events import Event, Line, Note
from ..plural import plural
from ..private_file import open_regular, reason, replace
from .label import NOTES as SUFFIX

if TYPE_CHECKING:
    from .masked_events import MaskedEvents
    from .transcript import Transcript

TEACHER = "teacher"
"""The kind of a Note written by a teacher."""
MOST = 10_000  # notes of one recording
LONGEST = 2000  # characters of a note
_FILE = 32 * 1024 * 1024  # octets of a file of notes that are read


class _Kept(msgspec.Struct, omit_defaults=True):
    """A line of the notes file."""

    row: int
    text: str


_decode = msgspec.json.Decoder(_Kept).decode
_encode = msgspec.json.Encoder().encode


def notes_file(recording: Path) -> Path:
    """Return the path of the file next to a recording that contains its notes."""
    return recording.with_name(recording.name + SUFFIX)


class Notes:
    """The notes on one conversation, by row. `path` is the file that contains them, or None.

    `mask` masks the parts of a text that must not be shown or saved.
    """

    def __init__(self, path: Path | None = None, mask: Callable[[str], str] = str) -> None:
        self.path = path
        self._mask = mask
        self._texts: dict[int, str] = {}
        self._kept: set[int] = set()  # rows whose notes are in the file
        self.problem = ""
        """A sentence that describes what could not be read in the file, or ""."""

    def __len__(self) -> int:
        return len(self._texts)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Yield (row, text) for each note, in the order of the rows."""
        return ((row, self._mask(text)) for row, text in sorted(self._texts.items()))

    def at(self, first: int, last: int | None = None) -> str:
        """Return the note at row `first`, or the notes at rows `first` to `last`, one per line.

        Returns "" if there are none.
        """
        if last is None or last == first:
            return self._mask(self._texts.get(first, ""))
        return "\n".join(text for row, text in self if first <= row <= last)

    def put(self, row: int, text: str) -> str:
        """Set the note of a row; an empty text removes the note.

        Returns a sentence that explains why the note is not accepted, or "" if it is accepted.
        """
        if not text:
            self._texts.pop(row, None)
        elif len(text) > LONGEST:
            return f"A note can have at most {LONGEST:,} characters; this one has {len(text):,}."
        elif row not in self._texts and len(self._texts) >= MOST:
            return f"A recording can have at most {MOST:,} notes."
        else:
            self._texts[row] = text
        return ""

    def found(self, row: int, text: str) -> None:
        """Add a note found in a recording, after any others at the same row.

        The joined text of these notes is cut at LONGEST characters. If the notes file has a note
        for the row, only that note is used, whichever was read first.
        """
        if row in self._kept:
            return
        before = self._texts.get(row)
        text = text if before is None else f"{before}\n{text}"
        if before is not None or len(self._texts) < MOST:
            self._texts[row] = text[:LONGEST]

    def load(self) -> None:
        """Read the file, if there is one. Its notes replace any others at the same rows."""
        if self.path is None:
            return
        try:
            with os.fdopen(open_regular(self.path), "rb") as file:
                data = file.read(_FILE)
        except FileNotFoundError:
            return
        except OSError as error:
            self.problem = f"Cannot read the notes: {reason(error, self.path)}."
            return
        bad = 0
        for line in data.splitlines():
            try:
                kept = _decode(line)
            except (msgspec.DecodeError, RecursionError):
                bad += bool(line.strip())
            else:
                row = max(0, kept.row)
                self._kept.add(row)
                bad += bool(self.put(row, kept.text))
        if bad:
            self.problem = plural(
                bad,
                "One note cannot be read and was skipped.",
                "{} of the notes cannot be read and were skipped.",
            )

    def save(self) -> None:
        """Write the file, even if there are no notes. Raises OSError if it cannot be written."""
        if self.path is not None:
            kept = [_encode(_Kept(row, text)) + b"\n" for row, text in self]
            replace(self.path, b"".join(kept))


def handout(
    transcript: Transcript,
    target: str,
    notes: Notes,
    text: Callable[[str], str] = lambda text: text,
    masked: MaskedEvents | None = None,
) -> Iterator[bytes]:
    """Yield the lines of a recording of `transcript`, with secrets masked and notes in place.

    `masked` provides the events, masked as for an export; by default, only secrets are masked.
    `text` is applied to all text: the target, the names in facts, and the notes.
    """
    from . import format as recording
    from .masked_events import MaskedEvents

    if masked is None:
        masked = MaskedEvents(transcript, target=target)
    masked.learn()
    yield recording.header(transcript, text(masked.target))
    due = list(notes)
    due.reverse()
    at = 0.0
    row = -1
    for event in masked.events():
        at = event.at
        if isinstance(event, Line):
            row = event.row
            yield recording.rows(transcript, event.data, event.flags, at, first=event.began)
        else:
            yield recording.fact(transcript, _in_words(event, text))
        while due and due[-1][0] <= row:
            yield recording.fact(transcript, Note(at, TEACHER, text(due.pop()[1])))
    for _, left in reversed(due):
        yield recording.fact(transcript, Note(at, TEACHER, text(left)))


def _in_words(event: Event, text: Callable[[str], str]) -> Event:
    """Return a fact with `text` applied to each of its strings."""
    fields = msgspec.structs.asdict(event)
    changed = {name: text(value) for name, value in fields.items() if isinstance(value, str)}
    return msgspec.structs.replace(event, **changed) if changed else event
