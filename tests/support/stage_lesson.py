"""A stage on which a lesson of two steps is taught."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from heloscope.app.lessons.guide import Guide
from heloscope.app.lessons.opening import Opening

from support.lesson_play import lesson, step
from support.stage import Stage

NOOP = '{ reply = "250", to = "NOOP" }'


WRONG = """
[[wrong]]
id = "rset"
when = { command = "RSET" }
say = "RSET is another command."
example = "C: RSET"

[[predict]]
id = "guess"
ask = "What will it say?"
until = { reply = "*", to = "NOOP" }

[[predict.choice]]
key = "h"
text = "250"
right = true
says = "So it did."

[[predict.choice]]
key = "2"
text = "500"
says = "No."
"""


LESSON = lesson(step(NOOP, WRONG), step(NOOP, name="two"))


@contextlib.asynccontextmanager
async def taught(size: tuple[int, int]) -> AsyncIterator[tuple[Stage, Guide]]:
    """Run a stage on which the application starts with LESSON."""
    stage = Stage()
    stage.app.opening = Opening(LESSON, Path("lesson.md"))
    async with stage.run(size):
        await prepared(stage)
        yield stage, stage.main.guide


async def prepared(stage: Stage) -> None:
    await stage.until(lambda: stage.main.guide.active and not stage.main.guide.preparing)
    await stage.until(lambda: stage.app.connections.attempt is None)
    await stage.settle()
