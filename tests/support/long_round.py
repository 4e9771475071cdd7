"""Whether all is tried where a usual run tries a part: HELOSCOPE_LONG_ROUND=1 asks for it."""

from __future__ import annotations

import os

LONG_ROUND = os.environ.get("HELOSCOPE_LONG_ROUND", "") not in ("", "0")
