"""Every benchmark runs and prints its ratios, with too little work for them to mean anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Each command, and how many ratios it prints.
RATIOS = {
    "noop": 6,
    "data": 4,
    "pane": 11,
    "screen": 2,
    "start": 3,
    "key": 2,
    "probe": 0,
    "send": 0,
    "recording": 6,
    "run": 2,
}  # with swaks, where it is installed


@pytest.mark.parametrize("name", RATIOS)
def test_the_benchmark_prints_its_ratios(name: str):
    done = subprocess.run(
        [sys.executable, str(HERE / f"{name}.py"), "--rounds", "1", "--part", "0.002"],
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, "TERM": "xterm-256color"},
    )
    assert done.returncode == 0, done.stderr
    ratios = re.findall(r"^  ratio .+? +([0-9.,]+)  half in ", done.stdout, re.MULTILINE)
    assert len(ratios) >= RATIOS[name], done.stdout
    assert all(float(ratio.replace(",", "")) > 0 for ratio in ratios)


def test_every_benchmark_is_tried():
    commands = {path.stem for path in HERE.glob("*.py") if "Bench(" in path.read_text()}
    assert commands - {"harness", "test_benchmarks_run"} == set(RATIOS)
