"""The library of lessons: those that come with heloscope, and the user's own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec

from ...session.visible import visible_text
from ..runtime.settings import config_folder
from .mistakes import nearest
from .model import Lesson
from .reader import name_of, read_file
from .translation import language_of, translated, translations_of

BUILT_IN = Path(__file__).parent / "texts"
"""The folder of the built-in lessons, whose files are named `01-name.md` and so on."""
ORIGINAL = "en"
"""The original language of the built-in lessons."""
MOST = 200  # the most lessons of the user
_FILE = re.compile(r"[^.].*\.md\Z")


class LessonNotFound(LookupError):
    """Raised when a lesson is unknown. The message is one sentence."""


class LanguageNotFound(LookupError):
    """Raised when a lesson does not exist in a language. The message is one sentence."""


class Entry(msgspec.Struct, frozen=True):
    """A lesson in the list, with its `number` counted from 1.

    `own` is true for the user's own lessons, and `faults` is the number of mistakes in the file.
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
    """Return the folder of the user's own lessons."""
    return config_folder() / "lessons"


def entries(own: Path | None = None) -> list[Entry]:
    """Return all lessons that can be read: the built-in ones, then the user's own."""
    return [*_listed(own_folder() if own is None else own)]


def _listed(own: Path) -> Iterator[Entry]:
    number = 0
    for folder in (BUILT_IN, own):
        for path in lesson_files(folder)[:MOST]:
            try:
                lesson, mistakes = read_file(path)
            except OSError:
                continue
            number += 1
            yield Entry(
                number=number,
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


def lesson_files(folder: Path) -> list[Path]:
    """Return the files of the lessons in a folder, sorted by name, without translations."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    return [path for path in paths if _FILE.match(path.name) and not language_of(path)]


def find(word: str, known: Collection[Entry] | None = None) -> Path:
    """Return the file of a lesson, given its number in the list, its name, or a path.

    Raises LessonNotFound if there is no such lesson or file.
    """
    passed: list[Entry] = []
    for entry in _listed(own_folder()) if known is None else known:  # read no more than needed
        if word in (str(entry.number), entry.name, name_of(entry.path)):
            return entry.path
        passed.append(entry)
    if "/" in word or word.endswith(".md"):
        path = Path(word)
        if not path.exists():
            raise LessonNotFound(f"file not found: {visible_text(word)}.")
        return path
    hint = nearest(word, [entry.name for entry in passed]) or (
        "; heloscope lesson lists the lessons."
    )
    raise LessonNotFound(f'unknown lesson "{visible_text(word)}"{hint}')


def with_language(text: str) -> tuple[str, str]:
    """Split `N LANG` into the lesson and the language, which is "" if none is given.

    If the text after the last space contains "/" or ends in ".md", it belongs to the path.
    """
    word, _, language = text.strip().rpartition(" ")
    word = word.rstrip()
    if not word or "/" in language or language.endswith(".md"):
        return text.strip(), ""
    return word, language


def languages_of(path: Path) -> list[str]:
    """Return the languages of a lesson's translations, preceded by "en" for a built-in lesson."""
    beside = list(translations_of(path))
    return [ORIGINAL, *beside] if path.parent == BUILT_IN else beside


def load(path: Path, language: str = "") -> Lesson:
    """Load a lesson from its file, in `language`, or in its original language if "".

    Its number is its place among the built-in lessons, or 0. Raises OSError, or LanguageNotFound if
    there is no translation into that language.
    """
    lesson = read_file(path).lesson
    if language:
        lesson = _in_language(lesson, path, language)
    places = {each: number for number, each in enumerate(lesson_files(BUILT_IN), 1)}
    return msgspec.structs.replace(lesson, number=places.get(path, 0))


def _in_language(lesson: Lesson, path: Path, language: str) -> Lesson:
    known = {each.casefold(): each for each in languages_of(path)}
    found = known.get(language.casefold(), "")
    beside = translations_of(path)
    if found in beside:
        return translated(lesson, read_file(beside[found], translation=True).lesson)
    if found:
        return lesson
    there = f"Languages: {', '.join(known.values())}." if known else "It has no translations."
    called, wanted = visible_text(lesson.name), visible_text(language)[:40]
    raise LanguageNotFound(f'the lesson {called} does not exist in "{wanted}". {there}')
