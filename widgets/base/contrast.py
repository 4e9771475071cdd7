"""`ContrastFilter`, which keeps all text legible in every theme.

Themes have colours that are hard to read, such as light yellow on white, or text at half strength.
The filter moves a colour that is too close to its background towards white or black, by as little
as necessary, and leaves other colours alone. Contrast is measured as in WCAG 2.1 (1.4.3 for text,
1.4.11 for decoration).
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

TEXT = 4.5
"""The lowest contrast ratio allowed between a text and its background."""
DECORATION = 3.0
"""The lowest contrast ratio allowed for anything but text: borders, rules, scrollbars."""
_STEPS = 64  # a colour moves towards white or black in steps of 1/64
_DECORATION = range(0x2500, 0x25A0)  # box drawing and block elements

_Rgb = tuple[int, int, int]


def luminance(colour: _Rgb) -> float:
    """Return the relative luminance of a colour in sRGB, from 0 to 1 (WCAG 2.1)."""
    red, green, blue = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: _Rgb, other: _Rgb) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.1)."""
    light, dark = luminance(one), luminance(other)
    if light < dark:
        light, dark = dark, light
    return (light + 0.05) / (dark + 0.05)


def is_decoration(text: str) -> bool:
    """Return whether `text` contains nothing but box-drawing and block characters and spaces."""
    return all(ord(character) in _DECORATION or character == " " for character in text)


@lru_cache(4096)
def legible(colour: _Rgb, background: _Rgb, least: float) -> _Rgb:
    """Return `colour`, moved towards white or black until its contrast is at least `least`.

    Contrast is measured against `background`. If no mixture is enough, return pure white or black.
    """
    if contrast(colour, background) >= least:
        return colour
    white, black = (255, 255, 255), (0, 0, 0)
    end = white if contrast(white, background) > contrast(black, background) else black
    for step in range(1, _STEPS):
        red, green, blue = (
            round(part + (to - part) * step / _STEPS) for part, to in zip(colour, end, strict=True)
        )
        if contrast((red, green, blue), background) >= least:
            return red, green, blue
    return end


@lru_cache(4096)
def _legible_style(style: Style, background: RichColor, least: float) -> Style:
    colour, behind = style.color, style.bgcolor
    if behind is None or behind.triplet is None:
        behind = background
    if colour is None or colour.triplet is None or behind.triplet is None:
        return style  # the terminal's own colours are unknown
    before = tuple(colour.triplet)
    after = legible(before, tuple(behind.triplet), least)
    return style if after == before else style + Style(color=RichColor.from_rgb(*after))


class ContrastFilter(LineFilter):
    """A filter that moves each text colour far enough from its background to be legible."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return `segments` in legible colours.

        `background` is the background of each segment that has none of its own.
        """
        behind = background.rich_color
        return [
            segment
            if segment.style is None or segment.control or segment.text.isspace()
            else Segment(
                segment.text,
                _legible_style(
                    segment.style, behind, DECORATION if is_decoration(segment.text) else TEXT
                ),
            )
            for segment in segments
        ]
