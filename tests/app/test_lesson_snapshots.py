"""A lesson next to the transcript looks as in its pictures, on a wide and on a narrow screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from support.pictures import words
from support.rows import for_each
from support.stage import NARROW, WIDE, Stage

FILE = Path(__file__).parent / "lessons" / "shown.md"


async def begun(stage: Stage) -> None:
    await stage.put(f":lesson {FILE}")
    await stage.until(lambda: stage.main.guide.active and not stage.main.guide.preparing)
    await stage.quiet()


async def asked(stage: Stage) -> None:
    """Start the step. Its question gives the pane the focus."""
    await begun(stage)
    await stage.press("enter", "enter")


async def wrong(stage: Stage) -> None:
    """Make a wrong move, and show a hint."""
    await begun(stage)
    await stage.press("enter")
    await stage.type(":predict 5", "MAIL FROM: <you@client.example>", "RSET", ":hint")


async def done(stage: Stage) -> None:
    await begun(stage)
    await stage.press("enter")
    await stage.type(":predict 2", "MAIL FROM:<you@client.example>")


async def more(stage: Stage) -> None:
    await done(stage)
    await stage.type(":details")


SCENES: dict[str, tuple[Callable[[Stage], Awaitable[None]], tuple[int, int], str]] = {
    "introduction": (begun, NARROW, "twice"),
    "asked": (asked, NARROW, "No: it does not know you"),
    "asked-wide": (asked, WIDE, "• Its argument is the sender"),
    "wrong": (wrong, NARROW, "Hint 1"),
    "wrong-wide": (wrong, WIDE, "3.3 calls it"),
    "done": (done, NARROW, "mail transaction"),
    "more-wide": (more, WIDE, "reverse-path"),
}


@pytest.mark.parametrize("name", SCENES)
def test_it_looks_as_it_did(name: str, snap_compare: Callable[..., bool]) -> None:
    steps, size, _ = SCENES[name]
    stage = Stage()
    with stage.set_up():
        assert snap_compare(stage.app, terminal_size=size, run_before=stage.directed(steps))


@for_each(SCENES)
def test_the_picture_shows_what_it_is_taken_for(name: str) -> None:
    file = Path(__file__).parent / "__snapshots__" / "test_lesson_snapshots"
    seen = words((file / f"test_it_looks_as_it_did[{name}].svg").read_text(encoding="utf-8"))
    assert SCENES[name][2] in seen, seen
