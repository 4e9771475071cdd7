"""Runs `heloscope serve` in its own process, on a free loopback port."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

MARK = "HELOSCOPE_TEST_MARK"
"""The name of an environment variable of the server."""
_SEQUENCE = re.compile(r"\x1b(\[[0-9;?<>=$]*[a-zA-Z]|\][^\x07]*\x07)")


def text_of(drawn: str) -> str:
    """Return what a terminal was told to draw, without positions, colours and blanks."""
    return "".join(_SEQUENCE.sub("", drawn).split())


class Served:
    """A running server; `url` is what it printed first."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.process = process
        self.url = process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:"), self.url

    def visitors(self) -> list[int]:
        """Return the process IDs of the visitors' sessions."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(word) for word in children.split()]


@contextlib.contextmanager
def serving(*options: str, folder: Path | None = None) -> Iterator[Served]:
    """Run `heloscope serve` on a free port, with its temporary files in `folder`."""
    environment = {**os.environ, MARK: "of the host"}
    if folder is not None:
        environment["TMPDIR"] = str(folder)
    with subprocess.Popen(
        [sys.executable, "-m", "heloscope.app", "serve", "--port", "0", "--quiet", *options],
        stdout=subprocess.PIPE, text=True, env=environment,
    ) as process:  # fmt: skip
        try:
            yield Served(process)
        finally:
            process.terminate()
