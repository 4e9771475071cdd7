"""Removes the prefix that a logger writes before each line, whatever it consists of.

The lines of one logger begin alike, apart from times, process IDs, levels and line numbers. Each
line is split into words, in which these varying parts are replaced with their shape. The prefix
consists of the words with which nearly all lines begin, and ends before the first word that differs
between lines.
"""

from __future__ import annotations

import re
from collections import Counter

from .counted import pattern_of, shape_of
from .sampled import SAMPLE

_LONGEST = 300  # characters of a prefix
_MOST_WORDS = 40
_SHARE = 0.95  # of the lines with the beginning of the prefix that also have the rest
_ALIKE = 0.9  # of all lines that have a prefix without numbers
_WORD = re.compile(r"[^\s:|\]>)]{0,100}[\s:|\]>)]")
_LEVEL = re.compile(
    r"(?:trace|debug|debg|info|notice|warn(?:ing)?|err(?:or)?|fatal|crit(?:ical)?|fine[rs]?t?)(?=\W)",
    re.IGNORECASE,
)
_ANY_LEVEL = "LEVEL"
_LETTER = re.compile(r"[^\W_]")
REPLY = re.compile(r"[2-5]\d\d[ -]")  # never part of a prefix


def without_shared_prefix(lines: list[str]) -> list[str] | None:
    """Remove the prefix that at least half of the lines have, or return None if there is none.

    Lines without the prefix remain unchanged.
    """
    cut = [_words(line) for line in lines[:SAMPLE] if line.strip()]
    prefix: list[str] = []
    having = cut
    while len(prefix) < _MOST_WORDS:
        place = len(prefix)
        following = Counter(shapes[place] for shapes in having if len(shapes) > place)
        if not following:
            break
        shape, count = following.most_common(1)[0]
        if count < 3 or count < (len(cut) * 0.5 if not prefix else len(having) * _SHARE):
            break
        having = [shapes for shapes in having if len(shapes) > place and shapes[place] == shape]
        prefix.append(shape)
    while prefix and not prefix[-1].strip():
        prefix.pop()  # the rest may be indented
    told = "".join(prefix)
    counts = "0" in told or _ANY_LEVEL in prefix
    if not counts and (len(_LETTER.findall(told)) < 2 or len(having) < len(cut) * _ALIKE):
        return None  # such as -> or reply:, which shows the side
    pattern = re.compile("".join(map(_pattern_of, prefix)) + "(?:(?<=: ) )?", re.IGNORECASE)
    return [pattern.sub("", line, count=1) if pattern.match(line) else line for line in lines]


def _words(line: str) -> list[str]:
    """Return the shapes of the words that a prefix may consist of, stopping before a reply."""
    return [shape for shape, _ in _cut(line)]


def _cut(line: str) -> list[tuple[str, int]]:
    """Return the shape and the end position of each word that a prefix may consist of."""
    found: list[tuple[str, int]] = []
    place = 0
    while place < _LONGEST and len(found) < _MOST_WORDS:
        level = _LEVEL.match(line, place)
        if level is not None:
            end = level.end()
            while line[end : end + 2] == "  ":  # padded to the width of the longest
                end += 1
            found.append((_ANY_LEVEL, end))
            place = end
            continue
        word = _WORD.match(line, place)
        if word is None or REPLY.match(line, place):
            break
        place = word.end()
        found.append((shape_of(word[0]), place))
    return found


def _pattern_of(shape: str) -> str:
    """Return a regular expression that matches the words of this shape."""
    if shape == _ANY_LEVEL:
        return f"{_LEVEL.pattern} *?"
    return pattern_of(shape)
