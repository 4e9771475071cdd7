"""Text from the wire, made safe to show: the one place where bytes become characters.

Everything that is drawn, copied, saved as text or logged goes through here. Control characters
of both sets, DEL, bidirectional overrides, zero-width and other unseen characters, unpaired
surrogates, tabs and bytes that are not UTF-8 come out as escapes that one can read; all that can
be seen stays as it is. What is shown can therefore never move a cursor, ring a bell, set a
title or hide a character.
"""

from __future__ import annotations

import re

# Letters and marks to Python (`str.isprintable` lets them through), but nothing to see:
# fillers, joiners, variation selectors.
_UNSEEN = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufffc"
    "\U000e0100-\U000e01ef"
)
_UNSEEN_AT_ALL = re.compile(f"[{_UNSEEN}]")
_NAMED = {"\t": r"\t", "\r": r"\r", "\n": r"\n"}
# The wide blank of Chinese and Japanese text is seen: by the gap it leaves.
_SEEN_ALL_THE_SAME = "\u3000"


def visible(data: bytes) -> str:
    """`data` as text that is safe to show.

    Valid UTF-8 is decoded; any other byte becomes `\\xNN`, and each character that is not to be
    seen becomes `\\t`, `\\r`, `\\n`, `\\xNN`, `\\uNNNN` or `\\UNNNNNNNN`. Never raises.
    """
    return visible_text(data.decode("utf-8", "surrogateescape"))


def visible_text(text: str) -> str:
    """The same for text that is decoded already: file names, errors, what a person pasted."""
    if text.isprintable() and (text.isascii() or not _UNSEEN_AT_ALL.search(text)):
        return text
    return "".join(
        char
        if (char.isprintable() and not _UNSEEN_AT_ALL.match(char)) or char in _SEEN_ALL_THE_SAME
        else _escape(char)
        for char in text
    )


def _escape(char: str) -> str:
    named = _NAMED.get(char)
    if named is not None:
        return named
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:
        return f"\\x{code:02x}"
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\U{code:08x}"
