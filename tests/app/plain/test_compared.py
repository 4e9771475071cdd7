"""In `--plain`, `:compare` reports that reading takes a long time, and Ctrl+C cancels it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from heloscope.app.plain import compared
from heloscope.app.plain.compared import PlainComparison
from heloscope.app.recordings import opened as opening
from heloscope.session.record.masking import KnownSecrets


class Lines:
    """A `Ui` that puts its notices in a queue."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[str] = asyncio.Queue()

    def tell(self, text: str, **_: object) -> None:
        self.told.put_nowait(text)


class Connections:
    secrets = KnownSecrets()
    session = None


async def test_reading_that_takes_long_is_told_and_can_be_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def never(_: Path, look: Callable[[], object]) -> None:
        while True:
            look()

    monkeypatch.setattr(opening, "open_log", never)
    monkeypatch.setattr(compared, "AFTER", 0.0)
    (tmp_path / "a.log").write_text("S: 220 ready\n")
    lines: Any = Lines()
    connections: Any = Connections()
    comparison = PlainComparison(lines, connections)
    assert not comparison.give_up()
    comparison.compare(str(tmp_path / "a.log"), "")
    async with asyncio.timeout(30):
        assert await lines.told.get() == f"Reading {tmp_path}/a.log; Ctrl+C cancels."
        assert comparison.give_up()
        assert await lines.told.get() == "Nothing was compared because reading was cancelled."
