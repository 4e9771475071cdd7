"""A lesson on the screen: its pane, its keys, and the way back to the command line."""

from __future__ import annotations

from pathlib import Path

from heloscope.app.lessons.exam import make, puzzle_files
from heloscope.app.lessons.opening import Opening
from heloscope.app.lessons.reader import read_file
from heloscope.widgets.lesson.pane import LessonPane
from support.lesson_play import lesson, step
from support.stage import NARROW, WIDE, Stage
from support.stage_lesson import NOOP, prepared, taught


async def test_a_lesson_is_done_from_the_command_line_alone():
    async with taught(WIDE) as (stage, guide):
        assert "Lesson, step 1 of 2" in stage.seen("#lesson") and "Do it." in stage.seen("#lesson")
        assert "goes to the answers" in stage.hint
        await stage.type("RSET")
        assert "RSET is another command." in stage.seen("#lesson")
        await stage.type(":predict h", "NOOP")
        assert "So it did." in stage.seen("#lesson")
        assert "begins the next step" in stage.hint
        await stage.press("enter")
        await prepared(stage)
        assert "step 2 of 2" in stage.seen("#lesson")
        await stage.type("NOOP")
        await stage.press("enter")
        assert "The lesson is complete" in stage.seen("#lesson")
        await stage.press("enter")
        assert not guide.active and not stage.app.screen.query("#lesson:focus")
        assert "Extensions" in stage.screen and "step 2 of 2" not in stage.screen


async def test_a_letter_belongs_to_the_command_line_unless_the_lesson_has_the_focus():
    async with taught(WIDE) as (stage, guide):
        await stage.press("h")
        assert stage.composer.text == "h" and guide.asks
        await stage.press("backspace", "enter")  # an empty line: to the answers
        assert isinstance(stage.app.focused, LessonPane)
        await stage.press("h")  # an answer comes before a hint
        assert not guide.asks and stage.composer.text == ""
        assert stage.composer.has_focus_within  # what follows is typed
        await stage.press("shift+tab", "h")
        assert "Hint 1" in stage.seen("#lesson")
        await stage.press("Q")  # no key of the pane
        assert stage.composer.text == "Q"
        await stage.press("shift+tab", "escape")
        assert stage.composer.has_focus_within


async def test_an_answer_may_be_typed_into_the_command_line():
    async with taught(WIDE) as (stage, guide):
        await stage.press("7")
        assert "answers the question in the lesson" in stage.hint
        await stage.press("enter")
        assert "Choose one of the answers: h, 2." in stage.screen
        await stage.type("2")
        assert guide.answers == {"guess": "2"} and not guide.asks
        assert not any(line.startswith("C:") for line in stage.wire)
        await stage.type("2")  # nothing is asked any more: it is a line for the server
        assert "C: 2" in stage.wire


async def test_a_digit_that_is_no_answer_is_told_so_in_the_pane():
    async with taught(WIDE) as (stage, guide):
        await stage.press("enter", "7")
        assert "Choose one of the answers: h, 2." in stage.screen
        assert stage.composer.text == "" and guide.asks
        await stage.press("2")
        assert guide.answers == {"guess": "2"}


async def test_a_missed_prediction_names_its_question():
    async with taught(WIDE) as (stage, _):
        await stage.type("NOOP")
        seen = " ".join(stage.seen("#lesson").split())
        assert "Not predicted" in seen and "Too soon" not in seen
        assert "The lesson asks first: What will it say?" in seen
        assert ":again" in seen or ":repeat" in seen


async def test_enter_steps_a_plan_before_it_goes_on_with_a_lesson():
    async with taught(WIDE) as (stage, guide):
        await stage.type("NOOP")
        assert guide.can_go_on
        await stage.put(":hello me")
        await stage.until(lambda: stage.main.plan.status.next)
        await stage.settle()
        assert ":next: continue (Enter: step of the plan)" in stage.seen("#lesson")
        await stage.press("enter")
        await stage.quiet()
        assert stage.wire[-3].startswith("S: 250") and guide.run is not None
        assert guide.run.index == 0
        await stage.put(":next")
        assert guide.run.index == 1


async def test_a_lesson_that_begins_within_a_message_is_begun_from_its_pane():
    setup = (
        'setup = ["EHLO me", "MAIL FROM:<a@b.example>", "RCPT TO:<alice@practice.test>", "DATA"]'
    )
    text = lesson("Read this first.\n", step(NOOP, setup))
    stage = Stage()
    stage.app.opening = Opening(text, Path("lesson.md"))
    async with stage.run(NARROW):
        await prepared(stage)
        await stage.until(lambda: stage.composer.writing)
        await stage.settle()
        assert "then Enter" not in stage.seen("#lesson")  # the pane has the focus
        await stage.press("f7")
        foot = stage.seen("#lesson").splitlines()[-1]
        assert "Shift+Tab, then Enter: begin" in foot and foot.count("Shift+Tab") == 1
        await stage.press("shift+tab")
        assert "then Enter" not in stage.seen("#lesson")
        await stage.press("enter")
        assert "Do it." in stage.seen("#lesson") and stage.composer.draft == ""


