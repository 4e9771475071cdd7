"""`Session`: the asyncio driver. It writes, reads, waits and gives up; it understands nothing.

Every byte, either way, is fed to one `Conversation`, from which it learns whose reply has come.
One watchdog looks after all timeouts (RFC 5321 section 4.5.3.2). A timeout or a cancelled call
does not close the connection: the command stays in the queue, and a late reply still finds it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Self

from .conversation import Conversation
from .dial import DialError, dial, shown_address
from .errors import ConnectionLost, ReplyTimedOut
from .events import (
    CLIENT,
    SERVER,
    Cause,
    Connected,
    Disconnected,
    Event,
    Note,
    ReplyReceived,
)
from .hostname import host_name
from .reply import Reply
from .target import Target, target_of
from .timeouts import Timeouts
from .transcript import Subscriber, Transcript

PIECE = 256 * 1024  # bytes of a message that are handed to the transport at once
READ = 64 * 1024  # bytes that are read at once: asyncio's 256 KiB are new memory for each read


class Session(asyncio.Protocol):
    """One connection to an SMTP or LMTP server, led by coroutines.

    `host` may be a `Target`, or "" to connect later. `timeout` sets all timeouts at once, in
    seconds; `timeouts` each. The transcript outlives the connection.
    """

    def __init__(
        self,
        host: str | Target = "",
        port: int = 0,
        *,
        timeout: float | None = None,
        timeouts: Timeouts | None = None,
        local_hostname: str | None = None,
        source_address: tuple[str, int] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._timeouts = timeouts or (Timeouts() if timeout is None else Timeouts.all(timeout))
        self.local_hostname = local_hostname
        self.source_address = source_address
        self.conversation = Conversation()
        self.target = target_of(host, port) if host else None
        self._clock = clock
        self._transport: asyncio.Transport | None = None
        self._waiters: dict[int, asyncio.Future[Reply]] = {}
        self._next_reply: list[asyncio.Future[Reply]] = []
        self._greeting: asyncio.Future[Reply] | None = None
        self._seen = 0  # marks of the transcript that were looked at
        self._since = 0.0  # when the present wait for a reply began
        self._timed_out: tuple[float, str] | None = None
        self._watchdog: asyncio.TimerHandle | None = None
        self._began = self._ended = 0.0
        self._closing: Cause | None = None
        self._lost: ConnectionLost | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._closed: asyncio.Future[None] | None = None
        self._listeners: list[asyncio.Future[None]] = []

    # Reading

    @property
    def transcript(self) -> Transcript:
        return self.conversation.transcript

    @property
    def connected(self) -> bool:
        """True from the moment the connection stands until it is over."""
        return self._transport is not None and not self._transport.is_closing()

    @property
    def timeouts(self) -> Timeouts:
        """How long to wait for what. Others hold at once, for a wait that is on as well."""
        return self._timeouts

    @timeouts.setter
    def timeouts(self, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        if self._watchdog is not None:
            self._watchdog.cancel()
        if self._transport is not None:
            self._watch()

    def has_extn(self, keyword: str) -> bool:
        """Whether the last EHLO reply listed `keyword`, in any case."""
        return self.conversation.has_extn(keyword)

    def subscribe(self, callback: Subscriber, *, blocks: bool = False) -> Callable[[], None]:
        """`Transcript.subscribe`: call `callback(event)` for every event from now on."""
        return self.transcript.subscribe(callback, blocks=blocks)

    async def events(self, after: int = 0) -> AsyncIterator[Event]:
        """Every event from number `after` on, until the connection is over."""
        while True:
            for event in self.transcript.events(after):
                after += 1
                yield event
            if self._transport is None:
                return
            if after == self.transcript.sequence:
                await self.news()

    async def news(self) -> None:
        """Return when anything has happened: a line, a timeout, the end."""
        news = asyncio.get_running_loop().create_future()
        self._listeners.append(news)
        await news

    @property
    def waiting(self) -> tuple[str, float] | None:
        """(verb, seconds left) of the reply that is waited for; None when none is due."""
        verb = self.conversation.waiting_for
        if not verb or not self.connected:
            return None
        return verb, self._since + self.timeouts.reply_to(verb) - self._clock()

    @property
    def elapsed(self) -> float:
        """Seconds since the connection stood; it stops when the connection is over."""
        if not self._began:
            return 0.0
        return (self._ended or self._clock()) - self._began

    # Connecting

    async def connect(self, host: str | Target = "", port: int = 0) -> Reply:
        """Connect, and wait for the greeting. Returns it.

        Raises DialError (an OSError that says why and what to try), ConnectionLost, or
        ReplyTimedOut when the greeting does not come in time; then the connection stands.
        """
        if self._transport is not None:
            raise RuntimeError("this session is connected; close it first")
        if host:
            self.target = target_of(host, port)
        if self.target is None:
            raise ValueError("no host to connect to")
        await self.open()
        loop = asyncio.get_running_loop()
        if self._greeting is None:
            self._greeting = loop.create_future()
        return await self._greeting

    async def open(self) -> None:
        """Connect, without waiting for the greeting. Raises DialError."""
        assert self.target is not None
        if self.transcript.sequence:
            self.conversation = Conversation()
            self._seen = 0
        self._closing = self._lost = self._timed_out = None
        self._greeting = asyncio.get_running_loop().create_future()
        try:
            await dial(
                self.target,
                lambda: self,
                timeout=self.timeouts.connect,
                source_address=self.source_address,
            )
        except DialError as error:
            self._note(Disconnected(self._clock(), error.cause, error.detail))
            raise
        except asyncio.CancelledError:
            self._closing = Cause.CANCELLED
            if self._transport is None:
                self._note(Disconnected(self._clock(), Cause.CANCELLED, "given up"))
            else:
                self._transport.abort()
            raise

    async def __aenter__(self) -> Self:
        if self.target is not None:
            await self.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None and self.connected:
            with contextlib.suppress(ConnectionLost, ReplyTimedOut):
                await self.docmd("QUIT")
        await self.close()

    # Commands

    async def docmd(self, command: str | bytes, args: str | bytes = b"") -> Reply:
        """Send a command line and wait for its reply. CRLF is added; nothing is checked.

        Raises ConnectionLost, or ReplyTimedOut, after which a late reply is still recorded.
        """
        line = command if type(command) is bytes else _octets(command)
        if args:
            line += b" " + _octets(args)
        self._write(line + b"\r\n")
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        row = self.conversation.newest
        if row is None or row in self._waiters:
            self._next_reply.append(future)
        else:
            self._waiters[row] = future
        try:
            return await future
        except BaseException:  # cancelled, most likely: the reply will find nobody waiting
            self._forget(future)
            raise

    async def ehlo(self, name: str = "") -> Reply:
        """EHLO, or LHLO where the target speaks LMTP. `name` defaults to this host's."""
        verb = "LHLO" if self.target is not None and self.target.lmtp else "EHLO"
        return await self.docmd(verb, name or await self._own_name())

    async def helo(self, name: str = "") -> Reply:
        """HELO: no extensions will be known."""
        return await self.docmd("HELO", name or await self._own_name())

    async def noop(self) -> Reply:
        return await self.docmd(b"NOOP")

    async def quit(self) -> Reply:
        """QUIT, then close. Returns the reply."""
        reply = await self.docmd("QUIT")
        await self.close()
        return reply

    def send_line(self, line: bytes) -> None:
        """Send `line` and CRLF, and wait for nothing. Raises ConnectionLost."""
        self._write(line + b"\r\n")

    async def send_raw(
        self, data: bytes, progress: Callable[[int, int], object] | None = None
    ) -> None:
        """Send exactly these bytes; a rest without a line end is a piece.

        Returns when the system has taken them. `progress(octets, of)` is called now and then.
        Raises ConnectionLost, or ReplyTimedOut when the server takes nothing for too long.
        """
        start, size = 0, len(data)
        while start < size:
            await self._drained()
            end = start + PIECE
            if end < size:  # cut at a line end, so that the rows are whole lines
                end = data.rfind(b"\n", start, end) + 1 or end
            self._write(data[start:end])
            start = min(end, size)
            if progress is not None:
                progress(start, size)
        await self._drained()
        if not data.endswith(b"\n"):
            self.conversation.flush(CLIENT, self._clock())

    async def close(self) -> None:
        """Close the connection now, without QUIT. What has been sent is let out first."""
        transport = self._transport
        if transport is None:
            return
        if self._closing is None:
            self._closing = Cause.CLOSED_BY_CLIENT
        transport.close()
        if self._closed is not None:
            try:
                await asyncio.wait_for(asyncio.shield(self._closed), 1.0)
            except TimeoutError:  # a peer that does not read keeps what is unsent for ever
                transport.abort()
                await self._closed

    async def _own_name(self) -> str:
        if self.local_hostname is None:
            self.local_hostname = await host_name()
        return self.local_hostname

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if hasattr(transport, "max_size"):  # not of TLS, which reads into a buffer
            transport.max_size = READ
        self._closed = asyncio.get_running_loop().create_future()
        self._writable.set()
        now = self._since = self._began = self._clock()
        self._ended = 0.0
        peer = self.target.shown if self.target is not None else ""
        address = shown_address(transport.get_extra_info("peername"))
        local = shown_address(transport.get_extra_info("sockname"))
        self._note(Connected(now, peer, address, local))
        self._watch()

    def data_received(self, data: bytes) -> None:
        now = self._clock()
        self.conversation.feed(SERVER, data, now)
        self._look(now)

    def eof_received(self) -> bool:
        if self._closing is None:
            self._closing = Cause.CLOSED_BY_SERVER
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        cause, detail = _why(exc, self._closing)
        self._transport = None
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None
        self._lost = ConnectionLost(cause, detail)
        self._ended = self._clock()
        self._note(Disconnected(self._ended, cause, detail))
        waiting = [*self._waiters.values(), *self._next_reply]
        if self._greeting is not None:
            waiting.append(self._greeting)
        self._waiters.clear()
        self._next_reply.clear()
        for future in waiting:
            if not future.done():
                future.set_exception(self._lost)
                future.exception()  # looked at: nobody may be waiting for it
        self._writable.set()
        if self._closed is not None and not self._closed.done():
            self._closed.set_result(None)
        self._tell()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # Within

    def _write(self, data: bytes) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            raise self._lost or ConnectionLost(Cause.OTHER, "not connected")
        now = self._clock()
        conversation = self.conversation
        if conversation.oldest is None and conversation.greeting_seen:
            self._since = now
        transport.write(data)
        conversation.feed(CLIENT, data, now)
        if self._watchdog is None:
            self._watch()
        if self._listeners:
            self._tell()

    async def _drained(self) -> None:
        """Wait until the transport takes more; a server that never reads times out."""
        if not self._writable.is_set():
            try:
                await asyncio.wait_for(self._writable.wait(), self.timeouts.block)
            except TimeoutError:
                raise ReplyTimedOut("a block of the message", self.timeouts.block) from None
        if self._transport is None:
            raise self._lost or ConnectionLost(Cause.OTHER, "not connected")

    def _forget(self, future: asyncio.Future[Reply]) -> None:
        """Nobody waits any more for this reply."""
        for row, waiter in list(self._waiters.items()):
            if waiter is future:
                del self._waiters[row]
        if future in self._next_reply:
            self._next_reply.remove(future)

    def _look(self, now: float) -> None:
        """Hand the replies that have come to whoever waits for them."""
        news = self.conversation.transcript.marks_after(self._seen)
        self._seen += len(news)
        for event in news:
            if type(event) is ReplyReceived:
                self._since = now
                self._hand_over(event)
        if self._listeners:
            self._tell()

    def _hand_over(self, event: ReplyReceived) -> None:
        future = None
        if event.answers is not None:
            future = self._waiters.pop(event.answers, None)
        elif self._greeting is not None and not self._greeting.done():
            future = self._greeting
        if future is None and self._next_reply:
            future = self._next_reply.pop(0)
        if future is not None and not future.done():
            text = self.conversation.transcript.reply_text(event.row, event.last)
            future.set_result(Reply(event.code, text, event))

    def _note(self, fact: Event) -> None:
        self.conversation.note(fact)
        self._look(fact.at)

    def _tell(self) -> None:
        listeners, self._listeners = self._listeners, []
        for news in listeners:
            if not news.done():
                news.set_result(None)

    def _watch(self) -> None:
        """The one timer: due when the present wait would be over; it looks again then."""
        self._watchdog = None
        waiting = self.waiting
        if waiting is None:
            return
        verb, left = waiting
        if left > 0:
            loop = asyncio.get_running_loop()
            # No wait that begins from now on can be over before the shortest of them.
            soon = min(left + 0.01, self.timeouts.shortest)
            self._watchdog = loop.call_later(soon, self._watch)
            return
        if self._timed_out != (self._since, verb):
            self._timed_out = (self._since, verb)
            self._time_out(verb)

    def _time_out(self, verb: str) -> None:
        seconds = self.timeouts.reply_to(verb)
        text = f"no reply to {verb} within {seconds:g} seconds; the connection stands"
        if verb == "greeting":
            text = f"no greeting within {seconds:g} seconds; the connection stands"
        self._note(Note(self._clock(), "timeout", text))
        row = self.conversation.oldest
        future = self._greeting if verb == "greeting" else None
        if row is not None and future is None:
            future = self._waiters.pop(row, None)
        if future is None and self._next_reply:
            future = self._next_reply.pop(0)
        if future is not None and not future.done():
            future.set_exception(ReplyTimedOut(verb, seconds))
            future.exception()


def _octets(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text


def _why(exc: Exception | None, closing: Cause | None) -> tuple[Cause, str]:
    """Why a connection that stood is over."""
    if closing is Cause.CLOSED_BY_CLIENT:
        return closing, "closed by us"
    if closing is Cause.CANCELLED:
        return closing, "given up"
    if exc is None:
        return Cause.CLOSED_BY_SERVER, "the server closed the connection"
    if isinstance(exc, ConnectionError):
        return Cause.RESET, "the server reset the connection: it closed it without reading on"
    if isinstance(exc, TimeoutError):
        return Cause.TIMED_OUT, "the network gave up: no answer from the other side"
    return Cause.OTHER, str(exc) or type(exc).__name__
