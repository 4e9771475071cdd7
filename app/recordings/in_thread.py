"""Runs work in a thread. Once the result is no longer wanted, nothing waits for the thread.

A thread managed by asyncio would keep the program alive until the work is done.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class NotWanted(Exception):
    """Raised in the thread if the result is no longer wanted."""


async def in_thread(work: Callable[[Callable[[], None]], T]) -> T:
    """Run `work(look)` in a thread, and return its result. Raises any error that `work` raises.

    `work` must call `look` from time to time; `look` raises NotWanted once this call is cancelled.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()
    given_up = threading.Event()

    def look() -> None:
        if given_up.is_set():
            raise NotWanted

    def tell(result: T | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # pyright: ignore[reportArgumentType]: there is one, or an error

    def run() -> None:
        result, error = None, None
        try:
            result = work(look)
        except BaseException as raised:
            error = raised
        if not given_up.is_set():
            try:
                loop.call_soon_threadsafe(tell, result, error)
            except RuntimeError:
                pass  # the loop has ended, so nobody waits

    threading.Thread(target=run, name="reading", daemon=True).start()
    try:
        return await done
    finally:
        given_up.set()
