"""The settings screen shows the file, checks what is typed, and writes only what has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.config.model import Configuration, Connecting
from heloscope.app.config.reader import load
from heloscope.app.connect.profile import Profile
from support.stage import NARROW, WIDE, Stage, played
from textual.widgets import Input

FILE = """\
# mine
theme = "nord"    # dark
[connect]
timeout = 30      # seconds
# ehlo = "a.example"
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    file = tmp_path / "config.toml"
    file.write_text(FILE)
    file.chmod(0o600)
    return load(file)


def on(configuration: Configuration) -> Stage:
    stage = Stage(configuration=configuration)
    stage.serve = played("S: 220 ready\nC: EHLO").serve
    return stage


async def opened(stage: Stage) -> None:
    await stage.put(":settings")
    assert type(stage.app.screen).__name__ == "SettingsScreen"


def field(stage: Stage, name: str) -> Input:
    return stage.app.screen.query_one(f"#{name}", Input)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_it_shows_what_the_file_says(configuration: Configuration, size: tuple[int, int]):
    async with on(configuration).run(size) as stage:
        await opened(stage)
        assert "Enter writes to" in stage.screen and "config.toml" in stage.screen
        assert "‹ nord ›" in stage.screen
        assert "(●) yes ( ) no" in stage.screen
        assert field(stage, "timeout").value == "30"


async def test_esc_writes_nothing(configuration: Configuration):
    async with on(configuration).run() as stage:
        await opened(stage)
        await stage.press("right", "escape")
    assert configuration.file.read_text() == FILE


async def test_enter_without_a_change_writes_nothing(configuration: Configuration):
    before = configuration.file.stat().st_ino
    async with on(configuration).run() as stage:
        await opened(stage)
        await stage.press("enter")
        assert stage.notices[-1] == "Nothing was changed."
    assert configuration.file.stat().st_ino == before


async def test_what_was_changed_is_written_and_counts_and_comments_stay(
    configuration: Configuration,
):
    async with on(configuration).run(NARROW) as stage:
        await opened(stage)
        await stage.press("down", "right")  # history: no
        field(stage, "timeout").value = "7.5"
        field(stage, "ehlo").value = "me.example"
        await stage.press("enter")
        assert stage.notices[-1].startswith("The settings are saved.")
        assert not stage.app.history.on
        await stage.put(":connect mail.example.org")
        await stage.greeted(2)
        assert stage.app.connections.profile == Profile(
            "mail.example.org", hello="me.example", timeout=7.5
        )
    text = configuration.file.read_text()
    assert text.startswith('# mine\ntheme = "nord"    # dark\nhistory = false\n')
    assert "timeout = 7.5      # seconds\n" in text
    found = load(configuration.file)
    assert (found.problems, found.history) == ([], False)
    assert found.connect == Connecting(timeout=7.5, ehlo="me.example")


async def test_an_emptied_field_is_removed_from_the_file(configuration: Configuration):
    async with on(configuration).run() as stage:
        await opened(stage)
        field(stage, "timeout").value = ""
        await stage.press("enter")
    assert load(configuration.file).connect == Connecting()
    assert '# ehlo = "a.example"' in configuration.file.read_text()


async def test_a_theme_that_was_chosen_is_used_at_once(configuration: Configuration):
    async with on(configuration).run() as stage:
        await opened(stage)
        before = stage.app.theme
        await stage.press("right", "enter")
        chosen = load(configuration.file).theme
        assert chosen not in ("nord", "")
        assert stage.app.theme == chosen != before


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("timeout", "soon", "must be a number of seconds, not soon."),
        ("timeout", "0", "must be more than 0 and at most 86,400 seconds. Got 0."),
        ("source", "here", "must be an IP address of this machine"),
        ("ehlo", "a b", "must be one word: a host name"),
    ],
)
async def test_a_mistake_is_told_at_its_field_and_nothing_is_written(
    configuration: Configuration, name: str, text: str, wanted: str
):
    async with on(configuration).run(WIDE) as stage:
        await opened(stage)
        field(stage, name).focus()
        field(stage, name).value = text
        await stage.settle()
        assert wanted in stage.screen
        await stage.press("enter")
        assert type(stage.app.screen).__name__ == "SettingsScreen"
        assert stage.app.focused is field(stage, name)
    assert configuration.file.read_text() == FILE


async def test_what_does_not_go_together_is_told_and_nothing_is_written(
    configuration: Configuration,
):
    async with on(configuration).run(WIDE) as stage:
        await opened(stage)
        field(stage, "key").value = "me.key"
        await stage.press("enter")
        told = " ".join(stage.screen.replace("│", " ").split())
        assert "Nothing was saved: key needs cert, the certificate that it belongs to" in told
    assert configuration.file.read_text() == FILE


async def test_a_variable_that_counts_before_the_file_is_named(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HELOSCOPE_THEME", "dracula")
    async with on(configuration).run() as stage:
        await opened(stage)
        assert "HELOSCOPE_THEME is set and overrides the file." in stage.screen
