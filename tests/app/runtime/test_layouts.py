"""Widgets are arranged once for each change, and their places are known afterwards."""

from __future__ import annotations

from unittest import mock

from heloscope.app.runtime.layouts import lay_out_once
from textual._compositor import Compositor
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.screen import ModalScreen
from textual.widgets import Static

lay_out_once()


class Hidden(App[None]):
    """An app with a widget that cannot be seen."""

    CSS = "#seen { height: 3; } #low { margin-top: 100; height: 1; }"

    def compose(self) -> ComposeResult:
        yield Static("", id="seen")
        yield Static("", id="low")


def counted() -> mock._patch[mock.MagicMock]:
    """Count how often all widgets of a screen are arranged."""
    return mock.patch.object(
        Compositor, "_arrange_root", autospec=True, side_effect=Compositor._arrange_root
    )


async def test_a_widget_that_is_not_seen_changes_and_all_are_arranged_once():
    async with Hidden().run_test() as pilot:
        app = pilot.app
        low = app.query_one("#low", Static)
        await pilot.pause()
        with counted() as arranged:
            low.refresh(layout=True)
            await pilot.pause()
            assert low.region == Region(0, 103, 78, 1)
        assert arranged.call_count == 1
        low.styles.height = 2
        await pilot.pause()
        assert low.region == Region(0, 103, 78, 2)


async def test_a_screen_is_not_laid_out_again_for_the_size_that_it_has():
    async with Hidden().run_test() as pilot:
        await pilot.pause()
        with counted() as arranged:
            pilot.app.screen._screen_resized(Size(80, 24))
            await pilot.pause()
        assert arranged.call_count == 0
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert pilot.app.query_one("#seen").region == Region(0, 0, 58, 3)  # beside a scrollbar


async def test_a_screen_behind_a_dialog_is_laid_out_when_the_dialog_is_told_of_its_size():
    async with Hidden().run_test() as pilot:
        app = pilot.app
        behind = app.screen
        app.push_screen(ModalScreen())
        await pilot.pause()
        behind.query_one("#seen").styles.height = 5
        await pilot.pause()
        behind._screen_resized(Size(80, 24))
        assert behind.query_one("#seen").region == Region(0, 0, 78, 5)
