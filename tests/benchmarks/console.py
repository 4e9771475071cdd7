"""Runs a program in its own terminal, watches until it shows something, and types into it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

SIZE = (140, 40)
PATIENCE = 20.0  # seconds, after which a program that shows nothing is given up
_ESCAPES = re.compile(
    rb"\x1b(?:\[[0-9;:<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|.)"
)


class Terminal:
    """A program's terminal: what the program has written, and a way to type into it."""

    def __init__(self, controller: int, began: float) -> None:
        self._controller = controller
        self.began = began
        """The time at which the program was started, by time.perf_counter."""
        self._seen = bytearray()

    def text(self) -> bytes:
        """Return what was written since `forget`, without escape sequences."""
        return _ESCAPES.sub(b"", bytes(self._seen))

    def forget(self) -> None:
        self._seen.clear()

    def type(self, keys: bytes) -> None:
        os.write(self._controller, keys)

    def wait_for(self, *words: bytes, patience: float = PATIENCE) -> float:
        """Read until all `words` have been written, and return the time, by time.perf_counter."""
        missing = set(words)
        limit = time.perf_counter() + patience
        while True:
            text = self.text()
            missing = {word for word in missing if word not in text}
            now = time.perf_counter()
            if not missing:
                return now
            left = limit - now
            if left <= 0 or not select.select([self._controller], [], [], left)[0]:
                raise RuntimeError(f"not shown within {patience:g} s: {missing}; {text[-2000:]!r}")
            try:
                self._seen += os.read(self._controller, 65536)
            except OSError:  # what Linux says when the program has ended
                raise RuntimeError(f"it ended without showing {missing}: {text!r}") from None

    def read_on(self, seconds: float) -> None:
        """Read what is written for this many seconds."""
        limit = time.perf_counter() + seconds
        while (left := limit - time.perf_counter()) > 0:
            if select.select([self._controller], [], [], left)[0]:
                self._seen += os.read(self._controller, 65536)


@contextlib.contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """Run `command` in a terminal of 140x40 with its own home, and end it afterwards."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    with tempfile.TemporaryDirectory() as home:
        clean = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("TEXTUAL", "XDG_"))},
            "HOME": home,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            **(environment or {}),
        }
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            env=clean,
            cwd=Path(__file__).parent,
        )
        os.close(terminal)
        try:
            yield Terminal(controller, began)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            os.close(controller)
