"""`TlsHandshake`: performs, times and explains TLS on one connection (RFC 3207, RFC 8314)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import ConnectionLost
from ..events import HANDSHAKE_KEPT, Cause, TlsFailed, TlsStarted
from .socket_protocol import SocketProtocol

if TYPE_CHECKING:
    import ssl

    from ..tls.handshake import HandshakeRecord
    from ..tls.settings import TlsSettings


class TlsHandshake:
    """One TLS handshake with `host`, in progress or finished, and its details."""

    def __init__(self, host: str, seconds: float, clock: Callable[[], float]) -> None:
        self._host = host
        self._seconds = seconds
        self._clock = clock
        self._seen: HandshakeRecord | None = None
        self._began = clock()
        self._under_way = True

    @property
    def left(self) -> float | None:
        """The time left for the handshake, in seconds; None once it has ended."""
        return self._began + self._seconds - self._clock() if self._under_way else None

    async def run(
        self,
        protocol: SocketProtocol,
        settings: Callable[[], TlsSettings | None],
        context: ssl.SSLContext | None,
    ) -> TlsStarted:
        """Perform the handshake, switch to the TLS transport, and return the event that reports it.

        `settings` is called in a thread. Raises an OSError such as ssl.SSLError, or
        TlsSettingsError; the caller must then close the connection.
        """
        from ..tls.handshake import HandshakeRecord, check_pinned, make_context, started
        from ..tls.settings import TlsSettings, name_of

        transport = protocol.transport
        if transport is None:
            raise ConnectionLost(Cause.OTHER, "not connected")
        try:
            wanted = await asyncio.to_thread(settings) or TlsSettings()
            if context is None:
                self._host = name_of(wanted, self._host)
                self._seen = HandshakeRecord()
                context = await asyncio.to_thread(make_context, wanted, self._seen)
            elif context.check_hostname or self._host:
                self._host = name_of(wanted, self._host)
            if protocol.held:  # a TLS server waits for the client to begin
                if self._seen is not None:
                    self._seen.received = protocol.held[:HANDSHAKE_KEPT]
                raise _no_tls()
            protocol.shaking_hands = True
            fresh = await asyncio.get_running_loop().start_tls(
                transport,
                protocol,
                context,
                server_hostname=self._host or None,
                ssl_handshake_timeout=self._seconds,
            )
            assert fresh is not None
            tls = fresh.get_extra_info("ssl_object")
            if self._seen is None:
                check_pinned(tls, wanted.pinned)
        finally:
            self._under_way = False
        protocol.transport = fresh
        return started(tls, self._seen, wanted, self._host, self._clock())

    def failed(self, error: BaseException) -> TlsFailed:
        """Return the event for a handshake that failed with `error`.

        In TLS 1.3, `error` may have been raised only after the handshake.
        """
        from ..tls.handshake import failed

        return failed(error, self._seen, self._host, self._clock())


def _no_tls() -> Exception:
    """Return the error that OpenSSL raises if the peer does not speak TLS."""
    import ssl

    error = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")
    error.library, error.reason = "SSL", "WRONG_VERSION_NUMBER"
    return error
