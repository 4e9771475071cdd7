"""The widgets of a new screen are styled once, and styling them again would change nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from unittest import mock

import pytest
from support.matched_styles import computed, styles_of
from support.recorded import open_in, recorded
from support.stage import NARROW, WIDE, Stage
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode


def assert_settled(stage: Stage) -> None:
    """Check that styling the current screen again changes nothing."""
    screen = stage.app.screen
    found = styles_of(screen)
    with mock.patch.object(Stylesheet, "apply", computed):
        stage.app.stylesheet.update(screen)
    assert styles_of(screen) == found


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_styling_a_new_screen_again_changes_nothing(size: tuple[int, int]):
    async with Stage().run(size) as stage:
        assert_settled(stage)


async def test_nor_does_it_on_the_screen_of_a_recording(tmp_path: Path):
    async with Stage().run() as stage:
        await open_in(stage, recorded(tmp_path))
        assert_settled(stage)


async def test_the_panes_of_a_new_screen_are_not_styled_a_second_time():
    again: list[DOMNode] = []
    update = Stylesheet.update_nodes

    def noted(self: Stylesheet, nodes: Iterable[DOMNode], animate: bool = False) -> None:
        again.extend(nodes := list(nodes))
        update(self, nodes, animate=animate)

    with mock.patch.object(Stylesheet, "update_nodes", noted):
        async with Stage().run() as stage:
            first = list(again)
            again.clear()
            assert stage.main.composer in first  # it has the focus
            assert stage.main.view not in first
            stage.main.update_node_styles()
            assert stage.main.view in again
