"""The position bar, which shows the position in a recording and whether it is playing."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from .status import clock

_ROOM = 8  # the fewest cells of the bar


class PositionBar(Widget):
    """A line that shows the position as a bar, as a number of steps, and as a time."""

    DEFAULT_CSS = """
    PositionBar { height: 1; padding: 0 1; color: $foreground; }
    """
    ALLOW_SELECT = False

    playing: reactive[bool] = reactive(False)
    """Whether the recording is playing."""
    speed: reactive[float] = reactive(1.0)
    """The speed, as a multiple of the recorded speed."""
    position: reactive[int] = reactive(0)
    """The number of steps shown."""
    steps: reactive[int] = reactive(0)
    """The total number of steps."""
    elapsed: reactive[float] = reactive(0.0)
    """The time of the last step shown, in seconds."""
    duration: reactive[float] = reactive(0.0)
    """The time of the last step of the recording, in seconds."""
    timed: reactive[bool] = reactive(True)
    """Whether the times are known."""
    percent: reactive[int] = reactive(100)
    """The percentage of the recording that has been read."""

    way: reactive[int] = reactive(100)
    """The percentage of the move to another position that is done."""

    def render(self) -> Content:
        speed = f" {self.speed:g}×" if self.speed != 1 else ""
        before = f"{'▶ playing' if self.playing else '▮▮ paused'}{speed}  "
        if self.percent < 100:
            before += f"reading, {self.percent}%  "
        if self.way < 100:
            before += f"moving, {self.way}%, Ctrl+C stops  "
        times = f"{clock(int(self.elapsed))} / {clock(int(self.duration))}"
        if not self.timed:
            times = "times unknown"
        after = f"  {self.position:,} of {self.steps:,}  {times}"
        room = self.content_size.width - len(before) - len(after)
        if room < _ROOM:
            return Content(f"{before}{times}")
        done = room if not self.steps else round(room * self.position / self.steps)
        return Content.assemble(
            (before, "bold" if self.playing else ""),
            ("━" * done, "$accent"),
            ("─" * (room - done), "$foreground 30%"),
            (after, "dim"),
        )
