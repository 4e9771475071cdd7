"""The text on a screen."""

from __future__ import annotations

from collections.abc import Mapping

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


def lines_of(compositor: Compositor, region: Region | None = None) -> list[str]:
    """Return the lines of a screen, or only those that a region touches, in full width.

    Only the lines returned are rendered.
    """
    screen = compositor.size.region
    rows = Region(0, region.y, screen.width, region.height) if region is not None else screen
    return text_in(compositor, rows)


def text_in(compositor: Compositor, region: Region) -> list[str]:
    """Return the lines in part of a screen, rendering only the widgets that overlap it.

    `Compositor._render_chops` alone would also render widgets that are outside `region` if their
    container overlaps it.
    """
    region = region.intersection(compositor.size.region)
    rows = range(region.y, region.bottom)
    visible = compositor.visible_widgets
    compositor.cuts  # noqa: B018 - they are kept, and made of all that is visible
    compositor._visible_widgets = {
        widget: (place, clip)
        for widget, (place, clip) in visible.items()
        if place.intersection(clip).overlaps(region)
    }
    try:
        chops = compositor._render_chops(region, rows.__contains__)
    finally:
        compositor._visible_widgets = visible
    cut = (region.x, region.right)
    return [_joined(chops[row]).crop(*cut).text.rstrip() for row in rows]


def _joined(chops: Mapping[int, Strip | None]) -> Strip:
    """Return a line of a screen, which is blank where nothing was rendered."""
    strips: list[Strip] = []
    x = 0
    for at, strip in chops.items():
        if strip is not None:
            if at > x:
                strips.append(Strip.blank(at - x))
            strips.append(strip)
            x = at + strip.cell_length
    return Strip.join(strips)
