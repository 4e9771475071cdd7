"""Keeps a learner's progress during a lesson, and saves it after each step."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ...session.private_file import reason
from ..ui import Ui
from . import progress
from .exam import is_exam
from .progress import Progress
from .run import Run


class Bookmark:
    """A learner's progress, read when first used and saved after each step.

    The progress is kept in `folder`, or in the usual folder if `folder` is None. If `keep` is
    false, nothing is read or saved, so that a visitor's progress ends with the visit.
    """

    def __init__(self, ui: Ui, folder: Path | None, *, keep: bool) -> None:
        self._ui = ui
        self._folder = folder
        self._keep = keep
        self._progress: Progress | None = None

    @property
    def progress(self) -> Progress:
        """The learner's progress in all lessons."""
        if self._progress is None:
            loaded = progress.load(self._folder, self._tell) if self._keep else Progress()
            self._progress = loaded
        return self._progress

    def put(self, run: Run, step: str = "") -> None:
        """Save which step was done ("" for none), and at which step to resume.

        Nothing is saved about an examination.
        """
        if is_exam(run.lesson):
            return
        at = "" if run.finished else run.step.id
        if step and run.index + 1 < len(run.lesson.steps):
            at = run.lesson.steps[run.index + 1].id
        self.progress.note(run.lesson.name, step, at=at)
        self._save()

    def know(self, lessons: Iterable[str]) -> None:
        """Save that the questions of these lessons were answered correctly."""
        for name in lessons:
            self.progress.know(name)
        self._save()

    def _save(self) -> None:
        if not self._keep:
            return
        try:
            progress.save(self.progress, self._folder)
        except OSError as error:
            self._keep = False  # said once
            self._tell(f"Your progress cannot be saved: {reason(error)}.")

    def _tell(self, text: str) -> None:
        self._ui.tell(text, title="Lessons", trouble=True)
