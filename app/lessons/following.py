"""Finds the lesson that follows another one, and the language in which to continue."""

from __future__ import annotations

from .library import BUILT_IN, lesson_files
from .translation import translations_of


def following(number: int, language: str = "") -> str:
    """Return the argument of `:lesson` for the lesson after `number`, such as "2" or "2 de".

    Return "" if there is none. The numbers are those of the lessons that come with heloscope, and 0
    means any other lesson.
    """
    files = lesson_files(BUILT_IN)
    if not 0 < number < len(files):
        return ""
    translated = language and language in translations_of(files[number])
    return f"{number + 1} {language}" if translated else f"{number + 1}"
