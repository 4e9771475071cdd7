"""The rows of a transcript that a message body occupies."""

from __future__ import annotations


class Body:
    """A message body of `size` bytes in rows `first` to `last`; `last` grows while it arrives."""

    __slots__ = ("first", "last", "size")

    def __init__(self, first: int, last: int, size: int) -> None:
        self.first = first
        self.last = last
        self.size = size
