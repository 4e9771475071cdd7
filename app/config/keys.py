"""Checks the table `keys` of the file, which sets the keys of actions.

    [keys]
    reconnect = "ctrl+e"             # one key, or several: "f9,ctrl+e" or ["f9", "ctrl+e"]
    mailbox = ""                     # no key

A key is named as in `heloscope --keys`, such as Ctrl+E, F9 or PageUp. Case does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from ...session.visible import visible_text
from ..actions import DEFAULT_KEYS, find_action, key_name, nearest_action

_SHOWN = 40  # characters of a key or a name in a message
_ALIASES = {
    "esc": "escape", "pgup": "pageup", "pgdn": "pagedown", "pagedn": "pagedown", "del": "delete",
    "ins": "insert", "return": "enter", "]": "right_square_bracket", "\\": "backslash",
    "^": "circumflex_accent", "_": "underscore", "control": "ctrl",
}  # fmt: skip
_MOVING = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete")

FIXED: dict[str, str] = {
    "escape": "returns to the command line",
    "enter": "sends the line",
    "tab": "completes",
    "shift+tab": "goes to the previous pane",
    "f6": "goes to the next pane",
    "ctrl+c": "copies or stops",
    "ctrl+p": "opens the command palette",
    "ctrl+up": "goes to the previous reply",
    "ctrl+down": "goes to the next reply",
    "ctrl+d": "sends the message",
    "backspace": "edits the line",
    "space": "is text",
    **dict.fromkeys(_MOVING[:-2], "moves the cursor"),
    "delete": "edits the line",
    "shift+up": "selects lines",
    "shift+down": "selects lines",
}
"""The keys that no action can have, each with what it does."""

REACHABLE = frozenset((
    *(f"f{number}" for number in range(1, 25)),
    *(f"ctrl+f{number}" for number in range(1, 25)),
    *(f"ctrl+{letter}" for letter in "abcdefgklnopqrstuvwxyz"),
    *(f"ctrl+{name}" for name in
      ("@", "backslash", "right_square_bracket", "circumflex_accent", "underscore")),
    *(held + key for held in ("", "ctrl+", "shift+", "ctrl+shift+") for key in _MOVING),
))  # fmt: skip
"""The keys that a terminal reports and distinguishes, except those that type a character."""

_SAME = {"ctrl+h": "Backspace", "ctrl+i": "Tab", "ctrl+j": "Enter", "ctrl+m": "Enter",
         "ctrl+left_square_bracket": "Esc", "ctrl+[": "Esc"}  # fmt: skip

Wrong = Callable[[str, str], object]


def checked_keys(table: Mapping[str, object], wrong: Wrong) -> dict[str, str]:
    """Return the keys that the table sets for each action, such as "f9,ctrl+e", or "" for no key.

    For each mistake, `wrong` is called with the name of the action as written in the table and a
    sentence. An action with a mistake keeps its default keys.
    """
    found: dict[str, str] = {}
    written: dict[str, str] = {}  # action -> its name in the table
    for name, value in table.items():
        action = find_action(name)
        if action is None:
            near = nearest_action(name)
            meant = f" Did you mean {near}?" if near else " heloscope --keys lists all."
            wrong(name, f"unknown action {visible_text(name)[:_SHOWN]}.{meant}")
            continue
        keys = _listed(value)
        if keys is None:
            wrong(name, f'{name}: must be keys in quotes, such as "f9,ctrl+e".')
            continue
        problem = next((words for key in keys if (words := key_problem(key))), "")
        if problem:
            wrong(name, f"{name}: {problem}")
            continue
        found[action.name] = ",".join(dict.fromkeys(keys))
        written[action.name] = name
    while clash := next(_clashes(found), None):
        name, key, other = clash
        del found[name]
        wrong(
            written[name],
            f"{written[name]}: {key_name(key)} is already the key of {other}. "
            f"To use it here, set another key for {other}.",
        )
    return found


def key_problem(key: str) -> str:
    """Return a sentence that explains why an action cannot have this key, or "" if it can."""
    shown = visible_text(key_name(key))[:_SHOWN]
    if key in FIXED:
        return f"{shown} {FIXED[key]}, so no action can use it."
    if key in _SAME:
        return f"a terminal cannot distinguish {shown} from {_SAME[key]}."
    if len(key) == 1:
        return f"{shown} is text; use a key such as F9 or Ctrl+E."
    if key not in REACHABLE:
        return f"no terminal reports {shown} as a key; use one such as F9 or Ctrl+E."
    return ""


def normalised(key: str) -> str:
    """Return a key as Textual names it: "Ctrl+E" becomes ctrl+e, "PgUp" becomes pageup."""
    *held, last = key.strip().lower().replace(" ", "").split("+")
    held = [_ALIASES.get(word, word) for word in held]
    order = [word for word in ("ctrl", "shift") if word in held]
    others = [word for word in held if word not in order]
    return "+".join([*others, *order, _ALIASES.get(last, last)])


def _listed(value: object) -> list[str] | None:
    if isinstance(value, str):
        value = value.split(",") if value.strip() else []
    if not isinstance(value, list):
        return None
    words = cast("list[object]", value)
    if not all(isinstance(word, str) for word in words):
        return None
    return [normalised(word) for word in cast("list[str]", words)]


def _clashes(found: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield an action of the table, one of its keys, and another action that has the same key."""
    owners: dict[str, str] = {}
    for name, keys in DEFAULT_KEYS.items():  # the current ones may come from an older file
        if name not in found:
            owners.update(dict.fromkeys(filter(None, keys.split(",")), name))
    for name, keys in found.items():
        for key in filter(None, keys.split(",")):
            if key in owners:
                yield name, key, owners[key]
            owners[key] = name
