"""The keys in the settings are listed, searched and changed, and a clash is reported beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.config.model import Configuration
from heloscope.app.config.reader import load
from heloscope.app.dialogs.keys import KeysScreen
from support.stage import NARROW, Stage

FILE = '[keys]\n# mine\nquit = "f13"  # as q\n\n[connect]\ntimeout = 9\n'


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    file = tmp_path / "config.toml"
    file.write_text(FILE)
    file.chmod(0o600)
    return load(file)


async def opened(stage: Stage, wanted: str = "") -> None:
    await stage.put(":settings keys")
    assert isinstance(stage.app.screen, KeysScreen)
    if wanted:
        await stage.press("slash", *wanted, "enter")


def said(stage: Stage) -> str:
    return " ".join(stage.screen.replace("│", " ").split())


async def test_they_are_listed_with_what_the_file_changes(configuration: Configuration):
    async with Stage(configuration=configuration).run(NARROW) as stage:
        await opened(stage)
        assert "take effect at the next start" in said(stage)
        assert "connect Ctrl+O connect to a server" in said(stage)
        await stage.press("slash", *"f13")
        assert "*q F13 (at the next start) quit heloscope" in said(stage)
        await stage.press(*"x")
        assert "No action with this text in its name" in said(stage)
        await stage.press("escape")
        assert "connect Ctrl+O connect to a server" in said(stage)


async def test_a_key_that_is_pressed_is_written_by_its_name(configuration: Configuration):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage, "reconnect")
        await stage.press("enter", "ctrl+e", "f14", "enter")
        assert "reconnect: Ctrl+E F14, from the next start." in said(stage)
        await stage.press("escape", "escape")
        assert stage.notices[-1] == "The keys are saved and take effect at the next start."
    assert configuration.file.read_text() == FILE.replace(
        "# as q\n", '# as q\nreconnect = "ctrl+e,f14"\n'
    )


async def test_a_name_is_typed_and_no_key_is_possible(configuration: Configuration):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage, "reconnect")
        await stage.press("enter", *"Ctrl+E", "enter", "enter", "backspace", "enter")
    assert load(configuration.file).keys == {"q": "f13", "reconnect": ""}


async def test_a_key_that_cannot_be_is_told_while_it_is_typed_and_not_written(
    configuration: Configuration,
):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage, "reconnect")
        told = "reconnect: x is text; use a key such as F9 or Ctrl+E."
        await stage.press("enter", "x")
        assert told in said(stage)
        await stage.press("enter")
        assert told in said(stage)
        await stage.press("escape")
        assert told not in said(stage)
    assert configuration.file.read_text() == FILE


@pytest.mark.parametrize(
    ("key", "told", "title", "left"),
    [
        ("f5", "F5 is already the key of run.", "Take F5 from run?",
         "run will have Ctrl+R; :run still works."),
        ("f13", "F13 is already the key of q.", "Take F13 from q?",
         "q will have no key; :q still works."),
    ],
)  # fmt: skip
async def test_a_clash_is_told_before_it_is_saved_and_the_key_is_not_taken_without_asking(
    configuration: Configuration, key: str, told: str, title: str, left: str
):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage, "reconnect")
        await stage.press("enter", key)
        assert told in said(stage)
        await stage.press("enter")
        assert title in stage.screen and left in said(stage)
        await stage.press("escape")
        assert told in said(stage)
    assert configuration.file.read_text() == FILE


async def test_a_key_is_taken_from_another_action_if_that_is_wanted(configuration: Configuration):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage, "reconnect")
        await stage.press("enter", "f5", "enter", "y")
        assert "reconnect: F5, from the next start." in said(stage)
    found = load(configuration.file)
    assert found.keys == {"q": "f13", "reconnect": "f5", "run": "ctrl+r"}
    assert found.problems == []


async def test_what_a_browser_keeps_is_told(configuration: Configuration):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage, "step")
        await stage.press("enter", "ctrl+n")
        assert "Ctrl+N does not reach heloscope" in said(stage)


async def test_the_key_that_an_action_had_is_free_once_the_file_changes_it(
    configuration: Configuration,
):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage, "raw")
        await stage.press("enter", *"ctrl+q", "enter")
    assert load(configuration.file).keys == {"q": "f13", "raw": "ctrl+q"}


async def test_an_action_gets_its_own_keys_back_by_the_name_that_the_file_has(
    configuration: Configuration,
):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage, "f13")
        await stage.press("d")
        assert "q: Ctrl+Q, from the next start." in said(stage)
    text = configuration.file.read_text()
    assert "quit" not in text and "# mine" in text
