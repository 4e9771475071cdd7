"""The fast track and the grade on the screen."""

from __future__ import annotations

from pathlib import Path

from heloscope.app.confinement import PRACTICE_ONLY
from heloscope.app.lessons.grade import DONE, DONE_BEFORE, NOT_DONE, grade_run
from heloscope.app.lessons.opening import Opening
from heloscope.app.lessons.run import Run
from support.lesson_play import lesson, step
from support.stage import NARROW, WIDE, Stage

NOOP = '{ reply = "250", to = "NOOP" }'
LESSON = lesson(step(NOOP), step(NOOP, name="two"), step(NOOP, name="three"))


def words(stage: Stage) -> str:
    return " ".join(stage.screen.split())


async def test_questions_are_answered_by_keys_and_the_result_says_where_to_begin():
    stage = Stage(confinement=PRACTICE_ONLY)
    async with stage.run(NARROW):
        await stage.put(":fasttrack")
        assert "Fast track: question 1 of 44, lesson 1" in stage.screen
        await stage.press("enter")  # nothing was answered yet
        assert "question 1 of 44" in stage.screen
        await stage.press("1")
        shown = "Right" in stage.screen or "Not quite" in stage.screen
        assert shown and "Enter: continue" in stage.screen
        await stage.press("enter")
        assert "question 2 of 44" in stage.screen
        await stage.press("escape")
        assert "of 1 question answered correctly (44 in all)." in words(stage)
        assert "Start with lesson 1," in words(stage)
        await stage.press("enter")
        await stage.until(lambda: stage.main.guide.active)
        assert stage.main.guide.lesson is not None and stage.main.guide.lesson.number == 1


async def test_it_may_begin_with_the_questions_of_a_later_lesson():
    stage = Stage()
    async with stage.run(WIDE):
        await stage.put(":fasttrack 18")
        assert "lesson 18" in stage.screen and "question 1 of 2" in stage.screen
        await stage.press("escape")
        assert "Fast track" not in stage.screen
        await stage.put(":fasttrack 19")
        assert "Lesson not found: 19. Lessons: 1 to 18." in stage.screen


async def test_the_grade_says_how_each_step_stands():
    stage = Stage()
    stage.app.opening = Opening(LESSON, Path("lesson.md"))
    async with stage.run(NARROW):
        await stage.until(lambda: stage.main.guide.active and not stage.main.guide.preparing)
        await stage.settle()
        await stage.type("NOOP")
        await stage.put(":grade")
        assert "done 1. One" in words(stage) and "not done 2. Two" in words(stage)
        assert "1 of 3 steps done." in words(stage)
        await stage.press("escape")
        assert "1 of 3 steps done." not in words(stage)


def test_a_grade_tells_what_was_done_now_from_what_was_done_before():
    run = Run(LESSON, done=("two",))
    run.jump(0)
    run.done_here.add("one")
    states = [each.state for each in grade_run(run, before=("one", "two")).steps]
    assert states == [DONE, DONE_BEFORE, NOT_DONE]


async def test_without_a_lesson_there_is_no_grade():
    stage = Stage()
    async with stage.run(WIDE):
        await stage.put(":grade")
        assert "No lesson is in progress." in stage.screen
