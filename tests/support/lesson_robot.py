"""Plays lessons in tests as a robot: every solution and every wrong move of a lesson."""

from __future__ import annotations

from pathlib import Path

from heloscope.app.lessons.check import check_file
from heloscope.app.lessons.robot import play_lesson
from heloscope.session.practice.scenarios.table import SCENARIOS
from heloscope.session.practice.server import PracticeServer


def mistakes_in(path: Path) -> list[str]:
    """Return what `heloscope lesson check` reports about a file, without the file's name."""
    return [f"{m.line}: {m.text}" for m in check_file(path, SCENARIOS).mistakes]


async def divergences_of(path: Path) -> list[str]:
    """Return where the practice server differs from the examples of a lesson."""
    server = PracticeServer()
    await server.start()
    try:
        found = await play_lesson(check_file(path, SCENARIOS).lesson, server)
    finally:
        await server.stop()
    return [f"{mistake.line}: {mistake.text}" for mistake in found]
