"""The ladder in the app draws the transcript differently, and keeps all of its functions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from heloscope.app.export import ladder
from heloscope.session.events import SERVER
from heloscope.widgets.transcript import pane
from heloscope.widgets.transcript.ladder import Rung, rung_at
from support.stage import NARROW, TO_ALICE, Stage, played


async def test_the_order_draws_it_and_again_the_list():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", *TO_ALICE[:2], ":ladder")
        assert "│─ MAIL FROM:<you@example.org> ──" in stage.screen
        assert "│◀─" in stage.screen
        await stage.type(":ladder")
        assert "C   MAIL FROM:<you@example.org>" in stage.screen
        assert "▶" not in stage.screen


async def test_it_follows_finds_unfolds_and_copies_as_the_list_does():
    async with Stage().run(NARROW) as stage:
        await stage.deliver("Subject: one", "", "Hello")
        await stage.press("f6", "L", "up", "up")
        assert "│─ ▸ message, 3 lines" in stage.screen
        await stage.press("enter")
        assert "│─ ▾ message, 3 lines" in stage.screen
        assert "│  Subject: one  " in stage.screen
        await stage.press("down", "y")
        assert stage.app.clipboard == "Subject: one"
        await stage.press("escape")
        await stage.type("VRFY alice")
        assert "─ VRFY alice ──" in stage.screen


async def test_what_has_come_of_a_line_is_shown_before_it_is_whole():
    half = "S: 220 ready\nC: NOOP\nS: 250 not yet a l\\\nC: NOOP"
    async with played(half).run(NARROW) as stage:
        await stage.type(":ladder")
        await stage.put("NOOP")
        await stage.until(lambda: stage.session.conversation.pending(SERVER))
        assert re.search("… +│ +250 not yet a l▏", stage.screen)


async def test_a_frame_costs_what_its_screen_shows(monkeypatch: pytest.MonkeyPatch):
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", *["HELP"] * 10, ":ladder")
        assert stage.view.height > 40
        made: list[object] = []

        def counted(*args: Any, **named: Any) -> Rung:
            made.append(args)
            return rung_at(*args, **named)

        monkeypatch.setattr(pane, "rung_at", counted)
        stage.view.shift = 1  # nothing of the frame before can be used again
        await stage.settle()
        assert stage.screen
        assert 0 < len(made) <= stage.view.size.height
        made.clear()
        strips = [stage.view.render_line(y) for y in range(stage.view.size.height)]
        assert {strip.cell_length for strip in strips} == {
            stage.view.scrollable_content_region.width
        }
        assert made == []  # each was kept


async def saved(stage: Stage, file: Path) -> str:
    await stage.put(f":ladder {file}")
    await stage.until(lambda: file.exists() and not stage.main.groups.transcript.saving)
    return file.read_text(encoding="utf-8")


async def test_it_is_saved_as_text_and_as_a_picture(tmp_path: Path):
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me")
        assert "│─ EHLO me ──" in await saved(stage, tmp_path / "it.txt")
        assert ">EHLO me</text>" in await saved(stage, tmp_path / "it.SVG")
        assert stage.notices[-1] == f"Saved the ladder with secrets masked: {tmp_path / 'it.SVG'}"


async def test_what_cannot_be_saved_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async with Stage().run(NARROW) as stage:
        await stage.put(":ladder it.png")
        assert stage.notices[-1] == (
            "The ladder's file name must end in .svg or .txt, which selects the format; "
            "it.png does not."
        )
        there = tmp_path / "there.txt"
        there.write_text("mine")
        await stage.put(f":ladder {there}")
        await stage.until(lambda: not stage.main.groups.transcript.saving)
        assert "Choose another name: :ladder FILE." in stage.notices[-1]
        assert there.read_text() == "mine"
        monkeypatch.setattr(ladder, "MOST_DRAWN", 1)
        await stage.put(f":ladder {tmp_path / 'big.svg'}")
        assert stage.notices[-1] == (
            "A picture can show at most 1 line; the transcript has 2. "
            ":ladder FILE.txt saves all of them."
        )
