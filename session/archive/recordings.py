"""The recordings in the journal folder: listing, finding, naming and deleting them."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ..record.label import Label, is_recording, label_of, put_label, remove_recording, unfit
from ..record.running import is_finished
from ..visible import visible_text
from .summary import Summary


class NotFound(LookupError):
    """Raised when a recording does not exist; the message is one sentence."""


class NotDone(ValueError):
    """Raised when an operation on a recording is not possible; the message is one sentence."""


class Kept(NamedTuple):
    """A recording in the list. `number` is 1 for the newest recording.

    `size` is the size of the file in octets. `excerpt` is the line that a search has found, or "".
    """

    number: int
    path: Path
    size: int
    summary: Summary
    label: Label
    excerpt: str = ""

    @property
    def title(self) -> str:
        """The name or the number of the recording, for use in a sentence."""
        return f'"{self.label.name}"' if self.label.name else f"recording {self.number}"


def files_in(folder: Path) -> dict[str, os.stat_result]:
    """Return the file status of each of the user's recordings in a folder, by name.

    The result is empty if the folder does not exist. Raises OSError if it cannot be read.
    """
    found: dict[str, os.stat_result] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if is_recording(entry.name):
                    try:
                        status = entry.stat(follow_symlinks=False)
                    except OSError:
                        continue  # it was removed in the meantime
                    if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid():
                        found[entry.name] = status
    except FileNotFoundError:
        pass
    return found


def find(kept: Sequence[Kept], word: str) -> Kept:
    """Return the recording with this number, name or file. Raises NotFound if there is none."""
    if word.isdecimal():
        number = int(word) if len(word) < 10 else 0
        for each in kept:
            if each.number == number:
                return each
        raise NotFound(
            f"Recording {visible_text(word)[:20]} not found: "
            + (f"the last number is {len(kept)}." if kept else "the list is empty.")
        )
    for each in kept:
        if word in (each.label.name, each.path.name, each.path.stem, str(each.path)):
            return each
    raise NotFound(
        f"No recording is called {visible_text(word)[:80]}; heloscope history lists all recordings."
    )


def rename(kept: Sequence[Kept], each: Kept, name: str) -> None:
    """Name a recording or, if `name` is empty, remove its name.

    Raises NotDone if the name is invalid or already in use, or OSError.
    """
    name = name.strip()
    why = unfit(name)
    if not why and name and any(name == k.label.name and k.path != each.path for k in kept):
        why = f'Another recording is already called "{visible_text(name)}".'
    if why:
        raise NotDone(why)
    put_label(each.path, Label(name, label_of(each.path).pinned))


def pin(each: Kept, *, pinned: bool) -> None:
    """Pin a recording, so that it is never removed to make room, or unpin it.

    Raises OSError if its label cannot be saved.
    """
    put_label(each.path, Label(label_of(each.path).name, pinned))


def delete(each: Kept) -> None:
    """Delete a recording, its notes and its label.

    Raises NotDone if the recording is pinned or still being written, or OSError.
    """
    if label_of(each.path).pinned:
        raise NotDone(f"{_capital(each.title)} is pinned and was not deleted: unpin it first.")
    if not is_finished(each.path):
        raise NotDone(f"{_capital(each.title)} is still being written and was not deleted.")
    remove_recording(each.path)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
