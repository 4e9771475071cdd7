"""Two stages that receive the same keys: the first in one burst, the second one key at a time.

The results must be the same, except where they depend on the speed of typing. Keys that are dropped
in the burst, because they were meant for a closed dialog, are not pressed on the second stage
(runtime/typed_ahead.py). Keys that count as text in the burst are typed into the command line there
(runtime/pane_letters.py). The server sends nothing while keys are pressed, so that the results do
not depend on how long the keys take.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from unittest import mock

from heloscope.app.main.session_screen import SessionScreen
from heloscope.app.runtime import pane_letters
from heloscope.app.runtime.pane_letters import PaneLetters
from heloscope.app.runtime.typed_ahead import TypedAhead
from heloscope.widgets.input.single_choice import SingleChoice
from textual import events
from textual._context import active_app
from textual.command import CommandPalette
from textual.widgets import Checkbox, Input, OptionList, TextArea

from support import driving
from support.driving import burst
from support.stage import Stage

AS_TEXT = "text:"  # before a key that begins a line, whatever has the focus
_LAYOUT = ("-panel", "-explain", "-no-panel")
_ID = re.compile(rb"[0-9a-f]{16}|[A-Za-z0-9+/=]{12,}")  # made at random, or from such


class HeldStage(Stage):
    """A stage whose server reads nothing and accepts no connection while `holding` is true."""

    def __init__(self, **options: Any) -> None:
        super().__init__(now=1_790_000_000.0, **options)
        self.holding = False
        self.twin: HeldStage | None = None
        self._free = asyncio.Event()
        self._held: list[Callable[[], object]] = []
        for name in ("connection", "tls_connection"):
            setattr(self.practice, name, self._holding(getattr(self.practice, name)))

    def _holding(self, make: Callable[[], Any]) -> Callable[[], Any]:
        def made() -> Any:
            server = make()
            hear = server.data_received

            def heard(data: bytes) -> None:
                if self.holding:
                    self._held.append(lambda: heard(data))
                elif server.transport is not None and not server.transport.is_closing():
                    hear(data)

            server.data_received = heard
            return server

        return made

    async def _dial(self, *arguments: Any, **options: Any) -> object:
        if self.twin is not None and active_app.get() is self.twin.app:  # one `dial` serves both
            return await self.twin._dial(*arguments, **options)
        while self.holding:
            await self._free.wait()
        return await super()._dial(*arguments, **options)

    def hold(self) -> None:
        """Keep the server from receiving anything from now on."""
        self.holding = True
        self._free.clear()

    async def release(self) -> None:
        """Let the server read and answer what has been sent to it."""
        self.holding = False
        self._free.set()
        held, self._held = self._held, []
        for hear in held:
            hear()
        await self.answered()

    async def answered(self) -> None:
        """Wait until the server has finished sending, and tick the clock if the app still runs."""
        turns = calm = 0
        while calm < 3 and turns < 100 and not self.over:
            await self.settled()
            await asyncio.sleep(0.001)
            turns += 1
            calm = 0 if self._waiting_for_server else calm + 1
        if not self.over and self.main.is_attached:
            with self.app._context():
                self.main._each_second()
            await self.settled()

    @property
    def _waiting_for_server(self) -> bool:
        connections = self.app.connections
        session = connections.session
        if connections.attempt is not None or self.app.main.plan.status.busy:
            return True
        return session is not None and session.connected and bool(session.conversation.waiting_for)

    @property
    def over(self) -> bool:
        """Whether the application has ended."""
        return self.app._exit or self.app._exception is not None

    async def settled(self) -> None:
        """Wait until nothing is left to do, or the application has ended."""
        if not self.over:
            await self.handled()

    async def at_once(self, keys: Sequence[str]) -> list[str]:
        """Press keys that arrive in one read of the terminal; "<text>" is a pasted text.

        Return the keys that had any effect, in the form that `slowly` expects.
        """
        ahead, letters = self.app.keys._ahead, self.app.keys._letters
        dropped: list[events.Event] = []
        begun: list[events.Event] = []

        async def sort(waiting: deque[Any]) -> bool:
            first = [*waiting][:1]
            as_text = await PaneLetters.sort(letters, waiting)
            begun.extend(first if as_text else ())
            return as_text

        async def drop_from(waiting: deque[Any]) -> None:
            before = [*waiting]
            await TypedAhead.drop_from(ahead, waiting)
            dropped.extend(key for key in before if key not in waiting)

        with (
            mock.patch.object(ahead, "drop_from", drop_from),
            mock.patch.object(letters, "sort", sort),
        ):
            posted = [(key, self._post(key)) for key in keys]
            await self.settled()
        return [
            f"{AS_TEXT}{key}" if event in begun else key
            for key, event in posted
            if event not in dropped
        ]

    async def slowly(self, keys: Sequence[str]) -> None:
        """Press keys, each after the previous one has had its effect and the result was shown."""
        with (
            mock.patch.object(self.app.keys._ahead, "takes", return_value=False),
            mock.patch.object(pane_letters, "PAUSE", 0.0),
        ):
            for key in keys:
                if self.over:
                    return
                if key.startswith(AS_TEXT):
                    screen = self.app.screen
                    assert isinstance(screen, SessionScreen)
                    with self.app._context():
                        screen.begin_line(driving.key(key.removeprefix(AS_TEXT)))
                else:
                    self._post(key)
                await self.settled()

    def _post(self, key: str) -> events.Event:
        if len(key) > 2 and key.startswith("<"):
            event = events.Paste(key[1:-1])
            self.app.post_message(event)
            return event
        (event,) = burst(self.app, key)
        return event

    def state(self) -> dict[str, object]:
        """Return everything that keys can change, except what is shown only briefly.

        The palette fills its list on a timer, so the highlighted entry is omitted.
        """
        app = self.app
        if app._exit:
            return {"exit": True}
        found: dict[str, object] = {
            "screens": [type(screen).__name__ for screen in app.screen_stack],
            "focus": _name(app.focused),
            "layout": [name for name in _LAYOUT if app.main.has_class(name)],
            "page": app.main._panes.tabs.page,
            "cursor": (app.main.view.cursor, app.main.view.following),
            "plan": app.main.plan.status.title,
            "breakpoints": [str(point) for point in app.main.plan.status.breakpoints],
            "theme": app.theme,
        }
        for screen in app.screen_stack:
            for widget in screen.query("*"):
                name = f"{type(screen).__name__} {_name(widget)}"
                if isinstance(widget, Input | Checkbox | SingleChoice):
                    found[name] = widget.value
                elif isinstance(widget, TextArea):
                    found[name] = widget.text
                elif isinstance(widget, OptionList) and not isinstance(screen, CommandPalette):
                    found[name] = widget.highlighted
        for number, section in enumerate(self.view.sections):
            rows = section.transcript
            found[f"sent {number}"] = [_ID.sub(b"*", row.data) for row in rows if row.sent]
        return found


def _name(widget: object) -> str:
    return f"{type(widget).__name__}#{getattr(widget, 'id', None)}"


@asynccontextmanager
async def twins(size: tuple[int, int]) -> AsyncIterator[tuple[HeldStage, HeldStage]]:
    """Run two identical stages, each greeted by its own practice server."""
    async with AsyncExitStack() as stack:
        fast, slow = HeldStage(), HeldStage()
        fast.twin, slow.twin = slow, fast
        await stack.enter_async_context(fast.run(size))
        await stack.enter_async_context(slow.run(size))
        for stage in (fast, slow):  # a second passes where both have come to the same point
            for timer in [*stage.main._timers]:
                timer.pause()
        yield fast, slow


async def lasting_differences(fast: HeldStage, slow: HeldStage) -> list[str]:
    """Return the results of the keys on either stage that do not appear on the other.

    One stage may be ahead with results that take a while, such as the import for a plan's first
    step.
    """
    found = differences(fast, slow)
    for _ in range(100):
        if not found or fast.over or slow.over:
            break
        await asyncio.sleep(0.01)
        await fast.settled()
        await slow.settled()
        found = differences(fast, slow)
    return found


def differences(fast: HeldStage, slow: HeldStage) -> list[str]:
    """Return how the results of the keys currently differ between the stages."""
    one, other = fast.state(), slow.state()
    return [
        f"{name}: {one.get(name)!r}, slowly {other.get(name)!r}"
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    ]
