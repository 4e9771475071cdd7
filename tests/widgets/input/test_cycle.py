"""A cycle field shows one of a few values. Left and Right cycle through them; Enter moves on."""

from __future__ import annotations

import pytest
from heloscope.widgets.input.cycle import Cycle
from heloscope.widgets.input.form_field import FormField
from textual import on
from textual.app import App, ComposeResult


class Form(App[None]):
    """A form with two choices and two fields. The first choice shows or hides the name."""

    def compose(self) -> ComposeResult:
        yield Cycle({"no": "anonymous", "yes": "with a \x1b name"}, id="named")
        yield Cycle(("one", "two", "three"), "two", id="number")
        yield FormField("", lambda _: (), id="name")
        yield FormField("", lambda _: (), id="last")

    def on_mount(self) -> None:
        self.posted: list[tuple[str | None, str]] = []
        self._turned()

    def _turned(self) -> None:
        self.query_one("#name").display = self.query_one("#named", Cycle).value == "yes"

    @on(Cycle.Changed)
    def _changed(self, event: Cycle.Changed) -> None:
        self._turned()
        self.posted.append((event.control.id, event.value))

    def drawn(self, id: str) -> str:
        return str(self.query_one(f"#{id}", Cycle).render())


async def test_it_shows_the_label_of_its_value_and_no_other() -> None:
    app = Form()
    async with app.run_test():
        assert app.drawn("named") == "‹ anonymous ›"
        assert app.drawn("number") == "‹ two ›"


async def test_what_cannot_be_seen_is_shown_as_an_escape() -> None:
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press("right")
        assert app.drawn("named") == "‹ with a \\x1b name ›"


@pytest.mark.parametrize(
    ("keys", "value"),
    [(["right"], "three"), (["right", "space"], "one"), (["left", "left"], "three")],
)
async def test_left_right_and_space_cycle_through_the_values(keys: list[str], value: str) -> None:
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press("tab", *keys)
        await pilot.pause()
        assert app.query_one("#number", Cycle).value == value
        assert app.posted[-1] == ("number", value)


@pytest.mark.parametrize(
    ("keys", "focused"),
    [("enter", "number"), ("tab", "number"), ("shift+tab", "last")],
)
async def test_enter_and_tab_lead_to_the_next_field_that_is_displayed(
    keys: str, focused: str
) -> None:
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press(keys)
        assert app.focused is not None and app.focused.id == focused


async def test_a_value_that_is_not_among_them_stands_for_the_first() -> None:
    assert Cycle(("one", "two"), "three").value == "one"
