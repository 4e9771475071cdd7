"""Logs of other tools, for tests."""

from __future__ import annotations

from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "session" / "foreign" / "samples"
NAMES = sorted(path.name for path in SAMPLES.iterdir() if path.suffix in (".txt", ".pcap"))
