"""Reading that takes longer than a moment: a dialog says how far it is, and Esc gives it up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from .opened import Told

if TYPE_CHECKING:
    from textual.app import App

T = TypeVar("T")
AFTER = 1.0  # seconds, before which nothing is shown


class GivenUp(Exception):
    """Esc was pressed while it was read."""


async def with_patience(
    app: App[Any], what: str, work: Callable[[Told], Coroutine[Any, Any, T]]
) -> T:
    """The result of `work(told)`. Raises what it raises, and GivenUp."""
    from ..dialogs.reading import ReadingScreen

    screen = ReadingScreen(what)
    task = asyncio.ensure_future(work(screen.told))
    given_up = False

    def left(by_key: bool | None) -> None:
        nonlocal given_up
        if by_key:
            given_up = True
            task.cancel()

    try:
        await asyncio.wait([task], timeout=AFTER)
        if not task.done():
            await app.push_screen(screen, left)
            await asyncio.wait([task])
        if given_up:
            raise GivenUp
        return task.result()
    finally:
        task.cancel()
        screen.ended = True
        if app.screen is screen and not given_up:
            await screen.dismiss(False)
