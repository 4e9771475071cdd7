"""Runs `heloscope --plain` without a process, with given lines, and collects the output.

said = await spoken("NOOP", server=script('''
    S: 220 ready
    C: NOOP
    S: 250 ok
'''))
assert "S: 250 ok" in said.lines
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from heloscope.app.connect.recent import RecentProfiles
from heloscope.app.input.history import History
from heloscope.app.lessons.library import load
from heloscope.app.plain.console import Console
from heloscope.app.plain.output import Output

from support.servers import Serve, serving


class Said(NamedTuple):
    """The output, and the exit status."""

    lines: list[str]
    status: int

    def after(self, line: str) -> list[str]:
        """Return what was written after the first line that begins with `line`."""
        at = next(n for n, each in enumerate(self.lines) if each.startswith(line))
        return self.lines[at + 1 :]

    def begun(self, *heads: str) -> list[str]:
        """Return the lines that begin with one of `heads`."""
        return [line for line in self.lines if line.startswith(heads)]


class GivenLines:
    """Lines that are known in advance, used instead of standard input. Implements plain.Reader."""

    terminal = False

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines: Iterator[str] = iter(lines)
        self.complete: Callable[[str], Sequence[str]] = lambda _: ()
        self.hidden: list[str] = []
        """The lines that were read without echo."""

    async def read(self, *, hidden: bool = False, prompt: str = "") -> str | None:
        line = next(self._lines, None)
        if hidden and line is not None:
            self.hidden.append(line)
        return line

    def remember(self, lines: Iterable[str]) -> None:
        pass

    def drop_hidden(self) -> bool:
        return False

    def cover(self) -> None:
        pass

    def take_covered(self) -> str:
        return ""

    def close(self) -> None:
        pass


class Run:
    """A console with given lines, and its output."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.reader = GivenLines(lines)
        self._stream = io.StringIO()
        self.console = Console(
            self.reader, Output(self._stream), History(), RecentProfiles(), record=False
        )

    async def at(self, target: str) -> Said:
        """Run the console with the server at `target`."""
        status = await self.console.run_lines(target)
        return Said(self._stream.getvalue().splitlines(), status)

    async def in_lesson(self, file: Path, folder: Path) -> Said:
        """Run the console with a lesson; `folder` is where progress is kept."""
        console = self.console
        console.made.guide._folder = folder
        status = await console.run_lines("", lambda: console.made.guide.begin(load(file)))
        return Said(self._stream.getvalue().splitlines(), status)


async def spoken(*lines: str, server: Serve | None = None) -> Said:
    """Run the console with `server`, or the practice server, with these lines typed."""
    run = Run(lines)
    if server is None:
        return await run.at("practice")
    async with serving(server) as port:
        return await run.at(f"127.0.0.1:{port}")
