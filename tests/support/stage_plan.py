"""A plan on the stage: starting it, stepping through it, reading its rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.servers import VerbServer
from support.stage import Stage

LETTER = (
    b"From: You <you@example.org>\r\nTo: Alice <alice@practice.test>, x@practice.test\r\n"
    b"Subject: hello\r\n\r\n.dot\r\n"
)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """Write a message to alice and an unknown recipient into a file, and return its path."""
    file = tmp_path / "letter.eml"
    file.write_bytes(LETTER)
    return file


async def done(stage: Stage) -> None:
    """Wait until the current step is done and its result is shown."""
    await stage.until(lambda: not stage.main.plan.status.busy)
    await stage.settle()


def row(stage: Stage, beginning: str) -> str:
    """Return the row of the plan that begins with `beginning`, without the frame."""
    return next(line.strip("│ ") for line in stage.seen("#facts").split("\n") if beginning in line)


async def order(stage: Stage, *lines: str) -> None:
    """Type orders, each after the previous step is done."""
    for line in lines:
        await _at_the_line(stage)
        await stage.put(line)
        await done(stage)


async def by_hand(stage: Stage, *lines: str) -> None:
    """Type commands into the command line, wherever the focus is."""
    await _at_the_line(stage)
    await stage.type(*lines)


async def _at_the_line(stage: Stage) -> None:
    if not stage.composer.has_focus_within:
        await stage.press("escape")


def plan(stage: Stage) -> str:
    """Return the text of the plan's pane."""
    return stage.seen("#facts")


def wide(server: VerbServer) -> Stage:
    """Return a stage of 140 columns, connected to this server."""
    return Stage("mail.example.org", server)


async def begun(stage: Stage, letter: Path, *then: str) -> None:
    """Start a delivery, and step to MAIL, its first step. Then press keys with the plan focused."""
    await stage.type("EHLO me")
    await order(stage, f":send {letter}")
    await stage.press("f11")
    for key in then:
        await stage.press(key)
        await done(stage)
