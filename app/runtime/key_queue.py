"""Delivers keys one at a time, each after the effects of the previous one are complete.

Over a slow line, or when a frame takes a long time to draw, several keys may arrive in one read.
Textual immediately gives all of them to the widget that has the focus at that moment, and runs
their bindings later, so that a key meant for a dialog that the previous key opens would go to the
widget beneath, and a key that closes a dialog would act twice. Therefore a key waits here until the
previous one has taken effect: the focus has moved, a dialog has opened or closed, or a list has
been filled.

A character typed into a text field has no such effect, so the next one is delivered immediately.

For longer work, such as searching all recordings, a screen or the app may have a method `waits(key)
-> bool`, which returns for each key ("" for pasted text) whether it is meant for the pending
result. Such a key waits for the result. Esc cancels the work and drops the waiting keys, as does
the key that quits.

A key that was meant for a dialog that has closed is dropped (see typed_ahead.py). Letters that are
keys of a pane wait until it is known that they are not text (see pane_letters.py).

Private names of Textual used here: `_message_queue`, `_next_callbacks`, `_running`, `_closing`,
`_closed` and `_is_mounted` of a message pump; `_callbacks`, `_layout_required` and
`_recompose_required` of a screen. There is no public way to ask whether a message is being handled.
"""

# pyright: reportPrivateUsage=false
# The names above are only read, never set.

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widgets import Input

from ..actions import keys_with
from .pane_letters import PaneLetters
from .typed_ahead import TypedAhead

if TYPE_CHECKING:
    from textual.widgets import TextArea

_Held = events.Key | events.Paste | events.MouseDown | events.MouseUp
LIMIT = 1.0  # seconds, and ...
TURNS = 100  # ... turns of the event loop, after which a key no longer waits for the one before
_AWAKE = 50  # turns in which nothing is slept through, since most keys are done by then
GIVES_UP = (*keys_with("escape,ctrl+c", "q").split(","),)  # keys that never wait
_NAP = 0.002  # seconds between two checks after that


class KeyQueue:
    """Delays keys, pasted text and clicks until the previous one has taken effect."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[_Held] = deque()
        self._due: _Held | None = None  # posted to the app again for delivery
        self._done = True  # whether everything delivered has had its effect
        self._taken = asyncio.Event()  # set when the due one is delivered
        self._text_field: Input | TextArea | None = None  # the field that took the last one as text
        self._watch: asyncio.Task[None] | None = None
        self._ahead = TypedAhead()
        self._letters = PaneLetters(app, self._field_for)

    @property
    def empty(self) -> bool:
        """Whether no event is waiting."""
        return self._due is None and not self._waiting

    def holds(self, event: events.Event) -> bool:
        """Keep a keyboard or mouse event for later. Return False if it is due now.

        The app calls this for each event that it handles.
        """
        if not isinstance(event, _Held) or event.is_forwarded:
            return False
        if event is self._due:
            self._due = None
            self._taken.set()
        elif (
            not self.empty
            or not (self._done or self._continues_text(event))
            or self._screen_waits(event)
            or self._ahead.takes(event)
            or self._letters.holds(event)
        ):
            if self._gives_up(event):
                self._waiting.clear()
            self._waiting.append(event)
            self._start()
            return True
        self._done = False
        self._text_field = self._field_for(event)
        text = self._text_field is not None
        if self._app.screen_stack:
            self._ahead.delivered(event, self._app.screen, text=text)
            self._letters.delivered(event)
        if not text:
            self._start()
        return False

    def _field_for(self, event: _Held) -> Input | TextArea | None:
        """Return the text field that takes this event as text, or None."""
        if not self._app.screen_stack:  # the program ends
            return None
        focused = self._app.focused
        if not isinstance(event, events.Key) or not event.is_printable:
            return None
        if isinstance(focused, Input):
            return focused
        from textual.widgets import TextArea  # importing it would delay the first frame by 7 ms

        return focused if isinstance(focused, TextArea) else None

    def _screen_waits(self, event: _Held) -> bool:
        """Return whether a key or pasted text is meant for a pending result."""
        if not isinstance(event, events.Key | events.Paste) or not self._app.screen_stack:
            return False
        key = event.key if isinstance(event, events.Key) else ""
        for pump in (self._app, self._app.screen):
            waits = getattr(pump, "waits", None)
            if waits is not None and self._app.screen.is_mounted and waits(key):
                return True
        return False

    def _gives_up(self, event: _Held) -> bool:
        """Return whether a key such as Esc cancels the result for which other keys wait."""
        return (
            isinstance(event, events.Key)
            and event.key in GIVES_UP
            and bool(self._waiting)
            and self._screen_waits(self._waiting[0])
        )

    def _continues_text(self, event: _Held) -> bool:
        return self._text_field is not None and self._field_for(event) is self._text_field

    def _start(self) -> None:
        if self._watch is None or self._watch.done():
            self._watch = asyncio.get_running_loop().create_task(self._deliver())

    async def _deliver(self) -> None:
        """Wait for the effects of delivered events, then deliver the waiting ones one at a time."""
        while True:
            await self._until_settled()
            self._ahead.settled(self._app.screen_stack if self._app.is_running else ())
            self._done = True
            await self._ahead.drop_from(self._waiting)
            if self._waiting and self._screen_waits(self._waiting[0]):
                await asyncio.sleep(_NAP)
                if not self._app.is_running:
                    self._waiting.clear()
                continue  # events that have arrived by then have to be handled first
            if await self._letters.sort(self._waiting):
                continue
            if not self._waiting:
                return
            await self._deliver_next()
            while self._waiting and self._continues_text(self._waiting[0]):
                await self._deliver_next()

    async def _deliver_next(self) -> None:
        self._taken.clear()
        self._due = self._waiting.popleft()
        self._app.post_message(self._due)
        while not self._taken.is_set():
            try:
                async with asyncio.timeout(LIMIT):
                    await self._taken.wait()
            except TimeoutError:
                if not self._app.is_running:
                    self._waiting.clear()
                    return

    async def _until_settled(self) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + LIMIT
        turns = 0
        while turns < TURNS or loop.time() < until:
            await asyncio.sleep(0 if turns < _AWAKE else _NAP)
            if self._settled():
                return
            turns += 1

    def _settled(self) -> bool:
        """Return whether nothing on the screen has pending work."""
        app = self._app
        if not app.is_running or not app.screen_stack:
            return True
        top: Screen[Any] = app.screen
        if _busy(app) or top._layout_required or top._recompose_required or top._callbacks:
            return False
        if any(worker.is_running and worker.node.screen is top for worker in app.workers):
            return False  # a list is being filled, such as that of the command palette
        return not any(map(_busy, app.screen_stack)) and not any(map(_busy, top.walk_children()))


def _busy(pump: MessagePump) -> bool:
    """Return whether a message pump has a message, is handling one, or has not been mounted."""
    if pump._closing or pump._closed:
        return False
    if pump.message_queue_size or pump._next_callbacks or not pump._is_mounted:
        return True
    ready = cast(Any, pump)._message_queue.ready_event  # its type is a queue of an unknown type
    return pump._running and not ready._waiters
