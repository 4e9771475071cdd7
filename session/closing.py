"""Closes asyncio transports in a way that works on every supported version of Python.

A second `close()` makes a TLS transport drop its connection: it can then be neither aborted nor
queried, and on Python 3.11.2 `abort()` raises an exception. Every transport that may be closed
twice is therefore closed here.
"""

from __future__ import annotations

import asyncio


def close_once(transport: asyncio.BaseTransport) -> None:
    """Close a transport, unless it is already closing."""
    if not transport.is_closing():
        transport.close()
