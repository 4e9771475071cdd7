"""This machine's host name, as a client gives it in EHLO (RFC 5321 sections 2.3.5, 4.1.3)."""

from __future__ import annotations

import asyncio
import socket
import threading

LOOKUP_TIMEOUT = 2.0  # seconds; a resolver that gets no answer may take 20


def own_name() -> str:
    """The fully qualified name of this machine, else its address literal. May block for long."""
    address = "127.0.0.1"
    try:
        name = socket.getfqdn()
        if "." in name:
            return name
        address = socket.gethostbyname(socket.gethostname())
    except (OSError, UnicodeError):  # the name does not exist or is not a valid host name
        pass
    return f"[{address}]"


async def host_name(limit: float = LOOKUP_TIMEOUT) -> str:
    """The name of this machine, or the loopback address literal after `limit` seconds."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[str] = loop.create_future()

    def tell(name: str) -> None:
        if not found.done():
            found.set_result(name)

    def look_up() -> None:
        name = own_name()
        try:
            loop.call_soon_threadsafe(tell, name)
        except RuntimeError:
            pass  # the loop is closed: nothing waits for the name

    # A daemon thread, so that a resolver that hangs does not keep the program running.
    threading.Thread(target=look_up, daemon=True, name="own-name").start()
    try:
        return await asyncio.wait_for(found, limit)
    except TimeoutError:
        return "[127.0.0.1]"
