"""The shortcuts that the tests use give the same answers as Textual."""

from __future__ import annotations

from functools import partial, wraps

import pytest
from rich.segment import Segment
from support import quick_nodes
from support.stage import NARROW, Stage
from textual.app import App
from textual.cache import FIFOCache
from textual.css.styles import RULE_NAMES, RenderStyles
from textual.dom import NoScreen
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widget import Widget

KEYS = (("f6",), ("ctrl+f", "x", "enter", "escape"), ("f1",), ("escape", "f12"), ("escape",))


async def test_each_value_and_rule_of_each_node_is_what_textual_says():
    compared: set[str] = set()
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", "BOGUS")
        for keys in KEYS:
            await stage.press(*keys)
            for node in (stage.app, *stage.app.screen.walk_children(with_self=True)):
                for name, reactive in node._reactives.items():
                    quick = quick_nodes.quick_get(reactive, node, type(node))
                    assert quick == quick_nodes.get(reactive, node, type(node)), (node, name)
                    compared.add(f"{type(node).__name__}.{name}")
                if node is not stage.app:
                    wanted = quick_nodes.screen.__get__(node, type(node))
                    assert quick_nodes.quick_screen(node) is wanted
                for styles in (node.styles, *node._component_styles.values()):
                    assert_same_rules(styles)
    assert {"HeloscopeApp.theme", "TranscriptView.virtual_size", "CommandInput.value"} <= compared
    assert len(compared) > 300


def assert_same_rules(styles: RenderStyles) -> None:
    for name in RULE_NAMES:
        got = quick_nodes.quick_get_rule(styles, name, "none")
        assert got == quick_nodes.get_rule(styles, name, "none")
        assert quick_nodes.quick_has_rule(styles, name) == quick_nodes.has_rule(styles, name)


def test_what_a_node_has_set_itself_comes_before_the_style_sheet():
    widget = Widget()
    widget.styles.base.set_rule("dock", "top")
    assert quick_nodes.quick_get_rule(widget.styles, "dock") == "top"
    widget.styles.dock = "left"
    assert quick_nodes.quick_get_rule(widget.styles, "dock") == "left"
    assert_same_rules(widget.styles)


class Computing(Widget):
    half: Reactive[int] = Reactive(1)
    whole: Reactive[int] = Reactive(0)

    def compute_whole(self) -> int:
        return 2 * self.half


def test_a_computed_value_is_computed_each_time():
    widget = Computing()
    widget.set_reactive(Computing.half, 4)
    assert (widget.half, widget.whole) == (4, 8)
    widget.set_reactive(Computing.half, 5)
    assert (widget.half, widget.whole) == (5, 10)


def several(one: int, *more: int, last: int = 0) -> None: ...


@wraps(several)
def wrapped(*arguments: object) -> None: ...


def test_a_node_that_was_not_made_yet_has_no_value():
    with pytest.raises(Exception, match="super"):
        _ = Computing.__new__(Computing).half


def test_parameters_are_counted_as_textual_counts_them():
    callbacks = (several, wrapped, lambda: None, lambda one: one, partial(several, 1), print)
    for callback in (*callbacks, *callbacks):
        assert quick_nodes.quick_count(callback) == quick_nodes.count(callback)
    assert quick_nodes.quick_count(several) == 3


def test_a_widget_with_nothing_to_refresh_asks_for_no_screen():
    class Alone(Widget):
        asked = 0

        @property
        def screen(self):  # type: ignore[override]
            self.asked += 1
            return super().screen

    widget = Alone()
    widget._attach(Widget())
    for flag in ("_repaint_required", "_layout_required", "_scroll_required"):
        setattr(widget, flag, False)
    quick_nodes.quick_check_refresh(widget)
    assert widget.asked == 0
    for flag in ("_repaint_required", "_layout_required", "_scroll_required"):
        setattr(widget, flag, True)
        quick_nodes.quick_check_refresh(widget)
        setattr(widget, flag, False)
    assert widget.asked == 3


def test_a_node_on_no_screen_says_so_as_textual_does():
    for node in (Widget(), App[None]()):
        with pytest.raises(NoScreen, match="no screen"):
            quick_nodes.quick_screen(node)


def test_a_strip_has_the_caches_that_textual_gives_it_and_uses_them():
    strip, made_by_textual = Strip([Segment("a line")]), Strip([])
    quick_nodes.make_strip(made_by_textual, [Segment("a line")])
    for name in Strip.__slots__:
        got, wanted = getattr(strip, name), getattr(made_by_textual, name)
        if isinstance(wanted, FIFOCache):
            assert (got._maxsize, len(got)) == (wanted._maxsize, 0), name
        elif name != "_cell_length":
            assert got == wanted, name
    assert strip.crop(0, 3).text == "a l"
    assert strip.crop(0, 3) is strip.crop(0, 3)
    with pytest.raises(AttributeError):
        _ = strip.unknown  # type: ignore[attr-defined]
