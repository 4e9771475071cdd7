"""Measures 20,000 NOOPs by `heloscope run`, compared with `Session`.

The difference is the cost of parsing, judging and printing. Both record every line, and use the
same server, each in its own process. `run` prints to /dev/null; the time that it takes for a script
of one line, which is mostly the start of Python, is subtracted. Target: 0.9 times Session's rate,
even with an `:expect` after each line.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import noop
from harness import Bench, arguments, serving

RUN = (sys.executable, "-m", "heloscope.app", "run", "--no-record")


def seconds(script: Path, port: int) -> float:
    """Return how long a run of a script takes."""
    began = time.perf_counter()
    subprocess.run([*RUN, script, f"127.0.0.1:{port}"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def rate(folder: Path, lines: str, port: int, count: int) -> float:
    """Return how many of these lines are run per second."""
    one, all_of_them = folder / "one.smtp", folder / "all.smtp"
    one.write_text(lines)
    all_of_them.write_text(lines * (count + 1))
    start = min(seconds(one, port) for _ in range(2))
    return count / max(seconds(all_of_them, port) - start, 1e-6)


def main() -> None:
    bench = Bench("run", arguments(__doc__))
    count = bench.size(20_000)
    with serving("replies") as port, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench.measure("/s", {
            "Session": lambda: noop.alone("Session", port, count),
            "run": lambda: rate(folder, "NOOP\n", port, count),
            "run, :expect": lambda: rate(folder, "NOOP\n:expect 250\n", port, count),
        })  # fmt: skip
    bench.compare("run", "Session", at_least=0.9)
    bench.compare("run, :expect", "Session", at_least=0.9)


if __name__ == "__main__":
    main()
