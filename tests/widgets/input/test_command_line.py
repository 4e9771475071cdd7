"""The command line: completion, recall, and pasted text."""

from __future__ import annotations

from heloscope.widgets.input.command_line import CommandInput
from heloscope.widgets.input.composer import Composer
from textual import events, on
from textual.app import App, ComposeResult

VERBS = ("EHLO ", "EXPN ", "ETRN", "MAIL FROM:<")
OLD = ("NOOP", "EHLO old.example", "EHLO older.example")


def complete(text: str) -> list[str]:
    if text == "MAIL FROM:<":
        return ["MAIL FROM:<a@b>", "MAIL FROM:<c@d>"]
    return [verb for verb in VERBS if verb.startswith(text.upper())]


def recall(typed: str, back: int) -> str | None:
    found = [line for line in OLD if line.startswith(typed)]
    return found[back - 1] if back <= len(found) else None


class Line(App[None]):
    """An app with a composer that records what the composer posts."""

    def __init__(self) -> None:
        super().__init__()
        self.posted: list[object] = []

    def compose(self) -> ComposeResult:
        yield Composer(complete, recall)

    @on(CommandInput.LinesPasted)
    @on(CommandInput.UnseenDropped)
    @on(CommandInput.EndPassed)
    def _posted(self, event: object) -> None:
        self.posted.append(event)

    @property
    def composer(self) -> Composer:
        return self.query_one(Composer)


async def test_tab_goes_round_the_completions() -> None:
    app = Line()
    async with app.run_test() as pilot:
        await pilot.press("E")
        seen: list[str] = []
        for _ in range(4):
            await pilot.press("tab")
            seen.append(app.composer.text)
        assert seen == ["EHLO ", "EXPN ", "ETRN", "EHLO "]
        assert app.composer.choices == (["EHLO ", "EXPN ", "ETRN"], 0)


async def test_tab_goes_on_from_the_only_completion() -> None:
    app = Line()
    async with app.run_test() as pilot:
        await pilot.press("M", "tab", "tab")
        assert app.composer.text == "MAIL FROM:<a@b>"
        await pilot.press("tab")
        assert app.composer.text == "MAIL FROM:<c@d>"


async def test_choices_are_gone_once_another_line_stands_there() -> None:
    app = Line()
    async with app.run_test() as pilot:
        await pilot.press("E", "tab", "escape")
        assert app.composer.choices == ([], -1)
        await pilot.press("E", "tab", "escape", "up")
        assert app.composer.text == "NOOP"
        assert app.composer.choices == ([], -1)
        await pilot.press("tab")
        assert app.composer.text == "NOOP"


async def test_up_recalls_what_begins_as_typed_and_down_comes_back() -> None:
    app = Line()
    async with app.run_test() as pilot:
        await pilot.press("E", "H", "up", "up")
        assert app.composer.text == "EHLO older.example"
        await pilot.press("up")
        assert app.composer.text == "EHLO older.example"
        await pilot.press("down", "down")
        assert app.composer.text == "EH"


async def test_right_takes_what_is_shown_behind_the_cursor() -> None:
    app = Line()
    async with app.run_test() as pilot:
        await pilot.press("E", "X")
        await app.workers.wait_for_complete()
        await pilot.press("right")
        assert app.composer.text == "EXPN "


async def test_a_pasted_line_with_its_end_is_put_in_and_not_sent() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.post_message(events.Paste("NOOP pasted\r\n"))
        await pilot.pause()
        assert app.composer.text == "NOOP pasted"
        assert app.posted == []


async def test_characters_that_cannot_be_seen_stay_out_and_are_counted() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.post_message(events.Paste("NO\tOP\x07\u202e"))
        await pilot.pause()
        assert app.composer.text == "NOOP"
        (event,) = app.posted
        assert isinstance(event, CommandInput.UnseenDropped)
        assert event.count == 3


async def test_several_pasted_lines_are_asked_about() -> None:
    app = Line()
    async with app.run_test() as pilot:
        await pilot.press("x")
        app.post_message(events.Paste("EHLO me\r\nNOOP\r\n"))
        await pilot.pause()
        assert app.composer.text == "x"
        (event,) = app.posted
        assert isinstance(event, CommandInput.LinesPasted)
        assert event.text == "EHLO me\r\nNOOP\r\n"


async def test_end_at_the_end_of_the_line_means_the_end_of_all() -> None:
    app = Line()
    async with app.run_test() as pilot:
        await pilot.press("x", "home", "end")
        assert app.posted == []
        await pilot.press("end")
        assert isinstance(app.posted[0], CommandInput.EndPassed)
