"""Makes text from the wire safe to show: the one place where bytes become characters.

Everything that is drawn, copied, saved as text or logged passes through here. Readable escapes
replace control characters (C0 and C1), DEL, bidirectional overrides, zero-width and other invisible
characters, unpaired surrogates, tabs, and bytes that are not UTF-8. Visible characters stay as they
are. The result can never move the cursor, ring the bell, set a title or hide a character.
"""

from __future__ import annotations

import re
import unicodedata


def _each(characters: str) -> frozenset[str]:
    """Return the characters in a character set of a regular expression, such as "0-9_".

    The set is not compiled, because compiling ranges that are so far apart would take a hundred
    times as long.
    """
    found = set(characters)
    for at, char in enumerate(characters):
        if char == "-":
            found.update(map(chr, range(ord(characters[at - 1]), ord(characters[at + 1]))))
    return frozenset(found - {"-"})


# Printable to Python (`str.isprintable`), but invisible: fillers, joiners, variation selectors,
# blank patterns and notes.
_UNSEEN = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc"
    "\U0001d159\U000e0100-\U000e01ef"
)
# Flags and skin tones, which combine with their neighbours: terminals disagree on the width of the
# result, which misplaces everything after it.
_JOINING = "\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff"
_TO_ESCAPE = _each(_UNSEEN + _JOINING)
_NAMED = {"\t": r"\t", "\r": r"\r", "\n": r"\n"}
# The ideographic space of Chinese and Japanese text, visible as a gap.
_VISIBLE_SPACES = "\u3000"
_REMEMBERED = 20_000  # characters; bounds the memory that a peer can make the cache use
_MARKS = 8  # combining marks on one letter; no language has more, and more would cover other lines
_JAMO = "\u1161-\u11ff\ud7b0-\ud7fb"  # vowels and finals, which join the preceding consonant
_IS_JAMO = _each(_JAMO)
# Or other signs: candidates, which are then counted. Compiled with the first text beyond ASCII.
_MANY_MARKS = rf"[^\w\x00-\x7f]{{{_MARKS + 1}}}|[{_JAMO}]{{{_MARKS + 1}}}"


def visible(data: bytes) -> str:
    r"""Return `data` as text that is safe to show.

    Valid UTF-8 is decoded, and any other byte becomes `\xNN`. Invisible characters become `\t`,
    `\r`, `\n`, `\xNN`, `\uNNNN` or `\UNNNNNNNN`. So do combining marks that follow no base
    character, or too many other marks. Never raises an exception.
    """
    return visible_text(data.decode("utf-8", "surrogateescape"))


def beginning(data: bytes, most: int) -> bytes:
    """Return the first octets of `data`, at most `most`, without splitting a UTF-8 character."""
    end = min(most, len(data))
    while end < len(data) and most - end < 4 and end > 0 and data[end] & 0xC0 == 0x80:
        end -= 1
    return data[:end]


def visible_text(text: str) -> str:
    """Return decoded text, such as a file name, in a form that is safe to show."""
    if text.isascii():
        return text if text.isprintable() else text.translate(_SHOWN)
    if not text.isprintable() or not _TO_ESCAPE.isdisjoint(text):
        text = text.translate(_SHOWN)
    if _is_mark(text[0]) or re.search(_MANY_MARKS, text):
        text = _with_few_marks(text)
    return text


class _Shown(dict[int, str]):
    """The text to show for each code point, computed on first use."""

    def __missing__(self, code: int) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        char = chr(code)
        seen = char.isprintable() and char not in _TO_ESCAPE
        shown = self[code] = char if seen or char in _VISIBLE_SPACES else _escape(char)
        return shown


_SHOWN = _Shown()


def _is_mark(char: str) -> bool:
    return char > "\x7f" and (unicodedata.category(char)[0] == "M" or char in _IS_JAMO)


def _with_few_marks(text: str) -> str:
    shown: list[str] = []
    marks = _MARKS  # at the beginning there is no base character
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
