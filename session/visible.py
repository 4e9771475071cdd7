"""Text from the wire, made safe to show: the one place where bytes become characters.

Everything that is drawn, copied, saved as text or logged goes through here. Control characters
of both sets, DEL, bidirectional overrides, zero-width and other unseen characters, unpaired
surrogates, tabs and bytes that are not UTF-8 come out as escapes that one can read; all that can
be seen stays as it is. What is shown can therefore never move a cursor, ring a bell, set a
title or hide a character.
"""

from __future__ import annotations

import re
import unicodedata

# Letters, marks and symbols to Python (`str.isprintable` lets them through), but nothing to see:
# fillers, joiners, variation selectors, blank patterns and notes.
_UNSEEN = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc"
    "\U0001d159\U000e0100-\U000e01ef"
)
# Flags and skin tones, which join with what stands beside them: terminals do not agree on how
# wide that is, and what stands behind it is out of place.
_JOINING = "\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff"
_TO_ESCAPE = re.compile(f"[{_UNSEEN}{_JOINING}]")
_NAMED = {"\t": r"\t", "\r": r"\r", "\n": r"\n"}
# The wide blank of Chinese and Japanese text is seen: by the gap it leaves.
_SEEN_ALL_THE_SAME = "\u3000"
_REMEMBERED = 20_000  # characters; whoever sends all of Unicode is not to fill the memory
_MARKS = 8  # on one letter; more pile up over the lines above, and no language has them
_JAMO = "\u1161-\u11ff\ud7b0-\ud7fb"  # vowels and finals, written into the consonant before them
_IS_JAMO = re.compile(f"[{_JAMO}]")
_MANY_MARKS = re.compile(  # or other signs: looked at closely
    rf"[^\w\x00-\x7f]{{{_MARKS + 1}}}|[{_JAMO}]{{{_MARKS + 1}}}"
)


def visible(data: bytes) -> str:
    """`data` as text that is safe to show.

    Valid UTF-8 is decoded; any other byte becomes `\\xNN`, and each character that is not to be
    seen becomes `\\t`, `\\r`, `\\n`, `\\xNN`, `\\uNNNN` or `\\UNNNNNNNN`; so do combining marks
    that stand on nothing, and those that are too many on one letter. Never raises.
    """
    return visible_text(data.decode("utf-8", "surrogateescape"))


def beginning(data: bytes, most: int) -> bytes:
    """The first `most` octets, less what is there of a character that they do not hold whole."""
    end = min(most, len(data))
    while end < len(data) and most - end < 4 and end > 0 and data[end] & 0xC0 == 0x80:
        end -= 1
    return data[:end]


def visible_text(text: str) -> str:
    """The same for text that is decoded already: file names, errors, what a person pasted."""
    if text.isascii():
        return text if text.isprintable() else text.translate(_SHOWN)
    if not text.isprintable() or _TO_ESCAPE.search(text):
        text = text.translate(_SHOWN)
    if _is_mark(text[0]) or _MANY_MARKS.search(text):
        text = _with_few_marks(text)
    return text


class _Shown(dict[int, str]):
    """Code point -> how it is shown, made as they come by."""

    def __missing__(self, code: int) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        char = chr(code)
        seen = char.isprintable() and not _TO_ESCAPE.match(char)
        shown = self[code] = char if seen or char in _SEEN_ALL_THE_SAME else _escape(char)
        return shown


_SHOWN = _Shown()


def _is_mark(char: str) -> bool:
    return char > "\x7f" and (unicodedata.category(char)[0] == "M" or bool(_IS_JAMO.match(char)))


def _with_few_marks(text: str) -> str:
    shown: list[str] = []
    marks = _MARKS  # at the beginning there is nothing for them to stand on
    for char in text:
        marks = marks + 1 if _is_mark(char) else 0
        shown.append(char if marks <= _MARKS else _escape(char))
    return "".join(shown)


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
