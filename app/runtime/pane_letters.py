"""Distinguishes letters typed in a pane: a single one is a key of the pane, a burst is text.

A user who types a command may not have noticed that a pane has the focus: the first letter of
`starttls`, typed in the TLS tab, would save the certificates, and the second would accept one. So a
letter that is a key of the pane acts only if nothing is typed right after it, or if it is repeated;
otherwise everything typed without a pause goes to the command line as text. Letters that only move
the cursor of the pane act immediately, so that moving is not slowed down.

A screen with a command line has two methods: `letter_acts(key) -> bool` returns whether a key
belongs to the focused pane and does more than move; `begin_line(event)` types a key into the
command line, and moves the focus there.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, cast

from textual import events
from textual.app import App
from textual.message import Message
from textual.widget import Widget

PAUSE = 0.2  # seconds without a further key after which a letter counts as single
REPEATED = 1.0  # seconds within which a letter that has acted acts again immediately
_NAP = 0.01  # seconds between two checks for a further key


class PaneLetters:
    """Decides which letters are keys of a pane, and which are text."""

    def __init__(self, app: App[Any], is_text: Callable[[events.Key], object]) -> None:
        """Create the object; `is_text` returns a true value if a text field takes the key."""
        self._app = app
        self._is_text = is_text
        self._acted: events.Key | None = None  # the last letter that acted ...
        self._pane: Widget | None = None  # ... and on what
        self._keys: list[events.Key] = []  # already decided to be keys of the pane

    def holds(self, event: events.Event) -> bool:
        """Return whether to hold back a key because it may still turn out to be text."""
        decided = any(event is key for key in self._keys)
        return not decided and self._is_letter(event) and not self._repeats(event)

    def delivered(self, event: events.Event) -> None:
        """Record an event that is delivered to the screen."""
        self._acted = None
        if isinstance(event, events.Key) and self._is_letter(event):
            self._acted, self._pane = event, self._app.focused

    async def sort(self, waiting: deque[Any]) -> bool:
        """Decide about the first waiting key. Return whether it was typed as text.

        This returns as soon as that is decided, possibly after a pause.
        """
        while waiting and self.holds(waiting[0]):
            typed = _typed_in_one_go(waiting)
            if len({key.key for key in typed}) > 1:
                cast(Any, self._app.screen).begin_line(waiting.popleft())
                return True
            left = typed[-1].time + PAUSE - Message().time
            if len(typed) > 1 or len(typed) < len(waiting) or left <= 0:
                self._keys = typed
            else:
                await asyncio.sleep(min(left, _NAP))
        return False

    def _is_letter(self, event: events.Event) -> bool:
        """Return whether an event is a letter that would act on the focused pane."""
        if not (isinstance(event, events.Key) and (event.character or "").isalpha()):
            return False
        if not self._app.screen_stack or self._is_text(event):
            return False
        acts = getattr(self._app.screen, "letter_acts", None)
        return acts is not None and acts(event.key)

    def _repeats(self, event: events.Event) -> bool:
        last = self._acted
        return (
            isinstance(event, events.Key)
            and last is not None
            and event.key == last.key
            and event.time - last.time < REPEATED
            and self._app.focused is self._pane
        )


def _typed_in_one_go(waiting: deque[Any]) -> list[events.Key]:
    """Return the leading keys that were typed without a pause and are characters or Backspace."""
    typed: list[events.Key] = []
    for event in waiting:
        if not (isinstance(event, events.Key) and (event.is_printable or event.key == "backspace")):
            break
        if typed and event.time - typed[-1].time > PAUSE:
            break
        typed.append(event)
    return typed
