"""Prints the events of a server on standard output without ever waiting for a slow reader.

A program that starts the practice server often reads only its first line. Once the pipe is full,
after 64 KiB, writing to it would block the server.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable

ROOM = 8 << 20  # octets waiting to be read; later lines are dropped and counted


class EventOutput:
    """Writes lines to the file descriptor `fd` in order, in a thread, until `close` is called.

    `failed` is called in that thread with the error that stops all further writing. `left_out` is
    given the number of dropped lines, and returns a line that reports it.
    """

    def __init__(
        self, fd: int, failed: Callable[[OSError], object], left_out: Callable[[int], str]
    ) -> None:
        self._fd = fd
        self._failed = failed
        self._left_out = left_out
        self._lines: deque[bytes] = deque()
        self._octets = 0  # octets of the waiting lines
        self._missing = 0  # lines dropped for lack of room
        self._closed = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._write_all, name="output", daemon=True)
        self._thread.start()

    def tell(self, *lines: str) -> None:
        """Queue lines for writing. Lines for which there is no room are dropped and counted."""
        with self._news:
            for line in lines:
                data = line.encode("utf-8", "backslashreplace") + b"\n"
                if self._octets + len(data) > ROOM:
                    self._missing += 1
                    continue
                self._note_missing()
                self._lines.append(data)
                self._octets += len(data)
            self._news.notify()

    def close(self, seconds: float) -> None:
        """Write the queued lines, giving up after this many seconds in case nobody reads them."""
        with self._news:
            self._note_missing()
            self._closed = True
            self._news.notify()
        self._thread.join(seconds)

    def _note_missing(self) -> None:
        if self._missing:
            note = self._left_out(self._missing).encode() + b"\n"
            self._missing = 0
            self._lines.append(note)
            self._octets += len(note)

    def _write_all(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._lines or self._closed)
                if not self._lines:
                    return
                data = b"".join(self._lines)
                self._lines.clear()
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(self._fd, rest) :]
            except OSError as error:
                self._failed(error)
                return
            finally:
                with self._news:
                    self._octets -= len(data)
