"""CPython's own test_smtplib, run with our classes instead of smtplib's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import cpython_suite


def run(**environment: str) -> tuple[int, dict[str, Any], str]:
    """Run the suite, and return its exit status, its counts and all its output.

    It runs in a separate process, because it replaces the smtplib module and starts servers in
    threads.
    """
    done = subprocess.run(
        [sys.executable, str(Path(cpython_suite.__file__))],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | environment,
    )
    lines = done.stdout.splitlines()
    return done.returncode, json.loads(lines[-1]) if lines else {}, done.stdout + done.stderr


def test_every_test_of_cpythons_own_suite_passes():
    status, counts, printed = run()
    assert status == 0, printed
    if counts["suite"] is None:  # as distributions package Python; said at the end of every run
        pytest.skip(f"CPython's suite was NOT run: {sys.executable} ships none ({counts['why']})")
    assert counts["bad"] == 0, printed
    assert counts["ran"] >= 82 - len(cpython_suite.LEFT_OUT), "3.11 has 82, later ones have more"
    assert counts["skipped"] == 0, printed


def test_a_python_without_the_suite_is_recognised(tmp_path: Path):
    (tmp_path / "test").mkdir()
    (tmp_path / "test" / "__init__.py").touch()
    status, counts, printed = run(
        PYTHONPATH=os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", "")))
    )
    assert status == 0, printed
    assert counts["suite"] is None
    assert "test_smtplib" in counts["why"]


def test_what_is_omitted_has_a_reason():
    assert all(cpython_suite.LEFT_OUT.values())
