"""An examination depends only on its seed, which determines the order, and offers no help."""

from __future__ import annotations

import pytest
from heloscope.app.lessons.exam import is_exam, make
from heloscope.app.lessons.model import Lesson, World
from heloscope.app.lessons.worlds import scenario_of
from msgspec.structs import replace
from support.lesson_play import lesson, step

ASK = "".join(
    f'[[ask.choice]]\ntext = "{name}"\nsays = "{name}!"\n{right}'
    for name, right in (("sun", "right = true\n"), ("moon", ""), ("star", ""), ("rain", ""))
)


def puzzles() -> list[Lesson]:
    text = step('{ command = "NOOP" }', f'[[ask]]\nid = "why"\nask = "Why?"\n{ASK}')
    return [
        replace(lesson(text), name=f"p{number}", intro=f"Symptom {number}.") for number in range(6)
    ]


def order(exam: Lesson) -> list[str]:
    return [step.prompt.partition(".")[0] for step in exam.steps]


def test_the_same_seed_makes_the_same_examination() -> None:
    assert make(puzzles(), "june") == make(puzzles()[::-1], "june")


def test_another_seed_makes_another_order_of_puzzles_and_of_answers() -> None:
    exams = [make(puzzles(), f"seed-{number}") for number in range(8)]
    assert len({tuple(order(exam)) for exam in exams}) > 4
    answers = {tuple(c.text for c in exam.steps[0].asks[0].choices) for exam in exams}
    assert len(answers) > 3


def test_the_right_answer_stays_right_under_its_new_key() -> None:
    for one in make(puzzles(), "june").steps:
        (question,) = one.asks
        assert [choice.text for choice in question.right] == ["sun"]
        assert [choice.key for choice in question.choices] == ["1", "2", "3", "4"]


def test_an_examination_has_no_help_and_does_not_name_its_puzzles() -> None:
    exam = make(puzzles(), "june")
    assert is_exam(exam) and exam.name == "exam-june"
    for number, one in enumerate(exam.steps, 1):
        assert (one.id, one.title) == (f"puzzle-{number}-1", f"Puzzle {number}, step 1")
        assert (one.hints, one.wrong_moves, one.afterwards) == ((), (), "")
        assert all(not choice.says for choice in one.asks[0].choices)


def test_an_examination_may_have_some_of_the_puzzles() -> None:
    whole = order(make(puzzles(), "june"))
    assert order(make(puzzles(), "june", 2)) == whole[:2]


def test_without_puzzles_there_is_no_examination() -> None:
    with pytest.raises(ValueError, match="no puzzles"):
        make([], "june")


def test_the_scenario_of_an_examination_is_a_puzzle_under_another_name():
    world = World(scenario="tls-expired", alias="puzzle-1")
    assert (scenario_of(world).name, scenario_of(world).puzzle) == ("puzzle-1", True)
    assert not scenario_of(World(scenario="tls-expired")).puzzle
