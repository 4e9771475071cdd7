"""Fixtures that write scripts for heloscope run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """Return a function that writes a script and returns its path."""

    def write(text: str | bytes, name: str = "a.smtp") -> str:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    return write
