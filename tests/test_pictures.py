"""The pictures of screenshots/ show what the program looks like today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PICTURES = Path(__file__).parents[1] / "screenshots"


def test_the_committed_pictures_are_what_the_command_makes(tmp_path: Path) -> None:
    command = [sys.executable, str(PICTURES / "make.py"), str(tmp_path)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert made.returncode == 0, made.stderr

    names = sorted(file.name for file in PICTURES.glob("*.svg"))
    assert sorted(file.name for file in tmp_path.iterdir()) == names
    old = [n for n in names if (tmp_path / n).read_bytes() != (PICTURES / n).read_bytes()]
    assert not old, "out of date; screenshots/make.py takes them anew"


def test_a_picture_asks_no_other_server_for_anything() -> None:
    for file in PICTURES.glob("*.svg"):
        text = file.read_text(encoding="utf-8")
        assert "url(http" not in text and "href" not in text, file.name
