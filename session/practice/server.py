"""Starts and stops the practice server in this process, on free loopback ports by default."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple, cast

from msgspec.structs import replace

from ..timeouts import check_seconds
from ..tls.settings import TlsSettings
from . import limits
from .certificate import ServerCertificate
from .clients import ConnectedClients
from .environment import Environment, Memory
from .events import PracticeEvent
from .in_thread import ServerThread
from .mailboxes import Mailboxes
from .replies import OneTooMany
from .scenarios.model import FRIENDLY, Scenario
from .scenarios.table import named
from .smtpd import PracticeSMTP

LOOPBACK = "127.0.0.1"
_OF_ANY = {"0.0.0.0": LOOPBACK, "::": "::1"}


class Door(NamedTuple):
    """One way into the server: plain SMTP, implicit TLS, LMTP, or the second server."""

    implicit: bool = False
    lmtp: bool = False
    second: bool = False


SMTP_DOOR, TLS_DOOR, LMTP_DOOR = Door(), Door(implicit=True), Door(lmtp=True)
SECOND_DOOR = Door(second=True)
DOORS = (SMTP_DOOR, TLS_DOOR, LMTP_DOOR, SECOND_DOOR)


class PracticeServer:
    """A practice server that listens from `start` to `stop`. Its mailboxes outlive connections.

    `async with PracticeServer() as server:` starts and stops it. Without asyncio, `with
    PracticeServer() as server:` runs it in its own thread, in which its subscribers are called. It
    listens on the address `host`, on `port` (SMTP), `tls_port` (implicit TLS), `lmtp_port` and
    `second_port` (a second server). Messages are in `mailboxes`, and the diagnoses of clients in
    `clients`.

    `clock` returns seconds since the epoch, for the arrival times of messages. `scenario`, a
    Scenario or a name in SCENARIOS, defines how the server behaves; `use` changes it for later
    connections. A client that is silent on its turn for `patience` seconds is diagnosed. Raises
    TypeError for an argument of the wrong type, ValueError if `patience` is not positive, and
    LookupError if the scenario is unknown.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        scenario: str | Scenario = FRIENDLY,
        *,
        patience: float = limits.PATIENCE,
        host: str = LOOPBACK,
    ) -> None:
        if not callable(cast(object, clock)):
            hint = "; pass a scenario as scenario=" if isinstance(clock, str | Scenario) else ""
            raise TypeError(f"clock must be a function, not {type(clock).__name__}{hint}")
        if not isinstance(cast(object, host), str):
            raise TypeError(f"host must be a string, not {type(host).__name__}")
        check_seconds("patience", patience)
        self.mailboxes = Mailboxes()
        self.clients = ConnectedClients(clock, patience)
        """The connections, and the diagnoses of their clients."""
        self.host = host
        """The address that the server listens on."""
        self.port: int = 0
        """The port for SMTP with STARTTLS."""
        self.tls_port: int = 0
        """The port for implicit TLS (RFC 8314)."""
        self.lmtp_port: int = 0
        """The port for LMTP (RFC 2033)."""
        self.second_port: int = 0
        """The port of a second server, which shares only the mailboxes with the first."""
        self._clock = clock
        self._certificate = ServerCertificate()
        self._environment = Environment(
            self.mailboxes, clock, self._certificate, lambda: (_reached_at(host), self.second_port)
        )
        self._servers: list[asyncio.Server] = []
        self._connections: list[PracticeSMTP] = []
        self._count = 0  # of the connections so far
        self.scenario = FRIENDLY
        """The scenario for connections made from now on."""
        self._memory: dict[Door, Memory] = {}
        self._thread: ServerThread | None = None
        self.use(scenario)

    def use(self, scenario: str | Scenario) -> None:
        """Use a scenario, or the scenario with this name, for connections made from now on.

        Raises LookupError for an unknown name, TypeError for anything that is not a scenario.
        """
        if not isinstance(cast(object, scenario), str | Scenario):
            raise TypeError(f"scenario must be a name or a Scenario, not {type(scenario).__name__}")
        found = named(scenario) if isinstance(scenario, str) else scenario
        second = replace(found, next_hop="", greeting=found.second_greeting or found.greeting)
        if found.next_hop:
            second = replace(named(found.next_hop), clock=found.clock)
        self.scenario = found
        self._memory = {door: Memory(second if door.second else found) for door in DOORS}

    def subscribe(self, callback: Callable[[PracticeEvent], object]) -> Callable[[], None]:
        """Call `callback` with each event from now on. Return a function to unsubscribe it."""
        self._environment.subscribers.append(callback)

        def end() -> None:
            if callback in self._environment.subscribers:
                self._environment.subscribers.remove(callback)

        return end

    async def __aenter__(self) -> PracticeServer:
        """Start the server on free ports, unless `start` has been called. Raises OSError."""
        if not self._servers:
            await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def __enter__(self) -> PracticeServer:
        """Start the server in its own thread, on free ports. Raises the exceptions of `start`."""
        self._thread = ServerThread(self.start, self.stop)
        return self

    def __exit__(self, *_: object) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.end()

    def __repr__(self) -> str:
        place = f"{self.host}:{self.port}" if self._servers else "not started"
        return f"<PracticeServer: {place}, {self.scenario.name}>"

    async def start(self, port: int = 0) -> None:
        """Listen on `port` for SMTP (0 for a free port), and on free ports for everything else.

        Raises OSError, or RuntimeError if the server is already listening.
        """
        if self._servers:
            raise RuntimeError(
                f"this server is already listening on port {self.port}; stop it first"
            )
        loop = asyncio.get_running_loop()
        try:
            for door in DOORS:
                factory = self._factory(door)
                wanted = port if door == SMTP_DOOR else 0
                self._servers.append(await loop.create_server(factory, self.host, wanted))
        except BaseException:
            await self.stop()
            raise
        ports: list[int] = [server.sockets[0].getsockname()[1] for server in self._servers]
        self.port, self.tls_port, self.lmtp_port, self.second_port = ports

    def trusted(self) -> TlsSettings:
        """Return TLS settings for a client that accepts only this server's certificate.

        In a scenario with another kind of certificate, the settings trust the CA file instead, so
        that the certificate's fault shows. Certificates are generated on first use, which takes a
        moment.
        """
        return self._certificate.trusted(self.scenario.certificate)

    def ca_file(self) -> str:
        """Return the path of a file with the certificates to trust. `stop` removes the file."""
        return str(self._certificate.ca_file())

    async def stop(self) -> None:
        """Stop listening, close every connection, and remove the CA file."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        connections, self._connections = self._open(), []
        for at_once in (False, True):  # a client that does not read would delay closing forever
            for connection in connections:
                connection.end(at_once=at_once)
            connections = [c for c in connections if not c.gone.done()]
            if connections:
                await asyncio.wait([c.gone for c in connections], timeout=limits.CLOSE_TIMEOUT)
        self._certificate.close()

    def _open(self) -> list[PracticeSMTP]:
        return [c for c in self._connections if c.transport is not None and not c.gone.done()]

    def connection(self) -> asyncio.Protocol:
        """Return an asyncio protocol for a new connection that starts without TLS.

        `await loop.create_unix_server(server.connection, path)` makes the server also listen on a
        Unix socket.
        """
        return self._new_connection(SMTP_DOOR)

    def tls_connection(self) -> asyncio.Protocol:
        """Return an asyncio protocol for a new connection with implicit TLS."""
        return self._new_connection(TLS_DOOR)

    def second_connection(self) -> asyncio.Protocol:
        """Return an asyncio protocol for a new connection to the second server."""
        return self._new_connection(SECOND_DOOR)

    def _factory(self, door: Door) -> Callable[[], asyncio.Protocol]:
        return lambda: self._new_connection(door)

    def _new_connection(self, door: Door) -> asyncio.Protocol:
        self._connections = self._open()
        if len(self._connections) >= limits.CONNECTIONS:
            return OneTooMany(greets=not door.implicit)
        connection = self._make(door)
        self._connections.append(connection)
        return connection

    def _make(self, door: Door) -> PracticeSMTP:
        """Create the connection for a client that uses this door, with the next number."""
        self._count += 1
        connection = PracticeSMTP(
            self._environment,
            self._memory[door],
            number=self._count,
            implicit=door.implicit,
            lmtp=door.lmtp,
        )
        if not door.second:  # its client is the first server
            connection.clients = self.clients
        return connection


def _reached_at(host: str) -> str:
    """Return the address at which a server that listens on `host` can be reached."""
    return _OF_ANY.get(host, host)
