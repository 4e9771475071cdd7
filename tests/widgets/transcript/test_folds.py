"""The transcript folds messages, counts new lines, and copes with little space."""

from __future__ import annotations

from unittest import mock

import pytest
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.conversation import Conversation
from heloscope.widgets.transcript.view import TranscriptView
from support.scripts import lines
from textual.app import App, ComposeResult

MESSAGE = """
    S: 220 hi
    C: DATA
    S: 354 go on
    C: Subject: x
    C:
    C: needle
    C: .
    S: 250 ok
"""


class Pane(App[None]):
    def compose(self) -> ComposeResult:
        yield TranscriptView()

    @property
    def view(self) -> TranscriptView:
        return self.query_one(TranscriptView)

    def show(self, conversation: str) -> Conversation:
        talk = Conversation()
        at, last = 0.0, ""
        for side, data in lines(conversation):
            at += 0.0 if side == last else 0.5
            last = side
            talk.feed(CLIENT if side == "C" else SERVER, data, at)
        self.view.add(talk.transcript, talk.pending_masked)
        return talk

    @property
    def drawn(self) -> list[str]:
        view = self.view
        return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


def new_lines(view: TranscriptView) -> int:
    return view._height - view._left_at


async def test_lines_that_are_unfolded_are_not_new() -> None:
    app = Pane()
    async with app.run_test(size=(60, 5)) as pilot:
        talk = app.show("S: 220 hi\n" * 20 + MESSAGE.removeprefix("\n    S: 220 hi\n"))
        view = app.view
        assert view.find("needle")
        await pilot.pause()
        assert not view.following
        assert new_lines(view) == 0
        talk.feed(SERVER, b"250 late\r\n", 99)
        view.sync()
        assert new_lines(view) == 1
        section, _ = view.locate(0)
        view.toggle_fold(section, 0)
        assert new_lines(view) == 1


async def test_a_message_has_one_time_the_one_at_which_it_began() -> None:
    app = Pane()
    async with app.run_test(size=(60, 12)) as pilot:
        app.show(MESSAGE)
        section, _ = app.view.locate(0)
        app.view.toggle_fold(section, 0)
        await pilot.pause()
        body = app.drawn[3:6]
        assert body[0].startswith("  +") and "message, 3 lines" in body[0]
        assert body[1].strip() == "C   Subject: x"
        assert body[2].strip() == "C"
        assert app.drawn[7:9] == ["  +0.000  C   .", "  +0.500  S   250 ok"]


@pytest.mark.parametrize(
    ("width", "drawn"),
    [(20, "S   220 practice.te›"), (60, "  +0.000  S   220 practice.test")],
)
async def test_a_narrow_pane_leaves_out_the_time_and_shows_more_of_the_line(
    width: int, drawn: str
) -> None:
    app = Pane()
    async with app.run_test(size=(width, 12)) as pilot:
        app.show("S: 220 practice.test")
        await pilot.pause()
        assert app.drawn[0] == drawn


async def test_the_scrollbar_comes_and_goes_with_what_there_is_to_scroll() -> None:
    app = Pane()
    async with app.run_test(size=(60, 5)) as pilot:
        talk = app.show("S: 220 hi\n" * 5)
        view = app.view
        await pilot.pause()
        assert not view.show_vertical_scrollbar
        talk.feed(SERVER, b"220 hi\r\n", 1.0)
        view.sync()
        await pilot.pause()
        assert view.show_vertical_scrollbar
        assert view.scrollable_content_region.width == 59
        talk.feed(SERVER, b"220 hi\r\n" * 4, 2.0)
        with mock.patch.object(view, "refresh", wraps=view.refresh) as refreshed:
            view.sync()
        assert not any(call.kwargs.get("layout") for call in refreshed.mock_calls)
        assert view.vertical_scrollbar.window_virtual_size == 10
        assert view.scroll_offset.y == view.max_scroll_y == 5


async def test_another_height_does_not_end_following_with_the_cursor_above_the_last_line() -> None:
    app = Pane()
    async with app.run_test(size=(60, 6)) as pilot:
        talk = app.show("S: 220 hi\n" + "C: NOOP\nS: 250 ok\n" * 10)
        view = app.view
        view.move_to(view.height - 1)
        talk.feed(CLIENT, b"NOOP the last one\r\n", 99.0)
        view.sync()
        await pilot.resize_terminal(60, 4)
        await pilot.pause()
        assert view.following
        assert any("NOOP the last one" in line for line in app.drawn)
