"""Tests marked `every_loop` run on asyncio's event loop, and on uvloop if it is installed."""

from __future__ import annotations

from support.loops import pytest_asyncio_loop_factories

__all__ = ["pytest_asyncio_loop_factories"]
