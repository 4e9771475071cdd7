"""`LiveView`: the properties of a session that can be read at any time without sending anything.

They describe the connection, the server and the events.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from ..driver.runner import Runner
from ..events import Event
from .connection import Connection


class LiveView(Runner):
    """A view of an asyncio connection, with the properties that only this driver has."""

    connection: Connection  # pyright: ignore[reportIncompatibleVariableOverride]: always this one

    @property
    def elapsed(self) -> float:
        """The duration of the current or last connection, in seconds; 0 if there was none."""
        return self.connection.elapsed

    @property
    def stage(self) -> str:
        """A description of the connection phase in progress, such as "the TLS handshake", or ""."""
        return self.connection.stage

    @property
    def handshake_left(self) -> float | None:
        """The time left for the TLS handshake in progress, in seconds, or None."""
        return self.connection.handshake_left

    @property
    def waiting(self) -> tuple[str, float] | None:
        """The verb of the command whose reply is due next, and the seconds left for it, or None."""
        return self.connection.waiting

    @property
    def ask_on_flood(self) -> Callable[[], object] | None:
        """The function to call when the server exceeds `flood_limit`, or None.

        Reading is paused before the call; `read_on` resumes reading, and `close` ends the
        connection. Without a function, or if the server sends replies without end before the first
        command, the connection is closed, and waiting calls raise PeerFlood.
        """
        return self.connection.flood_limit.ask

    @ask_on_flood.setter
    def ask_on_flood(self, asked: Callable[[], object] | None) -> None:
        self.connection.flood_limit.ask = asked

    @property
    def flooded(self) -> bool:
        """Whether reading is paused because the server has exceeded `flood_limit`."""
        return self.connection.receiver.flooded

    def read_on(self) -> None:
        """Resume reading after a flood, for another `flood_limit` octets."""
        self.connection.receiver.read_on()

    def events(self, after: int = 0) -> AsyncIterator[Event]:
        """Yield every event of the current transcript, until the connection ends.

        `after` is the number of the first event to yield. The asynchronous iterator may fall behind
        without cost, and omits nothing. Before `connect`, it waits for the first connection.
        """
        return self.connection.events(after)

    async def news(self) -> None:
        """Return as soon as anything has happened, such as new data, a timeout or the end."""
        await self.connection.news()
