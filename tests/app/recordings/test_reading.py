"""A long recording is shown as soon as its beginning has been read; the rest follows."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from heloscope.app.recordings import opened as opening
from heloscope.app.recordings import reading as pieces
from heloscope.app.recordings.opened import OpenedRecording, begin_recording
from heloscope.app.recordings.reading import Reading
from heloscope.app.recordings.screen import RecordingScreen
from heloscope.session.protocol.playback import Playback
from heloscope.session.record.masking import KnownSecrets
from heloscope.session.record.notes import Notes, notes_file
from support.recorded import NOTES, REFUSED, STEPS, a_talk, open_in, recorded, settled
from support.stage import Stage

FIRST = 6  # entries: connected, greeting, EHLO and its reply


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let FIRST entries be read at first, and the rest one by one once the gate is open."""
    gate = asyncio.Event()
    take_rest = Reading.take_rest

    async def gated(reading: Reading, grown: Callable[[], object]) -> None:
        try:
            await gate.wait()
        finally:
            if not gate.is_set():
                reading.close()
        await take_rest(reading, grown)

    monkeypatch.setattr(opening, "FIRST", FIRST)
    monkeypatch.setattr(pieces, "BETWEEN", 0.0)
    monkeypatch.setattr(pieces, "PIECE", 0.0)
    monkeypatch.setattr(pieces, "_AT_ONCE", 1)
    monkeypatch.setattr(Reading, "take_rest", gated)
    return gate


@contextlib.asynccontextmanager
async def opened(path: Path) -> AsyncIterator[tuple[Stage, RecordingScreen]]:
    async with Stage().run() as stage:
        yield stage, await open_in(stage, path)


async def all_read(stage: Stage, screen: RecordingScreen, gate: asyncio.Event) -> None:
    gate.set()
    assert await screen.whole()
    await settled(stage, screen)


def told(screen: RecordingScreen) -> list[str]:
    return [notice.text for notice in screen.ui.standing]


async def order(stage: Stage, screen: RecordingScreen, line: str) -> None:
    screen.composer.text = line
    await stage.press("enter")
    await settled(stage, screen)


async def test_the_beginning_is_shown_while_the_rest_is_read(tmp_path: Path, gate: asyncio.Event):
    async with opened(recorded(tmp_path)) as (stage, screen):
        assert "220 mail.example.org ESMTP Postfix" in stage.seen("#transcript")
        assert "MAIL FROM" not in stage.seen("#transcript")
        assert "paused  reading, " in stage.seen("#position")
        assert "6 of 6" in stage.seen("#position")
        await all_read(stage, screen, gate)
        assert "reading" not in stage.seen("#position")
        assert f"{STEPS} of {STEPS}  00:13 / 00:13" in stage.seen("#position")
        assert "── closed by the server ──" in stage.seen("#transcript")
        wanted = list(a_talk().transcript.events())
        assert list(screen.transcript.events()) == wanted
        assert list(screen.player.playback.whole.transcript.events()) == wanted


async def test_what_is_there_can_be_played_back_and_forth(tmp_path: Path, gate: asyncio.Event):
    async with opened(recorded(tmp_path)) as (stage, screen):
        await stage.press("enter")
        await settled(stage, screen)
        assert told(screen) == ["The rest is still being read."]
        await stage.press("ctrl+b")
        await settled(stage, screen)
        assert "5 of 6" in stage.seen("#position")
        await all_read(stage, screen, gate)
        assert f"5 of {STEPS}" in stage.seen("#position")
        await order(stage, screen, ":play end")
        assert f"{STEPS} of {STEPS}" in stage.seen("#position")


