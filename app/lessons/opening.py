"""Which lesson the application begins with."""

from __future__ import annotations

from pathlib import Path

import msgspec

from .model import Lesson


class Opening(msgspec.Struct, frozen=True):
    """A lesson to begin with, its file, and the place of its first step; None: where one left."""

    lesson: Lesson
    path: Path
    step: int | None = None
