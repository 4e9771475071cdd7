"""Starts and stops the practice server, in this process, on two free ports of loopback."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from ..tls.settings import TlsSettings
from . import limits
from .certificate import ServerCertificate
from .clients import ConnectedClients
from .mailboxes import Mailboxes
from .replies import OneTooMany
from .smtpd import PracticeSMTP


class PracticeServer:
    """A practice server, which listens from `start` to `stop`; its mailboxes outlive connections.

    `clock` returns seconds since 1970, for the time of arrival of a message. After `patience`
    seconds of silence where it is a client's turn, that is diagnosed.
    """

    def __init__(
        self, clock: Callable[[], float] = time.time, *, patience: float = limits.PATIENCE
    ) -> None:
        self.mailboxes = Mailboxes()
        self.clients = ConnectedClients(clock, patience)
        """The connections, and what is diagnosed of their clients."""
        self.host = "127.0.0.1"
        self.port = 0
        """The port for SMTP with STARTTLS."""
        self.tls_port = 0
        """The port for implicit TLS (RFC 8314)."""
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
        """TLS settings for a client that accepts only this server's certificate.

        The certificate is generated at the first use, which takes a moment.
        """
        return self._certificate.trusted()

    async def stop(self) -> None:
        """Stop listening, and close every connection."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        connections, self._connections = self._open(), []
        for at_once in (False, True):  # a client that does not read would delay closing for ever
            for connection in connections:
                connection.end(at_once=at_once)
            connections = [c for c in connections if not c.gone.done()]
            if connections:
                await asyncio.wait([c.gone for c in connections], timeout=limits.CLOSE_TIMEOUT)

    def _open(self) -> list[PracticeSMTP]:
        return [c for c in self._connections if c.transport is not None and not c.gone.done()]

    def connection(self) -> asyncio.Protocol:
        """An asyncio protocol for a new connection that begins without TLS."""
        return self._new_connection(implicit=False)

    def tls_connection(self) -> asyncio.Protocol:
        """An asyncio protocol for a new connection with implicit TLS."""
        return self._new_connection(implicit=True)

    def _new_connection(self, *, implicit: bool) -> asyncio.Protocol:
        self._connections = self._open()
        if len(self._connections) >= limits.CONNECTIONS:
            return OneTooMany(greets=not implicit)
        connection = PracticeSMTP(
            self.mailboxes, self._clock, self._certificate, self.clients, implicit=implicit
        )
        self._connections.append(connection)
        return connection
