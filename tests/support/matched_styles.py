"""What a style sheet says of a node, kept for the next node that its selectors cannot tell from it.

To match all rules against each node of each app is a fifth of the time of a test with a screen.
Which rules hold for a node depends only on the rules themselves, on the types, ids and classes
of the node and of what it lies in, and on the pseudo-classes that the selectors ask for. All that
is in the key, so that what is found is what Textual would compute;
tests/app/test_matched_styles.py compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, cast
from weakref import WeakKeyDictionary

from textual.css.model import RuleSet, Selector
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

Rules = tuple[tuple[RuleSet, bool, int], ...]

computed = Stylesheet.apply
"""`Stylesheet.apply`, which computes it."""
_FOCUS_WITHIN = "focus-within"
_ORDER = frozenset({"first-of-type", "last-of-type", "first-child", "last-child", "empty"})
_ODD_OR_EVEN = frozenset({"odd", "even"})


class Matched:
    """The rules that end in one of the names of a node, and what they came to for each."""

    def __init__(self, rules: Rules) -> None:
        pseudo_classes: set[str] = set().union(*[rule.pseudo_classes for rule, *_ in rules])
        self.hover = "hover" in pseudo_classes
        self.focus_within = _FOCUS_WITHIN in pseudo_classes
        self.order = not pseudo_classes.isdisjoint(_ORDER)
        self.odd_or_even = not pseudo_classes.isdisjoint(_ODD_OR_EVEN)
        self.keeps = pseudo_classes.isdisjoint(Stylesheet._EXCLUDE_PSEUDO_CLASSES_FROM_CACHE)
        self.asking = tuple(_asking(rules))
        self.found: dict[object, RulesMap | None] = {}

    def key(self, node: DOMNode) -> object:
        """What the selectors can know of a node."""
        path: list[object] = []
        within: DOMNode | None = node
        asking = self.asking
        while isinstance(within, DOMNode):
            path += (within.__class__, within._id, frozenset(within._classes))
            path += [
                within.has_pseudo_classes(selector.pseudo_classes)
                for selector in asking
                if selector._check(within)
            ]
            within = cast("DOMNode | None", within._parent)
        return tuple(path)


def _asking(rules: Rules) -> Iterable[Selector]:
    """The selectors with pseudo-classes, each once."""
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
_BY_NAMES: WeakKeyDictionary[Stylesheet, tuple[object, dict[frozenset[str], Matched]]]
_BY_NAMES = WeakKeyDictionary()


def _matched(sheet: Stylesheet, node: DOMNode) -> Matched:
    rules_map = sheet.rules_map
    of, by_names = _BY_NAMES.get(sheet, (None, {}))
    if of is not rules_map:
        by_names = {}
        _BY_NAMES[sheet] = (rules_map, by_names)
    names = frozenset(node._selector_names)
    matched = by_names.get(names)
    if matched is None:
        limited = {rule for name in rules_map.keys() & names for rule in rules_map[name]}
        rules = tuple(
            (rule, rule.is_default_rules, rule.tie_breaker)
            for rule in filter(limited.__contains__, sheet.rules)
        )
        matched = by_names[names] = _MATCHED.setdefault(rules, Matched(rules))
    return matched


@cache
def keep() -> None:
    """From now on, what matched is kept."""
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
        matched.found[key] = next(iter(once.values()), None)
        return
    node._has_hover_style = matched.hover
    node._has_focus_within = matched.focus_within
    node._has_order_style = matched.order
    node._has_odd_or_even = matched.odd_or_even
    rules = matched.found[key]
    if rules is not None and node.styles.base._rules == rules:
        node.notify_style_update()  # nothing to be replaced
    elif rules is not None:
        self.replace_rules(node, rules, animate=animate)
    self._process_component_classes(node)