async def test_what_needs_all_of_it_is_refused_until_it_is_read(
    tmp_path: Path, gate: asyncio.Event
):
    async with opened(recorded(tmp_path)) as (stage, screen):
        reading = screen._opened.reading  # pyright: ignore[reportPrivateUsage]
        assert reading is not None
        wanted = (
            f"Only {reading.percent} % of the recording has been read, but this needs all of it. "
            "Try again in a moment."
        )
        target = tmp_path / "saved.txt"
        for line in (f":save {target}", f":export text {target}", ":rerun", f":handout {target}"):
            screen.ui.clear_notices()
            await order(stage, screen, line)
            assert told(screen) == [wanted], line
        await stage.press("f9")
        assert stage.app.screen is screen
        assert not target.exists()
        await all_read(stage, screen, gate)
        await order(stage, screen, f":handout {target}")
        assert b"closed by the server" in target.read_bytes()


async def test_it_is_found_and_explained_as_far_as_it_is_read(tmp_path: Path, gate: asyncio.Event):
    async with opened(recorded(tmp_path)) as (stage, screen):
        await order(stage, screen, ":find Postfix")
        assert screen.view.cursor is not None
        await order(stage, screen, ":explain 250")
        assert "250" in stage.screen
        await all_read(stage, screen, gate)


async def test_who_leaves_reads_no_further(tmp_path: Path, gate: asyncio.Event):
    async with opened(recorded(tmp_path)) as (stage, screen):
        reading = screen._opened.reading  # pyright: ignore[reportPrivateUsage]
        assert reading is not None
        await order(stage, screen, ":live")
        await stage.until(lambda: reading.ended)
        assert not await screen.whole()
        assert not isinstance(stage.app.screen, RecordingScreen)


async def test_it_is_said_again_once_it_is_read(tmp_path: Path, gate: asyncio.Event):
    async with Stage().run() as stage:
        stage.app.open_recording(str(recorded(tmp_path)), again=True)
        await stage.until(lambda: isinstance(stage.app.screen, RecordingScreen))
        screen = stage.app.screen
        assert isinstance(screen, RecordingScreen)
        await settled(stage, screen)
        assert told(screen) == []
        gate.set()
        await stage.until(lambda: not isinstance(stage.app.screen, RecordingScreen))


async def test_what_is_missing_is_told_at_the_end(tmp_path: Path, gate: asyncio.Event):
    path = recorded(tmp_path)
    path.write_bytes(path.read_bytes()[:-20])
    async with opened(path) as (stage, screen):
        assert told(screen) == []
        await all_read(stage, screen, gate)
        (words,) = told(screen)
        assert words.endswith("is incomplete.")


async def test_a_disk_that_fails_on_the_way_is_told(
    tmp_path: Path, gate: asyncio.Event, monkeypatch: pytest.MonkeyPatch
):
    path = recorded(tmp_path)
    async with opened(path) as (stage, screen):

        def fails(_: Reading, __: int) -> bool:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(Reading, "take", fails)
        await all_read(stage, screen, gate)
        (words,) = told(screen)
        assert words.startswith("Only part of the recording could be read: ")
        assert "6 of 6" in stage.seen("#position")


async def begun(path: Path) -> OpenedRecording:
    return await begin_recording(str(path), KnownSecrets())


async def test_a_short_recording_is_read_at_once(tmp_path: Path):
    opened = await begun(recorded(tmp_path))
    assert opened.reading is None
    assert len(Playback(opened.conversation)) == STEPS


async def test_the_notes_are_those_of_a_recording_read_at_once(tmp_path: Path, gate: asyncio.Event):
    path = recorded(tmp_path)
    beside = Notes(notes_file(path))
    beside.put(REFUSED, "Another word on it")
    beside.save()
    opened = await begun(path)
    assert opened.reading is not None
    assert opened.notes.at(REFUSED) == "Another word on it"
    gate.set()
    await opened.reading.take_rest(lambda: None)
    opened.all_read()
    assert list(opened.notes) == [NOTES[0], (REFUSED, "Another word on it")]


async def test_how_much_has_been_read_is_told_in_percent(tmp_path: Path, gate: asyncio.Event):
    opened = await begun(recorded(tmp_path))
    assert opened.reading is not None
    seen = [opened.reading.percent]
    gate.set()
    reading = opened.reading
    await reading.take_rest(lambda: seen.append(reading.percent))
    assert seen == sorted(seen)
    assert 0 < seen[0] < 50
    assert seen[-1] == 100
