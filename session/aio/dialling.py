"""Helpers for connecting: cancelling an attempt on any event loop, and finding this host's name."""

from __future__ import annotations

import asyncio
import threading

from ..net.hostname import LOOKUP_TIMEOUT, qualified_name


async def cancel(dialling: asyncio.Future[None]) -> None:
    """Cancel a connection attempt, even if it is running on another event loop."""
    loop = dialling.get_loop()
    if loop is asyncio.get_running_loop():
        dialling.cancel()
        await asyncio.wait([dialling])
    elif loop.is_running():
        loop.call_soon_threadsafe(dialling.cancel)


def being_cancelled() -> bool:
    """Return whether the current task is being cancelled."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def host_name(limit: float = LOOKUP_TIMEOUT) -> str:
    """Return the fully qualified name of this machine.

    Return "" if it has none, or if it is not found within `limit` seconds.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[str] = loop.create_future()

    def tell(name: str) -> None:
        if not found.done():
            found.set_result(name)

    def look_up() -> None:
        name = qualified_name()
        try:
            loop.call_soon_threadsafe(tell, name)
        except RuntimeError:
            pass  # the loop is closed: nothing waits for the name

    # A daemon thread, so that a resolver that hangs does not keep the program running.
    threading.Thread(target=look_up, daemon=True, name="own-name").start()
    try:
        return await asyncio.wait_for(found, limit)
    except TimeoutError:
        return ""
