"""A learner's progress in each lesson, kept between runs in the platform's state folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from ...session import private_file
from ...session.visible import visible_text
from ..runtime.settings import state_folder

LARGEST = 1024 * 1024  # octets of the file
LESSONS = 1000
STEPS = 300  # of a lesson
LONGEST = 200  # characters of a name


class Done(msgspec.Struct):
    """Progress in one lesson: the IDs of the completed steps and of the step to resume at."""

    steps: list[str] = []
    at: str = ""
    known: bool = False
    """Whether the lesson's questions were answered correctly without doing the lesson."""


class Progress(msgspec.Struct):
    """Progress in all lessons, keyed by name; `last` is the lesson that was open last."""

    lessons: dict[str, Done] = {}
    last: str = ""

    def of(self, lesson: str) -> Done:
        """Return the progress in a lesson."""
        return self.lessons.get(lesson) or Done()

    def note(self, lesson: str, step: str, *, at: str = "") -> None:
        """Record which step was done ("" for none), and that the lesson resumes at step `at`."""
        done = self.lessons.setdefault(lesson, Done())
        if step and step not in done.steps:
            done.steps.append(step)
        done.at = at
        self.last = lesson

    def know(self, lesson: str) -> None:
        """Record that a lesson is known although it was not done."""
        self.lessons.setdefault(lesson, Done()).known = True

    def forget(self, lesson: str) -> None:
        """Forget the progress in a lesson."""
        self.lessons.pop(lesson, None)


def _tell_nobody(_: str) -> None:
    pass


def load(folder: Path | None = None, tell: Callable[[str], object] = _tell_nobody) -> Progress:
    """Load the saved progress. Return empty progress if there is no readable file. Never raises.

    If the file is damaged or cannot be read, `tell` is called with a sentence. A damaged file is
    replaced by the next `save`.
    """
    file = _file(folder)
    try:
        found = msgspec.json.decode(private_file.read_all(file, LARGEST), type=Progress)
    except FileNotFoundError:
        return Progress()
    except OSError as error:
        tell(f"Cannot read your progress in the lessons: {private_file.reason(error, file)}.")
        return Progress()
    except (msgspec.DecodeError, RecursionError):
        name = visible_text(str(file))
        tell(f"Your progress in the lessons is lost: {name} has been damaged.")
        return Progress()
    usable = {
        name: Done([step for step in done.steps if _usable(step)][:STEPS], done.at, done.known)
        for name, done in found.lessons.items()
        if _usable(name) and (not done.at or _usable(done.at))
    }
    return Progress(dict(list(usable.items())[:LESSONS]), found.last if _usable(found.last) else "")


def _usable(name: str) -> bool:
    return 0 < len(name) <= LONGEST and name.isprintable()


def save(progress: Progress, folder: Path | None = None) -> None:
    """Save the progress. Raises OSError if this fails."""
    file = _file(folder)
    private_file.make_folder(file.parent)
    private_file.replace(file, msgspec.json.encode(progress) + b"\n")


def _file(folder: Path | None) -> Path:
    return (folder or state_folder()) / "lessons.json"
