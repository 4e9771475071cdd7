"""Keys typed ahead of a dialog that a single key closes, such as a question answered with y.

Who presses the key twice, or confirms it with Enter, does not mean what is behind the dialog. So
a key is dropped that follows the one that closed a dialog sooner than anyone can have seen it go,
if the dialog would have taken it: the same key, another of its answers, or Enter that was pressed
while it was still there. But who goes straight on with a line may begin it with such a letter, as
in c and `mail from:` at the question about pasted lines. Therefore the letters are kept for a
moment: another character after them makes them the beginning of a line, which stays whole.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Any

from textual import events
from textual.message import Message
from textual.screen import Screen

SEEN = 0.25  # seconds that it takes at least to see that a dialog is gone, and to type for it
PAUSE = 0.4  # seconds without a further key, after which a letter does not begin a line
_NAP = 0.01  # seconds between two looks for one


class TypedAhead:
    """Decides which keys were meant for a dialog that has closed.

    A screen whose answers are single keys has an attribute `answer_keys` with all of them.
    """

    def __init__(self) -> None:
        self._pressed: tuple[Screen[Any], str] | None = None  # a key, and what it was pressed on
        self._keys: frozenset[str] = frozenset()  # which the dialog that has closed would take
        self._closed = 0.0  # when it was gone

    def delivered(self, event: events.Event, screen: Screen[Any], *, text: bool) -> None:
        """Note what goes to a screen; `text` is whether it is typed into a field."""
        self._pressed = None
        self._keys = frozenset()
        if isinstance(event, events.Key) and event.is_printable and not text:
            self._pressed = screen, event.key

    def settled(self, open_screens: Iterable[Screen[Any]]) -> None:
        """The key that was delivered has had its effect: see whether it closed its screen."""
        if self._pressed is not None and self._pressed[0] not in open_screens:
            screen, key = self._pressed
            self._keys = frozenset({key, "enter", *getattr(screen, "answer_keys", ())})
            self._closed = Message().time
        self._pressed = None

    def takes(self, event: events.Event) -> bool:
        """Whether this may be a key for the dialog that has closed."""
        if not isinstance(event, events.Key) or event.key not in self._keys:
            return False
        return event.time <= (self._closed if event.key == "enter" else self._closed + SEEN)

    async def drop_from(self, waiting: deque[Any]) -> None:
        """Drop the first of the keys that wait, if they were meant for the dialog.

        Returns when that is known, which may be after a pause.
        """
        while waiting and self.takes(waiting[0]):
            letters = next((n for n, key in enumerate(waiting) if not self._answers(key)), None)
            if letters is None:
                left = waiting[-1].time + PAUSE - Message().time
                if left > 0:
                    await asyncio.sleep(min(left, _NAP))
                else:
                    waiting.clear()
            elif self.takes(waiting[letters]):  # Enter, which confirms them
                for _ in range(letters + 1):
                    waiting.popleft()
            else:
                return  # a line begins with them

    def _answers(self, event: Any) -> bool:
        return self.takes(event) and event.key != "enter"
