"""The event loops for tests of the asyncio side: asyncio's, and uvloop if it is installed.

A test marked `every_loop` runs on each of these loops, and any other test only on asyncio's. In a
long round, every test runs on each loop.
"""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Callable, Mapping

import pytest

from support.long_round import LONG_ROUND


def loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Return the functions that create the event loops, keyed by the loop's name."""
    factories: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
        "asyncio": asyncio.new_event_loop
    }
    if importlib.util.find_spec("uvloop") is not None:
        import uvloop

        factories["uvloop"] = uvloop.new_event_loop
    return factories


@pytest.hookimpl(optionalhook=True)
def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    factories = loop_factories()
    if LONG_ROUND or item.get_closest_marker("every_loop"):
        return factories
    return {"asyncio": factories["asyncio"]}
