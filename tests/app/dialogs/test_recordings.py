"""The list of recordings: found as one types, previewed, opened, pinned, named and deleted."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from heloscope.app.dialogs.question import QuestionScreen
from heloscope.app.dialogs.recordings import RecordingsScreen
from heloscope.app.recordings.screen import RecordingScreen
from heloscope.session.archive.query import Query
from heloscope.session.archive.recordings import Kept
from heloscope.session.record.label import label_of
from support.recorded import recorded
from support.stage import NARROW, WIDE, Stage
from textual.widgets import Input


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
        assert "Nothing is recorded yet. Each session is recorded" in " ".join(
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
        assert "No recording has all of these words." in stage.seen("#recording-pane")
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
        assert "Nothing is recorded yet." in stage.seen("#recording-pane")


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


async def test_enter_opens_nothing_while_another_list_is_on_its_way(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    recorded(folder)
    other(folder)
    async with listed() as stage:
        screen = stage.app.screen
        assert isinstance(screen, RecordingsScreen)
        found, look = threading.Event(), screen._look

        def slow(query: Query | None) -> list[Kept]:
            found.wait(10)
            return look(query)

        monkeypatch.setattr(screen, "_look", slow)
        screen.query_one(Input).value = "greylisted"
        await stage.handled()
        await stage.press("enter")
        assert stage.app.screen is screen
        found.set()
        await settled(stage)
        await press(stage, "enter")
        assert isinstance(stage.app.screen, RecordingScreen)
