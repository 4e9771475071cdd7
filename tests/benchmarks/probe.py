"""Measures `heloscope probe` from the start of its process to the end, compared with swaks.

swaks connects, sends EHLO and quits. probe also tries VRFY, EXPN, HELP and a group of commands, and
reports its findings. Both run without TLS and with STARTTLS. Target: at most 1.5 times swaks's
time.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable

from harness import Bench, arguments
from practice import practising

PROBE = [sys.executable, "-m", "heloscope.app", "probe"]


def ended(*command: str, status: tuple[int, ...] = (0,)) -> float:
    """Return the seconds that a command takes. Raises RuntimeError for another exit status."""
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    took = time.perf_counter() - began
    if done.returncode not in status:
        raise RuntimeError(f"{command}: status {done.returncode}: {done.stderr.decode()}")
    return took


def main() -> None:
    bench = Bench("probe", arguments(__doc__))
    swaks = shutil.which("swaks")
    with practising() as (place, ca):
        cases: dict[str, Callable[[], float]] = {
            "heloscope, in clear": lambda: ended(*PROBE, place, "--tls", "none"),
            "heloscope, STARTTLS": lambda: ended(*PROBE, place, "--ca", ca),
        }
        if swaks:
            quick = (swaks, "--server", place, "--quit-after", "EHLO", "--ehlo", "me")
            cases |= {
                "swaks, in clear": lambda: ended(*quick),
                "swaks, STARTTLS": lambda: ended(*quick, "--tls"),
            }
        bench.measure("s", cases)
    if not swaks:
        print("  swaks is not installed: there is nothing to compare with")
        return
    for how in ("in clear", "STARTTLS"):
        bench.compare(f"heloscope, {how}", f"swaks, {how}", at_most=1.5)


if __name__ == "__main__":
    main()
