"""The position bar shows how much has been read, and how far a move to another position has got."""

from __future__ import annotations

from heloscope.widgets.bars.position import PositionBar
from textual.app import App, ComposeResult


class Bar(App[None]):
    def compose(self) -> ComposeResult:
        yield PositionBar()


async def test_a_long_way_to_another_position_is_told():
    app = Bar()
    async with app.run_test(size=(80, 1)):
        bar = app.query_one(PositionBar)
        assert "moving" not in str(bar.render())
        bar.way = 42
        assert str(bar.render()).startswith("▮▮ paused  moving, 42%, Ctrl+C stops  ")
