"""What all tests share."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from hypothesis import settings

# The settings of whoever runs the tests are not those of the tests; how long they run is.
_OF_THE_TESTS = {"HELOSCOPE_LONG_ROUND", "HELOSCOPE_KEY_SEED", "HELOSCOPE_KEY_BURSTS"}
for name in [name for name in os.environ if name.startswith("HELOSCOPE_")]:
    if name not in _OF_THE_TESTS:
        del os.environ[name]

sys.path.insert(0, str(Path(__file__).parent))  # `support`, for tests in any folder

# A machine that is busy with something else is no fault of what is tested.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# An app is thousands of objects that live as long as its test: to go through all of them every 700
# new ones takes a fifteenth of the time.
gc.set_threshold(200_000, 20, 50)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: no need to go through it again."""
    gc.freeze()
