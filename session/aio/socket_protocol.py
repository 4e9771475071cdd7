"""`SocketProtocol`: one TCP connection as asyncio sees it; it passes bytes on and reads none.

The asyncio.Protocol inside a `Connection`: it holds the transport, knows whether that takes more,
and why the connection ended. A new one is made each time that a connection is opened.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from ..events import Cause

READ = 64 * 1024  # octets that are read at once
# Octets that are read at first: asyncio's 256 KiB are new memory for each read, which the C library
# fetches from the system and gives back. A read that filled it all is followed by longer ones.
FIRST_READ = 16 * 1024
LAST_READS = 64  # reads after writing failed


class SocketProtocol(asyncio.Protocol):
    """The transport of one connection, and what asyncio reports of it.

    `made()` is called once connected, `received(data)` for bytes, `lost(error)` once
    when it closes, with `transport` already None.
    """

    def __init__(
        self,
        made: Callable[[asyncio.Transport], None],
        received: Callable[[bytes], None],
        lost: Callable[[Exception | None], None],
    ) -> None:
        self.transport: asyncio.Transport | None = None
        """The present transport, that of TLS after the handshake; None before and after."""
        self.paused = False
        """True while the transport takes no more."""
        self.wake = asyncio.Event()
        """Set when the transport takes more, or when there is news for a waiting writer."""
        self.closing: Cause | None = None
        """Why the connection is about to close, if that is known beforehand."""
        # asyncio calls it for each read: a method that only passes on would cost as much as a row.
        self.data_received = received  # pyright: ignore[reportAttributeAccessIssue]
        self._made = made
        self._lost = lost
        self._closed: asyncio.Future[None] | None = None

    @property
    def connected(self) -> bool:
        """True from the moment the connection is established until it closes or starts to close."""
        return self.transport is not None and not self.transport.is_closing()

    @property
    def unsent(self) -> int:
        """How many octets the system has not taken yet."""
        return self.transport.get_write_buffer_size() if self.transport is not None else 0

    def read_longer(self, data: bytes) -> None:
        """Read more at once from now on, where `data` filled the buffer."""
        transport = self.transport
        if (
            transport is not None
            and len(data) >= FIRST_READ
            and getattr(transport, "max_size", READ) < READ
        ):
            transport.max_size = READ  # pyright: ignore[reportAttributeAccessIssue]

    def abort(self, cause: Cause) -> None:
        """Abort the connection, for this cause; unsent data is lost."""
        self.closing = cause
        if self.transport is not None:
            self.transport.abort()

    def end(self, cause: Cause) -> None:
        """`abort` during a handshake, after which asyncio reports no end."""
        self.abort(cause)
        self.connection_lost(None)

    async def close(self) -> None:
        """Close the connection once pending data is written, or after one second."""
        transport = self.transport
        if transport is None:
            return
        if self.closing is None:
            self.closing = Cause.CLOSED_BY_CLIENT
        transport.close()
        if self._closed is not None:
            try:
                await asyncio.wait_for(asyncio.shield(self._closed), 1.0)
            except TimeoutError:  # a peer that does not read keeps what is unsent for ever
                transport.abort()
                await asyncio.shield(self._closed)
            except asyncio.CancelledError:
                transport.abort()
                raise

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if hasattr(transport, "max_size"):  # not of TLS, which reads into a buffer
            transport.max_size = FIRST_READ  # pyright: ignore[reportAttributeAccessIssue]
        self._closed = asyncio.get_running_loop().create_future()
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
        self.transport = None
        self._lost(exc)
        self.paused = False
        self.wake.set()
        if self._closed is not None and not self._closed.done():
            self._closed.set_result(None)

    def _last_words(self, transport: asyncio.Transport) -> None:
        """Read the data that had arrived when writing failed: asyncio does not.

        A server that refuses a message half way and hangs up has said why.
        """
        sock = transport.get_extra_info("socket")
        if sock is None or transport.get_extra_info("ssl_object") is not None:
            return
        try:
            for _ in range(LAST_READS):  # a peer may say things for ever
                data = os.read(sock.fileno(), READ)
                if not data:
                    break
                self.data_received(data)
        except OSError:
            pass  # there is no more

    def pause_writing(self) -> None:
        self.paused = True

    def resume_writing(self) -> None:
        self.paused = False
        self.wake.set()


def why_lost(error: Exception | None, closing: Cause | None) -> tuple[Cause, str]:
    """Why an established connection closed: (cause, a few words)."""
    if closing is Cause.CLOSED_BY_CLIENT:
        return closing, "closed by us"
    if closing is Cause.CANCELLED:
        return closing, "given up"
    if closing is Cause.TLS_FAILED:
        return closing, ""
    if error is None:
        return Cause.CLOSED_BY_SERVER, "the server closed the connection"
    if isinstance(error, ConnectionError):
        return Cause.RESET, "the server reset the connection: it closed it without reading on"
    if isinstance(error, TimeoutError):
        return Cause.TIMED_OUT, "the network gave up: no answer from the other side"
    return Cause.OTHER, str(error) or type(error).__name__
