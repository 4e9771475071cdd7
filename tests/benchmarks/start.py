"""Measures the time to the first screen, compared with a bare Textual app; and `--version`.

Both run in their own terminal of 140x40. *Painted* is when the frame with the header has been
written; *complete* is when the footer's keys have too, which Textual adds after the first frame;
*greeted* is when the practice server's 220 has. Baselines: a bare app with a header, a log, an
input and a footer, and `python -c pass`. Target: at most 1.2 times as long to the first screen, and
at most twice as long for the version.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from console import running
from harness import HERE, Bench, arguments

BARE = [sys.executable, str(HERE / "bare_app.py")]
OURS = [sys.executable, "-m", "heloscope.app"]
SCRIPT = Path(sys.executable).parent / "heloscope"  # what pip has made of it


def first_screen(command: Sequence[str], *words: bytes) -> float:
    """Return the seconds until all the words are on the screen."""
    with running(command) as terminal:
        return terminal.wait_for(*words) - terminal.began


def ended(*command: str) -> float:
    """Return the seconds that a command takes."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    bench = Bench("start", arguments(__doc__))
    bench.measure(
        "s",
        {
            "bare app, painted": lambda: first_screen(BARE, b"the header"),
            "heloscope, painted": lambda: first_screen(OURS, b"Transcript"),
            "bare app, complete": lambda: first_screen(BARE, b"the header", b"palette"),
            "heloscope, complete": lambda: first_screen(OURS, b"Transcript", b"palette"),
            "heloscope, greeted": lambda: first_screen(OURS, b"ESMTP heloscope", b"palette"),
        },
    )
    versions: dict[str, Callable[[], float]] = {
        "python -c pass": lambda: ended(sys.executable, "-c", "pass"),
        "python -m heloscope.app --version": lambda: ended(*OURS, "--version"),
    }
    if SCRIPT.exists():
        versions["heloscope --version"] = lambda: ended(str(SCRIPT), "--version")
    bench.measure("s", versions)
    bench.compare("heloscope, painted", "bare app, painted", at_most=1.2)
    bench.compare("heloscope, complete", "bare app, complete", at_most=1.2)
    for name in list(versions)[1:]:
        bench.compare(name, "python -c pass", at_most=2)


if __name__ == "__main__":
    main()
