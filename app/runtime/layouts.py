"""Each change of a screen is laid out once.

Textual arranges all widgets again, with the result it has just had, when a widget that changed was
hidden or is new: it takes what it knows of their places for outdated, also right after they were
arranged. And a screen that has been laid out for its size is told of that size afterwards, once or
more, and is laid out each time. Both together are half of the layouts of the start, and a fourth
of those that a typed command leads to.

Private names of Textual that are used here: `Compositor._full_map_invalidated`, which says that the
places are outdated; of a screen `_screen_resized`, which is told of a size, and `_compositor`.
"""

# pyright: reportPrivateUsage=false

from __future__ import annotations

from functools import cache
from typing import Any

from textual._compositor import Compositor, ReflowResult
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget


@cache
def lay_out_once() -> None:
    """From now on, arrange no widgets whose places are known."""
    setattr(Compositor, "reflow", _reflow(Compositor.reflow))  # noqa: B010 (the type does not change)
    screen: Any = Screen
    screen._screen_resized = _screen_resized(screen._screen_resized)


def _reflow(arrange: Any) -> Any:
    def reflow(self: Compositor, parent: Widget, size: Size) -> ReflowResult:
        result: ReflowResult = arrange(self, parent, size)
        self._full_map_invalidated = False  # it was made of all widgets
        return result

    return reflow


def _screen_resized(lay_out: Any) -> Any:
    def screen_resized(self: Any, size: Size) -> None:
        compositor = self._compositor
        laid_out = compositor.root is self and compositor.size == size
        # What changed since is laid out with the next frame, but none comes behind a dialog.
        if not laid_out or self is not self.app.screen:
            lay_out(self, size)

    return screen_resized
