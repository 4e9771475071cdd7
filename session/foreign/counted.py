"""Reduces the text that a program writes before each line to a shape, in which 0 replaces numbers.

Times, process IDs and line numbers differ from line to line, but the shape does not.
"""

from __future__ import annotations

import re

_COUNTED = re.compile(r"(?>\w*\d\w*)")  # also an ID in hexadecimal digits


def shape_of(text: str) -> str:
    """Replace each word of `text` that contains a digit with a zero."""
    return _COUNTED.sub("0", text)


def pattern_of(shape: str) -> str:
    """Return a regular expression that matches the texts of this shape."""
    return _COUNTED.pattern.join(map(re.escape, shape.split("0")))
