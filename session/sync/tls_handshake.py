"""`TlsHandshake`: performs, times and explains TLS on a blocking connection (RFC 3207, 8314)."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..events import TlsFailed, TlsStarted
from ..tls.handshake import HandshakeRecord, check_pinned, failed, make_context, started
from ..tls.settings import TlsSettings, name_of

if TYPE_CHECKING:
    import socket


class TlsHandshake:
    """One handshake with `host`, and its details."""

    def __init__(self, host: str, clock: Callable[[], float]) -> None:
        self._host = host
        self._clock = clock
        self._seen: HandshakeRecord | None = None

    def run(
        self,
        sock: socket.socket,
        settings: TlsSettings | None,
        context: ssl.SSLContext | None,
        seconds: float,
    ) -> tuple[ssl.SSLSocket, TlsStarted]:
        """Perform the handshake within `seconds`. Return the TLS socket, and the event for it.

        Raises an OSError such as ssl.SSLError, or TlsSettingsError; the caller must then close the
        connection.
        """
        wanted = settings or TlsSettings()
        if context is None:
            self._host = name_of(wanted, self._host)
            self._seen = HandshakeRecord()
            context = make_context(wanted, self._seen)
        elif context.check_hostname or self._host:
            self._host = name_of(wanted, self._host)
        sock.settimeout(seconds)
        try:
            tls = context.wrap_socket(sock, server_hostname=_as_octets(self._host) or None)
        except TimeoutError:
            words = f"SSL handshake is taking longer than {seconds} seconds"  # as asyncio says it
            raise ConnectionAbortedError(f"{words}: aborting the connection") from None
        if self._seen is None:
            check_pinned(tls, wanted.pinned)
        return tls, started(tls, self._seen, wanted, self._host, self._clock())

    def failed(self, error: BaseException) -> TlsFailed:
        """Return the event for a handshake that failed with `error`.

        In TLS 1.3, `error` may have been raised only after the handshake.
        """
        return failed(error, self._seen, self._host, self._clock())


def _as_octets(host: str) -> str | bytes:
    """Return an ASCII host name as bytes, so that ssl does not import the codec for IDNA.

    Any other name is returned unchanged.
    """
    return host.encode() if host.isascii() else host
