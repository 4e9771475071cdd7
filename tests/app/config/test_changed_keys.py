"""If the configuration changes a key, every place that names or binds the key uses the new one.

The keys must be set before anything else is imported, so each test is a program of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KEYS = '[keys]\nhelp = "f13"\nconnect = "f14"\ntrust = "ctrl+e"\nreconnect = ""\nstep = "f15"\n'
SHOWS = """
import asyncio, json
from heloscope.app.cli.start import configured_keys
configuration = configured_keys()
from heloscope.app.advice import ADVICE, do, in_present_keys
from support.stage import Stage

async def main():
    stage = Stage(configuration=configuration)
    found = {"advice": ADVICE["not connected"], "trust": do("trust")}
    found["lesson"] = in_present_keys("Press F9, not F99 or Ctrl+F9; F1 helps. :connect (Ctrl+O)")
    async with stage.run((140, 40)):
        found["bar"] = stage.screen.splitlines()[-1]
        palette = stage.app.get_system_commands(stage.app.screen)
        found["palette"] = [each.help for each in palette if each.title.startswith("connect")]
        await stage.press("f1")
        found["old"] = type(stage.app.screen).__name__
        await stage.press("f13")
        found["new"] = type(stage.app.screen).__name__
        found["help"] = stage.screen
        await stage.press("f13")
        found["closed"] = type(stage.app.screen).__name__
        await stage.press("f14")
        found["connect"] = stage.screen
    print(json.dumps(found))

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    (folder / "config.toml").write_text(KEYS)
    (folder / "config.toml").chmod(0o600)
    return folder


def run(home: Path, *words: str) -> str:
    support = Path(__file__).parents[2]
    path = os.pathsep.join([str(support), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, timeout=120,
        env={**os.environ, "HELOSCOPE_CONFIG": f"{home}/config.toml", "PYTHONPATH": path},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def shown(home: Path) -> dict[str, str]:
    return json.loads(run(home, "-c", SHOWS).splitlines()[-1])


def test_the_key_works_and_the_old_one_does_not(shown: dict[str, str]):
    assert (shown["old"], shown["new"], shown["closed"]) == (
        "MainScreen", "HelpScreen", "MainScreen",
    )  # fmt: skip


def test_the_key_bar_shows_it(shown: dict[str, str]):
    assert "f13 help" in shown["bar"] and "f14 connect" in shown["bar"]
    assert "f1 help" not in shown["bar"] and "f9" not in shown["bar"]


def test_advice_names_it(shown: dict[str, str]):
    assert shown["advice"] == ":connect (F14) connects; :reconnect reconnects."
    assert shown["trust"] == ":trust (Ctrl+E)"


def test_the_palette_names_it(shown: dict[str, str]):
    assert shown["palette"] == [":connect \\[TARGET]   F14"]


def test_help_and_the_dialog_name_it(shown: dict[str, str]):
    help_text = shown["help"]
    assert "F13" in help_text and "F14" in help_text
    assert "F15 steps" in shown["connect"]


def test_the_text_of_a_lesson_names_it(shown: dict[str, str]):
    assert shown["lesson"] == ("Press :reconnect, not F99 or Ctrl+F9; F13 helps. :connect (F14)")


def test_the_table_of_keys_has_it(home: Path):
    table = run(home, "-m", "heloscope.app", "--keys")
    assert "\n  F14                     connect to a server\n" in table
    assert "\n  Ctrl+E                  accept a certificate that failed verification\n" in table
    assert "Ctrl+O" not in table and "\n  F9 " not in table
