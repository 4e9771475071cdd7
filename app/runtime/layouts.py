"""Makes Textual lay out each change of a screen only once.

Textual arranges all widgets again, with the same result, if a changed widget was hidden or is new,
because it considers the known places outdated, even just after arranging. Moreover, a screen that
has been laid out for its size is notified of that size afterwards, at least once, and is laid out
each time. Together, these are half of the layouts at the start, and a quarter of those after a
typed command.

Private names of Textual used here: `Compositor._full_map_invalidated`, which is true if the places
are outdated; and, of a screen, `_compositor` and `_screen_resized`, which is called with a size.
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
    """Make Textual skip arranging widgets whose places are known."""
    setattr(Compositor, "reflow", _reflow(Compositor.reflow))  # noqa: B010 (the type does not change)
    screen: Any = Screen
    screen._screen_resized = _screen_resized(screen._screen_resized)


def _reflow(arrange: Any) -> Any:
    def reflow(self: Compositor, parent: Widget, size: Size) -> ReflowResult:
        result: ReflowResult = arrange(self, parent, size)
        self._full_map_invalidated = False  # it was made from all widgets
        return result

    return reflow


def _screen_resized(lay_out: Any) -> Any:
    def screen_resized(self: Any, size: Size) -> None:
        compositor = self._compositor
        laid_out = compositor.root is self and compositor.size == size
        # Later changes are laid out with the next frame, which never comes below a dialog.
        if not laid_out or self is not self.app.screen:
            lay_out(self, size)

    return screen_resized
