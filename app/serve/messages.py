"""The messages that a browser may send over its WebSocket: keys, mouse, size and focus.

All other messages are ignored. A message is a JSON list of a type and a content. Like keys,
mouse events arrive as the text that a terminal would send.
"""

from __future__ import annotations

import json
from typing import NamedTuple, cast

LARGEST = 1024 * 1024  # octets of a message; a paste arrives in one
WIDEST, HIGHEST = 500, 200  # cells of a screen
NARROWEST, LOWEST = 20, 5


class Typed(NamedTuple):
    """Input from the terminal in the browser: keys, mouse events or a paste."""

    data: bytes


class Resized(NamedTuple):
    """A new size of the terminal in cells, within the limits."""

    width: int
    height: int


class Ping(NamedTuple):
    """A check that the server still answers. Its text is sent back unchanged."""

    text: str


class Focused(NamedTuple):
    """A message that the page has gained or lost the focus."""

    on: bool


FromBrowser = Typed | Resized | Ping | Focused


def read(text: str) -> FromBrowser | None:
    """Parse a message from the browser. Return None if its type is unknown.

    Raises ValueError if the message is malformed.
    """
    try:
        found: object = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(found, list) or not found:
        raise ValueError("not a list")
    items = cast("list[object]", found)
    kind, content = items[0], items[1] if len(items) > 1 else None
    match kind, content:
        case "stdin", str():
            return Typed(content.encode("utf-8"))  # of half a character: UnicodeEncodeError
        case "resize", {"width": int(width), "height": int(height)}:
            return size(width, height)
        case "ping", str() if len(content) <= 64:
            return Ping(content)
        case "focus" | "blur", _:
            return Focused(kind == "focus")
        case _:
            return None


def size(width: int, height: int) -> Resized:
    """Return a terminal size, clamped to the limits."""
    return Resized(max(NARROWEST, min(width, WIDEST)), max(LOWEST, min(height, HIGHEST)))