async def test_an_examination_names_no_hint():
    stage = Stage()
    puzzles = [read_file(path).lesson for path in puzzle_files()[:1]]
    stage.app.opening = Opening(make(puzzles, "june"), Path("exam.md"))
    async with stage.run(NARROW):
        await prepared(stage)
        await stage.put(":next")
        assert "This step is not done yet. :jump skips it." in stage.screen
        assert "hint" not in stage.screen
        assert "Examination june, step 1 of 2" in stage.seen("#lesson")


async def test_an_examination_says_that_the_first_answer_counts_and_how_it_is_graded():
    stage = Stage()
    puzzles = [read_file(path).lesson for path in puzzle_files()[:1]]
    stage.app.opening = Opening(make(puzzles, "june"), Path("exam.md"))
    async with stage.run(WIDE):
        await prepared(stage)
        await stage.put(":jump 2")
        guide = stage.main.guide
        assert guide.run is not None and guide.run.asked is not None
        wrong = next(choice.key for choice in guide.run.asked.choices if not choice.right)
        await stage.put(wrong)
        assert "The first answer counts. :jump continues." in stage.seen("#lesson")
        await stage.put(":jump")
        seen = " ".join(stage.seen("#lesson").replace("│", " ").split())
        assert "The end of the examination Steps 1 and 2 are not done. Of these, 2 stays" in seen
        assert ":jump N begins step N" in seen and ":back" not in seen
        assert "heloscope lesson grade --last --exam june grades it." in seen


async def test_the_foot_of_a_pane_with_the_focus_names_its_keys():
    async with taught(NARROW) as (stage, _):
        assert "Enter, then h or 2: answer" in stage.seen("#lesson")
        await stage.press("shift+tab")
        foot = stage.seen("#lesson").splitlines()[-1]
        assert "h or 2: answer" in foot and "then" not in foot
        await stage.press("h", "shift+tab")
        assert "h: hint  s: skip" in stage.seen("#lesson")


async def test_enter_in_the_transcript_goes_to_the_question_and_on_as_the_foot_says():
    async with taught(NARROW) as (stage, guide):
        await stage.press("f6")
        assert stage.view.has_focus and "Enter, then h or 2: answer" in stage.seen("#lesson")
        await stage.press("enter", "h")
        await stage.type("NOOP")
        await stage.press("f6")
        assert stage.view.has_focus and "Enter: continue" in stage.seen("#lesson")
        await stage.press("enter")
        assert guide.run is not None and guide.run.index == 1


async def test_the_foot_names_keys_that_do_not_go_into_an_answer_of_auth():
    async with taught(NARROW) as (stage, _):
        await stage.put("EHLO me")
        await stage.put("AUTH SCRAM-SHA-256")
        await stage.until(lambda: stage.composer.answering)
        await stage.settle()
        assert "Shift+Tab, then h or 2: answer" in stage.seen("#lesson")


async def test_on_a_narrow_screen_it_is_a_strip_that_leaves_eight_rows_and_folds():
    async with taught(NARROW) as (stage, _):
        assert stage.view.size.height == 8
        assert "step 1 of 2: One" in stage.seen("#lesson")
        await stage.press("f3")
        assert "Meaning" in stage.screen and "step 1 of 2" in stage.screen
        assert "Do it." not in stage.screen
        await stage.press("escape")
        assert "Do it." in stage.screen
        await stage.type(":fold")
        assert stage.view.size.height == 15 and "step 1 of 2" in stage.screen
        await stage.type("RSET")  # the answer is to be seen
        assert stage.view.size.height == 8 and "another command" in stage.screen


async def test_the_tabs_have_its_place_until_esc():
    async with taught(WIDE) as (stage, _):
        await stage.press("f8")
        assert "not encrypted" in stage.screen and "Do it." not in stage.screen
        await stage.press("escape")
        assert "Do it." in stage.screen and "not encrypted" not in stage.screen
        await stage.press("f2")
        assert "Do it." not in stage.screen and "Lesson, step 1 of 2" in stage.screen
        await stage.press("f2")
        assert "Do it." in stage.screen and stage.composer.has_focus_within


