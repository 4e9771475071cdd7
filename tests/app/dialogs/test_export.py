"""The export dialog previews every format, shows what is masked, and exports or copies it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from heloscope.app.actions import EXPORT_FORMATS
from heloscope.app.dialogs.export import ExportScreen
from heloscope.app.recordings.screen import RecordingScreen
from support.recorded import open_in, recorded, settled
from support.stage import NARROW, Stage


@contextlib.asynccontextmanager
async def asked(folder: Path) -> AsyncIterator[tuple[Stage, ExportScreen]]:
    async with Stage().run(NARROW) as stage:
        screen = await open_in(stage, recorded(folder, notes=()))
        await order(stage, screen, ":play end")
        await order(stage, screen, ":export")
        await stage.until(lambda: isinstance(stage.app.screen, ExportScreen))
        dialog = stage.app.screen
        assert isinstance(dialog, ExportScreen)
        yield stage, dialog


async def order(stage: Stage, screen: RecordingScreen, line: str) -> None:
    screen.composer.text = line
    await stage.press("enter")
    await settled(stage, screen)


def preview(dialog: ExportScreen) -> str:
    return str(dialog.query_one("#preview").render())


async def previewed(stage: Stage, dialog: ExportScreen) -> str:
    await stage.until(lambda: dialog.previewed == (dialog.form, dialog.masking))
    return preview(dialog)


async def test_each_format_is_previewed_as_it_is_chosen(tmp_path: Path):
    async with asked(tmp_path) as (stage, dialog):
        seen: dict[str, str] = {}
        for _ in EXPORT_FORMATS:
            seen[dialog.form] = await previewed(stage, dialog)
            await stage.press("down")
        assert list(seen) == list(EXPORT_FORMATS)
        assert seen["eml"] == "Subject: Hello\n\nHello Bob"
        assert seen["swaks"].startswith("# A conversation with mail.example.org, for swaks.")
        assert "The pcapng file will show these lines:" in seen["pcapng"]
        assert all("RCPT TO:<nobody" in seen[form] for form in ("text", "html", "jsonl", "script"))


async def test_what_is_masked_is_seen_before_it_is_written(tmp_path: Path):
    async with asked(tmp_path) as (stage, dialog):
        assert "RCPT TO:<bob@example.org>" in await previewed(stage, dialog)
        await stage.press("tab", "right")
        assert "RCPT TO:<user3@host4.example>" in await previewed(stage, dialog)
        await stage.press("right")
        shown = await previewed(stage, dialog)
        assert "message, 3 lines, 29 bytes, not shown" in shown
        assert "RCPT TO:<bob@example.org>" in shown


async def test_a_file_is_written_by_the_keyboard_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    async with asked(tmp_path) as (stage, _):
        await stage.press("down", "tab", "right", "down", "ctrl+u", *"a.md", "enter")
        await stage.until(lambda: "a.md" in told(stage))
        assert (
            "Exported as Markdown for a ticket with each refusal explained, secrets and addresses "
            f"masked: {tmp_path}/a.md"
        ) in told(stage)
    text = (tmp_path / "a.md").read_text()
    assert text.startswith("# SMTP conversation with host1.example\n")


def told(stage: Stage) -> str:
    screen = next(each for each in stage.app.screen_stack if isinstance(each, RecordingScreen))
    return " ".join(notice.text for notice in screen.ui.notices)


async def test_a_file_that_exists_is_refused_before_the_dialog_closes(tmp_path: Path):
    (tmp_path / "a.md").write_text("mine")
    async with asked(tmp_path) as (stage, dialog):
        await stage.press("tab", "tab", "ctrl+u", *str(tmp_path / "a.md"), "enter")
        await stage.handled()
        assert stage.app.screen is dialog
        assert "already exists" in str(dialog.query_one("#problem").render())
    assert (tmp_path / "a.md").read_text() == "mine"


async def test_f10_copies_and_a_capture_is_not_copied(tmp_path: Path):
    async with asked(tmp_path) as (stage, dialog):
        await stage.press(*["down"] * 6, "f10")
        await stage.handled()
        assert stage.app.screen is dialog
        assert "cannot be copied to the clipboard" in str(dialog.query_one("#problem").render())
        await stage.press(*["up"] * 6, "f10")
        await stage.until(lambda: "Copied as" in told(stage))
        assert stage.app.clipboard.startswith("2026-09-21T14:13:20.000Z -- connected to mail")


async def test_esc_does_nothing(tmp_path: Path):
    async with asked(tmp_path) as (stage, _):
        await stage.press("escape")
        await stage.handled()
        assert isinstance(stage.app.screen, RecordingScreen)
        assert stage.app.clipboard == ""
