"""Caches the style rules that match a node, for nodes that the selectors cannot distinguish.

Matching all rules against each node of each app takes a fifth of the time of a test with a screen.
Which rules match a node depends only on the rules themselves, on the types, IDs and classes of the
node and its ancestors, and on the pseudo-classes that the selectors use. The key includes all of
these, so that the result is what Textual would compute; tests/app/test_matched_styles.py compares
the two. Only rules that differ are set, and the virtual nodes of component classes are kept instead
of being created for each update.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

from textual.css.model import RuleSet, Selector, SelectorType
from textual.css.styles import RenderStyles, RulesMap, Styles
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.layouts.factory import get_layout
from textual.widget import Widget

Rule = tuple[RuleSet, bool, int]
Rules = tuple[Rule, ...]

computed = Stylesheet.apply
"""Textual's own `Stylesheet.apply`, which computes the rules."""
_FOCUS_WITHIN = "focus-within"
_ORDER = frozenset({"first-of-type", "last-of-type", "first-child", "last-child", "empty"})
_ODD_OR_EVEN = frozenset({"odd", "even"})


class Look(NamedTuple):
    """The resulting rules of a node."""

    rules: dict[str, Any]
    """The rules as written in the style sheet."""
    values: dict[str, Any]
    """The rules as they appear on a node once they have been set."""


class Matched:
    """A set of rules that may match a node, and the result for each distinct node."""

    def __init__(self, rules: Rules) -> None:
        pseudo_classes: set[str] = set().union(*[rule.pseudo_classes for rule, *_ in rules])
        self.hover = "hover" in pseudo_classes
        self.focus_within = _FOCUS_WITHIN in pseudo_classes
        self.order = not pseudo_classes.isdisjoint(_ORDER)
        self.odd_or_even = not pseudo_classes.isdisjoint(_ODD_OR_EVEN)
        self.keeps = pseudo_classes.isdisjoint(Stylesheet._EXCLUDE_PSEUDO_CLASSES_FROM_CACHE)
        self._asking = tuple(_asking(rules))
        self._asked: dict[type[DOMNode], tuple[Callable[[Any], bool], ...]] = {}
        self.found: dict[object, Look | None] = {}

    def key(self, node: DOMNode) -> object:
        """Return everything about a node that the selectors can test."""
        path: list[object] = []
        within: DOMNode | None = node
        asked = self._asked
        while isinstance(within, DOMNode):
            cls = within.__class__
            disabled = within.__dict__.get("_reactive_disabled", False)
            path += (cls, within._id, frozenset(within._classes), disabled)
            if cls not in asked:
                asked[cls] = tuple(self._asked_of(cls))
            path += [holds(within) for holds in asked[cls]]
            within = cast("DOMNode | None", within._parent)
        return tuple(path)

    def _asked_of(self, cls: type[DOMNode]) -> Iterable[Callable[[Any], bool]]:
        """Return what the selectors test on a node of this class, except whether it is disabled.

        A node is disabled if it or one of its ancestors is, so each of these is tested once.
        """
        names: set[str] = set()
        for selector in self._asking:
            if selector.type is not SelectorType.TYPE or selector.name in cls._css_type_names:
                names |= selector.pseudo_classes
        known = names & cls._PSEUDO_CLASSES.keys() - {"enabled", "disabled"}
        return [cls._PSEUDO_CLASSES[name] for name in sorted(known)]


def _asking(rules: Rules) -> Iterable[Selector]:
    """Yield each selector that has pseudo-classes, once."""
    seen: dict[object, Selector] = {}
    for rule, *_ in rules:
        for selector_set in rule.selector_set:
            for selector in selector_set.selectors:
                if selector.pseudo_classes:
                    seen[selector.type, selector.name, frozenset(selector.pseudo_classes)] = (
                        selector
                    )
    return seen.values()


_MATCHED: dict[Rules, Matched] = {}
_NAMED: dict[Rules, dict[frozenset[str], Matched]] = {}  # of all rules of a sheet, by names
_BY_SHEET: WeakKeyDictionary[Stylesheet, tuple[object, dict[frozenset[str], Matched]]]
_BY_SHEET = WeakKeyDictionary()


