"""A list of lines whose iteration can be stopped by a callback."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

BETWEEN = 1000  # lines between two checks


class Watched(list[str]):
    """A list of lines that calls `look()` periodically during iteration.

    An exception raised by `look` ends the iteration.
    """

    def __init__(self, lines: Iterable[str], look: Callable[[], object]) -> None:
        super().__init__(lines)
        self._look = look

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(super().__iter__()):
            if number % BETWEEN == 0:
                self._look()
            yield line
