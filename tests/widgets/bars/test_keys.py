"""The key bar shows as many of the keys that currently work as fit, and a click presses one."""

from __future__ import annotations

import pytest
from heloscope.widgets.bars.keys import KeyBar
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widgets import Input


class Bar(App[None]):
    BINDINGS = [
        Binding("f1", "press('help')", "help"),
        Binding("f2,ctrl+t", "press('two')", "two", key_display="F2"),
        Binding("f3", "press('hidden')", "hidden", show=False),
        Binding("f4", "press('end')", "end"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[str] = []

    def compose(self) -> ComposeResult:
        yield Field()
        yield KeyBar()

    def action_press(self, name: str) -> None:
        self.pressed.append(name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not (parameters == ("end",) and "two" in self.pressed)


class Field(Input):
    BINDINGS = [Binding("f9", "press", "field")]


def shown(app: Bar) -> str:
    return str(app.query_one(KeyBar).render())


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (100, " f9 field  f1 help  F2 two  f4 end ".ljust(87) + "▏ ^p palette "),
        (50, " f9 field f1 help F2 two f4 end".ljust(38) + "▏ ^p palette"),
        (43, " f9 field f1 help F2 two f4 end▏ ^p palette"),
        (42, " f9 field f1 help F2 two".ljust(30) + "… ^p palette"),
        (20, "        … ^p palette"),
    ],
)
async def test_what_does_not_fit_is_left_out_with_a_mark(width: int, line: str):
    app = Bar()
    async with app.run_test(size=(width, 5)) as pilot:
        await pilot.pause()
        assert shown(app) == line


async def test_it_follows_the_focus_and_what_can_be_done():
    app = Bar()
    async with app.run_test(size=(80, 5)) as pilot:
        app.screen.set_focus(None)
        await pilot.pause()
        assert shown(app).startswith(" f1 help F2 two f4 end ")
        await pilot.press("f2")
        app.refresh_bindings()
        await pilot.pause()
        assert shown(app).startswith(" f1 help F2 two  ")


@pytest.mark.parametrize(("column", "pressed"), [(2, []), (9, ["help"]), (20, ["two"]), (60, [])])
async def test_a_click_presses_the_key(column: int, pressed: list[str]):
    app = Bar()
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.pause()
        await pilot.click(KeyBar, offset=(column, 0))
        await pilot.pause()
        assert app.pressed == pressed


async def test_the_palette_is_a_click_away():
    app = Bar()
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.pause()
        await pilot.click(KeyBar, offset=(75, 0))
        await pilot.pause()
        assert len(app.screen_stack) == 2
