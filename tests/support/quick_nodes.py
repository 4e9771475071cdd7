"""Shortcuts for Textual's most frequent queries about nodes.

Five queries take a tenth of the time of a test with a screen: the value of a reactive, the value of
a style rule, whether an idle widget has anything to refresh, which screen it is on, and how many
arguments a callback accepts. Caches of strips that are shown only once take time as well. The
results are the same as Textual's; tests/app/test_quick_nodes.py compares them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from rich.segment import Segment
from textual import _callback
from textual.cache import FIFOCache
from textual.css.styles import RenderStyles
from textual.dom import DOMNode
from textual.reactive import Reactive
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

get = Reactive.__get__
"""Textual's `Reactive.__get__`, which reads the node's ID once and the attribute three times."""
get_rule = RenderStyles.get_rule
has_rule = RenderStyles.has_rule
check_refresh = Widget._check_refresh
count: Callable[[Any], int] = _callback._count_parameters
screen: property = DOMNode.screen
make_strip = Strip.__init__
_CACHES = {
    name: getattr(Strip([]), name)._maxsize
    for name in Strip.__slots__
    if isinstance(getattr(Strip([]), name), FIFOCache)
}
"""The size of each cache of a strip, keyed by its name."""


@cache
def use() -> None:
    """Use the shortcuts from now on."""
    for owner, name, quick in (
        (Reactive, "__get__", quick_get),
        (RenderStyles, "get_rule", quick_get_rule),
        (RenderStyles, "has_rule", quick_has_rule),
        (Widget, "_check_refresh", quick_check_refresh),
        (_callback, "_count_parameters", quick_count),
        (DOMNode, "screen", property(quick_screen)),
        (Strip, "__init__", quick_make_strip),
        (Strip, "__getattr__", cache_of_strip),
    ):
        setattr(owner, name, quick)


def quick_get(self: Reactive[Any], node: Any, cls: type[Any]) -> Any:
    """Return the value of a reactive, leaving it to Textual if it is computed or not yet set."""
    if node is not None and not _is_computed(cls, self.compute_name):
        values = node.__dict__
        if self.internal_name in values and "_id" in values:
            return values[self.internal_name]
    return get(self, node, cls)


@cache
def _is_computed(cls: type[Any], name: str) -> bool:
    return hasattr(cls, name)


def quick_get_rule(self: RenderStyles, rule_name: str, default: object = None) -> object:
    """Return the rule set on the node itself, or else the rule from the style sheet."""
    rules: dict[str, Any] = self._inline_styles._rules  # type: ignore[assignment]
    if rule_name not in rules:
        rules = self._base_styles._rules  # type: ignore[assignment]
    return rules.get(rule_name, default)


def quick_has_rule(self: RenderStyles, rule_name: str) -> bool:
    """Return whether the node or the style sheet has the rule."""
    return rule_name in self._inline_styles._rules or rule_name in self._base_styles._rules


def quick_check_refresh(self: Widget) -> None:
    """Do what `Widget.check_refresh` does, but look for the screen only if a refresh is needed."""
    if (
        self._repaint_required
        or self._layout_required
        or self._scroll_required
        or self._refresh_styles_required
    ):
        check_refresh(self)


def quick_count(callback: Callable[..., Any]) -> int:
    """Return a function's number of parameters, counted once for each definition."""
    code = getattr(callback, "__code__", None)
    if code is None or hasattr(callback, "__wrapped__") or hasattr(callback, "__signature__"):
        return count(callback)
    if code not in _COUNTED:
        _COUNTED[code] = count(callback)
    return _COUNTED[code]


_COUNTED: dict[Any, int] = {}


def quick_screen(self: DOMNode) -> object:
    """Return the nearest screen that contains a node, leaving it to Textual if there is none."""
    node: Any = self
    while not isinstance(node, Screen):
        parent = node.__dict__.get("_MessagePump__parent")
        if parent is None or (node := parent()) is None:
            return screen.__get__(self, type(self))
    return node


def quick_make_strip(
    self: Strip, segments: Iterable[Segment], cell_length: int | None = None
) -> None:
    """Create a strip without its seven caches, most of which are never used."""
    self._segments = list(segments)
    self._cell_length = cell_length
    self._render_cache = self._link_ids = self._cell_count = None


def cache_of_strip(self: Strip, name: str) -> object:
    """Create a cache of a strip when it is first used."""
    if name not in _CACHES:
        raise AttributeError(name)
    made: FIFOCache[Any, Any] = FIFOCache(_CACHES[name])
    setattr(self, name, made)
    return made
