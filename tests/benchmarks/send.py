"""Measures `heloscope send` of one message, from the start of its process to the end.

It is compared with swaks. Both use the same server, which has its own process, and print what they
send. The time is processor time, the program's own and the system's, so that waiting for the server
counts for neither. Without swaks, the time is printed alone. Target: at most 1.5 times. Most of it
is spent on imports, so heloscope's dependencies are also imported alone for comparison.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from harness import Bench, arguments, serving

STANDS_ON = "import msgspec, socket"
ENVELOPE = ("--from", "ann@example.net", "--to", "bob@example.org")


def processor(command: Sequence[str]) -> float:
    """Return the seconds of processor time that a command takes."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def main() -> None:
    bench = Bench("send", arguments(__doc__))
    swaks = shutil.which("swaks")
    with serving("mail") as port:
        ours = [sys.executable, "-m", "heloscope.app"]
        place = f"127.0.0.1:{port}"
        cases: dict[str, Callable[[], float]] = {
            "heloscope send": lambda: processor([*ours, "send", place, *ENVELOPE, "--no-record"]),
            "heloscope swaks": lambda: processor([*ours, "swaks", "--server", place, *ENVELOPE]),
        }
        cases["its imports"] = lambda: processor([sys.executable, "-c", STANDS_ON])
        if swaks is not None:
            cases["swaks"] = lambda: processor([swaks, "--server", place, *ENVELOPE])
        bench.measure("s", cases)
    if swaks is not None:
        bench.compare("heloscope send", "swaks", at_most=1.5)
        bench.compare("heloscope swaks", "swaks", at_most=1.5)
        bench.compare("its imports", "swaks")


if __name__ == "__main__":
    main()
