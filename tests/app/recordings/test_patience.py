"""Reading a file that takes a long time: a dialog shows the progress, and Esc cancels."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from heloscope.app.dialogs.question import QuestionScreen
from heloscope.app.dialogs.reading import ReadingScreen
from heloscope.app.recordings import opened as opening
from heloscope.app.recordings import patience
from heloscope.app.recordings.screen import RecordingScreen
from heloscope.session.foreign import log
from heloscope.widgets.input.composer import Composer
from support.driving import burst
from support.stage import Stage
from textual import events

LOG = b"S: 220 mx.example.org ready\nC: EHLO me\nS: 250 mx.example.org\n"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let a log be read only once the gate is open, or reading has been cancelled."""
    gate = threading.Event()

    def gated(path: Path, look: Callable[[], object]) -> log.ForeignLog:
        while not gate.wait(0.001):
            look()
        return log.open_log(path, look)

    monkeypatch.setattr(opening, "open_log", gated)
    monkeypatch.setattr(patience, "AFTER", 0.0)
    yield gate
    gate.set()


async def test_a_log_that_takes_long_is_shown_once_it_is_read(
    tmp_path: Path, gate: threading.Event
):
    (tmp_path / "a.log").write_bytes(LOG)
    async with Stage().run() as stage:
        await stage.put(f":open {tmp_path / 'a.log'}")
        await stage.until(lambda: isinstance(stage.app.screen, ReadingScreen))
        await stage.handled()
        assert "a.log" in stage.screen
        assert "0 s" in stage.screen
        assert "Esc  Cancel" in stage.screen
        gate.set()
        await stage.until(lambda: isinstance(stage.app.screen, RecordingScreen))
        assert not any(isinstance(each, ReadingScreen) for each in stage.app.screen_stack)


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("open", "Nothing was opened because reading was cancelled."),
        ("compare", "Nothing was compared because reading was cancelled."),
    ],
)
async def test_esc_gives_up_reading(tmp_path: Path, gate: threading.Event, order: str, told: str):
    (tmp_path / "a.log").write_bytes(LOG)
    async with Stage().run() as stage:
        await stage.put(f":{order} {tmp_path / 'a.log'}")
        await stage.until(lambda: isinstance(stage.app.screen, ReadingScreen))
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.app.main)
        await stage.until(lambda: bool(stage.app.main.ui.standing))
        assert [notice.text for notice in stage.app.main.ui.standing][-1] == told


async def test_what_is_typed_while_it_is_read_goes_to_the_recording(
    tmp_path: Path, gate: threading.Event
):
    (tmp_path / "a.log").write_bytes(LOG)
    async with Stage().run() as stage:
        burst(stage.app, *f":open {tmp_path / 'a.log'}", "enter", *":find")
        stage.app.post_message(events.Paste(" EHLO"))
        await stage.until(lambda: isinstance(stage.app.screen, ReadingScreen), settled=False)
        burst(stage.app, *" me")
        gate.set()
        await stage.until(lambda: isinstance(stage.app.screen, RecordingScreen), settled=False)
        await stage.handled()
        assert stage.app.screen.query_one(Composer).text == ":find EHLO me"
        assert stage.composer.text == ""


async def test_esc_drops_what_was_typed_for_what_is_not_read(tmp_path: Path, gate: threading.Event):
    (tmp_path / "a.log").write_bytes(LOG)
    async with Stage().run() as stage:
        await stage.put(f":open {tmp_path / 'a.log'}")
        await stage.until(lambda: isinstance(stage.app.screen, ReadingScreen))
        await stage.burst(*"EHLO", "enter", "escape", *"NOOP")
        await stage.until(lambda: stage.app.screen is stage.app.main)
        assert stage.composer.text == "NOOP"
        assert stage.sent == b""


async def test_the_rest_of_a_line_typed_before_a_file_that_cannot_be_read_stands_in_the_line():
    async with Stage().run() as stage:
        await stage.burst(*":open nothing.log", "enter", *"EHLO me")
        assert stage.app.screen is stage.main
        assert stage.composer.text == "EHLO me"


async def test_leaving_asks_while_a_file_is_read_and_the_dialog_behind_goes_when_that_is_over(
    tmp_path: Path, gate: threading.Event
):
    (tmp_path / "a.log").write_bytes(LOG)
    async with Stage().run() as stage:
        await stage.type("EHLO me", "MAIL FROM:<>")
        await stage.put(f":open {tmp_path / 'a.log'}")
        await stage.until(lambda: isinstance(stage.app.screen, ReadingScreen))
        burst(stage.app, *"NOOP", "ctrl+q")
        await stage.until(lambda: isinstance(stage.app.screen, QuestionScreen))
        gate.set()
        await stage.until(lambda: isinstance(stage.app.screen, RecordingScreen))
        await stage.burst(*":live", "enter")
        assert isinstance(stage.app.screen, QuestionScreen)
        await stage.burst("n")
        assert stage.app.screen is stage.main
        assert stage.composer.text == ""
