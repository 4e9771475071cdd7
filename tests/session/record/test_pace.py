"""A journal is written at once after a pause, and every 10 ms during busy periods."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from heloscope.session.record.pace import Paced


class Loop:
    """An event loop in which time stands still."""

    def __init__(self) -> None:
        self.now = 100.0
        self.due: list[tuple[float, Callable[[], object]]] = []

    def time(self) -> float:
        return self.now

    def call_soon(self, call: Callable[[Any], object], callback: object) -> None:
        self.call_later(0.0, call, callback)

    def call_later(self, delay: float, call: Callable[[Any], object], callback: object) -> None:
        self.due.append((delay, lambda: call(callback)))


def test_it_calls_back_at_once_after_a_pause_and_within_10_ms_otherwise():
    loop = Loop()
    written: list[float] = []
    paced = Paced(cast("asyncio.AbstractEventLoop", loop))
    for now, wait in ((100.0, 0.0), (100.004, 0.006), (100.021, 0.0), (100.022, 0.009)):
        loop.now = now
        paced(lambda: written.append(loop.now))
        ((delay, call),) = loop.due
        assert delay == pytest.approx(wait)
        loop.due.clear()
        loop.now += delay
        call()
    assert written == pytest.approx([100.0, 100.01, 100.021, 100.031])
