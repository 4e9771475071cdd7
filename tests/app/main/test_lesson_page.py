"""What the learner sees of a step: rows, lines to type, and verdicts."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from heloscope.app.lessons.opening import Opening
from heloscope.widgets.lesson.pane import LessonPane
from support.lesson_play import lesson, step
from support.stage import NARROW, Stage

PREDICT = """
[[predict]]
id = "{verb}"
ask = "What will {verb} get?"
until = {{ reply = "*", to = "{verb}" }}

[[predict.choice]]
text = "250"
right = true
says = "So it did."

[[predict.choice]]
text = "500"
says = "No."
"""
SOME = "\n\n".join(f"Line {n}." for n in range(6))
LINES = f"{SOME}\n\n    NOOP\n\n{SOME}\n\n    RSET\n\n{SOME}\n"
MESSAGE = "Write:\n\n    MAIL FROM:<a@b.example>\n\nthen\n\n    Subject: Hello\n\n    Text\n"


@contextlib.asynccontextmanager
async def taught(*steps: str) -> AsyncIterator[Stage]:
    """Yield a narrow stage on which a lesson with these steps has begun."""
    stage = Stage()
    stage.app.opening = Opening(lesson(*steps), Path("lesson.md"))
    async with stage.run(NARROW):
        await stage.until(lambda: stage.main.guide.run and not stage.main.guide.preparing)
        await stage.until(lambda: stage.app.connections.attempt is None)
        await stage.settle()
        yield stage


def two_commands() -> str:
    goal = '{ reply = "250", to = "NOOP" }, { reply = "250", to = "RSET" }'
    asked = PREDICT.format(verb="NOOP") + PREDICT.format(verb="RSET")
    text = step(goal, asked).replace('pass = ["C: NOOP"]', 'pass = ["C: NOOP\\nC:\\nC: RSET"]')
    return text.replace("Do it.", LINES)


def view(stage: Stage) -> str:
    """Return the visible lines of the lesson pane, joined into one."""
    lines = stage.seen("#lesson").splitlines()[1:-1]
    return " ".join(" ".join(lines).replace("│", " ").split())


async def test_shift_tab_goes_to_the_prompt_and_enter_to_the_question():
    async with taught(two_commands()) as stage:
        assert view(stage).startswith("Line 0.")
        await stage.press("shift+tab")
        assert isinstance(stage.app.focused, LessonPane) and view(stage).startswith("Line 0.")
        await stage.press("escape", "enter")
        assert "What will NOOP get?" in view(stage)


async def test_a_verdict_comes_before_the_next_question_and_the_next_line_after_its_answer():
    async with taught(two_commands()) as stage:
        await stage.type("1")
        assert view(stage).startswith("NOOP")
        await stage.type("NOOP")
        assert view(stage).startswith("Right So it did. What will RSET get?")
        await stage.type("2")
        assert view(stage).startswith("RSET")


async def test_the_message_to_be_written_is_in_view_beside_the_editor():
    world = 'setup = ["EHLO me", "MAIL FROM:<a@b.example>", "RCPT TO:<alice@practice.test>"]'
    told = "C: DATA\\nC: Subject: Hello\\nC:\\nC: Text\\nC: ."
    text = step('{ got = "message" }', world).replace("C: NOOP", told, 1)
    async with taught(
        text.replace("Do it.", "\n\n".join(["One."] * 5) + "\n\n" + MESSAGE)
    ) as stage:
        await stage.put("DATA")
        await stage.until(lambda: stage.composer.writing)
        await stage.settle()
        assert "Subject: Hello Text" in view(stage)


async def test_the_row_that_is_under_the_cursor_when_it_comes_is_looked_at():
    async with taught(step('{ saw = "row", reply = "250", to = "NOOP" }')) as stage:
        await stage.type("NOOP")
        assert not stage.main.guide.can_go_on
        await stage.press("f6")
        await stage.until(lambda: stage.main.guide.can_go_on)


async def test_the_foot_lists_keys_that_are_not_in_order():
    asked = PREDICT.format(verb="NOOP").replace("choice]]", 'choice]]\nkey = "3"', 1)
    asked += '\n[[predict.choice]]\nkey = "5"\ntext = "Nothing"\nsays = "No."\n'
    async with taught(step('{ reply = "250", to = "NOOP" }', asked)) as stage:
        assert "Enter, then 3, 2 or 5: answer" in stage.seen("#lesson")


async def test_the_message_of_a_step_that_was_left_is_not_the_draft_of_the_next_one():
    world = 'setup = ["EHLO me", "MAIL FROM:<a@b.example>", "RCPT TO:<alice@practice.test>"]'
    goal = '{ reply = "250", to = "." }'

    async def begin_message(stage: Stage) -> None:
        await stage.until(lambda: not stage.main.guide.preparing)
        await stage.put("DATA")
        await stage.until(lambda: stage.composer.writing)

    async with taught(step(goal, world), step(goal, world, name="two")) as stage:
        await begin_message(stage)
        await stage.write("Dear")
        await stage.press("escape")
        await stage.put(":repeat")
        await begin_message(stage)
        assert stage.editor.draft == "Dear"
        await stage.press("escape")
        await stage.put(":jump 2")
        await begin_message(stage)
        assert stage.editor.draft == ""


async def test_an_editor_that_opens_below_the_introduction_leaves_enter_to_the_lesson():
    world = (
        'setup = ["EHLO me", "MAIL FROM:<a@b.example>", "RCPT TO:<alice@practice.test>", "DATA"]'
    )
    whole = msgspec.structs.replace(
        lesson(step('{ reply = "250", to = "." }', world)), intro="This is about the dot."
    )
    stage = Stage()
    stage.app.opening = Opening(whole, Path("lesson.md"))
    async with stage.run(NARROW):
        await stage.until(lambda: stage.main.guide.introducing and stage.composer.writing)
        await stage.until(lambda: isinstance(stage.app.focused, LessonPane))
        assert "continue" in stage.lines[-1]
        await stage.press("enter")
        assert not stage.main.guide.introducing and stage.composer.draft == ""
        await stage.until(lambda: stage.app.focused is stage.editor)
        assert "continue" not in stage.lines[-1]
