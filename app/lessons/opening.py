"""The lesson with which the application begins."""

from __future__ import annotations

from pathlib import Path

import msgspec

from .model import Lesson


class Opening(msgspec.Struct, frozen=True):
    """A lesson to begin with, its file, and the index of its first step; None: where it was
    left.
    """

    lesson: Lesson
    path: Path
    step: int | None = None
