"""What of its page the lesson pane has in view."""

from __future__ import annotations

from heloscope.widgets.lesson.pane import Choice, LessonPage, LessonPane, LessonPart
from textual.app import App, ComposeResult

PROMPT = LessonPart("", "\n\n".join(f"Sentence {n}." for n in range(10)))
QUESTION = LessonPart("What comes next?", choices=(Choice("1", "250"), Choice("2", "500")))
ANSWER = LessonPart("Not quite", "\n\n".join(f"Reason {n}." for n in range(10)))


class Paned(App[None]):
    CSS = "LessonPane { height: 8; }"

    def compose(self) -> ComposeResult:
        yield LessonPane()


def page(step: str, *parts: LessonPart) -> LessonPage:
    return LessonPage("Lesson", "", step, parts)


async def test_a_question_that_opens_with_its_step_leaves_the_prompt_in_view():
    app = Paned()
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(page("one", PROMPT))
        await pilot.pause()
        pane.show(page("one", PROMPT, QUESTION))
        await pilot.pause()
        assert pane.scroll_y == 0
        pane.show(page("one", PROMPT, QUESTION, ANSWER))
        await pilot.pause()
        assert pane.scroll_y == pane.starts[2]
        pane.show(page("two", PROMPT))
        await pilot.pause()
        assert pane.scroll_y == 0
