"""The list of recordings looks as in its pictures: narrow and wide, full and empty.

When a picture is meant to change: pytest tests/app/test_recordings_snapshots.py -n 0
--snapshot-update, then look at it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from heloscope.app.dialogs.recordings import RecordingsScreen
from heloscope.session.record.label import Label, put_label
from support.recorded import recorded
from support.stage import NARROW, WIDE, Stage

REFUSED = (
    '{"heloscope": 1, "began": 1790086400.0, "target": "mx.example.net"}\n'
    '{"at": 0.1, "fact": "connected", "peer": "mx.example.net:25", "address": "192.0.2.25"}\n'
    '{"at": 0.2, "from": "S", "text": "220 mx.example.net\\r\\n"}\n'
    '{"at": 0.3, "from": "C", "text": "MAIL FROM:<alice@example.net>\\r\\n"}\n'
    '{"at": 0.4, "from": "S", "text": "451 4.7.1 Greylisted, try again in 300 seconds\\r\\n"}\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    where = tmp_path / "heloscope" / "journal"
    where.mkdir(parents=True)
    for each in (where, where.parent):
        each.chmod(0o700)
    return where


async def until_found(stage: Stage, screen: RecordingsScreen) -> None:
    await stage.until(lambda: not screen.searching)


@pytest.mark.parametrize(
    ("size", "keys", "filled"),
    [
        pytest.param(NARROW, (), True, id="list"),
        pytest.param(WIDE, ("down",), True, id="list-wide"),
        pytest.param(WIDE, ("slash", *"grey"), True, id="found-wide"),
        pytest.param(NARROW, ("space", "space"), True, id="marked"),
        pytest.param(NARROW, (), False, id="empty"),
    ],
)
def test_it_looks_as_it_did(
    folder: Path,
    size: tuple[int, int],
    keys: tuple[str, ...],
    filled: bool,
    snap_compare: Callable[..., bool],
) -> None:
    if filled:
        put_label(recorded(folder), Label("user unknown", pinned=True))
        (folder / "refused.jsonl").write_text(REFUSED)
    for path in folder.iterdir():
        os.utime(path, (1_790_090_000, 1_790_090_000))

    async def steps(stage: Stage) -> None:
        await stage.type(":recordings")
        for key in ("", *keys):
            if key:
                await stage.press(key)
            screen = stage.app.screen
            assert isinstance(screen, RecordingsScreen)
            await until_found(stage, screen)
        await stage.handled()

    stage = Stage()
    with stage.set_up():
        assert snap_compare(stage.app, terminal_size=size, run_before=stage.directed(steps))
