"""`SocketProtocol`: passes on the bytes of one asyncio connection without interpreting them.

It is the asyncio.Protocol of a `Connection`. It holds the transport, and knows whether the
transport accepts more data, and why the connection ended. Each new connection gets a new object.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from typing import cast

from ..closing import close_once
from ..events import Cause

READ = 64 * 1024  # octets per read
# Octets of the first reads: asyncio's 256 KiB are new memory for each read, which the C library
# gets from the system and returns. After a read that filled the buffer, longer ones follow.
FIRST_READ = 16 * 1024
LAST_READS = 16  # of received data, when a connection ends: a peer may send endlessly

# Private names of asyncio, used, if they exist, to end a transport whose loop does not run.
_END = "_call_connection_lost"  # of a transport
_SOCKET = "_sock"  # of the object that get_extra_info("socket") returns

ELSEWHERE = (
    "this session is in use on another event loop; use it there, or close it and connect again"
)


class SocketProtocol(asyncio.Protocol):
    """The transport of one connection, and what asyncio reports about it.

    `made(transport)` is called once the connection is established, and `received(data)` for each
    block of received bytes. `lost(error)` is called once, when the connection has closed; by then,
    `transport` is None.
    """

    def __init__(
        self,
        made: Callable[[asyncio.Transport], None],
        received: Callable[[bytes], None],
        lost: Callable[[Exception | None], None],
    ) -> None:
        self.transport: asyncio.Transport | None = None
        """The current transport, or None while not connected.

        After the handshake, this is the TLS transport.
        """
        self.paused = False
        """True while the transport does not accept more data."""
        self.wake = asyncio.Event()
        """The event that wakes a waiting writer if there is news, or the transport accepts data."""
        self.closing: Cause | None = None
        """Why the connection is about to close, if that is known beforehand."""
        self.held = b""
        """The data received before the end of the handshake, if TLS is used from the first byte."""
        self.shaking_hands = False
        """Whether a handshake has been started. Data then arrives through TLS."""
        # asyncio calls it for each read: a method that only forwards would cost as much as a row.
        self.data_received = received  # pyright: ignore[reportAttributeAccessIssue]
        self._made = made
        self._lost = lost
        self.loop: asyncio.AbstractEventLoop | None = None
        """The event loop to which the transport belongs; None while not connected."""
        self._lowest: asyncio.Transport | None = None  # that of the socket, below TLS
        self._closed: asyncio.Future[None] | None = None

    @property
    def connected(self) -> bool:
        """True from when the connection is established until it starts to close."""
        return self.transport is not None and not self.transport.is_closing()

    @property
    def unsent(self) -> int:
        """The number of octets that the system has not accepted yet."""
        return self.transport.get_write_buffer_size() if self.transport is not None else 0

    def check_loop(self) -> None:
        """Raise RuntimeError if the transport does not belong to the running event loop."""
        if self.loop is not None and self.loop is not asyncio.get_running_loop():
            raise RuntimeError(ELSEWHERE)

    def hold(self, data: bytes) -> None:
        """Keep data received before the end of the handshake, and stop reading without TLS.

        In TLS 1.2 the greeting may arrive together with the end of the handshake. uvloop, and
        asyncio in Python 3.11.2, start reading after `connection_made`, even if that has paused
        reading.
        """
        self.held += data
        if self.transport is not None and not self.shaking_hands:
            self.transport.pause_reading()

    async def woken(self, seconds: float) -> None:
        """Wait until `wake` is set: the transport accepts data, or there is other news.

        Raises TimeoutError after `seconds`.
        """
        self.wake.clear()
        async with asyncio.timeout(seconds):
            await self.wake.wait()

    def read_longer(self, data: bytes) -> None:
        """Use a larger buffer for all further reads if `data` filled the current buffer."""
        transport = self.transport
        if (
            transport is not None
            and len(data) >= FIRST_READ
            and getattr(transport, "max_size", READ) < READ
        ):
            transport.max_size = READ  # pyright: ignore[reportAttributeAccessIssue]

    def abort(self, cause: Cause) -> None:
        """Abort the connection, and record `cause` as the reason; unsent data is lost."""
        self.closing = cause
        if self.transport is not None:
            self.transport.abort()

    def end(self, cause: Cause) -> None:
        """Abort the connection and report its end, even during a handshake."""
        self.abort(cause)
        self.connection_lost(None)

    def read_rest(self) -> None:
        """Read what has already arrived, so that it is recorded before the connection ends."""
        transport = self.transport
        if transport is not None and transport.is_reading():
            self._last_words(transport)

    def close_without_loop(self) -> None:
        """Close the connection even though its event loop is not running, or is closed."""
        lowest, loop = self._lowest, self.loop
        if self.transport is None or lowest is None or loop is None:
            return
        self.closing = self.closing or Cause.CLOSED_BY_CLIENT
        transport = self.transport
        wrapped = lowest.get_extra_info("socket")
        if wrapped is not None:  # uvloop's is gone with its loop
            with contextlib.suppress(OSError, ValueError):
                sock = socket.socket(fileno=os.dup(wrapped.fileno()))
                with sock:
                    sock.shutdown(socket.SHUT_RDWR)  # the server is notified now
        with contextlib.suppress(RuntimeError):  # the waiters belong to the closed loop
            self.connection_lost(None)
        for each in (transport, lowest):
            with contextlib.suppress(RuntimeError):
                each.abort()
        if loop.is_closed():
            end = getattr(lowest, _END, None)
            if end is not None:
                end(None)
        else:
            own = getattr(wrapped, _SOCKET, None)
            if own is not None:
                own.close()

    async def close(self) -> None:
        """Close the connection once pending data has been written, or after one second."""
        transport = self.transport
        if transport is None:
            return
        if self.closing is None:
            self.closing = Cause.CLOSED_BY_CLIENT
        close_once(transport)
        if self._closed is not None:
            try:
                await asyncio.wait([self._closed], timeout=1.0)
            finally:  # a peer that does not read would delay unsent data forever
                if not self._closed.done():
                    transport.abort()
            await asyncio.shield(self._closed)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's has the methods of an asyncio.Transport, but does not derive from it.
        transport = cast(asyncio.Transport, transport)
        self.transport = self._lowest = transport
        if hasattr(transport, "max_size"):  # not of TLS, which reads into a buffer
            transport.max_size = FIRST_READ  # pyright: ignore[reportAttributeAccessIssue]
        self.loop = asyncio.get_running_loop()
        self._closed = self.loop.create_future()
        self._made(transport)

    def eof_received(self) -> bool:
        if self.closing is None:
            self.closing = Cause.CLOSED_BY_SERVER
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        transport = self.transport
        if transport is None:
            return
        if isinstance(exc, ConnectionError) and self.closing is None:
            self._last_words(transport)
        self.transport = self.loop = None
        self._lost(exc)
        self.paused = False
        self.wake.set()
        if self._closed is not None and not self._closed.done():
            self._closed.set_result(None)

    def _last_words(self, transport: asyncio.Transport) -> None:
        """Read the data that had arrived before writing failed.

        asyncio does not read that data. If a server refuses a message halfway and disconnects, it
        contains the reason.
        """
        sock = transport.get_extra_info("socket")
        if sock is None or transport.get_extra_info("ssl_object") is not None:
            return
        try:
            for _ in range(LAST_READS):
                data = os.read(sock.fileno(), READ)
                if not data:
                    return
                self.data_received(data)
        except (OSError, ValueError):
            pass  # there is no more data

    def pause_writing(self) -> None:
        self.paused = True

    def resume_writing(self) -> None:
        self.paused = False
        self.wake.set()
