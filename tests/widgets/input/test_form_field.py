"""A form field completes its last word, and Enter moves to the next field."""

from __future__ import annotations

import pytest
from heloscope.widgets.input.form_field import FormField
from heloscope.widgets.input.suggestions import last_word
from support.rows import for_each
from textual import events
from textual.app import App, ComposeResult

ADDRESSES = ("alice@example.org", "albert@example.org", "bob@example.org")


class Form(App[None]):
    """A form with two fields. The first field completes addresses."""

    def compose(self) -> ComposeResult:
        yield FormField("", last_word(ADDRESSES), id="to")
        yield FormField("", lambda _: (), id="subject")

    @property
    def to(self) -> str:
        return self.query_one("#to", FormField).value

    @property
    def subject(self) -> str:
        return self.query_one("#subject", FormField).value


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ([*"bo", "right"], "bob@example.org"),
        ([*"x", "right"], "x"),
        (["right"], ""),
        ([*"bob@example.org al", "right"], "bob@example.org alice@example.org"),
        ([*"al", "left", "right"], "al"),
    ],
)
async def test_right_at_the_end_takes_the_first_completion(keys: list[str], value: str) -> None:
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press(*(("space" if key == " " else key) for key in keys))
        assert app.to == value


async def test_up_and_down_go_round_the_completions() -> None:
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press("a")
        seen: list[str] = []
        for key in ("down", "down", "down", "up"):
            await pilot.press(key)
            seen.append(app.to.partition("@")[0])
        assert seen == ["alice", "albert", "alice", "albert"]


async def test_up_begins_with_the_last_completion() -> None:
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press("up")
        assert app.to == "bob@example.org"


async def test_pasted_lines_become_one_line_without_what_cannot_be_seen() -> None:
    app = Form()
    async with app.run_test() as pilot:
        app.post_message(events.Paste("a@x\r\nb@x\n\tc\x07@x\u202e"))
        await pilot.pause()
        assert app.to == "a@x b@x c@x"


@for_each([
        ("", ["alice@example.org", "albert@example.org", "bob@example.org"]),
        ("AL", ["alice@example.org", "albert@example.org"]),
        ("alice@example.org,", ["alice@example.org,albert@example.org",
                                "alice@example.org,bob@example.org"]),
        ("x;bo", ["x;bob@example.org"]),
        ("carol", []),
    ])  # fmt: skip
def test_the_last_word_is_completed_to_what_is_not_there_yet(
    text: str, completed: list[str]
) -> None:
    assert last_word(ADDRESSES)(text) == completed
