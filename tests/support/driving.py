"""Sends keys to an application, and waits until it has handled them, without a terminal."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from unittest import mock

from heloscope.app.app import HeloscopeApp
from textual import events
from textual._compositor import Compositor
from textual.app import App
from textual.dom import DOMNode
from textual.keys import _character_to_key

PATIENCE = 30  # seconds of real time, after which a test that waits has failed
_SEEN = {"enter": "\r", "tab": "\t", "space": " "}


async def handled(app: HeloscopeApp) -> None:
    """Wait until every message and its consequences are handled.

    Pilot's `pause` sends a message to each widget, which costs more than everything the widgets do.
    """
    async with asyncio.timeout(PATIENCE):
        calm = busy = 0
        while calm < 3 and app._exception is None and not app._exit:
            await turn(busy)
            if _busy(app):
                calm = 0
                busy += 1
                if busy % 50 == 0:  # a widget waits for the next frame
                    lay_out(app)
                continue
            calm += 1
            if calm == 2:
                lay_out(app)


async def turn(number: int) -> None:
    """Let other tasks run. From `number` 100 on, pause for a millisecond, to give I/O real time."""
    await asyncio.sleep(0 if number < 100 else 0.001)


def lay_out(app: HeloscopeApp) -> None:
    """Lay out what has changed, in the context of `app`, because there may be two applications."""
    with app._context():
        app.screen._on_timer_update()


def _busy(app: HeloscopeApp) -> bool:
    """Return whether a key is waiting, or a message is queued or being handled on the screen."""
    if not app.keys.empty:
        return True
    pumps: list[DOMNode] = [app.screen]
    for pump in pumps:  # with those that are added
        pumps += pump._nodes._nodes
    for pump in (app, *pumps):
        queue = pump._message_queue
        if not queue.empty() or pump._next_callbacks:
            return True
        if pump._running and not pump._closing and not queue.ready_event._waiters:
            return True
    return False


async def press(app: HeloscopeApp, *keys: str) -> None:
    """Press keys one after the other, without the pauses of Pilot's `press`."""
    for name in keys:
        app.post_message(key(name))
        await handled(app)


def burst(app: App[None], *keys: str) -> list[events.Key]:
    """Send keys as if they arrived in one read, and return their events before any is handled."""
    pressed = [key(name) for name in keys]
    for event in pressed:
        app.post_message(event)
    return pressed


def key(name: str) -> events.Key:
    """Return the event of pressing a key, given the key's character or name."""
    known = _character_to_key(name) if len(name) == 1 and not name.isalnum() else name
    return events.Key(known, name if len(name) == 1 else _SEEN.get(name))


render_update = Compositor.render_update


@contextlib.contextmanager
def unpainted() -> Iterator[None]:
    """Suppress painting, which takes a third of a test's time although nobody sees the result."""
    with mock.patch.object(Compositor, "render_update", leave_out):
        yield


def leave_out(compositor: Compositor, **_: object) -> None:
    """Skip a frame that nobody sees."""
    compositor._dirty_regions.clear()
