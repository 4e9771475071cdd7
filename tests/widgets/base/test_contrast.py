"""The contrast filter agrees with the ratios given by WCAG 2.1 and its calculators."""

from heloscope.widgets.base.contrast import ContrastFilter, contrast, is_decoration, legible
from rich.segment import Segment
from rich.style import Style
from support.rows import for_each
from textual.color import Color

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@for_each(
    [
        (WHITE, BLACK, 21.0),
        (WHITE, WHITE, 1.0),
        ((0x77, 0x77, 0x77), WHITE, 4.48),
        ((0x76, 0x76, 0x76), WHITE, 4.54),
        ((255, 0, 0), WHITE, 4.0),
        ((0, 0, 255), BLACK, 2.44),
    ]
)
def test_the_ratio_is_that_of_wcag(one: tuple[int, int, int], other, ratio: float):
    assert round(contrast(one, other), 2) == ratio == round(contrast(other, one), 2)


def test_a_colour_is_moved_no_further_than_it_must():
    assert legible((0x70, 0x70, 0x70), WHITE, 4.5) == (0x70, 0x70, 0x70)
    grey = legible((0xAA, 0xAA, 0xAA), WHITE, 4.5)
    assert grey[0] == grey[1] == grey[2]
    assert 4.5 <= contrast(grey, WHITE) < 4.7
    yellow = legible((0xFF, 0xF0, 0x60), WHITE, 4.5)
    assert yellow[0] > yellow[1] > yellow[2]  # still a yellow
    assert legible((0x80, 0x80, 0x80), (0x80, 0x80, 0x80), 10) == BLACK  # nothing is far enough


def shown(text: str, colour: str, behind: str | None, background: str = "#ffffff") -> str:
    style = Style(color=colour, bgcolor=behind, bold=True)
    (segment,) = ContrastFilter().apply([Segment(text, style)], Color.parse(background))
    assert segment.text == text
    assert segment.style is not None and segment.style.bold
    assert segment.style.color is not None
    return segment.style.color.name


def test_text_and_borders_have_each_their_ratio():
    assert shown("250 ok", "#000000", "#ffffff") == "#000000"
    assert shown("250 ok", "#a0a0a0", None) == shown("250 ok", "#a0a0a0", "#ffffff")
    text, border = shown("250 ok", "#e0e0e0", None), shown("╭──╮", "#e0e0e0", None)
    assert text < border < "#e0e0e0"  # a border may be fainter
    assert shown("x", "#202020", None, "#101010") > "#202020"


def test_the_colours_of_the_terminal_are_left_alone():
    assert shown("250 ok", "red", None) == "red"
    assert shown("250 ok", "#ffffff", "default") != "#ffffff"


def test_lines_and_blocks_are_decoration():
    assert is_decoration("╭─ ▁▎")
    assert not is_decoration("── TLS ──")
    assert not is_decoration("●")
