"""Measures the time from a key to its echo on the screen, idle and under load.

A letter is typed into a terminal of 140x40, and its echo is awaited in what the program writes;
then the next letter is typed. Under load, a server sends 1,000 lines a second, which the app
records and shows. The baseline is a single Textual Input, idle. Target: at most 1.25 times as long
in both cases.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from statistics import median

from console import Terminal, running
from harness import HERE, Bench, arguments, serving

BARE = [sys.executable, str(HERE / "bare_app.py"), "input"]
OURS = [sys.executable, "-m", "heloscope.app", "--no-record"]
LETTERS = "zqxjkvwy"  # typed in turn, so that each makes what stands there longer by one
LINE = 24  # letters, after which the line is emptied
CLEAR = b"\x15"  # Ctrl+U
SETTLED = 0.3  # seconds for what a start or an empty line has to paint


def echo(command: Sequence[str], ready: bytes, keys: int) -> float:
    """Return the seconds from a key to its echo, as the median over this many keys."""
    with running(command) as terminal:
        terminal.wait_for(ready)
        terminal.read_on(SETTLED)
        took: list[float] = []
        while len(took) < keys:
            took += typed(terminal, min(LINE, keys - len(took)))
            terminal.type(CLEAR)
            terminal.read_on(SETTLED)
        return median(took)


def typed(terminal: Terminal, keys: int) -> list[float]:
    """Type a word of this many letters, waiting for each echo, and return the times."""
    took: list[float] = []
    word = ""
    for number in range(keys):
        word += LETTERS[number % len(LETTERS)]
        terminal.forget()
        began = time.perf_counter()
        terminal.type(word[-1].encode())
        took.append(terminal.wait_for(word.encode()) - began)
    return took


def main() -> None:
    bench = Bench("key", arguments(__doc__))
    keys = bench.size(100)
    with serving("replies") as quiet, serving("stream") as busy:
        at_rest = [*OURS, f"127.0.0.1:{quiet}"]
        loaded = [*OURS, f"127.0.0.1:{busy}"]
        bench.measure(
            "s",
            {
                "Input": lambda: echo(BARE, b"the input", keys),
                "heloscope at rest": lambda: echo(at_rest, b"bench.test ESMTP", keys),
                "heloscope, 1,000 lines/s": lambda: echo(loaded, b"a line of sixty", keys),
            },
        )
    bench.compare("heloscope at rest", "Input", at_most=1.25)
    bench.compare("heloscope, 1,000 lines/s", "Input", at_most=1.25)


if __name__ == "__main__":
    main()
