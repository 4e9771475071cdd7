"""Whether to test all cases. A normal run tests only some; HELOSCOPE_LONG_ROUND=1 tests all."""

from __future__ import annotations

import os

LONG_ROUND = os.environ.get("HELOSCOPE_LONG_ROUND", "") not in ("", "0")
