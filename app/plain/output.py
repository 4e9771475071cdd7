"""Writes lines, each of which is a word for its kind, a colon, and the text.

There are no keys here, so names of keys in a text are replaced with the orders that do the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TextIO

from ...session.visible import visible_text
from ..actions import ACTIONS, key_name

NOTE, ERROR, WARNING, HELP, NEXT, AUTH = "note", "error", "warning", "help", "next", "auth"
"""The words for heloscope's own lines. C and S are the two sides of the conversation."""

_BY_KEY = {
    key_name(key): f":{action.name}"
    for action in ACTIONS.values()
    for key in action.key.split(",")
    if key
} | {"Esc": "Ctrl+C"}
_KEYS = "|".join(sorted(map(re.escape, _BY_KEY), key=len, reverse=True))
_IN_BRACKETS = re.compile(rf"(:[a-z]+) \((?:{_KEYS})\)")
_PRESS = re.compile(r"\b([Pp])ress (?=:[a-z])")
_KEY = re.compile(rf"(?<![\w+])(?:{_KEYS})(?![\w+])")


def without_keys(text: str) -> str:
    """Return a piece of advice with orders instead of keys.

    "F3 says why" becomes ":explain says why", and "Press F3" becomes "Type :explain". The key in
    ":reconnect (F9)" is dropped.
    """
    text = _KEY.sub(lambda found: _BY_KEY[found[0]], _IN_BRACKETS.sub(r"\1", text))
    return _PRESS.sub(lambda found: "Type " if found[1] == "P" else "type ", text)


def no_screen(order: str) -> str:
    """Return a sentence that explains why an order does nothing here."""
    return f":{order} needs a screen. Run heloscope without --plain to use it."


class Output:
    """Writes lines to a stream. `mask` replaces known secrets with stars."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.mask: Callable[[str], str] = lambda text: text
        self.broken: OSError | None = None
        """The error after which nothing more can be written, or None."""

    def line(self, word: str, text: str) -> None:
        """Write a line of the conversation or of heloscope itself. Never raises."""
        self._write(f"{word}: {visible_text(text)}".rstrip())

    def say(self, word: str, text: str) -> None:
        """Write heloscope's own lines, replacing keys with orders and known secrets with stars."""
        for line in without_keys(self.mask(text)).split("\n"):
            if line.strip():
                self.line(word, line.strip())

    def page(self, heading: str, lines: Iterable[str]) -> None:
        """Write several lines that belong together, under a heading."""
        self._write(f"{visible_text(without_keys(self.mask(heading)))}:")
        for line in lines:
            self.page_line(line)

    def end_prompt(self) -> None:
        """Start a new line after a prompt that has no line ending."""
        self._write("")

    def page_line(self, text: str) -> None:
        """Write one line of a page."""
        self._write(f"  {visible_text(self.mask(text))}".rstrip())

    def _write(self, line: str) -> None:
        if self.broken is not None:
            return
        encoding = self._stream.encoding or "utf-8"
        try:
            self._stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
            self._stream.flush()
        except OSError as error:
            self.broken = error
