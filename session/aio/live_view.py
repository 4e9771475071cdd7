"""`LiveView`: the properties of a session that can be read at any time, without sending.

They describe the connection, the server, and the events.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from ..driver.runner import Runner
from ..events import Event
from .connection import Connection


class LiveView(Runner):
    """The view of a connection of the asyncio driver, with properties that only it has."""

    connection: Connection  # pyright: ignore[reportIncompatibleVariableOverride]: always this one

    @property
    def elapsed(self) -> float:
        """Seconds since the connection was established; the count stops when it closes."""
        return self.connection.elapsed

    @property
    def stage(self) -> str:
        """A description of the pending connection phase; "" when commands can be sent."""
        return self.connection.stage

    @property
    def handshake_left(self) -> float | None:
        """Seconds left for the TLS handshake in progress; None if there is none."""
        return self.connection.handshake_left

    @property
    def waiting(self) -> tuple[str, float] | None:
        """(verb, seconds left) for the reply that is due next; None if none is."""
        return self.connection.waiting

    @property
    def ask_on_flood(self) -> Callable[[], object] | None:
        """Called when the server exceeds `flood_limit`; None closes the connection (PeerFlood).

        Reading is paused when it is called; `read_on` resumes it, `close` ends the connection.
        """
        return self.connection.flood_limit.ask

    @ask_on_flood.setter
    def ask_on_flood(self, asked: Callable[[], object] | None) -> None:
        self.connection.flood_limit.ask = asked

    @property
    def flooded(self) -> bool:
        """Whether reading is paused, because the server has exceeded `flood_limit`."""
        return self.connection.receiver.flooded

    def read_on(self) -> None:
        """Resume reading after a flood, for another `flood_limit` octets."""
        self.connection.receiver.read_on()

    def events(self, after: int = 0) -> AsyncIterator[Event]:
        """Every event of the current transcript from number `after` on, until the connection ends.

        This is an asynchronous iterator: it may lag without cost, and omits nothing. Before
        `connect`, it waits for the first connection.
        """
        return self.connection.events(after)

    async def news(self) -> None:
        """Return when anything has happened: a line, a part of a line, a timeout, the end."""
        await self.connection.news()
