"""The surroundings of all tests: environment, signals, settings and garbage collection."""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# The settings of whoever runs the tests are not those of the tests; how long they run is.
_OF_THE_TESTS = {"HELOSCOPE_LONG_ROUND", "HELOSCOPE_KEY_SEED", "HELOSCOPE_KEY_BURSTS"}
for name in [name for name in os.environ if name.startswith("HELOSCOPE_")]:
    if name not in _OF_THE_TESTS:
        del os.environ[name]

# A program that is installed has its bytecode: neither those that tests start nor the tests
# themselves are compiled anew each time, which takes longer than most of them do.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A run in the background has these ignored, and each program that it starts would ignore them, too.
for number, handler in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGHUP, signal.SIG_DFL),
    (signal.SIGQUIT, signal.SIG_DFL),
):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, handler)

sys.path.insert(0, str(Path(__file__).parent))  # `support`, for tests in any folder

# A machine that is busy with something else is no fault of what is tested.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# An app is thousands of objects that live as long as its test, and are collected when it has ended:
# in the middle of a test, most of what is young is in use, and is gone through for nothing. So all
# that a test has made is in the youngest generation, if it wants to collect that itself.
_MANY = 50_000  # objects
gc.set_threshold(100 * _MANY, 1000, 1000)


def pytest_collection_finish() -> None:
    """Exempt everything imported and collected so far from garbage collection."""
    gc.freeze()


@pytest.hookimpl(trylast=True)  # when its fixtures are gone
def pytest_runtest_teardown() -> None:
    """Collect the garbage that a test has left, if there is much of it."""
    if gc.get_count()[0] > _MANY:
        gc.collect(0)


def pytest_sessionfinish() -> None:
    """Collect the remaining garbage, so that pytest's five collections have little to examine."""
    gc.collect()
    gc.collect()
    gc.freeze()
