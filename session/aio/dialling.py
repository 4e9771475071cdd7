"""Cancelling a connection attempt, in whatever event loop it runs."""

from __future__ import annotations

import asyncio


async def cancel(dialling: asyncio.Future[None]) -> None:
    """Cancel a connection attempt, which may be that of another event loop."""
    loop = dialling.get_loop()
    if loop is asyncio.get_running_loop():
        dialling.cancel()
        await asyncio.wait([dialling])
    elif loop.is_running():
        loop.call_soon_threadsafe(dialling.cancel)


def being_cancelled() -> bool:
    """Whether the present task is being cancelled."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
