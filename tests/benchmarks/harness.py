"""What the benchmarks share: alternating rounds, ratios with a spread, one core, a plain server.

    args = arguments(__doc__)
    bench = Bench("noop", args)
    with serving("replies") as port:
        bench.measure("/s", {"aiosmtplib": ..., "Session": ...})
    bench.compare("Session", "aiosmtplib", at_least=1.25)

Every case is run once in each round, and the order is reversed from one round to the next. A ratio
is taken within a round, so that a machine that is briefly busy slows both cases. The figures are
wall time. Nothing is asserted: a ratio is printed next to its target, whether it reaches it or not.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles

HERE = Path(__file__).parent
ROUNDS = 9  # the fewest whose median and spread mean something


def arguments(doc: str | None) -> argparse.Namespace:
    """Parse `--rounds`, and `--part`, the fraction of the work to do in a trial run."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"{ROUNDS} or more")
    parser.add_argument(
        "--part", type=float, default=1.0, help="this part of the work; the figures mean nothing"
    )
    return parser.parse_args()


class Bench:
    """One benchmark, whose cases are measured in turn and then compared."""

    def __init__(self, title: str, args: argparse.Namespace) -> None:
        self.rounds = max(1, args.rounds)
        self.part = args.part
        self.trial = self.part != 1.0
        self._figures: dict[str, list[float]] = {}
        # A program that is installed has its bytecode: what is measured must not compile it anew.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        core = pin()
        where = f"pinned to core {core}" if core is not None else "NOT pinned to one core"
        print(f"{title}: {platform.python_implementation()} {platform.python_version()}, {where}, "
              f"{self.rounds} rounds")  # fmt: skip
        if self.trial or self.rounds < ROUNDS:
            print("  a trial run: the figures mean nothing")

    def size(self, whole: int) -> int:
        """Return how much of `whole` to do in this run, but at least 1."""
        return max(1, round(whole * self.part))

    def measure(self, unit: str, cases: dict[str, Callable[[], float]]) -> None:
        """Run every case once in each round. A case returns a figure: a rate, seconds or bytes."""
        if not self.trial:
            for case in cases.values():
                case()  # not counted: caches and imports
        figures: dict[str, list[float]] = {name: [] for name in cases}
        for number in range(self.rounds):
            names = list(cases)
            for name in names if number % 2 == 0 else reversed(names):
                gc.collect()
                figures[name].append(cases[name]())
        for name, found in figures.items():
            print(f"  {name:<44}{spread(found, unit)}")
        self._figures |= figures

    def compare(
        self,
        ours: str,
        baseline: str,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> None:
        """Print the ratio of two cases, and whether it meets its target."""
        pairs = zip(self._figures[ours], self._figures[baseline], strict=True)
        ratios = [a / b for a, b in pairs]
        self._verdict(f"{ours} : {baseline}", ratios, "", at_least, at_most)

    def judge(self, name: str, *, at_most: float) -> None:
        """Print whether the figure of one case meets its target."""
        self._verdict(name, self._figures[name], "", None, at_most)

    def _verdict(
        self,
        name: str,
        figures: list[float],
        unit: str,
        at_least: float | None,
        at_most: float | None,
    ) -> None:
        middle = median(figures)
        verdict = ""
        if at_least is not None:
            verdict = f"  wanted >= {at_least:g}: {'reached' if middle >= at_least else 'MISSED'}"
        elif at_most is not None:
            verdict = f"  wanted <= {at_most:g}: {'reached' if middle <= at_most else 'MISSED'}"
        print(f"  ratio {name:<38}{spread(figures, unit)}{verdict}")


def spread(figures: list[float], unit: str) -> str:
    """Format the median, the middle half, and the two extremes."""
    low, _, high = quantiles(figures, n=4) if len(figures) > 1 else figures * 3
    low, high = max(low, min(figures)), min(high, max(figures))
    shown = [_figure(value, unit) for value in (median(figures), low, high, *ends(figures))]
    return "{:>12}  half in {} to {}, all in {} to {}".format(*shown)


def ends(figures: list[float]) -> tuple[float, float]:
    return min(figures), max(figures)


def _figure(value: float, unit: str) -> str:
    if unit == "s":
        return f"{value * 1000:,.2f} ms"
    shown = f"{value:,.0f}" if value >= 1000 else f"{value:,.1f}" if value >= 20 else f"{value:.2f}"
    return shown + unit


def pin() -> int | None:
    """Keep this process and its children on one core, and return which, or None if impossible."""
    try:
        core = max(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {core})
    except (AttributeError, OSError):
        return None
    return core


@contextlib.contextmanager
def serving(mode: str) -> Iterator[int]:
    """Run a plain socket server (server.py) in its own process, and yield its loopback port."""
    process = subprocess.Popen(
        [sys.executable, str(HERE / "server.py"), mode],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()  # it ends when nobody holds this
        process.wait()
        process.stdout.close()