async def test_while_a_message_is_written_the_foot_names_keys_that_do_not_go_into_it():
    """An order would become a line of the message, and Enter would end that line."""
    data = '{ reply = "354", to = "DATA" }'
    texts = lesson(
        step(data, 'setup = ["EHLO me.example", "MAIL FROM:<>", "RCPT TO:<bob@practice.test>"]'),
        step(NOOP, name="two"),
    )
    stage = Stage()
    stage.app.opening = Opening(texts, Path("lesson.md"))
    async with stage.run(NARROW):
        await prepared(stage)
        rows = stage.main.lesson.pane.size.height if stage.main.lesson.pane else 0
        assert ":hint  :jump: skip" in stage.seen("#lesson")
        await stage.type("DATA")
        assert stage.composer.writing
        seen = stage.seen("#lesson")
        assert "Shift+Tab, then Enter: continue" in seen and ":hint" not in seen
        assert stage.main.lesson.pane and stage.main.lesson.pane.size.height > rows
        await stage.press("shift+tab", "r")  # Enter would go on; the step begins again
        await prepared(stage)
        assert ":hint  :jump: skip" in stage.seen("#lesson")
        assert stage.main.lesson.pane.size.height == rows


async def test_what_was_told_of_a_step_goes_with_the_step():
    async with taught(WIDE) as (stage, _):
        await stage.put(":next")
        assert "This step is not done yet." in stage.screen
        await stage.type("NOOP")
        assert "This step is not done yet." not in stage.screen
        await stage.press("enter")
        await prepared(stage)
        await stage.put(":next")
        assert "This step is not done yet." in stage.screen
        await stage.put(":back")
        await prepared(stage)
        assert "This step is not done yet." not in stage.screen


async def test_the_offer_of_a_hint_goes_when_a_hint_was_shown_or_the_step_is_done():
    async with taught(WIDE) as (stage, _):
        await stage.type("RSET", "RSET x", "RSET y")
        assert "A hint?" in stage.seen("#lesson")
        await stage.put(":hint")
        assert "A hint?" not in stage.seen("#lesson") and "Hint 1" in stage.seen("#lesson")
        await stage.put(":repeat")
        await prepared(stage)
        await stage.type("RSET", "RSET x", "RSET y")
        assert "A hint?" in stage.seen("#lesson")
        await stage.type("NOOP")
        assert "Done" in stage.seen("#lesson") and "A hint?" not in stage.seen("#lesson")


async def test_the_last_page_names_the_next_lesson_in_the_language_of_this_one():
    stage = Stage()
    async with stage.run(WIDE):
        await stage.put(":lesson 1 de")
        await prepared(stage)
        guide = stage.main.guide
        assert guide.lesson is not None
        await stage.put(f":jump {len(guide.lesson.steps)}")
        await prepared(stage)
        await stage.put(":jump")
        await stage.settle()
        seen = " ".join(stage.seen("#lesson").split())
        assert ":lesson 2 is the next lesson, in English." in seen


PREDICTED = """
[[predict]]
id = "guess"
ask = "What will the server say to this line, which is long and new to it?"
until = { reply = "*", to = "NOOP" }
choice = [ { text = "250", right = true, says = "So it did." }, { text = "500", says = "No." } ]
"""


async def test_the_line_to_type_is_in_view_once_it_was_said_what_is_expected():
    prompt = "A paragraph of it.\n\n" * 6 + "Now type this line:\n\n    NOOP please\n\nand look."
    long = lesson(step(NOOP, PREDICTED).replace("Do it.", prompt))
    assert long.steps[0].prompt.endswith("look.")
    stage = Stage()
    stage.app.opening = Opening(long, Path("lesson.md"))
    async with stage.run(NARROW):
        await prepared(stage)
        await stage.press("enter")
        assert "1  250" in stage.seen("#lesson") and "NOOP please" not in stage.seen("#lesson")
        await stage.press("1")
        seen = stage.seen("#lesson")
        assert "NOOP please" in seen and "You expect: 250" in seen and "500" not in seen
        await stage.type("NOOP please")
        assert "So it did." in stage.seen("#lesson")


async def test_of_several_lines_that_a_prompt_shows_the_one_to_type_is_in_view():
    prompt = (
        "Seen elsewhere:\n\n    RSET\n\n"
        + "A paragraph of it.\n\n" * 5
        + "Type this:\n\n    NOOP\n\nThen this message:\n\n"
        + "    a line\n" * 7
    )
    shown = step(NOOP, PREDICTED).replace("Do it.", prompt)
    stage = Stage()
    stage.app.opening = Opening(lesson(shown), Path("lesson.md"))
    async with stage.run(NARROW):
        await prepared(stage)
        await stage.press("enter", "1")
        seen = stage.seen("#lesson")
        assert "NOOP" in seen and "RSET" not in seen


async def test_where_the_connection_of_a_step_has_ended_the_way_back_is_named():
    greeted = step(NOOP).replace('id = "one"', 'id = "one"\nsetup = ["EHLO me"]')
    stage = Stage()
    stage.app.opening = Opening(lesson(greeted), Path("lesson.md"))
    async with stage.run(NARROW):
        await prepared(stage)
        await stage.type("QUIT")
        assert "Not connected: :repeat restarts this step of the lesson" in stage.hint
        await stage.put(":repeat")
        await prepared(stage)
        assert "The lesson says what to do" in stage.hint
