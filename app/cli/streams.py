"""Makes the standard streams usable even if one of them is closed or cannot be written.

A command reads and prints without checking its streams. A stream that is closed (with `>&-`, as
some supervisors do) raises an OSError that says so, just as a full disk does, and `ending.printing`
ends the command. Standard error never raises an error: text that cannot be written there is lost,
and the exit status stays the same.
"""

from __future__ import annotations

import errno
import io
import os
import sys

TYPE_CHECKING = False  # importing typing takes longer than printing the version
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TextIO

NO_INPUT = "standard input is closed, so nothing can be read from it."


def same_file(first: TextIO, second: TextIO) -> bool:
    """Return whether two streams lead to the same file or terminal."""
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
        """Return the descriptor, which leads to the null device."""
        return self._number

    def readable(self) -> bool:
        """Return True, so that reading is attempted and fails."""
        return True

    def writable(self) -> bool:
        """Return True, so that writing is attempted and fails."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Raise OSError because the stream is closed."""
        raise OSError(errno.EBADF, self._why)

    def write(self, data: Any, /) -> int:
        """Raise OSError because the stream is closed."""
        raise OSError(errno.EBADF, self._why)


class ErrorStream(io.TextIOWrapper):
    """Standard error, where text that cannot be written is lost."""

    def write(self, s: str, /) -> int:
        """Write a string, ignoring errors."""
        try:
            return super().write(s)
        except OSError:
            return len(s)

    def writelines(self, lines: Iterable[str], /) -> None:
        """Write several strings, ignoring errors."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Write the buffered output, ignoring errors."""
        try:
            super().flush()
        except OSError:
            pass


def settle_streams() -> None:
    """Open every closed standard stream on the null device.

    Otherwise, a file or socket opened later would get descriptor 0, 1 or 2. Reading from or
    printing to such a stream raises an OSError, except that standard error ignores all errors.
    """
    given = (sys.__stdin__, sys.__stdout__, sys.__stderr__)  # None for one that was closed
    for number, stream in enumerate(given):
        if stream is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:  # another file was inherited in its place
                os.dup2(nowhere, number)
                os.close(nowhere)
    if given[0] is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(ClosedStream(0, "input")))
    if given[1] is None:
        closed: Any = ClosedStream(1, "output")  # in place of an unbuffered writer
        sys.stdout = io.TextIOWrapper(closed, encoding="utf-8", write_through=True)
    errors = given[2]
    if errors is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    elif not errors.isatty():
        buffer = io.BufferedWriter(io.FileIO(2, "w", closefd=False))  # Python's own stays open
        sys.stderr = ErrorStream(buffer, errors.encoding, "backslashreplace", line_buffering=True)


def read_input(command: str, limit: int) -> bytes:
    """Read standard input, up to `limit` octets. If it is closed, end the program with status 2."""
    if input_closed():
        print(f"heloscope: {command}: {NO_INPUT}", file=sys.stderr)
        sys.exit(2)
    return sys.stdin.buffer.read(limit)


def input_closed() -> bool:
    """Return whether standard input was closed before the program started."""
    buffer = getattr(sys.stdin, "buffer", None)
    return isinstance(getattr(buffer, "raw", None), ClosedStream)


def discard_output() -> None:
    """Discard pending output and everything printed later."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
