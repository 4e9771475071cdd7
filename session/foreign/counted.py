"""The shape of a text that a program writes before each line: numbers in it become zeros.

Times, process IDs and line numbers differ from line to line; the shape does not.
"""

from __future__ import annotations

import re

_COUNTED = re.compile(r"(?>\w*\d\w*)")  # also an ID in hexadecimal digits


def shape_of(text: str) -> str:
    """`text` with a zero in place of each word that contains a digit."""
    return _COUNTED.sub("0", text)


def pattern_of(shape: str) -> str:
    """A regular expression for the texts of this shape."""
    return _COUNTED.pattern.join(map(re.escape, shape.split("0")))
