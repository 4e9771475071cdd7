"""Work in a thread: its result, its error, and its end once it is no longer wanted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from heloscope.app.recordings.in_thread import in_thread
from heloscope.session.foreign.log import read_log


async def test_the_result_and_the_error_of_the_work():
    assert await in_thread(lambda _: 7) == 7

    def fail(_: Callable[[], None]) -> None:
        raise ValueError("no log")

    with pytest.raises(ValueError, match="no log"):
        await in_thread(fail)


async def test_work_that_is_cancelled_ends_at_its_next_look():
    begun, ended = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def work(look: Callable[[], None]) -> None:
        loop.call_soon_threadsafe(begun.set)
        try:
            while True:
                look()
        finally:
            ended.set()

    task = asyncio.ensure_future(in_thread(work))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(ended.wait, 10)


def test_reading_a_log_looks_now_and_then_whether_it_is_still_wanted():
    looked: list[int] = []

    class Enough(Exception):
        pass

    def look() -> None:
        looked.append(1)
        if len(looked) == 5:
            raise Enough

    with pytest.raises(Enough):
        read_log(b"S: 220 ready\nC: NOOP\nS: 250 ok\n" * 2000, look)
    assert len(read_log(b"S: 220 ready\nC: NOOP\nS: 250 ok\n", list).conversations) == 1
