"""Restores the times in the prefixes that were removed before a conversation was read.

The line of the text from which a line of the conversation comes is not recorded. Therefore each
line of the conversation is searched for in the text, after the one before it. If any line is not
found, no times are restored.
"""

from __future__ import annotations

import re

from .conversation import ForeignConversation
from .sampled import most

_TIME = re.compile(r"(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?")
_BEFORE = 80  # characters of a line that are searched for its time
_AHEAD = 200  # lines that may be between two lines of a conversation


def have_times(lines: list[str]) -> bool:
    """Return whether most lines have a time at their beginning or close to it."""
    return most(lines, lambda line: _TIME.search(line[:_BEFORE]))


def with_times(talks: list[ForeignConversation], lines: list[str]) -> list[ForeignConversation]:
    """Return the conversations with the times of their lines, which are found in `lines`.

    The conversations must be in the order of `lines`. They are returned unchanged if any of them
    has times already, or if a line cannot be found.
    """
    if any(talk.timed for talk in talks) or not have_times(lines):
        return talks
    found: list[ForeignConversation] = []
    place = 0
    for talk in talks:
        entries = list(talk.talk)
        for number, entry in enumerate(entries):
            text = entry.text.strip()
            if not entry.said or not text:
                continue
            ahead = range(place, min(place + _AHEAD, len(lines)))
            at = next((each for each in ahead if text in lines[each]), None)
            time = None if at is None else _TIME.search(lines[at][:_BEFORE])
            if at is None or time is None or lines[at].index(text) < time.end():
                return talks
            place = at + 1
            entries[number] = entry._replace(at=time[0])
        found.append(talk._replace(talk=entries))
    return found
