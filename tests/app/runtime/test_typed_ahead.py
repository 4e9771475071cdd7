"""Keys typed after the one that closes a dialog are meant for it, or begin a line."""

from __future__ import annotations

import asyncio
from collections import deque
from unittest import mock

import pytest
from heloscope.app.runtime import typed_ahead
from heloscope.app.runtime.typed_ahead import PAUSE, SEEN, TypedAhead
from textual import events
from textual.screen import Screen

NAMED = {"\r": "enter", "\x1b": "escape", " ": "space", ":": "colon"}


class Question(Screen[str]):
    """A question with a few answers."""

    answer_keys = frozenset({"c", "m", "y"})
    answer_words = ("commands", "yes")


class Time:
    """A clock that advances with each wait."""

    def __init__(self) -> None:
        self.now = 5.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    def key(self, char: str) -> events.Key:
        """Return an event for a key that is pressed now."""
        key = events.Key(NAMED.get(char, char), char if char.isprintable() else None)
        key.time = self.now
        return key


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr(asyncio, "sleep", made.sleep)
    monkeypatch.setattr(typed_ahead, "Message", lambda: mock.Mock(time=made.now))
    return made


async def left(time: Time, pressed: str, behind: str, *, open_: bool = False) -> str:
    """Return what is left of the keys typed after the one that was pressed on the question."""
    ahead = TypedAhead()
    question = Question()
    ahead.delivered(time.key(pressed), question, text=False)
    waiting = deque(map(time.key, behind))
    ahead.settled([question] if open_ else [])
    await ahead.drop_from(waiting)
    return "".join(next((c for c, name in NAMED.items() if name == k.key), k.key) for k in waiting)


@pytest.mark.parametrize(
    ("pressed", "behind", "wanted"),
    [
        ("c", "c", ""),  # pressed twice
        ("c", "m", ""),  # two answers at once
        ("c", "\r", ""),  # confirmed
        ("c", "cc\r", ""),
        ("y", "y", ""),  # the key that closed it, whatever it is
        ("c", "x", "x"),
        ("c", "EHLO me\r", "EHLO me\r"),
        ("c", "mail from:<>\r", "mail from:<>\r"),  # a line that begins with an answer
        ("c", "\rEHLO me\r", "EHLO me\r"),
        ("c", "m\rmail from:<>\r", "mail from:<>\r"),
        ("c", "\x1b", "\x1b"),
        ("c", "m\x1b", "\x1b"),
        ("y", "yEHLO", "EHLO"),  # a key that bounced
        ("y", "yy:send", ":send"),
        ("m", "mmail from:<>\r", "mail from:<>\r"),
        ("c", "mEHLO", "EHLO"),
        ("y", "yfoo", "foo"),  # no command either way
        ("y", "foo", "foo"),
        ("y", "es\r", ""),  # written out
        ("y", "es", ""),
        ("y", "es\x1b", "\x1b"),
        ("y", "ehlo me\r", "ehlo me\r"),
        ("y", "e", "e"),
        ("c", "ommands\r", ""),
        ("c", "onnect", "onnect"),
    ],
)
async def test_an_answer_behind_the_answer_is_dropped_and_a_line_stands_whole(
    time: Time, pressed: str, behind: str, wanted: str
) -> None:
    assert await left(time, pressed, behind) == wanted


async def test_a_dialog_that_stays_open_takes_every_key(time: Time) -> None:
    assert await left(time, "c", "cm", open_=True) == "cm"


async def test_what_is_typed_when_the_dialog_is_seen_to_be_gone_is_not_for_it(time: Time) -> None:
    ahead = TypedAhead()
    ahead.delivered(time.key("c"), Question(), text=False)
    ahead.settled([])
    time.now += SEEN + 0.01
    assert not ahead.takes(time.key("m"))


async def test_a_letter_is_kept_for_a_moment_to_see_whether_it_begins_a_line(time: Time) -> None:
    ahead = TypedAhead()
    ahead.delivered(time.key("c"), Question(), text=False)
    ahead.settled([])
    began = time.now
    waiting = deque([time.key("m")])
    await ahead.drop_from(waiting)
    assert not waiting
    assert time.now - began == pytest.approx(PAUSE, abs=0.02)


async def test_nothing_is_dropped_behind_text_of_a_field(time: Time) -> None:
    ahead = TypedAhead()
    ahead.delivered(time.key("y"), Question(), text=True)
    ahead.settled([])
    assert not ahead.takes(time.key("y"))


async def test_enter_is_for_the_dialog_while_that_is_there(time: Time) -> None:
    ahead = TypedAhead()
    ahead.delivered(time.key("c"), Question(), text=False)
    before = time.key("\r")
    ahead.settled([])
    assert ahead.takes(before)
    time.now += 0.01
    assert not ahead.takes(time.key("\r"))
    assert ahead.takes(time.key("m"))
