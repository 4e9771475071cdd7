"""Starting and stopping the practice server: in this process, on loopback, on a free port."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from .directory import Mailboxes
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
        self._clock = clock
        self._server: asyncio.Server | None = None
        self._connections: list[PracticeSMTP] = []

    async def start(self) -> None:
        """Listen on a port of the system's choosing: `port`. Raises OSError."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self.connection, self.host, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening, and end every connection."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
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
        self._connections = self._open()
        connection = PracticeSMTP(self.mailboxes, self._clock)
        self._connections.append(connection)
        return connection
