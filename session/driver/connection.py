"""Protocols that describe what the shared parts need of a connection of either driver."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..errors import ConnectionLost
    from ..events import Cause, Event
    from ..flood import FloodLimit
    from ..protocol.conversation import Conversation
    from ..record.transcript import Transcript
    from ..reply import Reply
    from ..target import Target
    from ..timeouts import Timeouts
    from ..tls.settings import TlsSettings
    from .reply_waiters import InFlight, ReplyWaiters


class Transmitter(Protocol):
    """An object that writes data to the server, and feeds it to the conversation."""

    def write(
        self, data: bytes, commands: list[bytes] | None = None, in_flight: InFlight | None = None
    ) -> None:
        """Write `data`, and add the commands in it to `in_flight`.

        `commands` lists these commands; if it is None, `data` is written and fed as a whole.
        """
        ...

    async def taken(self, in_flight: InFlight) -> None:
        """Return when the system has accepted the written data, or the server has replied to it."""
        ...


class Connection(Protocol):
    """One connection to a server. In the blocking driver, its coroutines never suspend."""

    target: Target | None
    local_hostname: str | None
    conversation: Conversation
    waiters: ReplyWaiters[Any]
    opened: int
    clock: Callable[[], float]

    @property
    def timeouts(self) -> Timeouts: ...
    @timeouts.setter
    def timeouts(self, timeouts: Timeouts, /) -> None: ...
    @property
    def tls_settings(self) -> TlsSettings | None: ...
    @tls_settings.setter
    def tls_settings(self, settings: TlsSettings | None, /) -> None: ...
    @property
    def transmitter(self) -> Transmitter: ...
    @property
    def flood_limit(self) -> FloodLimit: ...
    @property
    def transcript(self) -> Transcript: ...
    @property
    def connected(self) -> bool: ...
    @property
    def handshake_left(self) -> float | None: ...

    def note(self, fact: Event) -> None: ...
    def drop(self, detail: str, cause: Cause = ...) -> ConnectionLost: ...

    async def open(self) -> None: ...
    async def handshake(self, context: Any = None) -> None: ...
    async def reply(self, future: Any) -> Reply: ...
    async def news(self) -> None: ...
    async def close(self) -> None: ...
    async def host_name(self) -> str: ...
