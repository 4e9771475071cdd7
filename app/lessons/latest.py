"""Finds the recordings of the newest run of a lesson."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from ...session.archive.recordings import files_in
from ...session.events import Note
from ...session.private_file import open_regular
from ...session.record.reader import Recording, RecordingError
from .facts import Began
from .grade import lessons_in
from .marks import LESSON, event_of

_PROCESS = re.compile(r"-(\d+)(-\d{1,3})?\.jsonl\Z")
"""The end of a recording's file name: the process ID, and a counter within the second."""


class Latest(NamedTuple):
    """The recordings of a lesson's newest run, newest first.

    `marked` is the newest of these that contains marks of the lesson.
    """

    marked: Path
    all: list[Path]


def latest(folder: Path, lesson: str = "") -> Latest | None:
    """Find the newest run in `folder` that has a step of `lesson`, or of any lesson if "".

    A run has a recording for each connection. All of them were made by one process, starting with
    the recording in which the lesson was begun. Return None if there is no such run. Unreadable
    files are skipped. Raises OSError if the folder cannot be read.
    """
    files = files_in(folder)
    names = sorted(files, key=lambda name: (files[name].st_mtime_ns, name), reverse=True)
    newest = next(
        (n for n in names if _may_have(folder / n, lesson) and _named(folder / n, lesson)), ""
    )
    if not newest:
        return None
    lesson = lesson or _named(folder / newest, lesson)
    names = [name for name in names if name == newest or _process(name) == _process(newest)]
    place = names.index(newest)
    found = [folder / name for name in names[:place]]  # the connection was made again in a step
    for name in names[place:]:
        found.append(folder / name)
        if _begun_in(folder / name, lesson):
            break
    return Latest(folder / newest, found)


def _process(name: str) -> str:
    found = _PROCESS.search(name)
    return found[1] if found else name


def _may_have(path: Path, lesson: str) -> bool:
    """Return whether a file might contain marks of the lesson, without parsing the file."""
    kind, step = f'"{LESSON}"'.encode(), f"step {lesson and lesson + '/'}".encode()
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            return any(step in line and kind in line for line in file)
    except OSError:
        return False


def _named(path: Path, lesson: str) -> str:
    """Return the lesson if a recording has a step of it, or else "".

    If `lesson` is "", return the first lesson that has a step in the recording.
    """
    try:
        with Recording(path) as recording:
            names = lessons_in([recording])
    except (OSError, RecordingError):
        return ""
    return next((name for name in names if lesson in ("", name)), "")


def _begun_in(path: Path, lesson: str) -> bool:
    """Return whether a run of the lesson was begun in a recording."""
    try:
        with Recording(path) as recording:
            marks = [event_of(entry) for entry in recording.entries() if isinstance(entry, Note)]
    except (OSError, RecordingError):
        return False
    begun = [mark for mark in marks if isinstance(mark, Began) and mark.anew]
    return any(mark.step.partition("/")[0] == lesson for mark in begun)
