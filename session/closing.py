"""Closing transports of asyncio in a way that all versions of Python bear.

The second `close()` of a transport of TLS makes it forget its connection: it can no longer be
aborted then, nor asked anything, and on Python 3.11.2 `abort()` raises. So whatever may be closed
twice is closed here.
"""

from __future__ import annotations

import asyncio


def close_once(transport: asyncio.BaseTransport) -> None:
    """Close a transport, unless it is closing."""
    if not transport.is_closing():
        transport.close()
