"""Parses Textual's style sheets once per process, since parsing takes a fifth of an app's start."""

from __future__ import annotations

from functools import cache
from typing import Any

from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_PARSED: dict[frozenset[tuple[str, str]], LRUCache[Any, list[RuleSet]]] = {}


@cache
def share() -> None:
    """From now on, parse sheets with the same variables (a theme's colours) only once."""
    init, set_variables = Stylesheet.__init__, Stylesheet.set_variables

    def shared_init(self: Stylesheet, *, variables: dict[str, str] | None = None) -> None:
        init(self, variables=variables)
        self._parse_cache = _shared(variables or {})

    def shared_set_variables(self: Stylesheet, variables: dict[str, str]) -> None:
        self._parse_cache = LRUCache(1)  # for Textual to clear
        set_variables(self, variables)
        self._parse_cache = _shared(variables)

    setattr(RuleSet, "__hash__", object.__hash__)  # noqa: B010 - the same, and no call of Python
    setattr(Stylesheet, "__init__", shared_init)  # noqa: B010 (the type does not change)
    setattr(Stylesheet, "set_variables", shared_set_variables)  # noqa: B010


def _shared(variables: dict[str, str]) -> LRUCache[Any, list[RuleSet]]:
    return _PARSED.setdefault(frozenset(variables.items()), LRUCache(1000))
