"""From the start of the process to the first screen, beside a bare Textual app; and `--version`.

Both in a terminal of their own of 140x40. *Painted* is the moment at which the frame with the
header is out; *complete* the one at which the footer's keys are there too, which Textual adds
after the first frame; *greeted* the one at which the practice server's 220 is. Baselines: a bare
app with a header, a log, an input and a footer, and `python -c pass`. Wanted: the first screen
within 1.2 times, the version within 2.
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
    """Seconds until all the words are on the screen."""
    with running(command) as terminal:
        return terminal.wait_for(*words) - terminal.began


def ended(*command: str) -> float:
    """Seconds that a command takes."""
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
