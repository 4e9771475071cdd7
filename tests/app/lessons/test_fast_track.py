"""The fast track: the first wrong answer determines the lesson to start with."""

from __future__ import annotations

from heloscope.app.lessons.fast_track import FastTrack
from heloscope.app.lessons.fast_track_words import result_of
from heloscope.app.lessons.library import BUILT_IN, lesson_files, load
from heloscope.app.lessons.model import Lesson
from msgspec.structs import replace
from support.lesson_play import lesson, step

QUESTION = """
## {id}?

```question
id = "{id}"
ask = "{id}?"
[[choice]]
text = "So"
right = true
says = "Yes."
[[choice]]
text = "Or so"
says = "No."
```
"""


def lessons(*questions: int) -> list[Lesson]:
    """Return a lesson for each number, with that many questions."""
    found: list[Lesson] = []
    for number, count in enumerate(questions, 1):
        asked = (QUESTION.format(id=f"q{each}") for each in range(count))
        text = lesson(step('{ command = "NOOP" }'), *asked)
        found.append(replace(text, name=f"lesson-{number}"))
    return found


def answer(track: FastTrack, keys: str) -> list[str]:
    """Answer one question with each key, and return the names of the lessons asked about."""
    asked: list[str] = []
    for key in keys:
        asked.append(track.lesson.name if track.lesson else "")
        track.answer(key)
    return asked


def test_lessons_whose_questions_are_all_answered_rightly_are_known() -> None:
    track = FastTrack(lessons(2, 1))
    assert answer(track, "111") == ["lesson-1", "lesson-1", "lesson-2"]
    assert (track.known, track.start, track.question) == (["lesson-1", "lesson-2"], None, None)


def test_the_first_lesson_with_a_wrong_answer_is_where_to_begin() -> None:
    track = FastTrack(lessons(2, 2, 2))
    answer(track, "111211")
    assert track.known == ["lesson-1", "lesson-3"]
    assert track.start is not None and track.start.name == "lesson-2"
    assert (track.right, track.answered, track.total) == (5, 6, 6)
    assert track.question is None and track.answer("1") is None


def test_a_lesson_whose_questions_were_not_all_asked_is_not_known() -> None:
    track = FastTrack(lessons(1, 2))
    answer(track, "11")
    assert track.known == ["lesson-1"]
    assert track.start is not None and track.start.name == "lesson-2"
    assert result_of(track) == [
        "2 of 2 questions answered correctly (3 in all).",
        "You know 1 lesson: lesson-1.",
        "Start with lesson 0, A lesson.",
    ]


def test_the_lessons_of_heloscope_have_44_questions() -> None:
    track = FastTrack([load(path) for path in lesson_files(BUILT_IN)])
    assert track.total == 44
    while track.question is not None:
        track.answer(track.question.right[0].key)
    assert (track.right, len(track.known), track.start) == (44, 18, None)


def test_a_key_that_is_no_answer_changes_nothing() -> None:
    track = FastTrack(lessons(1))
    assert track.answer("9") is None
    assert track.question is not None and track.known == []


def test_a_lesson_without_questions_is_passed_over() -> None:
    track = FastTrack(lessons(0, 1))
    assert track.lesson is not None and track.lesson.name == "lesson-2"


def test_without_any_question_one_begins_with_the_first_lesson() -> None:
    first, second = lessons(0, 0)
    assert FastTrack([first, second]).start == first
    assert FastTrack([]).start is None
