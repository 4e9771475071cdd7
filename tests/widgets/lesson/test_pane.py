"""The lesson pane scrolls the relevant part of its page into view."""

from __future__ import annotations

from heloscope.widgets.lesson.pane import Choice, LessonPage, LessonPane, LessonPart
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import ModalScreen

PROMPT = LessonPart("", "\n\n".join(f"Sentence {n}." for n in range(10)))
QUESTION = LessonPart("What comes next?", choices=(Choice("1", "250"), Choice("2", "500")))
ANSWER = LessonPart("Not quite", "\n\n".join(f"Reason {n}." for n in range(10)))


class Paned(App[None]):
    CSS = "LessonPane { height: 8; }"
    AUTO_FOCUS = None

    def compose(self) -> ComposeResult:
        yield LessonPane()


async def settled(pilot: Pilot[None]) -> None:
    for _ in range(3):  # the page, its place, its foot
        await pilot.pause()


def page(step: str, *parts: LessonPart) -> LessonPage:
    return LessonPage("Lesson", "", step, parts)


async def test_the_foot_says_how_to_read_on_as_long_as_there_is_more():
    app = Paned()
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(LessonPage("Lesson", "Enter: begin", "one", (PROMPT,), reads="Tab: read on"))
        await settled(pilot)
        assert pane.border_subtitle == "Enter: begin  Tab: read on"
        pane.focus()
        await settled(pilot)
        assert pane.border_subtitle == "Enter: begin  Space: read on"
        pane.scroll_end(animate=False)
        await settled(pilot)
        assert pane.border_subtitle == "Enter: begin"


async def test_the_first_page_says_how_to_read_on_as_well():
    app = Paned()
    async with app.run_test(size=(60, 10)) as pilot:
        pane = LessonPane()
        pane.styles.height = 8
        app.query_one(LessonPane).display = False
        await app.mount(pane)
        pane.show(LessonPage("Lesson", "Enter: begin", "one", (PROMPT,), reads="Tab: read on"))
        await settled(pilot)
        assert pane.border_subtitle == "Enter: begin  Tab: read on"


async def test_where_an_answer_is_taken_back_the_prompt_is_in_view_again():
    app = Paned()
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(page("one", PROMPT))
        await settled(pilot)
        pane.show(page("one", PROMPT, ANSWER))
        await settled(pilot)
        assert pane.scroll_y > 0
        pane.show(page("one", PROMPT))
        await settled(pilot)
        assert pane.scroll_y == 0


async def test_a_question_that_opens_with_its_step_leaves_the_prompt_in_view():
    app = Paned()
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(page("one", PROMPT))
        await settled(pilot)
        pane.show(page("one", PROMPT, QUESTION))
        await settled(pilot)
        assert pane.scroll_y == 0
        pane.show(page("one", PROMPT, QUESTION, ANSWER))
        await settled(pilot)
        assert pane.scroll_y == pane.starts[2]
        pane.show(page("two", PROMPT))
        await settled(pilot)
        assert pane.scroll_y == 0


async def test_a_question_about_what_was_done_is_brought_into_view():
    app = Paned()
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(page("one", PROMPT))
        await settled(pilot)
        pane.show(page("one", PROMPT, QUESTION)._replace(late=True))
        await settled(pilot)
        assert pane.scroll_y == min(pane.starts[1], pane.max_scroll_y) > 0


async def test_the_line_to_be_typed_is_in_view_when_it_is_time_for_it_and_not_afterwards():
    app = Paned()
    plain = page("one", PROMPT)
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(plain)
        await settled(pilot)
        pane.show(plain._replace(act="message", types="Sentence 4."))
        await settled(pilot)
        assert pane.scroll_y == 8
        pane.show(plain._replace(act="step", types="Sentence 0."))
        await settled(pilot)
        assert pane.scroll_y == 8  # the message has gone; what comes of it is not known yet


async def test_what_is_said_below_a_dialog_is_in_view_when_it_closes():
    app = Paned()
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(page("one", PROMPT))
        await settled(pilot)
        await app.push_screen(ModalScreen[None]())
        await settled(pilot)
        pane.show(page("one", PROMPT, ANSWER))
        await settled(pilot)
        await app.pop_screen()
        await settled(pilot)
        assert pane.scroll_y == pane.starts[1]


