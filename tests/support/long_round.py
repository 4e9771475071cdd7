"""Whether to test all cases, of which a normal run tests some: set HELOSCOPE_LONG_ROUND=1."""

from __future__ import annotations

import os

LONG_ROUND = os.environ.get("HELOSCOPE_LONG_ROUND", "") not in ("", "0")
