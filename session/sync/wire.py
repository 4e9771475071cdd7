"""`Wire`: a socket that never blocks on writing without reading."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable

from ..net.addresses import shown_address

READ = 64 * 1024
_AT_ONCE = 256 * 1024  # octets that are handed to the system at once


class Wire:
    """A connected socket. Data that it does not accept immediately is kept, and sent later."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.unsent = b""
        """The data that the system has not accepted yet."""
        self._not_now: tuple[type[OSError], ...] = (BlockingIOError,)
        sock.setblocking(False)
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)

    @property
    def addresses(self) -> tuple[str, str]:
        """The addresses of the peer and of this end, for display. An unknown address is ""."""
        return _address_of(self.sock.getpeername), _address_of(self.sock.getsockname)

    def inside_tls(self, sock: socket.socket) -> None:
        """Continue with `sock`, the TLS socket that the handshake has made."""
        import ssl

        self.sock = sock
        self._not_now = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
        sock.setblocking(False)
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)

    def write(self, data: bytes) -> None:
        """Send as much as the system accepts, and keep the remainder. Raises OSError."""
        self.unsent = self.unsent + data if self.unsent else data
        self.flush()

    def flush(self) -> None:
        """Send as much of the unsent data as the system accepts now. Raises OSError."""
        view, sent = memoryview(self.unsent), 0
        try:
            while sent < len(view):
                sent += self.sock.send(view[sent : sent + _AT_ONCE])
        except self._not_now:
            pass
        finally:
            self.unsent = self.unsent[sent:]

    def receive(self) -> bytes | None:
        """Return the data received so far, b"" at the end of the data, or None if nothing arrived.

        Raises OSError.
        """
        try:
            return self.sock.recv(READ)
        except self._not_now:
            return None

    def wait(self, seconds: float, *, reads: bool = True) -> None:
        """Return when data has arrived or unsent data can be written, or after `seconds`.

        If `reads` is false, arriving data does not end the wait.
        """
        events = (select.POLLIN if reads else 0) | (select.POLLOUT if self.unsent else 0)
        self._poll.modify(self.sock, events)
        self._poll.poll(max(0.0, seconds) * 1000 + 1)

    def close(self, *, tells: bool = False) -> None:
        """Close the socket. If `tells` is true, first end TLS properly."""
        unwrap = getattr(self.sock, "unwrap", None) if tells else None
        if unwrap is not None:
            try:
                unwrap()
            except (OSError, ValueError):
                pass  # what is to be said is said: no answer is waited for
        self.sock.close()


def _address_of(name: Callable[[], object]) -> str:
    try:
        return shown_address(name())
    except OSError:
        return ""
