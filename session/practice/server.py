"""Starting and stopping the practice server: in this process, on loopback, on two free ports."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from ..tls.settings import TlsSettings
from .certificate import ServerCertificate
from .mailboxes import Mailboxes
from .smtpd import PracticeSMTP

PARTING = 1.0  # seconds in which a client may take what is on its way to it


class PracticeServer:
    """Listens from `start` to `stop`; `mailboxes` outlive connections.

    `clock` gives seconds since 1970 for the time at which a message came.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.mailboxes = Mailboxes()
        self.host = "127.0.0.1"
        self.port = 0
        """In clear at first, with STARTTLS."""
        self.tls_port = 0
        """TLS from the first byte (RFC 8314)."""
        self._clock = clock
        self._certificate = ServerCertificate()
        self._servers: list[asyncio.Server] = []
        self._connections: list[PracticeSMTP] = []

    async def start(self) -> None:
        """Listen on ports of the system's choosing: `port` and `tls_port`. Raises OSError."""
        loop = asyncio.get_running_loop()
        for factory in (self.connection, self.tls_connection):
            self._servers.append(await loop.create_server(factory, self.host, 0))
        self.port, self.tls_port = (s.sockets[0].getsockname()[1] for s in self._servers)

    def trusted(self) -> TlsSettings:
        """Settings for a client that accepts this server's certificate, and no other.

        The certificate is made when somebody asks for it first, which takes a while.
        """
        return self._certificate.trusted()

    async def stop(self) -> None:
        """Stop listening, and end every connection."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        connections, self._connections = self._open(), []
        for at_once in (False, True):  # a client that does not read keeps a reply for ever
            for connection in connections:
                connection.end(at_once=at_once)
            connections = [c for c in connections if not c.gone.done()]
            if connections:
                await asyncio.wait([c.gone for c in connections], timeout=PARTING)

    def _open(self) -> list[PracticeSMTP]:
        return [c for c in self._connections if c.transport is not None and not c.gone.done()]

    def connection(self) -> PracticeSMTP:
        """The server's side of one more connection: an asyncio protocol."""
        return self._another(implicit=False)

    def tls_connection(self) -> PracticeSMTP:
        """The same, with TLS from the first byte."""
        return self._another(implicit=True)

    def _another(self, *, implicit: bool) -> PracticeSMTP:
        self._connections = self._open()
        connection = PracticeSMTP(self.mailboxes, self._clock, self._certificate, implicit=implicit)
        self._connections.append(connection)
        return connection
