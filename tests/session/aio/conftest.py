"""What is marked `every_loop` runs on asyncio's event loop, and on uvloop where it is there."""

from __future__ import annotations

from support.loops import pytest_asyncio_loop_factories

__all__ = ["pytest_asyncio_loop_factories"]
