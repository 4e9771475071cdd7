"""The lesson with which the application starts."""

from __future__ import annotations

from pathlib import Path

import msgspec

from .model import Lesson


class Opening(msgspec.Struct, frozen=True):
    """A lesson to start with, its file, and the index of the step at which to start.

    If `step` is None, the lesson resumes where the learner left it.
    """

    lesson: Lesson
    path: Path
    step: int | None = None
