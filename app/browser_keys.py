"""Keys that browsers reserve for themselves, and what to use instead.

A web page never receives Ctrl+N, Ctrl+T, Ctrl+W or Ctrl+Q. Some other keys reach it in most
browsers and on most systems, but not in all. Every action also has an order, which needs no key.
"""

from __future__ import annotations

from .actions import ACTIONS, Action, key_name

TAKEN = frozenset(("ctrl+n", "ctrl+q", "ctrl+t", "ctrl+w"))
"""Keys that no web page receives, because they open and close tabs and windows."""
DOUBTFUL = frozenset(("f1", "f3", "f5", "f6", "f7", "f11", "f12", "ctrl+l", "ctrl+r", "ctrl+p"))
"""Keys that some browsers or systems use to reload, search or switch to full screen."""


def instead_of(key: str) -> str:
    """Return what replaces a key in a browser: another key of its action, or else the order.

    Return "" if the key belongs to no action.
    """
    action = _action_of(key)
    if action is None:
        return ""
    others = [other for other in action.key.split(",") if other not in TAKEN | DOUBTFUL]
    return key_name(others[0]) if others and others[0] != key else f":{action.name}"


def rows() -> list[tuple[str, str]]:
    """Return the rows of the table of replacement keys, for the web page and the help screen.

    Each row consists of a replacement, and a phrase with its purpose and the keys it replaces.
    """
    found: list[tuple[str, str]] = []
    for action in ACTIONS.values():
        keys = action.key.split(",")
        taken = [key for key in keys if key in TAKEN]
        doubtful = [key for key in keys if key in DOUBTFUL]
        if taken:
            why = f"{action.summary}; the browser reserves {key_name(','.join(taken))}"
            found.append((instead_of(taken[0]), why))
        elif doubtful and len(doubtful) == len(keys):
            why = f"{action.summary}, if {key_name(','.join(doubtful)).replace(' ', ' or ')} fails"
            found.append((instead_of(doubtful[0]), why))
    return found


def _action_of(key: str) -> Action | None:
    return next((each for each in ACTIONS.values() if key in each.key.split(",")), None)
