"""Passes on Textual's messages without the parts that a test does not need.

Each widget has a task that receives its messages, and a message passes through five coroutines and
two context managers to its handler, with a line for a log that nobody reads. This takes a tenth of
the time of a test with a screen. Handlers, their order and their arguments are the same as in
Textual; tests/app/test_quick_messages.py compares them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache
from inspect import isawaitable
from typing import Any, cast

from textual import _callback
from textual._context import message_hook as message_hook_context_var
from textual.events import Event
from textual.message import Message
from textual.message_pump import MessagePump

dispatch: Callable[[MessagePump, Message], Awaitable[None]] = MessagePump._dispatch_message
handle: Callable[[MessagePump, Message], Awaitable[None]] = MessagePump._on_message
start = MessagePump._start_messages


@cache
def use() -> None:
    """Use the short path for messages from now on."""
    for name, quick in (
        ("_dispatch_message", quick_dispatch),
        ("_on_message", quick_handle),
        ("_start_messages", quick_start),
    ):
        setattr(MessagePump, name, quick)
    setattr(_callback, "_invoke", quick_invoke)  # noqa: B010 (the type does not change)


async def quick_dispatch(self: MessagePump, message: Message) -> None:
    """Pass on a message, leaving it to Textual if it is prevented, has a hook, or is debugged."""
    if message.no_dispatch:
        return
    event = isinstance(message, Event)
    if (
        message._prevent
        or message_hook_context_var.get(None) is not None
        or (not event and "debug" in self.app.features)
    ):
        await dispatch(self, message)
        return
    await (self.on_event(message) if event else self._on_message(message))
    if self._next_callbacks:
        await self._flush_next_callbacks()


async def quick_handle(self: MessagePump, message: Message) -> None:
    """Call the handlers of a message and bubble it, without logging."""
    name = message.handler_name
    for _, method in self._get_dispatch_methods(name, message):
        await _callback.invoke(method, message)
    if message.bubble and not message._stop_propagation and (parent := self._parent):
        if message._sender is not None and message._sender == parent:
            message.stop()  # it came from there
        if self.is_parent_active and self.is_attached:
            message._bubble_to(parent)


def quick_start(self: MessagePump) -> None:
    """Start the task of a pump, without naming it after all classes of the node."""
    self._thread_init()
    if self.app._running:
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._process_messages(), name=type(self).__name__)
    else:
        self._closing = True
        self._closed = True


async def quick_invoke(callback: Callable[..., Any], *params: object) -> Any:
    """Call a callback with as many arguments as it accepts, and return its (awaited) result."""
    count = cast("Callable[[Any], int]", _callback.count_parameters)(callback)
    result = callback(*params[:count])
    if result is not None and isawaitable(result):
        result = await result
    return result
