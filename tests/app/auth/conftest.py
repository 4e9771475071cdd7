"""Fixtures for the tests of secrets: every frame that was painted."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest
from support.screen_text import lines_of
from textual._compositor import Compositor
from textual.geometry import Region


@pytest.fixture
def frames() -> Iterator[list[str]]:
    """Collect everything that was painted: for each frame, the lines that were redrawn."""
    seen: list[str] = []

    def frame(self: Compositor, **_: object) -> None:  # the stage leaves these out
        drawn = Region.from_union(self._dirty_regions) if self._dirty_regions else Region()
        self._dirty_regions.clear()
        if lines := lines_of(self, drawn):
            seen.append("\n".join(lines))

    with mock.patch("support.driving.leave_out", frame):
        yield seen
