"""The standard streams of a process, also where one of them was closed or cannot be written.

A command reads and prints without asking what its streams are: one that was closed (`>&-`, as some
supervisors start programs) answers with an OSError that says so, as a full disk does, and that ends
the command by `ending.printing`. Standard error never raises: what cannot be told there is lost,
and the exit status stays what it is.
"""

from __future__ import annotations

import errno
import io
import os
import sys

TYPE_CHECKING = False  # typing takes longer to be imported than the version to be told
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TextIO

NO_INPUT = "standard input is closed, so nothing can be read from it."


def one_place(first: TextIO, second: TextIO) -> bool:
    """Whether two streams lead to the same file or terminal."""
    try:
        return os.path.sameopenfile(first.fileno(), second.fileno())
    except (OSError, ValueError):
        return False


class ClosedStream(io.RawIOBase):
    """A standard stream that was closed before the program started."""

    def __init__(self, number: int, name: str) -> None:
        self._number = number
        self._why = f"standard {name} is closed"

    def fileno(self) -> int:
        """The descriptor, which leads nowhere."""
        return self._number

    def readable(self) -> bool:
        """Whether it can be tried to read from it."""
        return True

    def writable(self) -> bool:
        """Whether it can be tried to write to it."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Raise OSError."""
        raise OSError(errno.EBADF, self._why)

    def write(self, data: Any, /) -> int:
        """Raise OSError."""
        raise OSError(errno.EBADF, self._why)


class ErrorStream(io.TextIOWrapper):
    """Standard error, on which what cannot be written is lost."""

    def write(self, s: str, /) -> int:
        """Write a text, or lose it."""
        try:
            return super().write(s)
        except OSError:
            return len(s)

    def writelines(self, lines: Iterable[str], /) -> None:
        """Write several texts, or lose them."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Write the buffered output, or lose it."""
        try:
            super().flush()
        except OSError:
            pass


def settle_streams() -> None:
    """Give this process all three streams. A file or socket never gets the number of one."""
    given = (sys.__stdin__, sys.__stdout__, sys.__stderr__)  # None for one that was closed
    for number, stream in enumerate(given):
        if stream is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:  # another one was inherited in its place
                os.dup2(nowhere, number)
                os.close(nowhere)
    if given[0] is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(ClosedStream(0, "input")))
    if given[1] is None:
        closed: Any = ClosedStream(1, "output")  # in the place of a writer that keeps nothing back
        sys.stdout = io.TextIOWrapper(closed, encoding="utf-8", write_through=True)
    errors = given[2]
    if errors is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    elif not errors.isatty():
        buffer = io.BufferedWriter(io.FileIO(2, "w", closefd=False))  # Python's own stays open
        sys.stderr = ErrorStream(buffer, errors.encoding, "backslashreplace", line_buffering=True)


def read_input(command: str, limit: int) -> bytes:
    """What standard input has, up to `limit` octets; without one, `command` ends with status 2."""
    if input_closed():
        print(f"heloscope: {command}: {NO_INPUT}", file=sys.stderr)
        sys.exit(2)
    return sys.stdin.buffer.read(limit)


def input_closed() -> bool:
    """Whether standard input was closed before the program started."""
    buffer = getattr(sys.stdin, "buffer", None)
    return isinstance(getattr(buffer, "raw", None), ClosedStream)


def discard_output() -> None:
    """Discard pending output, and all that follows."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
