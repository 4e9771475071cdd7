"""Shows known secrets as dots in every input field of every screen.

The app knows the secrets, and its method `mask_known(text) -> str` replaces them with stars.
Textual creates some fields itself, such as the one in the palette. These are not instances of our
subclasses, so Input itself is patched, once.

Private names of Textual used here: `Input._value`, the text as it is drawn.
"""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from rich.text import Text
from textual.actions import SkipAction
from textual.widget import Widget
from textual.widgets import Input

from .app_of import app_of

_BLANKS = re.compile(r"(\s+)")


def concealed(text: str, mask: Callable[[str], str]) -> str:
    """Return `text` with each word that `mask` would change replaced by dots, one per character.

    If that is not enough to hide the secret, the whole text is replaced by dots.
    """
    if mask(text) == text:
        return text
    words = ("•" * len(word) if mask(word) != word else word for word in _BLANKS.split(text))
    shown = "".join(words)
    return shown if mask(shown) == shown else "•" * len(text)


def as_shown(widget: Widget, text: str) -> str:
    """Return the text typed into `widget`, with dots instead of the secrets that its app knows."""
    mask = getattr(app_of(widget), "mask_known", None)
    return text if mask is None else concealed(text, mask)


@cache
def conceal_in_fields() -> None:
    """Make every Input draw known secrets as dots and never copy them to the clipboard."""
    field: Any = Input
    field._value = property(_value(field._value.fget))
    field.action_copy = _action_copy(field.action_copy)
    field.action_cut = _action_cut(field.action_cut)


def _value(draw: Callable[[Input], Text]) -> Callable[[Input], Text]:
    def value(self: Input) -> Text:
        shown = as_shown(self, self.value)
        if self.password or shown == self.value:
            return draw(self)
        return Text(shown, no_wrap=True, overflow="ignore", end="")

    return value


def _action_copy(copy: Callable[[Input], None]) -> Callable[[Input], None]:
    def action_copy(self: Input) -> None:
        if as_shown(self, self.value) != self.value:
            raise SkipAction
        copy(self)

    return action_copy


def _action_cut(cut: Callable[[Input], None]) -> Callable[[Input], None]:
    def action_cut(self: Input) -> None:
        if as_shown(self, self.value) != self.value:
            self.delete_selection()
        else:
            cut(self)

    return action_cut
