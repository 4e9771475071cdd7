"""Handles keys typed ahead of a dialog that a single key closes, such as a question.

A second press of the key, a confirming Enter, or the rest of the answer (yes) is not meant for the
screen below. So a key is dropped if it follows the one that closed the dialog sooner than anyone
can have seen the dialog disappear, and if the dialog would have accepted it: the same key, another
of the answers, the rest of the word, or an Enter pressed while the dialog was still open. But a
user who immediately goes on to type a line may begin it with such a letter, as in c and `mail
from:` at the question about pasted lines. Therefore the letters are kept for a moment. If another
character follows, the letters belong to the line if the line reads as a command with them, and are
dropped if it reads as a command without them. If it is not a command either way, only repetitions
of the key that closed the dialog are dropped.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from textual import events
from textual.message import Message
from textual.screen import Screen

from ...session.script.concealment import reads_as_command

SEEN = 0.25  # seconds that it takes at least to see that a dialog is gone, and to type for it
PAUSE = 0.4  # seconds without a further key, after which a letter does not begin a line
_NAP = 0.01  # seconds between two looks for one


class TypedAhead:
    """Decides which keys were meant for a dialog that has closed.

    A screen whose answers are single keys has an attribute `answer_keys` with all of them, and
    `answer_words` with the answers that can be typed in full.
    """

    def __init__(self) -> None:
        self._pressed: tuple[Screen[Any], str] | None = None  # a key, and its screen
        self._key = ""  # the key that closed a dialog ...
        self._keys: frozenset[str] = frozenset()  # ... which would take these
        self._rest = ""  # the answer typed in full
        self._closed = 0.0  # when the dialog was gone

    def delivered(self, event: events.Event, screen: Screen[Any], *, text: bool) -> None:
        """Record an event delivered to a screen; `text` is true if it is typed into a field."""
        self._pressed = None
        self._keys = frozenset()
        self._rest = ""
        if isinstance(event, events.Key) and event.is_printable and not text:
            self._pressed = screen, event.key

    def settled(self, open_screens: Iterable[Screen[Any]]) -> None:
        """Check whether the delivered key, which has taken effect, closed its screen."""
        if self._pressed is not None and self._pressed[0] not in open_screens:
            screen, self._key = self._pressed
            self._keys = frozenset({self._key, "enter", *getattr(screen, "answer_keys", ())})
            words: Iterable[str] = getattr(screen, "answer_words", ())
            self._rest = next((word[1:] for word in words if word[0] == self._key), "")
            self._closed = Message().time
        self._pressed = None

    def takes(self, event: events.Event) -> bool:
        """Return whether an event may be a key for the dialog that has closed."""
        if not isinstance(event, events.Key):
            return False
        if event.key == "enter":
            return "enter" in self._keys and event.time <= self._closed
        meant = event.key in self._keys or event.key == self._rest[:1]
        return meant and event.time <= self._closed + SEEN

    async def drop_from(self, waiting: deque[Any]) -> None:
        """Drop the first waiting keys if they were meant for the dialog.

        This returns as soon as that is decided, possibly after a pause.
        """
        while waiting and self.takes(waiting[0]):
            left = waiting[-1].time + PAUSE - Message().time
            count = self._meant(waiting, ended=left <= 0)
            if count is None:
                await asyncio.sleep(min(left, _NAP))
            elif count == 0:
                return  # a line begins with them
            for _ in range(count or 0):
                waiting.popleft()

    def _meant(self, waiting: deque[Any], *, ended: bool) -> int | None:
        """Return the number of leading keys meant for the dialog, or None if that is undecided.

        `ended` is true if no more keys follow.
        """
        text = "".join(key.character for key in takewhile(_is_text, waiting))
        behind = waiting[len(text)] if len(text) < len(waiting) else None
        ended = ended or behind is not None
        confirmed = int(isinstance(behind, events.Key) and behind.key == "enter")
        answers = sum(1 for _ in takewhile(self._answers, waiting))
        if self._rest.startswith(text or "\r") and not (ended and text != self._rest):
            return len(text) + confirmed if ended else None
        if answers == len(text):
            return len(text) + confirmed if ended else None
        written = [len(self._rest)] if text.startswith(self._rest) else []
        for count in (*range(answers + 1), *written):
            if reads_as_command(text[count:]):
                return count
        return sum(1 for _ in takewhile(lambda key: key.key == self._key, waiting))

    def _answers(self, event: Any) -> bool:
        return self.takes(event) and event.key != "enter" and event.key in self._keys


def _is_text(event: Any) -> bool:
    return isinstance(event, events.Key) and event.is_printable
