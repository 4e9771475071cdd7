"""Shows a dialog with the progress if reading takes a while. Esc cancels the reading."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from .opened import Told

if TYPE_CHECKING:
    from textual.app import App

T = TypeVar("T")
AFTER = 1.0  # seconds before anything is shown


class GivenUp(Exception):
    """Raised if Esc was pressed while reading."""


async def with_patience(
    app: App[Any], what: str, work: Callable[[Told], Coroutine[Any, Any, T]]
) -> T:
    """Return the result of `work(told)`, showing its progress in a dialog if it takes a while.

    `what` describes the work in the dialog. Raises GivenUp if the user pressed Esc, or any error
    that `work` raises.
    """
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
