"""A message reaches the same handlers in the same order as with Textual itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from unittest import mock

import pytest
from support import quick_messages, stage
from textual import on
from textual.app import App, ComposeResult
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget

Pass = Callable[[MessagePump, Message], Awaitable[None]]
WAYS = {
    "quick": (quick_messages.quick_dispatch, quick_messages.quick_handle),
    "textual": (quick_messages.dispatch, quick_messages.handle),
}
assert stage.Stage  # the short way is in use


class Said(Message):
    """The message that is passed on."""


class Inner(Widget):
    """The base class of the widget where the message starts."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__()
        self.heard = heard

    async def on_said(self, message: Said) -> None:
        self.heard.append("inner")
        self.call_next(lambda: self.heard.append("inner, next"))


class Further(Inner):
    """The widget where the message starts. Its handler is called before that of its base class."""

    async def on_said(self, message: Said) -> None:
        self.heard.append("further")


class Outer(Widget):
    """The widget to which the message bubbles."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__()
        self.heard = heard

    def compose(self) -> ComposeResult:
        yield Further(self.heard)

    @on(Said)
    def whatever(self) -> None:
        self.heard.append("outer, without the message")


class TheApp(App[None]):
    """The application, which receives the message last, or not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def compose(self) -> ComposeResult:
        yield Outer(self.heard)

    def on_said(self) -> None:
        self.heard.append("app")


async def heard(way: str, change: Callable[[Said], object]) -> list[str]:
    passes = dict(zip(("_dispatch_message", "_on_message"), WAYS[way], strict=True))
    with mock.patch.multiple(MessagePump, **passes):
        app = TheApp()
        async with app.run_test() as pilot:
            message = Said()
            change(message)
            app.query_one(Further).post_message(message)
            await pilot.pause()
            return app.heard


@pytest.mark.parametrize("way", WAYS)
async def test_each_handler_is_called_in_its_order_and_the_message_bubbles(way: str):
    assert await heard(way, lambda message: None) == [
        "further", "inner", "inner, next", "outer, without the message", "app",
    ]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
async def test_a_message_that_is_stopped_goes_no_further(way: str):
    assert await heard(way, Said.stop) == ["further", "inner", "inner, next"]


@pytest.mark.parametrize("way", WAYS)
async def test_a_message_without_default_action_or_dispatch_is_handled_once_or_not(way: str):
    def undispatched(message: Any) -> None:
        message.no_dispatch = True

    assert await heard(way, Said.prevent_default) == ["outer, without the message", "app"]
    assert await heard(way, undispatched) == []


@pytest.mark.parametrize("way", WAYS)
async def test_what_a_message_prevents_is_not_posted_while_it_is_handled(way: str):
    app = TheApp()
    passes = dict(zip(("_dispatch_message", "_on_message"), WAYS[way], strict=True))
    with mock.patch.multiple(MessagePump, **passes):
        async with app.run_test() as pilot:
            message = Said()
            message._prevent.add(Said)
            app.query_one(Outer).post_message(message)
            await pilot.pause()
            assert app.heard == ["outer, without the message"]


async def test_a_callback_gets_as_many_arguments_as_it_takes_and_is_waited_for():
    async def waits(one: int) -> int:
        return one + 1

    assert await quick_messages.quick_invoke(waits, 1, 2) == 2
    assert await quick_messages.quick_invoke(lambda: 3, 1, 2) == 3
    assert await quick_messages.quick_invoke(lambda: None, 1) is None