def _matched(sheet: Stylesheet, node: DOMNode) -> Matched:
    rules_map = sheet.rules_map
    of, named = _BY_SHEET.get(sheet, (None, {}))
    if of is not rules_map:
        named = _NAMED.setdefault(tuple(map(_parts, sheet.rules)), {})
        _BY_SHEET[sheet] = (rules_map, named)
    names = frozenset(node._selector_names)
    matched = named.get(names)
    if matched is None:
        limited = {rule for name in rules_map.keys() & names for rule in rules_map[name]}
        rules = tuple(map(_parts, filter(limited.__contains__, sheet.rules)))
        matched = _MATCHED.get(rules)
        if matched is None:
            matched = _MATCHED[rules] = Matched(rules)
        named[names] = matched
    return matched


def _parts(rule: RuleSet) -> Rule:
    return rule, rule.is_default_rules, rule.tie_breaker


@cache
def keep() -> None:
    """From now on, cache the results when rules are matched."""
    setattr(Stylesheet, "apply", _kept_apply)  # noqa: B010 (the type does not change)


def _kept_apply(
    self: Stylesheet,
    node: DOMNode,
    *,
    animate: bool = False,
    cache: dict[tuple[Any, ...], RulesMap] | None = None,  # of nodes that are updated together
) -> None:
    matched = _matched(self, node)
    if not matched.keeps:
        computed(self, node, animate=animate, cache=cache)
        return
    key = matched.key(node)
    if key not in matched.found:
        once: dict[tuple[Any, ...], RulesMap] = {}
        computed(self, node, animate=animate, cache=once)
        matched.found[key] = next(map(_look, once.values()), None)
        return
    node._has_hover_style = matched.hover
    node._has_focus_within = matched.focus_within
    node._has_order_style = matched.order
    node._has_odd_or_even = matched.odd_or_even
    look = matched.found[key]
    if look is not None and animate and "transitions" in look.rules:
        self.replace_rules(node, cast(RulesMap, look.rules), animate=True)
    elif look is not None:
        _give(node, look)
    _keep_components(self, node)


def _look(rules: RulesMap) -> Look:
    styles = Styles()
    for name, value in rules.items():
        setattr(styles, name, value)
    return Look(dict(rules), dict(styles._rules))


def _give(node: DOMNode, look: Look) -> None:
    """Set a node's rules to those of `look`, changing only the rules that differ.

    `Stylesheet.replace_rules` sets all of them.
    """
    base = node.styles.base
    old = cast("dict[str, Any]", base._rules)
    values = look.values
    if not old and not node._is_mounted:  # so that nothing is drawn anew
        old.update(values)
        if "layout" in values:  # each node has its own
            old["layout"] = get_layout(values["layout"].name)
        base._updates += 1
        if "display" in values and node.parent:
            node._nodes.updated()
    else:
        for name in old.keys() | values.keys():
            if old.get(name) != values.get(name) and not _same_layout(name, old, values):
                setattr(base, name, look.rules.get(name))
    node.notify_style_update()


def _same_layout(name: str, old: dict[str, Any], values: dict[str, Any]) -> bool:
    """Return whether the rule `name` is the layout, and the kind of layout has not changed."""
    if name != "layout" or name not in old or name not in values:
        return False
    return bool(old[name].name == values[name].name)


@cache
def _in_order(names: frozenset[str]) -> list[str]:
    return sorted(names)


def _keep_components(sheet: Stylesheet, node: DOMNode) -> None:
    """Do what `Stylesheet._process_component_classes` does, using the existing virtual nodes."""
    names = node._get_component_classes()
    if not names:
        return
    old = node._component_styles
    new: dict[str, RenderStyles] = {}
    changed = False
    for name in _in_order(names):
        styles = old.get(name)
        before = None if styles is None else styles.base.get_rules()
        virtual = styles.node if styles is not None else None
        look = _found(sheet, virtual) if virtual is not None else None
        if virtual is not None and look is not None:
            _give(virtual, look)
        else:
            virtual = DOMNode(classes=name)
            virtual._attach(node)
            sheet.apply(virtual)
        changed = changed or before != virtual.styles.base._rules
        new[name] = virtual.styles
    old.clear()
    old.update(new)
    if changed:
        node.refresh()


def _found(sheet: Stylesheet, virtual: DOMNode) -> Look | None:
    """Return the cached result for an equal virtual node, or None."""
    matched = _matched(sheet, virtual)
    return matched.found.get(matched.key(virtual)) if matched.keeps else None


def styles_of(screen: Widget) -> dict[DOMNode, tuple[RulesMap, dict[str, RulesMap]]]:
    """Return the rules of each node of a screen, and those of the node's component classes."""
    return {
        node: (
            node.styles.base.get_rules(),
            {name: part.get_rules() for name, part in node._component_styles.items()},
        )
        for node in screen.walk_children(with_self=True)
    }
