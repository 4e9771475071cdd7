"""FORMAT.md, the reference for authors, has a valid lesson as its example and covers every key."""

from __future__ import annotations

import re
from pathlib import Path

from heloscope.app.lessons import example_reader, vocabulary
from heloscope.app.lessons.check import play_all
from heloscope.app.lessons.reader import read
from heloscope.app.lessons.robot import play_lesson
from support.lesson_robot import divergences_of, mistakes_in
from support.rows import for_each

REFERENCE = (Path(vocabulary.__file__).parent / "FORMAT.md").read_text()
EXAMPLE = REFERENCE.split("````markdown\n")[1].split("\n````")[0] + "\n"
HARD = Path(__file__).parent / "hard.md"


async def test_the_example_has_no_mistake_and_can_be_played() -> None:
    reading = read(EXAMPLE)
    assert (reading.mistakes, play_all(reading.lesson)) == ([], [])
    assert await play_lesson(reading.lesson) == []


def quoted(words: object) -> list[str]:
    assert isinstance(words, tuple | list)
    return [word for word in words if f'"{word}"' not in REFERENCE and f"`{word}`" not in REFERENCE]


@for_each(vocabulary.KINDS)
def test_every_kind_and_each_of_its_keys_is_explained(kind: str) -> None:
    assert f"| `{kind}` |" in REFERENCE
    rows = [line for line in REFERENCE.split("\n") if line.startswith("|")]
    for key in vocabulary.KINDS[kind].keys:
        assert any(f"`{key}`" in row for row in rows), key


def test_joints_common_keys_and_fixed_words_are_explained() -> None:
    assert quoted([*vocabulary.JOINTS, *vocabulary.COMMON]) == []
    assert quoted([*vocabulary.DISTINCT, *vocabulary.CHANGES, *vocabulary.PLACES]) == []
    assert quoted([*vocabulary.SEEN, *vocabulary.GROUPS, *example_reader.DOORS]) == []


def test_every_sign_of_an_example_is_explained() -> None:
    explained = set(re.findall(r"^\| `(\w+):", REFERENCE, re.MULTILINE))
    assert explained == set(example_reader.SIGNS) - {"|"}


def test_what_is_hardest_to_recognise_is_recognised() -> None:
    assert mistakes_in(HARD) == []


async def test_what_is_hardest_to_recognise_happens_on_the_practice_server() -> None:
    assert await divergences_of(HARD) == []
