"""A file that takes long to read: a dialog says how far it is, keys are answered, Esc gives up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from heloscope.app.dialogs.reading import ReadingScreen
from heloscope.app.recordings import opened as opening
from heloscope.app.recordings import patience
from heloscope.app.recordings.screen import RecordingScreen
from heloscope.session.foreign import log
from support.stage import Stage

LOG = b"S: 220 mx.example.org ready\nC: EHLO me\nS: 250 mx.example.org\n"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A log is read once the gate is open, or reading is given up."""
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
        assert "Esc  Give it up" in stage.screen
        gate.set()
        await stage.until(lambda: isinstance(stage.app.screen, RecordingScreen))
        assert not any(isinstance(each, ReadingScreen) for each in stage.app.screen_stack)


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("open", "Nothing was opened: reading was given up."),
        ("compare", "Nothing was compared: reading was given up."),
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
