"""Finds the newest recording in which a lesson was done."""

from __future__ import annotations

from pathlib import Path

from ...session.archive.recordings import files_in
from ...session.record.reader import Recording, RecordingError
from .grade import lessons_in
from .marks import LESSON


def latest(folder: Path, lesson: str = "") -> Path | None:
    """The recording in `folder` that was written last and has a step of `lesson`; "" for any.

    None if there is none. Files that cannot be read are passed over. Raises OSError if the folder
    cannot be read.
    """
    files = files_in(folder)
    for name in sorted(files, key=lambda name: (files[name].st_mtime_ns, name), reverse=True):
        path = folder / name
        if _may_have(path, lesson) and _has(path, lesson):
            return path
    return None


def _may_have(path: Path, lesson: str) -> bool:
    """Whether a line looks like the mark of a step; most recordings have none, and may be long."""
    kind, step = f'"{LESSON}"'.encode(), f"step {lesson and lesson + '/'}".encode()
    try:
        with path.open("rb") as file:
            return any(step in line and kind in line for line in file)
    except OSError:
        return False


def _has(path: Path, lesson: str) -> bool:
    try:
        with Recording(path) as recording:
            names = lessons_in([recording])
    except (OSError, RecordingError):
        return False
    return lesson in names if lesson else bool(names)
