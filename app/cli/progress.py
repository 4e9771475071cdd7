"""Shows progress on one line of the terminal once an activity takes longer than a second.

The line is shown on standard error if that is a terminal, and is removed once the work is done.
Ctrl+C ends the command with a sentence.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from ...session.visible import visible_text
from .interruption import Interrupted, interruptible

AFTER = 1.0  # seconds before anything is shown
EVERY = 0.25  # seconds between two updates
_NARROWEST = 20  # columns


class Progress:
    """A line on standard error that shows the activity `what` and its progress."""

    def __init__(self, what: str) -> None:
        self.what = what
        """The activity, such as `reading a.log`."""
        self.percent: Callable[[], int] | None = None
        """A function that returns the progress in percent, or None if that is unknown.

        It is called in another thread.
        """
        self._began = time.monotonic()
        self._over = threading.Event()
        self._written = 0  # columns of the line now shown
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            self._thread = threading.Thread(target=self._show, name="progress", daemon=True)
            self._thread.start()

    @property
    def shown(self) -> bool:
        """Whether there is a terminal to show the line on."""
        return self._thread is not None

    def at(self, percent: int) -> None:
        """Record the progress in percent."""
        self.percent = lambda: percent

    def of(self, done: int, whole: int) -> None:
        """Record that `done` of `whole` units are done."""
        self.at(done * 100 // whole if whole else 100)

    def end(self) -> None:
        """Remove the line, and show no further progress."""
        self._over.set()
        with self._lock:
            if self._written:
                os.write(2, f"\r{' ' * self._written}\r".encode())
                self._written = 0

    def line(self) -> str:
        """Return the line as it would be shown now."""
        seconds = time.monotonic() - self._began
        far = f"{self.percent()} % in " if self.percent is not None else ""
        return f"heloscope: {visible_text(self.what)}: {far}{seconds:.0f} s (Ctrl+C cancels)"

    def _show(self) -> None:
        wait, before = AFTER, ""
        while not self._over.wait(wait):
            wait = EVERY
            line = self.line()[: max(_NARROWEST, _columns()) - 1]
            with self._lock:
                if line != before and not self._over.is_set():
                    os.write(2, f"\r{line:<{self._written}}".encode(errors="backslashreplace"))
                    self._written = max(self._written, len(line))
            before = line


@contextmanager
def progress(command: str, what: str) -> Generator[Progress]:
    """Show the progress of an activity during this context.

    `what` describes the activity. If a signal interrupts the activity, the program ends with a
    sentence that names `command`. After Ctrl+C, the status is 130.
    """
    shown = Progress(what)
    try:
        with interruptible():
            try:
                yield shown
            except Interrupted as error:
                shown.end()
                if shown.shown:
                    print(f"heloscope: {command}: {error}.", file=sys.stderr)
                raise
    finally:
        shown.end()


def _columns() -> int:
    try:
        return os.get_terminal_size(2).columns or 80  # 0 if the terminal does not know
    except OSError:
        return 80
