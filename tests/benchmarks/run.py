"""20,000 NOOPs by `heloscope run`, beside `Session`: what do parsing, judging and printing cost?

Both record every line and speak to the same server, each in a process of its own. `run` prints to
/dev/null; what it takes for a script of one line, which is mostly Python's start, is taken off.
Wanted: 0.9 of Session's rate, with an `:expect` after each line too.
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
    """How long a run of a script takes."""
    began = time.perf_counter()
    subprocess.run([*RUN, script, f"127.0.0.1:{port}"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def rate(folder: Path, lines: str, port: int, count: int) -> float:
    """How many of these lines a second are run."""
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
