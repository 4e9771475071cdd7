"""The process ends at once, but not before its output is written and its exit handlers have run."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
END = """
import atexit, sys
import heloscope.app.__main__ as program

class Kept:
    def __del__(self):
        print("taken apart", file=sys.stderr)

kept = Kept()

def main():
    atexit.register(print, "handler")
    sys.stdout.write("not flushed, ")
    {ending}

program.main = main
program.run()
"""


def ended(ending: str, *options: str) -> tuple[int, str, str]:
    """Run a program that ends with the code `ending`. Return its status, output and errors."""
    done = subprocess.run(
        [sys.executable, *options, "-c", END.format(ending=ending)],
        capture_output=True, text=True, env=BUFFERED, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(("code", "status"), [("3", 3), ("None", 0), ("0", 0), ("256 + 7", 7)])
def test_the_output_is_written_and_the_handlers_run_before_the_end(code: str, status: int):
    assert ended(f"sys.exit({code})") == (status, "not flushed, handler\n", "")


def test_what_python_says_of_an_end_it_says():
    status, out, err = ended("sys.exit('a sentence')")
    assert (status, out) == (1, "not flushed, handler\n")
    assert err.startswith("a sentence\n")
    status, out, err = ended("raise KeyError('a')")
    assert (status, out) == (1, "not flushed, handler\n")
    assert "KeyError: 'a'" in err


def test_a_thread_is_waited_for():
    ending = (
        "import threading, time; "
        "threading.Thread(target=lambda: (time.sleep(0.05), print('thread'))).start(); sys.exit(0)"
    )
    assert ended(ending) == (0, "not flushed, thread\nhandler\n", "")


def test_in_the_development_mode_everything_is_taken_apart():
    status, _, err = ended("sys.exit(3)", "-X", "dev")
    assert status == 3
    assert "taken apart" in err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device here")
def test_output_that_cannot_be_written_is_no_success():
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", END.format(ending="sys.exit(0)")],
            stdout=full, stderr=subprocess.PIPE, text=True, env=BUFFERED, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode != 0
    assert "No space left on device" in done.stderr
