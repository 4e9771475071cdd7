"""The find bar searches as the user types, and its keys move from match to match."""

from __future__ import annotations

import pytest
from heloscope.widgets.bars.find import FindBar
from support.screen_text import text_in
from textual import on
from textual.app import App, ComposeResult
from textual.widgets import Input, Label


class Page(App[None]):
    """An app with a find bar that records what the bar posts."""

    def __init__(self) -> None:
        super().__init__()
        self.sought: list[tuple[str, int, bool]] = []
        self.closed = 0

    def compose(self) -> ComposeResult:
        yield FindBar(id="find")

    @on(FindBar.Sought, "#find")
    def _sought(self, event: FindBar.Sought) -> None:
        self.sought.append((event.text, event.by, event.again))

    @on(FindBar.Closed, "#find")
    def _count_closed(self) -> None:
        self.closed += 1

    @property
    def bar(self) -> FindBar:
        return self.query_one(FindBar)

    @property
    def seen(self) -> str:
        return "".join(text_in(self.screen._compositor, self.bar.region))

    @property
    def note(self) -> str:
        return str(self.query_one("#find-note", Label).render())


async def test_it_is_hidden_until_it_is_opened() -> None:
    app = Page()
    async with app.run_test() as pilot:
        assert not app.bar.display
        app.bar.open()
        await pilot.pause()
        assert app.bar.display
        assert isinstance(app.focused, Input)


async def test_each_character_is_sought_from_the_present_line_on() -> None:
    app = Page()
    async with app.run_test() as pilot:
        app.bar.open()
        await pilot.press("a", "b")
        assert app.sought == [("a", 1, False), ("ab", 1, False)]


@pytest.mark.parametrize(
    ("key", "by"), [("enter", 1), ("down", 1), ("tab", 1), ("up", -1), ("shift+tab", -1)]
)
async def test_keys_go_to_the_next_and_the_previous_hit(key: str, by: int) -> None:
    app = Page()
    async with app.run_test() as pilot:
        app.bar.open("ab")
        await pilot.pause()
        app.sought.clear()
        await pilot.press(key)
        await pilot.pause()
        assert app.sought == [("ab", by, True)]
        assert isinstance(app.focused, Input)


async def test_it_says_when_nothing_was_found() -> None:
    app = Page()
    async with app.run_test() as pilot:
        app.bar.open()
        await pilot.pause()
        assert app.note.startswith("Enter or Down: next")
        app.bar.say(False)
        assert app.note == "not found  Esc: close"


async def test_esc_closes_it_and_says_so() -> None:
    app = Page()
    async with app.run_test() as pilot:
        app.bar.open("ab")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert not app.bar.display
        assert app.closed == 1


ALL_KEYS = "Enter or Down: next  Up: previous  Esc: close"


@pytest.mark.parametrize(
    ("width", "note"),
    [(140, ALL_KEYS), (80, ALL_KEYS), (60, "Down: next  Up: previous"), (50, "Esc: close")],
)
async def test_the_keys_leave_room_for_the_text(width: int, note: str) -> None:
    app = Page()
    async with app.run_test(size=(width, 24)) as pilot:
        app.bar.open()
        await pilot.pause()
        assert app.note == note
        assert app.query_one(Input).size.width >= 24
        app.bar.say(False)
        await pilot.pause()
        assert app.note.startswith("not found")
        assert app.query_one(Input).size.width >= 24
