"""The mailboxes of the practice server, whatever they contain."""

from __future__ import annotations

import pytest
from heloscope.widgets.base import message_text
from heloscope.widgets.base.message_text import MessageText
from support.stage import NARROW, Stage
from textual.widgets import OptionList

TO = ("alice@practice.test",)


def delivered(stage: Stage, *messages: bytes) -> None:
    practice = stage.app.connections.practice
    assert practice is not None
    for content in messages:
        practice.mailboxes.deliver(0.0, "me", "you@example.org", TO, (), content)


async def test_of_a_message_of_many_lines_only_those_in_view_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
):
    drawn: list[int] = []
    render_line = MessageText.render_line
    monkeypatch.setattr(
        MessageText, "render_line", lambda self, y: (drawn.append(y), render_line(self, y))[1]
    )
    async with Stage().run() as stage:
        delivered(stage, b"Subject: many\r\n\r\n" + b"x\r\n" * 66_000)
        await stage.press("f4")
        assert "Subject: many" in stage.screen
        assert len(set(drawn)) < 100
        assert len(stage.app.screen.query_one(MessageText).lines) == 66_002
        pane = stage.app.screen.query_one("#message-pane")
        await stage.until(lambda: pane.max_scroll_y > 60_000)
        pane.scroll_to(y=pane.max_scroll_y, animate=False, immediate=True)
        await stage.settle()
        assert "x" in stage.seen("#message-pane")
        assert max(drawn) > 60_000
        assert len(set(drawn)) < 200


async def test_a_line_of_a_mebibyte_is_cut_and_says_so():
    async with Stage().run() as stage:
        delivered(stage, b"Subject: long\r\n\r\n" + b"x" * 1048576 + b"\r\n")
        await stage.press("f4")
        assert "… and 848,595 more bytes" in stage.screen
        line = stage.app.screen.query_one(MessageText).lines[-1]
        assert line == "x" * message_text.LONGEST + "… and 195,983 more bytes"


async def test_of_ten_thousand_messages_the_newest_are_listed():
    async with Stage().run() as stage:
        delivered(stage, *(b"Subject: n%d\r\n\r\n" % n for n in range(10_000)))
        await stage.press("f4")
        assert "alice (10000)" in stage.screen
        assert "10000 n9999" in stage.screen
        assert stage.app.screen.query_one(OptionList).option_count == 1000 + 3 + 1
        last = stage.app.screen.query_one(OptionList).get_option_at_index(1001)
        assert str(last.prompt) == " and 9,000 older messages"


async def test_no_byte_of_a_message_reaches_the_terminal_as_it_is():
    async with Stage().run() as stage:
        delivered(stage, b"Subject: \x1b[2J\r\nX: \x9b\xe2\x80\xae\r\n\r\n\x07\tx\ry\n\xff")
        await stage.press("f4")
        assert stage.app.screen.query_one(MessageText).lines == [
            r"Subject: \x1b[2J", r"X: \x9b\u202e", "", r"\x07\tx\ry\n\xff",
        ]  # fmt: skip


async def test_a_message_is_shown_as_received_and_by_a_key_as_delivered():
    async with Stage().run() as stage:
        await stage.deliver("Subject: hi", "", "hello")
        await stage.press("f4")
        assert "Message as received" in stage.screen
        assert "Return-Path: <" not in stage.screen
        await stage.press("v")
        assert "Message as delivered" in stage.screen
        assert "Return-Path: <" in stage.screen
        assert "by practice.test with ESMTP id 1" in stage.screen
        await stage.press("v")
        assert "Return-Path: <" not in stage.screen


async def test_the_space_bar_scrolls_the_message_while_the_list_has_the_focus():
    async with Stage().run(NARROW) as stage:
        delivered(stage, b"Subject: long\r\n\r\n" + b"x\r\n" * 100)
        await stage.press("f4")
        assert isinstance(stage.app.focused, OptionList) and "Space: read on" in stage.screen
        assert "Esc: close" in stage.screen
        await stage.press("space")
        assert stage.app.screen.query_one("#message-pane").scroll_y > 0
