"""The list of lessons, and how a lesson is started from the list or by name."""

from __future__ import annotations

from heloscope.app.confinement import PRACTICE_ONLY
from heloscope.app.input.completion import complete
from heloscope.app.input.history import History
from heloscope.session.protocol.states import State
from support.stage import NARROW, WIDE, Stage
from support.stage_lesson import prepared


async def test_the_list_of_procedures_begins_the_first_lesson():
    stage = Stage()
    async with stage.run(NARROW):
        await stage.press("f12")
        await stage.press("1")
        await prepared(stage)
        assert "Lesson 1: What a mail server says first" in stage.screen
        await stage.press("enter", "f3")  # the greeting is looked at
        assert "step 1 of 6, done" in stage.screen
        await stage.press("escape")
        await stage.put(":lesson")
        assert "1  What a mail server says first" in stage.screen
        assert "1 of 6 steps" in stage.screen
        await stage.press("1", "1", "1", "enter")  # there is no lesson 111
        await prepared(stage)
        assert "step 2 of 6" in stage.screen  # where it was left
        await stage.type(":jump 9", ":jump what-counts")
        assert "Step not found: 9." in "".join(stage.notices)
        assert "step 5 of 6" in stage.screen


async def test_a_lesson_that_is_not_there_is_refused_in_a_sentence():
    stage = Stage()
    async with stage.run(NARROW):
        await stage.type(":lesson grating", ":hint", ":lesson /nowhere.md")
        told = [notice.text for notice in stage.main.ui.notices][-3:]
        assert told[0].startswith('Unknown lesson "grating"')
        assert told[1].startswith("No lesson is in progress.")
        assert told[2].startswith("File not found: /nowhere.md")


def completed(text: str) -> list[str]:
    return complete(text, state=State.CLOSED, keywords=None, lmtp=False, history=History())


async def test_a_row_of_the_list_is_not_wrapped_and_says_below_what_comes_before():
    for size in (NARROW, WIDE):
        stage = Stage()
        async with stage.run(size):
            await stage.type(":lesson")
            rows = stage.seen("#lessons").split("\n")
            first = next(n for n, row in enumerate(rows) if "2  Who is calling: HELO" in row)
            assert rows[first].rstrip().endswith("7 steps  10 min")
            assert rows[first + 1].strip() == "after greeting"


def test_lessons_are_completed_by_their_names_and_then_by_their_languages():
    assert ":lesson greeting" in completed(":lesson g")
    assert completed(":lesson greeting ") == [":lesson greeting en", ":lesson greeting de"]
    assert completed(":lesson 1 d") == [":lesson 1 de"]
    assert completed(":lesson nothing ") == []


async def test_a_lesson_is_begun_in_the_language_that_is_named():
    stage = Stage()
    async with stage.run(NARROW):
        await stage.put(":lesson 1 de")
        await prepared(stage)
        assert "Lesson 1: Was ein Mailserver zuerst sagt" in stage.screen
        await stage.type(":lesson 1 fr")
        assert stage.main.ui.notices[-1].text == (
            'The lesson greeting does not exist in "fr". Languages: en, de.'
        )
        await stage.type(":lesson")
        await stage.until(lambda: "in de: :lesson 1 de" in stage.screen)


def test_a_visitor_may_do_the_lessons_and_open_no_file():
    assert PRACTICE_ONLY.refusal("lesson", "1") == PRACTICE_ONLY.refusal("next") == ""
    assert PRACTICE_ONLY.refusal("lesson", "/etc/x.md").startswith("Files cannot be read")
