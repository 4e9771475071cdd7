"""Known secrets are shown as dots in every field, and cannot be copied."""

from __future__ import annotations

import pytest
from heloscope.widgets.base.known_secrets import conceal_in_fields, concealed
from support.screen_text import text_in
from textual.app import App, ComposeResult
from textual.widgets import Input


def mask(text: str) -> str:
    return text.replace("wonderland", "********").replace("red queen", "********")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", ""),
        ("alice in  wonderlan", "alice in  wonderlan"),
        ("wonderland", "••••••••••"),
        ("alice in  wonderland!", "alice in  •••••••••••"),
        ("the red queen", "•••••••••••••"),  # a secret with a blank in it
        ("wonderland and the red queen", "••••••••••••••••••••••••••••"),
    ],
)
def test_the_words_of_a_secret_are_dots(typed: str, shown: str) -> None:
    assert concealed(typed, mask) == shown


class Page(App[None]):
    """A field in an app that knows secrets."""

    mask_known = staticmethod(mask)

    def compose(self) -> ComposeResult:
        yield Input(compact=True, select_on_focus=False)

    @property
    def seen(self) -> str:
        return "".join(text_in(self.screen._compositor, self.query_one(Input).region)).rstrip()


@pytest.fixture(autouse=True)
def changed() -> None:
    conceal_in_fields()


async def test_a_field_shows_dots_once_the_secret_is_whole() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await pilot.press(*"x wonderlan")
        assert app.seen == "x wonderlan"
        await pilot.press("d")
        await pilot.pause()
        assert app.seen == "x ••••••••••"
        assert app.query_one(Input).value == "x wonderland"


async def test_a_secret_is_not_copied_from_a_field_and_can_be_cut() -> None:
    app = Page()
    async with app.run_test() as pilot:
        app.query_one(Input).value = "bob"
        await pilot.press("shift+home", "ctrl+c")
        assert app.clipboard == "bob"
        app.query_one(Input).value = "wonderland"
        await pilot.press("end", "shift+home", "ctrl+c")
        assert app.clipboard == "bob"
        await pilot.press("ctrl+x")
        assert app.query_one(Input).value == ""
        assert app.clipboard == "bob"


async def test_an_app_that_knows_none_shows_what_is_typed() -> None:
    app = Page()
    app.mask_known = None  # type: ignore[method-assign,assignment]
    async with app.run_test() as pilot:
        await pilot.press(*"wonderland")
        await pilot.pause()
        assert app.seen == "wonderland"
