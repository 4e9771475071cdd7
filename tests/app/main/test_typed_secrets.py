"""A known password stays hidden in every field that it is typed into."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.recordings.screen import RecordingScreen
from support.stage import TO_ALICE, WIDE, Stage
from textual.widgets import Input

PASSWORD = "opensesame"
LOG = b"S: 220 mx.example.org ready\nC: EHLO me\nS: 250 mx.example.org\n"


@pytest.mark.parametrize(
    "keys",
    [
        (),
        ("ctrl+p",),
        ("ctrl+f",),
        ("ctrl+o",),
        (*":theme", "enter"),
        (*":send", "enter"),
        (*":glossary", "enter"),
        (*":practice", "enter"),
        (*":recordings", "enter"),
        (*":export", "enter"),
        (*":login", "enter"),
        (*":hello me", "enter", "f11", "e"),
    ],
    ids=lambda keys: "".join(keys) or "line",
)
async def test_a_known_password_is_not_seen_in_any_field(keys: tuple[str, ...]) -> None:
    async with Stage().run(WIDE) as stage:
        await stage.type("EHLO me")
        stage.app.connections.secrets.add(PASSWORD.encode())
        if keys:
            await stage.press(*keys)
        fields = [each for each in stage.app.screen.query(Input) if each.focusable]
        assert fields
        for field in fields:
            field.focus()
            await stage.burst("end", "space", *PASSWORD)
            assert PASSWORD in field.value
            assert PASSWORD not in stage.screen
            assert "•" * len(PASSWORD) in stage.screen
        await stage.press("escape")  # the palette would go on filling its list


async def test_a_known_password_is_not_seen_in_a_message() -> None:
    async with Stage().run(WIDE) as stage:
        await stage.type("EHLO me", *TO_ALICE)
        stage.app.connections.secrets.add(PASSWORD.encode())
        await stage.burst(*f"it is {PASSWORD}")
        assert stage.editor.draft == f"it is {PASSWORD}"
        assert PASSWORD not in stage.screen
        assert "it is ••••••••••" in stage.screen


async def test_a_known_password_is_not_seen_in_the_line_of_a_recording(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    async with Stage().run(WIDE) as stage:
        await stage.type("EHLO me")
        stage.app.connections.secrets.add(PASSWORD.encode())
        await stage.burst(*f":open {tmp_path / 'a.log'}", "enter", *PASSWORD)
        assert isinstance(stage.app.screen, RecordingScreen)
        assert stage.app.screen.composer.text == PASSWORD
        assert PASSWORD not in stage.screen
        await stage.burst("enter")
        assert PASSWORD not in stage.screen
