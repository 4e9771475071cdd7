"""A row of radio buttons shows all choices, and Left and Right choose one."""

from __future__ import annotations

import pytest
from heloscope.widgets.input.radio_row import RadioRow
from textual import on
from textual.app import App, ComposeResult

COLOURS = {"r": "red", "g": "light green", "b": "blue"}


class Form(App[None]):
    """An app with a radio row that records what the row posts."""

    def __init__(self, value: str = "") -> None:
        super().__init__()
        self.value = value
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield RadioRow(COLOURS, self.value, id="colour")

    @on(RadioRow.Changed, "#colour")
    def _changed(self, event: RadioRow.Changed) -> None:
        self.chosen.append(event.value)

    @property
    def row(self) -> RadioRow:
        return self.query_one(RadioRow)

    @property
    def drawn(self) -> str:
        return str(self.row.render())


async def test_every_choice_is_in_view_and_the_chosen_one_is_marked() -> None:
    app = Form("g")
    async with app.run_test():
        assert app.drawn == "( ) red (●) light green ( ) blue"


async def test_where_the_row_is_too_narrow_a_line_ends_between_two_choices() -> None:
    app = Form()
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.pause()
        assert app.drawn == "(●) red\n( ) light green\n( ) blue"
        assert app.row.size.height == 3


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (["right"], ["g"]),
        (["space", "right"], ["g", "b"]),
        (["right", "right", "right"], ["g", "b", "r"]),
        (["left"], ["b"]),
        (["enter"], []),
    ],
)
async def test_left_right_and_space_choose_round_the_ends(
    keys: list[str], chosen: list[str]
) -> None:
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert app.chosen == chosen
        assert app.row.value == [*"r", *chosen][-1]


async def test_a_click_chooses_the_next_one() -> None:
    app = Form("b")
    async with app.run_test() as pilot:
        await pilot.click(RadioRow)
        await pilot.pause()
        assert app.chosen == ["r"]
        assert app.row.has_focus


async def test_a_value_set_by_the_program_is_shown_and_not_posted() -> None:
    app = Form()
    async with app.run_test() as pilot:
        app.row.value = "b"
        await pilot.pause()
        assert app.drawn == "( ) red ( ) light green (●) blue"
        assert app.chosen == []
