"""The export dialog looks as in its pictures, on a narrow and on a wide screen.

When a picture is meant to change: pytest tests/app/test_export_snapshots.py -n 0 --snapshot-update,
then look at it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from heloscope.app.dialogs.export import ExportScreen
from support.recorded import open_in, recorded, settled
from support.stage import NARROW, WIDE, Stage


@pytest.mark.parametrize(
    ("size", "keys"),
    [
        pytest.param(NARROW, ("down",), id="markdown"),
        pytest.param(NARROW, ("tab", "right", "right", "right"), id="masked"),
        pytest.param(WIDE, ("end", "up", "tab", "right"), id="swaks-wide"),
        pytest.param(WIDE, (*["down"] * 6, "f10"), id="capture-wide"),
    ],
)
def test_it_looks_as_it_did(
    tmp_path: Path,
    size: tuple[int, int],
    keys: tuple[str, ...],
    snap_compare: Callable[..., bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "strftime", lambda form, *_: form.replace("%Y%m%d-%H%M%S", "DATE"))
    path = recorded(tmp_path, notes=())
    stage = Stage()

    async def steps(stage: Stage) -> None:
        screen = await open_in(stage, path)
        screen.composer.text = ":play end"
        await stage.press("enter")
        await settled(stage, screen)
        screen.composer.text = ":export"
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, ExportScreen))
        dialog = stage.app.screen
        assert isinstance(dialog, ExportScreen)
        for key in keys:
            await stage.press(key)
        await stage.until(lambda: dialog.previewed is not None)
        await stage.handled()

    stage = Stage()
    with stage.set_up():
        assert snap_compare(stage.app, terminal_size=size, run_before=stage.directed(steps))


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_all_connections_are_offered(
    size: tuple[int, int], snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "strftime", lambda form, *_: form.replace("%Y%m%d-%H%M%S", "DATE"))

    async def steps(stage: Stage) -> None:
        await stage.type("EHLO me")
        await stage.put(":reconnect")
        await stage.greeted(2)
        await stage.put(":export")
        dialog = stage.app.screen
        assert isinstance(dialog, ExportScreen)
        await stage.press(*["down"] * 7, "tab", "right")
        await stage.until(lambda: dialog.previewed is not None)
        await stage.handled()

    stage = Stage(now=1_790_000_000.0)
    with stage.set_up():
        assert snap_compare(stage.app, terminal_size=size, run_before=stage.directed(steps))
