"""One message from the start of the process to its end, beside swaks: `heloscope send`.

Both speak to the same server, in a process of its own, and print what they say. The time is that of
the processor, the program's own and the system's, so that a wait for the server counts for neither.
Baseline: swaks, where it is installed; else the time is printed alone. Wanted: 1.5 times at most.
Most of it goes into imports: what heloscope stands on is imported alone, too, for comparison.
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
    """Seconds of the processor that a command takes."""
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
