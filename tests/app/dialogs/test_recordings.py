"""The list of recordings: search while typing, preview, open, pin, name and delete."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from heloscope.app.dialogs.comparison import ComparisonScreen
from heloscope.app.dialogs.question import QuestionScreen
from heloscope.app.dialogs.recordings import RecordingsScreen
from heloscope.app.recordings.screen import RecordingScreen
from heloscope.session.archive.query import Query
from heloscope.session.archive.recordings import Kept
from heloscope.session.record.label import Label, label_of, put_label
from support.driving import burst
from support.recorded import open_in, recorded
from support.stage import NARROW, WIDE, Stage
from textual.widgets import Input, OptionList


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    where = tmp_path / "heloscope" / "journal"
    where.mkdir(parents=True)
    for each in (where, where.parent):
        each.chmod(0o700)
    return where


def other(folder: Path) -> Path:
    path = folder / "other.jsonl"
    path.write_text(
        '{"heloscope": 1, "began": 1790000500.0, "target": "mx.example.net"}\n'
        '{"at": 0.1, "from": "S", "text": "421 4.3.2 greylisted\\r\\n"}\n'
    )
    return path


@contextlib.asynccontextmanager
async def listed(words: str = "", size: tuple[int, int] = WIDE) -> AsyncIterator[Stage]:
    async with Stage().run(size) as stage:
        await stage.put(f":recordings {words}".strip())
        await stage.until(lambda: isinstance(stage.app.screen, RecordingsScreen))
        await settled(stage)
        yield stage


async def settled(stage: Stage) -> None:
    screen = stage.app.screen
    if isinstance(screen, RecordingsScreen):
        await stage.until(lambda: not screen.searching)
    await stage.handled()


async def press(stage: Stage, *keys: str) -> None:
    for key in keys:
        await stage.press(key)
        await settled(stage)


async def test_without_recordings_it_says_how_there_will_be_some(folder: Path):
    async with listed() as stage:
        assert "No recordings yet. Each session is recorded" in " ".join(
            stage.seen("#recording-pane").split()
        )
        await stage.press("escape")
        assert not isinstance(stage.app.screen, RecordingsScreen)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_newest_is_first_and_the_chosen_one_is_previewed(
    folder: Path, size: tuple[int, int]
):
    recorded(folder)
    other(folder)
    async with listed(size=size) as stage:
        rows = stage.seen("#recordings")
        assert rows.index("mx.example.net") < rows.index("mail.example.org")
        assert "421 4.3.2 greylisted" in stage.seen("#recording-pane")
        await press(stage, "down")
        shown = " ".join(stage.seen("#recording-pane").split())
        assert "server mail.example.org" in shown
        assert "envelope alice@example.net to nobody@example.org, bob@example.org" in shown


async def test_it_is_searched_as_one_types(folder: Path):
    recorded(folder)
    other(folder)
    async with listed() as stage:
        await press(stage, "slash", *"queu")
        assert "mx.example.net" not in stage.seen("#recordings")
        assert "250 2.0.0 Ok: queued as 4F2A11" in stage.seen("#recordings")
        await press(stage, "x")
        assert "No recording contains all these words." in stage.seen("#recording-pane")
        await press(stage, "escape")
        assert "mx.example.net" in stage.seen("#recordings")


async def test_enter_opens_what_was_found_by_the_words_of_the_order(folder: Path):
    path = recorded(folder)
    other(folder)
    async with listed("queued") as stage:
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, RecordingScreen))
        screen = stage.app.screen
        assert isinstance(screen, RecordingScreen)
        assert screen._opened.path == path  # pyright: ignore[reportPrivateUsage]


async def test_a_recording_is_pinned_and_named_and_a_pinned_one_is_not_deleted(folder: Path):
    path = recorded(folder)
    async with listed() as stage:
        await press(stage, "p", "n")
        stage.app.screen.query_one(Input).value = "user unknown"
        await press(stage, "enter")
        assert (label_of(path).name, label_of(path).pinned) == ("user unknown", True)
        assert "1*user unknown mail.example.org" in stage.seen("#recordings")
        await stage.press("d")
        assert isinstance(stage.app.screen, QuestionScreen)
        await press(stage, "y")
        assert path.exists()
        await press(stage, "p", "d")
        await press(stage, "y")
        assert list(folder.iterdir()) == []
        assert "No recordings yet." in stage.seen("#recording-pane")


async def test_deleting_is_asked_for_and_no_keeps_it(folder: Path):
    path = recorded(folder)
    async with listed() as stage:
        await press(stage, "d")
        await press(stage, "escape")
        assert path.exists()
        assert isinstance(stage.app.screen, RecordingsScreen)


async def test_a_name_that_cannot_be_used_is_told_and_stays_to_be_changed(folder: Path):
    path = recorded(folder)
    async with listed() as stage:
        await press(stage, "n", "7", "enter")
        assert label_of(path).name == ""
        assert stage.app.screen.query_one(Input).value == "7"
        await press(stage, "escape")
        assert stage.app.screen.query_one(Input).value == ""


class Slow:
    """Makes the search of a list wait until it is told to continue."""

    def __init__(self, screen: RecordingsScreen, monkeypatch: pytest.MonkeyPatch) -> None:
        self.goes_on = threading.Event()
        self._look = screen._look  # pyright: ignore[reportPrivateUsage]
        monkeypatch.setattr(screen, "_look", self)

    def __call__(self, query: Query | None) -> list[Kept]:
        self.goes_on.wait(10)
        return self._look(query)


def listing(stage: Stage) -> RecordingsScreen:
    screen = stage.app.screen
    assert isinstance(screen, RecordingsScreen)
    return screen


async def test_keys_typed_while_another_list_is_on_its_way_are_for_that_list(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    recorded(folder)
    path = other(folder)
    async with listed() as stage:
        slow = Slow(listing(stage), monkeypatch)
        burst(stage.app, "slash", *"greylisted", "enter", "p", "enter")
        screen = listing(stage)
        await stage.until(
            lambda: screen.searching and screen.focused is screen.query_one(OptionList),
            settled=False,
        )
        assert not stage.app.keys.empty and not label_of(path).pinned
        slow.goes_on.set()
        await stage.until(lambda: isinstance(stage.app.screen, RecordingScreen))
        assert shown(stage) == path
        assert label_of(path).pinned


async def test_keys_typed_before_the_first_list_are_for_it(folder: Path):
    path = recorded(folder)
    other(folder)
    async with Stage().run() as stage:
        burst(stage.app, *":recordings", "enter", "down", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, RecordingScreen))
        assert shown(stage) == path


async def test_esc_gives_up_the_list_and_drops_what_was_typed_for_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    path = recorded(folder)
    async with listed() as stage:
        slow = Slow(listing(stage), monkeypatch)
        listing(stage)._seek()  # pyright: ignore[reportPrivateUsage]
        burst(stage.app, "p", "d", "y", "escape", *"NOOP")
        await stage.until(lambda: stage.composer.text == "NOOP")
        assert not isinstance(stage.app.screen, RecordingsScreen)
        slow.goes_on.set()
        assert path.exists() and not label_of(path).pinned


def shown(stage: Stage) -> Path:
    screen = stage.app.screen
    assert isinstance(screen, RecordingScreen)
    return screen._opened.path  # pyright: ignore[reportPrivateUsage]


# Comparing


async def test_two_marked_recordings_are_compared_the_earlier_one_on_the_left(folder: Path):
    recorded(folder)
    other(folder)
    async with listed() as stage:
        await press(stage, "space", "space")
        assert "2 marked: c compares them" in stage.screen
        assert ">  1 mx.example.net" in stage.seen("#recordings")
        await stage.press("c")
        await stage.until(lambda: isinstance(stage.app.screen, ComparisonScreen))
        names = stage.seen("#names")
        assert names.index("talk.jsonl") < names.index("other.jsonl")
        assert "421 4.3.2 greylisted" in stage.seen("#compared")


async def test_the_open_recording_is_not_offered_for_a_comparison_with_itself(folder: Path):
    path = recorded(folder)
    other(folder)
    async with Stage().run() as stage:
        screen = await open_in(stage, path)
        screen.composer.text = ":compare"
        await stage.press("enter")
        await stage.until(lambda: "mx.example.net" in stage.screen)
        assert "mail.example.org" not in stage.seen("#recordings")


async def test_one_mark_is_too_few_and_a_second_space_takes_it_back(folder: Path):
    recorded(folder)
    async with listed() as stage:
        await press(stage, "space", "c")
        assert stage.notices[-1].startswith("One recording is marked: Space marks another")
        await press(stage, "space")
        assert "1 marked" not in stage.screen
        await stage.press("c")
        await stage.until(lambda: isinstance(stage.app.screen, ComparisonScreen))
        assert "127.0.0.1:2525, now" in stage.seen("#names")


async def test_of_three_marks_the_oldest_goes_and_a_deleted_recording_has_none(folder: Path):
    recorded(folder)
    other(folder)
    third = folder / "third.jsonl"
    third.write_text('{"heloscope": 1, "began": 1790000900.0, "target": "third.example"}\n')
    async with listed() as stage:
        await press(stage, "space", "space", "space")
        rows = stage.seen("#recordings").splitlines()
        assert [row.strip()[:1] for row in rows[:6:2]] == ["1", ">", ">"]
        await press(stage, "d", "y")
        assert "1 marked: Space marks another" in stage.screen


# Names


async def test_a_name_that_was_given_is_found(folder: Path):
    put_label(recorded(folder), Label("user unknown", pinned=False))
    other(folder)
    async with listed("unknow") as stage:
        assert "mail.example.org" in stage.seen("#recordings")
        assert "mx.example.net" not in stage.seen("#recordings")


async def test_names_are_shown_as_they_are_masked(folder: Path):
    put_label(recorded(folder), Label("bob of mail.example.org", pinned=False))
    other(folder).write_text('{"heloscope": 1, "began": 1790000500.0, "target": "mx:25"}\n')
    async with Stage().run() as stage:
        await stage.put(":mask addresses")
        await stage.put(":recordings")
        await settled(stage)
        await press(stage, "down")
        for place in ("#recordings", "#recording-pane"):
            said = stage.seen(place)
            assert "host" in said
            for name in ("example.org", "bob@", "alice@", "203.0.113.7", "mx"):
                assert name not in said, (place, name)
        await stage.press("d")
        assert "example.org" not in stage.seen("QuestionScreen > Vertical")
        await press(stage, "escape", "n")
        listing(stage).query_one(Input).value = ""
        await press(stage, "enter", "c")
        await stage.until(lambda: isinstance(stage.app.screen, ComparisonScreen))
        assert "recording (host" in stage.seen("#names") and "talk" not in stage.seen("#names")
