"""What the tests of secrets share: every frame that was painted."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest
from support.screen_text import lines_of
from textual._compositor import Compositor
from textual.geometry import Region


@pytest.fixture
def frames() -> Iterator[list[str]]:
    """Everything that was painted: of each frame, the lines in which something is drawn anew."""
    seen: list[str] = []

    def frame(self: Compositor, **_: object) -> None:  # the stage leaves these out
        drawn = Region.from_union(self._dirty_regions) if self._dirty_regions else Region()
        self._dirty_regions.clear()
        if lines := lines_of(self, drawn):
            seen.append("\n".join(lines))

    with mock.patch("support.driving.leave_out", frame):
        yield seen