async def test_a_task_that_fits_is_in_view_from_its_beginning():
    app = Paned()
    short = page("one", LessonPart("", "First this.\n\nThen `NOOP`."), PROMPT, QUESTION)
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(short)
        pane.scroll_end(animate=False)
        await settled(pilot)
        pane.show(short._replace(act="step", types="NOOP"))
        await settled(pilot)
        assert pane.scroll_y == 0


async def test_the_verdict_on_an_answer_is_in_view_and_not_only_the_answer_that_was_marked():
    app = Paned()
    asked = (Choice("1", "250"), Choice("2", "500"), Choice("3", "421"))
    question = LessonPart("What comes next?", choices=asked)
    marked = LessonPart("What comes next?", choices=(asked[0]._replace(chosen=True), *asked[1:]))
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(page("one", PROMPT, question))
        await settled(pilot)
        pane.show(page("one", PROMPT, marked, ANSWER))
        await settled(pilot)
        assert pane.scroll_y == pane.starts[2]


async def test_a_prediction_that_was_made_elsewhere_is_brought_into_view():
    app = Paned()
    marked = LessonPart(QUESTION.head, choices=(Choice("1", "250", True), Choice("2", "500")))
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(page("one", PROMPT, QUESTION))
        await settled(pilot)
        pane.show(page("one", PROMPT, marked))
        await settled(pilot)
        assert pane.scroll_y == min(pane.starts[1], pane.max_scroll_y) > 0


async def test_code_in_a_question_and_in_its_answers_is_shown_without_its_marks():
    app = Paned()
    asked = LessonPart("What will `VRFY my_host` get?", choices=(Choice("1", "`250` or <you@x>"),))
    async with app.run_test(size=(60, 10)):
        pane = app.query_one(LessonPane)
        pane.show(page("one", asked))
        assert pane.plain == "What will VRFY my_host get?\n 1  250 or <you@x>"


async def test_a_digit_that_is_no_answer_goes_to_no_other_place():
    chosen: list[str] = []

    class Told(Paned):
        def on_lesson_pane_chosen(self, event: LessonPane.Chosen) -> None:
            chosen.append(event.key)

    app = Told()
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(LessonPage("Lesson", "", "one", (PROMPT, QUESTION), ("1", "2")))
        pane.focus()
        await pilot.press("7", "x", "2")
        assert chosen == ["7", "2"]


async def test_a_verdict_stays_in_view_when_what_belongs_to_it_comes_later():
    app = Paned()
    verdict = LessonPart("Not quite", "It was a 4.")
    done = LessonPart("Done", "\n\n".join(f"Word {n}." for n in range(10)), belongs=True)
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(page("one", PROMPT))
        await settled(pilot)
        pane.show(page("one", PROMPT, verdict))
        await settled(pilot)
        pane.show(page("one", PROMPT, verdict, done))
        await settled(pilot)
        assert pane.scroll_y == pane.starts[1]


async def test_an_answer_that_is_repeated_is_not_what_is_new():
    app = Paned()
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(page("one", PROMPT, LessonPart("", "You expect: 250", echo=True)))
        await settled(pilot)
        pane.show(page("one", PROMPT, LessonPart("", "You expected: 250", echo=True), ANSWER))
        await settled(pilot)
        assert pane.scroll_y == pane.starts[2]


async def test_the_line_that_comes_next_is_brought_into_view_but_not_while_the_pane_is_read():
    app = Paned()
    plain = page("one", PROMPT)
    async with app.run_test(size=(60, 10)) as pilot:
        pane = app.query_one(LessonPane)
        pane.show(plain)
        await settled(pilot)
        pane.show(plain._replace(follows="Sentence 1."))
        await settled(pilot)
        assert pane.scroll_y == 0  # it is in view
        pane.show(plain._replace(follows="Sentence 5."))
        await settled(pilot)
        assert pane.scroll_y == 9
        pane.focus()
        await settled(pilot)
        pane.show(plain._replace(follows="Sentence 0."))
        await settled(pilot)
        assert pane.scroll_y == 9
