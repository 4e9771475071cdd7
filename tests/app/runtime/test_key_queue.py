"""Of keys that arrive in one read, each takes effect before the next is handled."""

from __future__ import annotations

import asyncio
import time

from heloscope.app.runtime.key_queue import KeyQueue
from heloscope.widgets.input.cycle import Cycle
from heloscope.widgets.input.form_field import FormField
from heloscope.widgets.input.suggestions import last_word
from support.driving import burst
from textual import events, on
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static


class InOrder(App[None]):
    """An app that takes its keys from the queue."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = KeyQueue(self)

    async def on_event(self, event: events.Event) -> None:
        if not self.keys.holds(event):
            await super().on_event(event)


async def at_once(app: InOrder, pilot: Pilot[None], *keys: str) -> None:
    """Send keys in one read, and wait for all of their effects."""
    burst(app, *keys)
    await pilot.pause()
    while not app.keys.empty:
        await pilot.pause(0.01)
    await pilot.pause()


class Form(InOrder):
    """An app with two fields, the first of which completes an address."""

    def compose(self) -> ComposeResult:
        yield FormField("", last_word(["bob@example.org"]), id="to")
        yield FormField("", lambda _: (), id="subject")


async def test_each_field_gets_what_was_typed_for_it() -> None:
    app = Form()
    async with app.run_test() as pilot:
        await at_once(app, pilot, "b", "right", "enter", *"Hi", "shift+tab", "!")
        assert app.query_one("#to", FormField).value == "bob@example.org!"
        assert app.query_one("#subject", FormField).value == "Hi"


class Unfolding(InOrder):
    """An app with a choice that shows or hides the name field, and a field after it."""

    def compose(self) -> ComposeResult:
        yield Cycle(("no", "yes"), id="named")
        yield FormField("", lambda _: (), id="name")
        yield FormField("", lambda _: (), id="last")

    def on_mount(self) -> None:
        self.query_one("#name").display = False

    @on(Cycle.Changed)
    def _changed(self, event: Cycle.Changed) -> None:
        self.query_one("#name").display = event.value == "yes"


async def test_a_field_that_the_key_before_displayed_is_reached() -> None:
    app = Unfolding()
    async with app.run_test() as pilot:
        await at_once(app, pilot, "right", "enter", *"Me", "tab", "x")
        assert app.query_one("#name", FormField).value == "Me"
        assert app.query_one("#last", FormField).value == "x"


class Asked(ModalScreen[str]):
    """A question that is answered with a line."""

    def compose(self) -> ComposeResult:
        yield Input(id="answer")

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class Asking(InOrder):
    """An app with a line in which Enter asks a question."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[str | None] = []

    def compose(self) -> ComposeResult:
        yield Input(id="line")

    @on(Input.Submitted, "#line")
    def _ask(self) -> None:
        self.push_screen(Asked(), self.answers.append)


async def test_keys_reach_the_dialog_that_opens_and_what_is_behind_it_when_it_is_gone() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        await at_once(app, pilot, *"one", "enter", *"two", "enter", *"three", "enter", "4", "enter")
        assert app.answers == ["two", "4"]
        assert app.query_one("#line", Input).value == "onethree"
        assert len(app.screen_stack) == 1


async def test_a_pasted_text_keeps_its_place_among_the_keys() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        burst(app, "1", "enter", "2")
        app.post_message(events.Paste("34"))
        await at_once(app, pilot, "5", "enter", "6")
        assert app.answers == ["2345"]
        assert app.query_one("#line", Input).value == "16"


class Slow(Static):
    """A widget that is busy for longer than any key waits."""

    async def on_mount(self) -> None:
        self.call_later(asyncio.sleep, 3)


class Waiting(InOrder):
    """An app with two fields and a slow widget."""

    def __init__(self) -> None:
        super().__init__()
        self.typed = asyncio.Event()

    @on(Input.Changed, "#two")
    def _typed(self) -> None:
        self.typed.set()

    def compose(self) -> ComposeResult:
        yield Input(id="one")
        yield Input(id="two")
        yield Slow()


async def test_a_key_does_not_wait_for_ever() -> None:
    app = Waiting()
    async with app.run_test():
        began = time.monotonic()
        burst(app, "a", "tab", "b")
        await app.typed.wait()
        assert time.monotonic() - began < 2.8
        assert app.query_one("#one", Input).value == "a"


async def test_a_screen_that_opens_by_a_key_is_there_before_the_next_key() -> None:
    seen: list[str] = []

    class Page(Screen[None]):
        def compose(self) -> ComposeResult:
            yield Input()

        async def on_mount(self) -> None:
            await asyncio.sleep(0.05)
            self.query_one(Input).focus()

        @on(Input.Changed)
        def _typed(self, event: Input.Changed) -> None:
            seen.append(event.value)

    class Opening(InOrder):
        BINDINGS = [("o", "open", "open")]

        def action_open(self) -> None:
            self.push_screen(Page())

    app = Opening()
    async with app.run_test() as pilot:
        await at_once(app, pilot, *"oxoy")
        assert seen[-1] == "xoy"


class Filling(ModalScreen[str]):
    """A list that is filled when a test says so; x and y apply to its content, / does not."""

    def __init__(self) -> None:
        super().__init__()
        self.filled = asyncio.Event()
        self.asked = asyncio.Event()
        self.had: list[str] = []

    def waits(self, key: str) -> bool:
        if key in ("x", "y"):
            self.asked.set()
        return not self.filled.is_set() and key in ("x", "y")

    def on_key(self, event: events.Key) -> None:
        event.stop()
        if event.key == "escape":
            self.dismiss("".join(self.had))
        else:
            assert self.filled.is_set() or event.character == "/"
            self.had.append(event.character or "")


class Opening(InOrder):
    """An app in which Enter opens the list."""

    def __init__(self) -> None:
        super().__init__()
        self.list = Filling()
        self.results: list[str | None] = []
        self.typed = ""

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            self.push_screen(self.list, self.results.append)
        else:
            self.typed += event.character or ""


async def test_keys_for_a_list_wait_until_it_is_there_and_keep_their_order() -> None:
    app = Opening()
    async with app.run_test() as pilot:
        burst(app, "enter", "/", "x", "/", "y")
        await app.list.asked.wait()
        assert app.list.had == ["/"]
        app.list.filled.set()
        await at_once(app, pilot)
        assert app.list.had == ["/", "x", "/", "y"]


async def test_esc_leaves_a_list_that_is_not_there_yet_and_drops_what_waits_for_it() -> None:
    app = Opening()
    async with app.run_test() as pilot:
        burst(app, "enter", "x", "y")
        await app.list.asked.wait()
        await at_once(app, pilot, "escape", "z")
        assert app.results == [""]
        assert app.typed == "z"
