"""`Connection`: one connection of the asyncio driver. It connects, writes, reads and closes.

It does not interpret the data: every byte is fed to one `Conversation`. Sent data is fed by
transmitter.py, and received data by receiver.py, which delivers each reply to its waiter.
watchdog.py reports overdue replies, and session.py decides what is sent. Cancelling a call does not
close the connection.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from ..driver.ended import is_tls, overdue_words, why_lost
from ..errors import ConnectionLost, PeerFlood, ReplyTimedOut
from ..events import CLIENT, TRIED, Cause, Connected, Disconnected, Event, Note
from ..flood import FLOOD_LIMIT, FloodLimit, checked_flood_limit
from ..net.addresses import shown_address
from ..net.dial import dial
from ..net.dial_error import Attempt, DialError
from ..protocol.conversation import Conversation
from ..record.transcript import Transcript
from ..reply import Reply
from ..target import Target, target_of
from ..timeouts import Timeouts
from .arguments import check_arguments, check_host, check_timeouts
from .dialling import being_cancelled, cancel, host_name
from .news import News, Waiters, reply_future
from .receiver import Receiver
from .socket_protocol import SocketProtocol
from .tls_handshake import TlsHandshake
from .transmitter import Transmitter
from .watchdog import Watchdog

if TYPE_CHECKING:
    import socket
    import ssl

    from ..net.outgoing_proxy import OutgoingProxy
    from ..tls.settings import TlsSettings


class Connection:
    """One connection to an SMTP or LMTP server, with or without TLS.

    The arguments are those of `Session`. Once closed, the connection can be opened again, with a
    new conversation and a new transcript.
    """

    host_name = staticmethod(host_name)

    def __init__(
        self,
        host: str | Target = "",
        port: int = 0,
        *,
        timeout: float | None = None,
        timeouts: Timeouts | None = None,
        local_hostname: str | None = None,
        source_address: tuple[str, int] | None = None,
        proxy: OutgoingProxy | None = None,
        proxy_header: bytes = b"",
        sock: socket.socket | None = None,
        tls: TlsSettings | Callable[[], TlsSettings] | None = None,
        flood_limit: int = FLOOD_LIMIT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        check_host(host)
        check_arguments(
            timeout, timeouts, local_hostname, source_address, proxy, proxy_header, sock, tls, clock
        )
        if timeouts is None:
            timeouts = Timeouts() if timeout is None else Timeouts.all(timeout)
        self.target = target_of(host, port) if host else None
        self.local_hostname = local_hostname
        """The name to send in EHLO.

        An empty name stands for the address of the connection. None means that the name of this
        machine has not been looked up yet.
        """
        self.source_address = source_address
        self.proxy = proxy
        """The proxy through which the connection is made, or None for a direct connection."""
        self.proxy_header = proxy_header
        """The PROXY protocol header to send before anything else; empty for none."""
        self._sock = sock  # already connected; for the first connection
        self.clock = clock
        self.flood_limit = FloodLimit(checked_flood_limit(flood_limit))
        """The limit on endless data from the peer, and what happens when the limit is exceeded."""
        self.leaves_time = False
        """Whether large amounts of data are processed in portions. It must be set before `open`."""
        self._timeouts = timeouts
        self._tls_settings = tls
        self._stage = ""  # the pending phase until the connection is established
        self._dialling: asyncio.Future[None] | None = None  # until the socket is connected
        self._began = self._ended = 0.0
        self.opened = 0
        """The number of connections that have been opened, or attempted, so far."""
        self._news = News()
        self._set_up(Conversation())

    def _set_up(self, conversation: Conversation) -> None:
        """Create the objects that belong to one connection only."""
        self.conversation = conversation
        self.waiters = Waiters(reply_future)
        """The waiters for replies."""
        self._watchdog = Watchdog(
            conversation, self.waiters, self._timeouts, self.clock, self._overdue
        )
        self.receiver = Receiver(
            conversation,
            self.waiters,
            self._watchdog,
            self._news,
            self.flood_limit,
            self.clock,
            note=self.note,
            hang_up=self._hang_up,
        )
        self.transmitter = Transmitter(
            conversation,
            self.waiters,
            self._watchdog,
            self._news,
            self.clock,
            gone=lambda: self._gone,
        )
        implicit = self.target is not None and self.target.implicit
        received = self.receiver.entrance(implicit=implicit, leaves_time=self.leaves_time)
        self._protocol = SocketProtocol(self._stands, received, self._over)
        self.receiver.protocol = self.transmitter.protocol = self._protocol
        self._lost: ConnectionLost | None = None
        self._why = ""  # the detail of why it ended, if we know better
        self._tls: TlsHandshake | None = None  # the last one

    # Watching

    @property
    def transcript(self) -> Transcript:
        """The record of the current connection or, if there is none, of the last connection."""
        return self.conversation.transcript

    @property
    def connected(self) -> bool:
        """True while the connection is established."""
        return self._protocol.connected

    @property
    def elapsed(self) -> float:
        """The duration of the current or last connection, in seconds; 0 if there was none."""
        if not self._began:
            return 0.0
        return (self._ended or self.clock()) - self._began

    @property
    def stage(self) -> str:
        """A description of the connection phase in progress, such as "the TLS handshake", or ""."""
        return "the TLS handshake" if self.handshake_left is not None else self._stage

    @property
    def handshake_left(self) -> float | None:
        """The time left for the TLS handshake in progress, in seconds, or None."""
        return self._tls.left if self._tls is not None else None

    @property
    def timeouts(self) -> Timeouts:
        """How long to wait for each reply. A new value also applies to the current wait."""
        return self._timeouts

    @timeouts.setter
    def timeouts(self, timeouts: Timeouts) -> None:
        check_timeouts(timeouts)
        self._timeouts = self._watchdog.timeouts = timeouts
        if self.connected:
            self._watchdog.watch()

    @property
    def waiting(self) -> tuple[str, float] | None:
        """The verb of the command whose reply is due next, and the seconds left for it, or None."""
        return self._watchdog.left if self.connected else None

    def events(self, after: int = 0) -> AsyncIterator[Event]:
        """Yield every event from number `after` on, until the connection closes."""
        return self._news.events(lambda: self.transcript, after)

    async def news(self) -> None:
        """Return as soon as anything has happened, such as a new line, a timeout or the end."""
        self.check_loop()
        await self._news.come()

    def tell(self) -> None:
        """Wake all tasks that wait for `news`, after a change that adds no line."""
        self._news.tell()

    def note(self, fact: Event) -> None:
        """Record a fact that the bytes do not show, such as a Note."""
        self.conversation.note(fact)
        self.receiver.look(fact.at)

    # Connecting

    async def open(self) -> None:
        """Connect without waiting for the greeting, and perform the handshake if TLS is implicit.

        Raises DialError, TlsSettingsError, or an error of the handshake. Raises ConnectionLost if
        `close` is called in the meantime.
        """
        self.check_loop()
        if not self._protocol.connected:
            await self._protocol.close()  # wait for a connection that is closing
        if self._protocol.transport is not None:
            raise RuntimeError("this session is connected; close it first")
        if self._dialling is not None or self._stage:
            raise RuntimeError("this session is already connecting; wait until it is connected")
        if self.target is None:
            raise ValueError("no host to connect to")
        conversation = self.conversation
        if self.transcript.sequence:
            conversation = Conversation(Transcript(heard_by=self.transcript))
        self._set_up(conversation)
        self.opened += 1
        self.waiters.for_greeting()
        protocol = self._protocol
        dialling = self._dialling = asyncio.ensure_future(self._dial(self.target, protocol))
        try:
            await dialling
        except asyncio.CancelledError:
            self._give_up(protocol)
            if self._dialling is not dialling and not being_cancelled():  # it was closed
                raise self._gone from None
            raise
        finally:
            if self._dialling is dialling:
                self._dialling = None
            self._stage = ""
        if self.target.implicit:
            await self.handshake()

    async def _dial(self, target: Target, protocol: SocketProtocol) -> None:
        try:
            if target.mx:
                await self._dial_exchangers(target, protocol)
            else:
                await self._dial_host(target, protocol)
        except DialError as error:
            self._lost = ConnectionLost(error.cause, error.detail)
            self.note(Disconnected(self.clock(), error.cause, error.detail))
            raise
        except BaseException:  # cancelled or closed, most likely
            self._give_up(protocol)
            raise

    async def _dial_host(self, target: Target, protocol: SocketProtocol) -> None:
        sock, self._sock = self._sock, None
        if sock is not None:
            await asyncio.get_running_loop().create_connection(lambda: protocol, sock=sock)
            return
        await dial(
            target,
            lambda: protocol,
            timeout=self.timeouts.connect,
            source_address=self.source_address,
            proxy=self.proxy,
            stage=self._at_stage,
            tried=self._tried,
        )

    async def _dial_exchangers(self, domain: Target, protocol: SocketProtocol) -> None:
        """Connect to the first reachable mail exchanger of `domain`, and make it the target."""
        from ..net.exchangers import MOST_TRIED, exchangers, not_all_tried

        self._at_stage("looking up the MX")
        found = await exchangers(domain.host, timeout=self.timeouts.connect)
        for number, each in enumerate(found[:MOST_TRIED], 1):
            self.note(Note(self.clock(), "mx", each.words(number, len(found))))
            self.target = Target(each.host, domain.port)
            try:
                await self._dial_host(self.target, protocol)
                return
            except BaseException as error:
                self.target = domain
                if not isinstance(error, DialError) or number == len(found):
                    raise
                if number == MOST_TRIED:
                    raise not_all_tried(error, len(found)) from error.__cause__
                self.note(Note(self.clock(), "mx", error.detail))

    def _give_up(self, protocol: SocketProtocol) -> None:
        """End a connection attempt that was cancelled, or was ended by `close`."""
        if self._lost is not None:
            return
        cause, detail = Cause.CANCELLED, "cancelled"
        if self._dialling is None:
            cause, detail = Cause.CLOSED_BY_CLIENT, "closed while connecting"
        if protocol.transport is None:
            self._lost = ConnectionLost(cause, detail)
            self.note(Disconnected(self.clock(), cause, detail))
        protocol.end(cause)

    def _tried(self, attempt: Attempt) -> None:
        self.note(Note(self.clock(), TRIED, f"tried {attempt}"))

    def _at_stage(self, stage: str) -> None:
        self._stage = stage

    def _stands(self, transport: asyncio.Transport) -> None:
        now = self._watchdog.since = self._began = self.clock()
        self._ended = 0.0
        peer = self.target.shown if self.target is not None else ""
        address = shown_address(transport.get_extra_info("peername"))
        local = shown_address(transport.get_extra_info("sockname"))
        if self.target is not None and self.target.implicit:
            transport.pause_reading()
        self.note(Connected(now, peer, address, local))
        if self.proxy is not None:
            self.note(Note(now, "proxy", f"through the proxy {self.proxy.shown}"))
        if self.proxy_header:
            transport.write(self.proxy_header)
            self.conversation.feed(CLIENT, self.proxy_header, now)
        self._watchdog.watch()

    # TLS

    @property
    def tls_settings(self) -> TlsSettings | None:
        """The TLS settings, or None. If `tls` is a function, it is called on first access."""
        if callable(self._tls_settings):
            self._tls_settings = self._tls_settings()
        return self._tls_settings

    @tls_settings.setter
    def tls_settings(self, settings: TlsSettings | None) -> None:
        self._tls_settings = settings

    async def handshake(self, context: ssl.SSLContext | None = None) -> None:
        """Perform the TLS handshake now, after a 220 to STARTTLS or at the start of the connection.

        `context` is used unchanged. If it is None, a context is made from `tls_settings`. Raises
        ssl.SSLError, another OSError, or TlsSettingsError, after which the connection is closed.
        """
        protocol = self._protocol
        if protocol.transport is None:
            raise self._gone
        self.check_loop()
        host = self.target.host if self.target is not None else ""
        tls = self._tls = TlsHandshake(host, self.timeouts.tls, self.clock)
        try:
            fact = await tls.run(protocol, lambda: self.tls_settings, context)
        except (OSError, ValueError) as error:
            failure = tls.failed(error)
            if isinstance(error, OSError):
                self.note(failure)
            self._why = failure.detail
            protocol.end(Cause.TLS_FAILED)
            raise
        except BaseException:  # cancelled, or an error in the function that returns the settings
            protocol.end(Cause.CANCELLED)
            raise
        self.note(fact)
        self._watchdog.since = self.clock()
        held, protocol.held = protocol.held, b""
        if held:
            self.receiver.received(held)

    # Closing

    async def close(self) -> None:
        """Close the connection now, without QUIT. Data already written is flushed first.

        This can be called at any time, even on an event loop other than that of the connection.
        """
        dialling, self._dialling = self._dialling, None
        if dialling is not None:
            await cancel(dialling)
        protocol = self._protocol
        loop = protocol.loop
        if loop is None or loop is asyncio.get_running_loop():
            self._watchdog.stop()
            await protocol.close()
        elif loop.is_running():
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.close(), loop))
        else:
            protocol.close_without_loop()
        self._news.closed += 1
        self._news.tell()

    def drop(self, detail: str, cause: Cause = Cause.CLOSED_BY_CLIENT) -> ConnectionLost:
        """Abort the connection, discarding unsent data. Return the error that later calls raise."""
        self._watchdog.stop()
        self._protocol.read_rest()
        self._why = detail
        self._protocol.end(cause)
        return self._gone

    def check_loop(self) -> None:
        """Raise RuntimeError if the connection does not belong to the running event loop."""
        self._protocol.check_loop()

    def _hang_up(self, flood: PeerFlood) -> None:
        """Abort the connection to a peer that exceeded the flood limit."""
        self._lost, self._why = flood, str(flood)
        self._protocol.abort(Cause.CLOSED_BY_CLIENT)

    @property
    def _gone(self) -> ConnectionLost:
        """The exception that explains why nothing can be sent."""
        if self._lost is None and self._protocol.transport is not None:  # it is closing
            cause, detail = why_lost(None, self._protocol.closing)
            return ConnectionLost(cause, self._why or detail)
        return self._lost or ConnectionLost(Cause.OTHER, "not connected")

    def _over(self, error: Exception | None) -> None:
        self.receiver.finish()
        closing = self._protocol.closing
        if error is not None and closing is None and self._tls is not None and is_tls(error):
            fact = self._tls.failed(error)
            self.note(fact)
            closing, self._why = Cause.TLS_FAILED, fact.detail
        cause, detail = why_lost(error, closing)
        detail = self._why or detail
        self._watchdog.stop()
        self.receiver.flooded = False
        if not isinstance(self._lost, PeerFlood):
            self._lost = ConnectionLost(cause, detail)
        self._ended = self.clock()
        self.note(Disconnected(self._ended, cause, detail))
        self.waiters.end(self._lost)
        self._news.tell()

    # Waiting

    async def reply(self, future: asyncio.Future[Reply]) -> Reply:
        """Wait for the reply that `future` receives. Raises ConnectionLost or ReplyTimedOut."""
        if not future.done():
            self.check_loop()
            if self._protocol.transport is None:
                self.waiters.forget(future)
                raise self._gone
            if self._watchdog.timer is None:
                self._watchdog.watch()
        try:
            return await future
        except ReplyTimedOut as error:  # the future keeps it, with the callers' frames
            error.__traceback__ = None
            raise ReplyTimedOut(error.verb, error.seconds, error.begun) from None

    def _overdue(self, error: ReplyTimedOut) -> None:
        self.note(Note(self.clock(), "timeout", overdue_words(error)))
