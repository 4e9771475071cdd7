"""Masks secrets that may be quoted in the errors that a log reports in its own words."""

from __future__ import annotations

import re

from ..record.credentials import secret_spans
from ..secret import MASK
from ..verbs import MECHANISM_NAMES

_WORD = re.compile(r"[^\s,;:.()'\"]+(?:[.:'][^\s,;:.()'\"]+)*")
_CODE = re.compile(r"[2-5]\d\d|[245]\.\d{1,3}\.\d{1,3}")
_WORDS = """
a accepted account after an and any are as at attempt attempted authenticate authentication be
because before by cancelled cannot check command could credentials denied did disabled does error
errors expected failed failure for from handshake has in incorrect invalid is it login mechanism
mechanisms no none not of offered on only or over password refused rejected reply requested
required response server smtp successful supported the this timeout to type types unavailable
unknown unsupported user username was without wrong available your
"""
_USUAL = frozenset(_WORDS.split()).union(name.lower() for name in MECHANISM_NAMES)


def masked(text: str) -> str:
    """Mask the secrets in text from a log that are recognised by their form.

    An error may begin like a login ("Auth not attempted"), so the usual words of errors remain
    visible.
    """
    for start, end in reversed(secret_spans(text)):
        words = _WORD.sub(_hidden, text[start:end])
        shown = words if words.strip("* ") else MASK
        text = text[:start] + shown + text[end:]
    return text


def _hidden(word: re.Match[str]) -> str:
    """Return a word of an error, or a mask if the word may be a secret."""
    usual = word[0].lower() in _USUAL or _CODE.fullmatch(word[0]) is not None
    return word[0] if usual else MASK
