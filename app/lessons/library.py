"""Which lessons there are: those that come with heloscope, and the user's own."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import msgspec

from ...session.visible import visible_text
from ..runtime.settings import config_folder
from .mistakes import nearest
from .model import Lesson
from .reader import name_of, read_file
from .translation import language_of, translated, translations_of

BUILT_IN = Path(__file__).parent / "texts"
"""The lessons of heloscope itself: `01-name.md`, in their order."""
MOST = 200  # lessons of the user's own
_FILE = re.compile(r"[^.].*\.md\Z")


class LessonNotFound(LookupError):
    """There is no such lesson; the message is one sentence."""


class Entry(msgspec.Struct, frozen=True):
    """A lesson in the list. `number` counts from 1, `own` says that it is the user's.

    `faults` is how many mistakes its file has.
    """

    number: int
    name: str
    title: str
    minutes: int
    steps: tuple[str, ...]
    path: Path
    own: bool = False
    languages: tuple[str, ...] = ()
    faults: int = 0
    after: tuple[str, ...] = ()


def own_folder() -> Path:
    """Where the user's own lessons lie."""
    return config_folder() / "lessons"


def entries(own: Path | None = None) -> list[Entry]:
    """All lessons: the built-in ones, then the user's own, except for files that cannot be read."""
    found: list[Entry] = []
    own = own_folder() if own is None else own
    for folder in (BUILT_IN, own):
        for path in lesson_files(folder)[:MOST]:
            try:
                lesson, mistakes = read_file(path)
            except OSError:
                continue
            found.append(
                Entry(
                    number=len(found) + 1,
                    name=lesson.name,
                    title=lesson.title,
                    minutes=lesson.minutes,
                    steps=tuple(step.id for step in lesson.steps),
                    path=path,
                    own=folder != BUILT_IN,
                    languages=tuple(translations_of(path)),
                    faults=len(mistakes),
                    after=lesson.after,
                )
            )
    return found


def lesson_files(folder: Path) -> list[Path]:
    """The lessons in a folder, in the order of their names; translations are not among them."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    return [path for path in paths if _FILE.match(path.name) and not language_of(path)]


def find(word: str, known: Collection[Entry] | None = None) -> Path:
    """The file of the lesson that `word` names: a number of the list, a name, or a file.

    Raises LessonNotFound.
    """
    listed = entries() if known is None else known
    for entry in listed:
        if word in (str(entry.number), entry.name, name_of(entry.path)):
            return entry.path
    if "/" in word or word.endswith(".md"):
        path = Path(word)
        if not path.exists():
            raise LessonNotFound(f"there is no file {visible_text(word)}.")
        return path
    hint = nearest(word, [entry.name for entry in listed]) or (
        f". There are {len(listed)}: heloscope lesson lists them."
    )
    raise LessonNotFound(f'there is no lesson "{visible_text(word)}"{hint}')


def load(path: Path, language: str = "") -> Lesson:
    """A lesson from its file, in `language` if there is a translation. Raises OSError.

    Its number is that in the list, if it is there.
    """
    lesson = read_file(path).lesson
    beside = translations_of(path)
    if language in beside:
        lesson = translated(lesson, read_file(beside[language], translation=True).lesson)
    places = {each: number for number, each in enumerate(lesson_files(BUILT_IN), 1)}
    return msgspec.structs.replace(lesson, number=places.get(path, 0))
