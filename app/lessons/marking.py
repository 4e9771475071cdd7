"""Writes marks into the recording of a session while a lesson is in progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from .facts import Began, Did, Said, Saw
    from .run import Run


class Marking:
    """Writes notes about events that no byte shows, if there is a session."""

    def __init__(self) -> None:
        self.session: Session | None = None
        self.due = False
        """Whether the current step has begun and is not marked yet."""
        self._anew = False

    def lesson(self) -> None:
        """Record that a lesson was begun, so that the mark of the next step says so."""
        self._anew = True

    def step(self, run: Run | None, at: float) -> None:
        """Mark that the current step has begun, if it is not marked yet."""
        if run is not None and self.due:
            from .facts import Began

            self.due = False
            anew, self._anew = self._anew, False
            self.note(Began(at, _name(run), anew))

    def done(self, run: Run, at: float) -> None:
        """Mark that the current step was done."""
        from .facts import Did

        self.note(Did(at, _name(run), run.misses))

    def note(self, event: Began | Did | Said | Saw) -> None:
        """Write the mark of an event into the recording, if there is a session."""
        if self.session is not None:
            from .marks import note_of

            self.session.note(note_of(event))


def _name(run: Run) -> str:
    return f"{run.lesson.name}/{run.step.id}"
