"""The real program on a real terminal, to test what Pilot cannot: signals, and how it ends."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import selectors
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

LIMIT = 60.0  # seconds after which a test has failed: nothing waits for them to pass
_CONTROL = re.compile(rb"\x1b(\[[0-9;?<=>]*[ -/]*[@-~]|[()][0-9A-B]|[=>78]|[P\]].*?(\x07|\x1b\\))")


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """`heloscope ARGUMENTS` on a terminal of its own, with its files in `home`.

    A terminal that is not `controlling` sends no signal when it is closed.
    """

    def __init__(
        self,
        home: Path,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        size: tuple[int, int] = (80, 24),
        *,
        controlling: bool = True,
    ) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.raw = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "heloscope.app", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=home,
            env=self.environment(home, environment),
            start_new_session=True,
            preexec_fn=_take_terminal if controlling else None,
        )
        os.close(slave)

    @staticmethod
    def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the program's environment, which does not inherit the tester's settings."""
        passed = ("PATH", "PYTHONPATH", "LANG", "LC_ALL")
        kept = {name: os.environ[name] for name in passed if name in os.environ}
        return {**kept, "HOME": str(home), "TERM": "xterm-256color", **(more or {})}

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.master >= 0:
            os.close(self.master)

    @property
    def said(self) -> str:
        """Everything written to the terminal, without control sequences."""
        return _CONTROL.sub(b"", self.raw).decode(errors="replace")

    def until(self, text: str) -> None:
        """Wait until the program has written `text`."""
        self._read(lambda: text in self.said, f"{text!r} did not come")

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def close(self) -> None:
        """Close the terminal, as if its window had been closed."""
        os.close(self.master)
        self.master = -1

    def end(self) -> int:
        """Wait until the program has ended, and return its exit status."""
        if self.master >= 0:
            self._read(lambda: False, "it did not end", ended=True)
        return self.process.wait(LIMIT)

    def _read(self, enough: object, trouble: str, ended: bool = False) -> None:
        assert callable(enough)
        until = time.monotonic() + LIMIT
        with selectors.DefaultSelector() as selector:
            selector.register(self.master, selectors.EVENT_READ)
            while not enough():
                left = until - time.monotonic()
                assert left > 0, f"{trouble}; on the terminal stood:\n{self.said[-2000:]}"
                if not selector.select(left):
                    continue
                try:
                    data = os.read(self.master, 65536)
                except OSError:  # how Linux tells that nobody has the other end open
                    data = b""
                if not data:
                    assert ended, f"{trouble}, and the program has ended:\n{self.said[-2000:]}"
                    return
                self.raw += data
