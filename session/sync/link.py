"""`Link`: one connection of the blocking sessions. It connects, writes, reads and closes.

It works like `aio.connection.Connection`, but without an event loop. While it waits for a reply, or
until the system accepts more data, it feeds received data to the conversation, and delivers replies
to their waiters. Its coroutines never suspend.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import raised
from ..driver.ended import is_tls, overdue_words, reply_begun, why_lost
from ..driver.reply_waiters import InFlight, ReplyWaiters
from ..events import (
    CLIENT,
    FLOOD,
    TRIED,
    Cause,
    Connected,
    Disconnected,
    Event,
    Note,
)
from ..flood import FLOOD_LIMIT, TALKS_EARLY, FloodLimit, flood_words
from ..net.dial_error import Attempt, DialError
from ..net.hostname import LOOKUP_TIMEOUT, qualified_name
from ..protocol.conversation import Conversation
from ..protocol.states import State
from ..record.transcript import Transcript
from ..reply import Reply
from ..target import Target
from ..timeouts import Timeouts
from .dial import dial
from .intake import Intake
from .limit import Expired, Limit
from .pending import Pending
from .wire import Wire
from .within import within

if TYPE_CHECKING:
    import socket

    from ..errors import ConnectionLost
    from ..tls.settings import TlsSettings
    from .tls_handshake import TlsHandshake

LAST_READS = 16  # of what has come, when a connection ends: a peer may send without end
_TLS_NEXT = State.TLS


class Link:
    """One connection to an SMTP or LMTP server, with or without TLS.

    The arguments are some of those of `aio.session.Session`. Once closed, the connection can be
    opened again, with a new conversation and a new transcript.
    """

    def __init__(
        self,
        target: Target,
        *,
        timeout: float | None = None,
        local_hostname: str | None = None,
        source_address: tuple[str, int] | None = None,
        proxy_header: bytes = b"",
        sock: socket.socket | None = None,
        tls: TlsSettings | Callable[[], TlsSettings] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.target: Target | None = target
        self.local_hostname = local_hostname
        self.clock = clock
        self.timeouts = Timeouts() if timeout is None else Timeouts.all(timeout)
        self.flood_limit = FloodLimit(FLOOD_LIMIT)
        self._tls_settings = tls
        self.opened = 0
        """The number of connections that have been opened, or attempted, so far."""
        self.limit: Limit | None = None
        """The time limit at which any wait ends, or None."""
        self._source_address = source_address
        self._proxy_header = proxy_header
        self._sock = sock  # connected already; for the first connection
        self._set_up(Conversation())

    def _set_up(self, conversation: Conversation) -> None:
        """Create the objects that belong to one connection only."""
        self.conversation = conversation
        self.waiters: ReplyWaiters[Any] = ReplyWaiters(Pending)
        """The waiters for replies."""
        self._wire: Wire | None = None
        self._ended: tuple[Cause, str] = (Cause.OTHER, "not connected")
        self._flooded = False
        self._tls: TlsHandshake | None = None  # the last one
        self._intake = Intake(conversation, self.waiters, self.clock)
        self._reported: float | None = None  # the `since` of the wait whose end was reported

    # Watching

    @property
    def transmitter(self) -> Link:
        """The transmitter: this link itself."""
        return self

    @property
    def transcript(self) -> Transcript:
        """The record of the current connection or, if there is none, of the last connection."""
        return self.conversation.transcript

    @property
    def connected(self) -> bool:
        """True while the connection is established."""
        return self._wire is not None

    @property
    def handshake_left(self) -> float | None:
        """Always None, because a handshake blocks until it has ended."""
        return None

    @property
    def tls_settings(self) -> TlsSettings | None:
        """The TLS settings, or None. If `tls` is a function, it is called on first access."""
        if callable(self._tls_settings):
            self._tls_settings = self._tls_settings()
        return self._tls_settings

    @tls_settings.setter
    def tls_settings(self, settings: TlsSettings | None) -> None:
        self._tls_settings = settings

    def note(self, fact: Event) -> None:
        """Record a fact that the bytes do not show, such as a Note."""
        self.conversation.note(fact)
        self._intake.look(fact.at)

    # Connecting

    async def open(self) -> None:
        """Connect without waiting for the greeting, and perform the handshake if TLS is implicit.

        Raises DialError, TlsSettingsError, and the errors of the handshake.
        """
        target = self.target
        if self._wire is not None:
            raise RuntimeError("this session is connected; close it first")
        if target is None:
            raise ValueError("no host to connect to")
        conversation = self.conversation
        if self.transcript.sequence:
            conversation = Conversation(Transcript(heard_by=self.transcript))
        self._set_up(conversation)
        self.opened += 1
        self.waiters.for_greeting()
        try:
            self._stands(target, self._dial(target))
        except DialError as error:
            self._ended = error.cause, error.detail
            self.note(Disconnected(self.clock(), error.cause, error.detail))
            raise
        except BaseException as error:
            if self._wire is None:
                self._ended = Cause.CANCELLED, f"{error}" or "cancelled"
                self.note(Disconnected(self.clock(), *self._ended))
            raise
        if target.implicit:
            await self.handshake()

    def _dial(self, target: Target) -> socket.socket:
        sock, self._sock = self._sock, None
        if sock is not None:
            return sock
        try:
            return dial(
                target,
                timeout=self._within(self.timeouts.connect),
                source_address=self._source_address,
                tried=self._tried,
            )
        except DialError:
            self._check_limit()
            raise

    def _tried(self, attempt: Attempt) -> None:
        self.note(Note(self.clock(), TRIED, f"tried {attempt}"))

    def _stands(self, target: Target, sock: socket.socket) -> None:
        self._wire = Wire(sock)
        now = self._intake.since = self.clock()
        self.note(Connected(now, target.shown, *self._wire.addresses))
        if self._proxy_header:
            self._wire.write(self._proxy_header)
            self.conversation.feed(CLIENT, self._proxy_header, now)

    async def host_name(self) -> str:
        """Return the fully qualified name of this machine, or "" if it is not found in time."""
        try:
            return within(self._within(LOOKUP_TIMEOUT), qualified_name)
        except TimeoutError:
            self._check_limit()
            return ""

    async def handshake(self, context: Any = None) -> None:
        """Perform the TLS handshake now, after a 220 to STARTTLS or at the start of the connection.

        `context` is used unchanged. If it is None, a context is made from `tls_settings`. Raises
        ssl.SSLError, another OSError, or TlsSettingsError, after which the connection is closed.
        """
        from .tls_handshake import TlsHandshake

        wire = self._wire
        if wire is None:
            raise self._gone
        host = self.target.host if self.target is not None else ""
        tls = self._tls = TlsHandshake(host, self.clock)
        try:
            seconds = self._within(self.timeouts.tls)
            sock, fact = tls.run(wire.sock, self.tls_settings, context, seconds)
        except (OSError, ValueError) as error:
            if self.limit is not None and self.limit.over:
                self._over(None, Cause.CANCELLED)
                raise Expired from None
            failure = tls.failed(error)
            if isinstance(error, OSError):
                self.note(failure)
            self._over(None, Cause.TLS_FAILED, failure.detail)
            raise
        except BaseException:
            self._over(None, Cause.CANCELLED)
            raise
        wire.inside_tls(sock)
        self.note(fact)
        self._intake.since = self.clock()

    # Closing

    async def close(self) -> None:
        """Close the connection now, without QUIT. Data already written is flushed first."""
        wire = self._wire
        if wire is None:
            return
        limit = self.clock() + 1.0
        try:
            while wire.unsent and (left := limit - self.clock()) > 0:
                wire.wait(left, reads=False)
                wire.flush()
        except OSError:
            pass
        self._over(None, Cause.CLOSED_BY_CLIENT, tells=True)

    def drop(self, detail: str, cause: Cause = Cause.CLOSED_BY_CLIENT) -> ConnectionLost:
        """Abort the connection, discarding unsent data. Return the error that later calls raise."""
        self._read_rest()
        self._over(None, cause, detail)
        return self._gone

    @property
    def _gone(self) -> ConnectionLost:
        """The exception that explains why nothing can be sent."""
        if self._flooded:
            return raised.PeerFlood(self.flood_limit.octets, self.conversation.talks_early)
        return raised.ConnectionLost(*self._ended)

    def _over(
        self,
        error: OSError | None,
        closing: Cause | None = None,
        detail: str = "",
        *,
        tells: bool = False,
    ) -> None:
        """Close the connection, record why it ended, and end all waits with an error.

        Do nothing if the connection has already been closed. If `tells` is true, TLS is first ended
        properly.
        """
        wire, self._wire = self._wire, None
        if wire is None:
            return
        wire.close(tells=tells)
        if error is not None and closing is None and self._tls is not None and is_tls(error):
            fact = self._tls.failed(error)
            self.note(fact)
            closing, detail = Cause.TLS_FAILED, fact.detail
        cause, words = why_lost(error, closing)
        self._ended = cause, detail or words
        self.note(Disconnected(self.clock(), *self._ended))
        if self.waiters.any:
            self.waiters.end(self._gone)

    def _broken(self, error: OSError) -> None:
        """End a broken connection, after reading the data that arrived before it broke.

        That data usually contains the reason.
        """
        if isinstance(error, ConnectionError) and not self.conversation.tls:
            self._read_rest()
        self._over(error)

    def _read_rest(self) -> None:
        """Read received data, so that it is recorded before the connection ends."""
        wire = self._wire
        if wire is None or self.conversation.state is _TLS_NEXT:
            return
        try:
            for _ in range(LAST_READS):
                data = wire.receive()
                if not data:
                    return
                self._received(data)
        except OSError:
            pass  # there is no more

    # Reading

    def _receive(self) -> bool:
        """Process received data, if any. Return whether there was any or the connection ended."""
        wire = self._wire
        if wire is None or self.conversation.state is _TLS_NEXT:
            return False  # what comes now belongs to the handshake
        try:
            data = wire.receive()
        except OSError as error:
            self._broken(error)
            return True
        if data is None:
            return False
        if not data:
            self._over(None, Cause.CLOSED_BY_SERVER)
            return True
        self._received(data)
        return True

    def _received(self, data: bytes) -> None:
        self._intake.received(data)
        talks_early, limit = self.conversation.talks_early, self.flood_limit.octets
        if (self.conversation.flood > limit or talks_early) and not self._flooded:
            self._flooded = True
            words = f"closed the connection: {TALKS_EARLY if talks_early else flood_words(limit)}"
            self.note(Note(self.clock(), FLOOD, words))
            self._over(None, Cause.CLOSED_BY_CLIENT, str(self._gone))

    # Waiting

    async def reply(self, future: Pending) -> Reply:
        """Wait for the reply that `future` receives. Raises ConnectionLost or ReplyTimedOut."""
        while not future.done():
            if self._wire is None:
                self.waiters.forget(future)
                raise self._gone
            self._await_data()
        return future.result()

    async def news(self) -> None:
        """Return as soon as data arrives or the awaited reply is overdue."""
        self._await_data()

    def _await_data(self) -> None:
        """Wait until data arrives, or until the awaited reply is overdue."""
        if self._receive():
            return
        wire, verb = self._wire, self.waiters.verb_awaited(self.conversation) or ""
        assert wire is not None
        seconds = self.timeouts.reply_to(verb)
        left = self._intake.since + seconds - self.clock()
        if left > 0:
            self._wait(wire, left)
            return
        self._reported = self._intake.since
        error = raised.ReplyTimedOut(verb, seconds, reply_begun(self.conversation.transcript))
        self.note(Note(self.clock(), "timeout", overdue_words(error)))
        self.waiters.time_out(error)
        if self.waiters.any:
            self._intake.since = self.clock()  # the next has its time from now on

    def _wait(self, wire: Wire, seconds: float) -> None:
        """Wait until data arrives or unsent data can be written, then write the unsent data."""
        self._check_limit()
        wire.wait(self._within(seconds), reads=self.conversation.state is not _TLS_NEXT)
        if wire.unsent:
            try:
                wire.flush()
            except OSError as error:
                self._broken(error)

    def _within(self, seconds: float) -> float:
        """Return `seconds`, or the time left until the limit if there is less time left."""
        return seconds if self.limit is None else min(seconds, self.limit.left)

    def _check_limit(self) -> None:
        if self.limit is not None and self.limit.over:
            raise Expired

    # Sending

    def write(
        self, data: bytes, commands: list[bytes] | None = None, in_flight: InFlight | None = None
    ) -> None:
        """Write `data`, and feed it to the conversation, as a whole or as the given `commands`.

        The commands are added to `in_flight`, each with the future for its reply. Raises
        ConnectionLost.
        """
        while self._receive():  # what the server has said before
            pass
        wire = self._wire
        if wire is None:
            raise self._gone
        now = self.clock()
        conversation = self.conversation
        no_reply_is_due = conversation.oldest is None and conversation.greeting_seen
        if conversation.due is True or no_reply_is_due or self._reported == self._intake.since:
            self._intake.since = now  # a new wait begins
        failure: OSError | None = None
        try:
            wire.write(data)
        except OSError as error:
            failure = error
        for command in (data,) if commands is None else commands:
            before = conversation.newest
            conversation.feed(CLIENT, command, now)
            row = conversation.newest
            if in_flight is not None and row is not None and row != before:
                in_flight.waiting.append((row, self.waiters.for_row(row)))
        if failure is not None:
            self._broken(failure)

    async def taken(self, in_flight: InFlight) -> None:
        """Wait until the system has accepted the written data, or the server has replied to it.

        A slow server does not time out as long as it keeps reading, but a server that reads nothing
        for too long does. Raises ConnectionLost or ReplyTimedOut.
        """
        self._receive()
        since, left = self.clock(), -1
        while (wire := self._wire) is not None and wire.unsent:
            if self.waiters.has_come(in_flight):
                return
            if len(wire.unsent) != left:
                since, left = self.clock(), len(wire.unsent)
            elif self.clock() - since >= self.timeouts.block:
                raise raised.ReplyTimedOut("a block of the message", self.timeouts.block)
            self._wait(wire, self.timeouts.block)
            self._receive()
        if self._wire is None:
            raise self._gone
