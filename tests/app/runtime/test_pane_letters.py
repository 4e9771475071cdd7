"""Letters that are keys of a pane act if typed alone, and are text if typed in a burst."""

from __future__ import annotations

import asyncio
from collections import deque
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest
from heloscope.app.runtime import pane_letters
from heloscope.app.runtime.pane_letters import PAUSE, REPEATED, PaneLetters
from support.rows import for_each
from textual import events

NAMES = {"\r": "enter", "<": "backspace", "^": "up"}


class Desk:
    """A screen whose pane has the keys s, t and c, and whose time advances with each wait."""

    def __init__(self) -> None:
        self.now = 5.0
        self.acted = ""
        self.line = ""
        screen = SimpleNamespace(letter_acts="stc".__contains__, begin_line=self._begin)
        self.app = SimpleNamespace(screen_stack=[screen], screen=screen, focused=object())
        self.letters = PaneLetters(cast(Any, self.app), lambda _: self.line)
        self.typed: list[tuple[float, str]] = []  # what comes when, while one waits

    def _begin(self, event: events.Key) -> None:
        self.line += event.character or ""

    def key(self, char: str, at: float | None = None) -> events.Key:
        key = events.Key(NAMES.get(char, char), char if char.isprintable() else None)
        key.time = self.now if at is None else at
        return key

    async def press(self, typed: str, apart: float = 0.0) -> None:
        """Press keys `apart` seconds apart, then let time pass until no key is waiting."""
        waiting = deque[events.Key]()
        come = [self.key(char, self.now + apart * n) for n, char in enumerate(typed)]

        async def sleep(seconds: float) -> None:
            self.now += seconds
            while come and come[0].time <= self.now:
                waiting.append(come.pop(0))

        with (
            mock.patch.object(asyncio, "sleep", sleep),
            mock.patch.object(pane_letters, "Message", lambda: mock.Mock(time=self.now)),
        ):
            await sleep(0)
            while come or waiting:
                if not waiting:
                    await sleep(0.01)
                    continue
                if await self.letters.sort(waiting) or not waiting:
                    continue
                key = waiting.popleft()
                self.letters.delivered(key)
                if self.line:
                    self.line += key.character or ""
                else:
                    self.acted += key.character or key.key


@for_each(
    (*row, apart)
    for row in [
        ("s", "s", ""),
        ("ss", "ss", ""),  # held down
        ("s\r", "senter", ""),
        ("st", "", "st"),
        ("starttls", "", "starttls"),
        ("sx", "", "sx"),
        ("s x", "", "s x"),
        ("x", "x", ""),  # no key of the pane: for the screen
    ]
    for apart in [0.0, PAUSE / 2]
)
async def test_letters_in_one_go_are_text(typed: str, acted: str, line: str, apart: float) -> None:
    desk = Desk()
    await desk.press(typed, apart)
    assert (desk.acted, desk.line) == (acted, line)


async def test_letters_that_come_slowly_act_each() -> None:
    desk = Desk()
    await desk.press("stc", PAUSE * 1.5)
    assert (desk.acted, desk.line) == ("stc", "")


async def test_a_letter_alone_acts_after_a_pause_and_again_at_once() -> None:
    desk = Desk()
    began = desk.now
    await desk.press("s")
    assert desk.now - began == pytest.approx(PAUSE, abs=0.02)
    again = desk.key("s")
    assert not desk.letters.holds(again)
    assert desk.letters.holds(desk.key("t"))
    assert desk.letters.holds(desk.key("s", desk.now + REPEATED))
    desk.letters.delivered(desk.key("^"))
    assert desk.letters.holds(again)


async def test_a_letter_that_has_acted_on_another_pane_is_no_repetition() -> None:
    desk = Desk()
    await desk.press("s")
    desk.app.focused = object()
    assert desk.letters.holds(desk.key("s"))


async def test_nothing_is_held_where_a_field_takes_text() -> None:
    desk = Desk()
    desk.line = "x"
    assert not desk.letters.holds(desk.key("s"))
