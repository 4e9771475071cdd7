"""`Connection`: the asyncio driver. It connects, writes, reads, closes; it understands nothing.

Every byte, either way, is fed to one `Conversation`; what is heard and waited for is in hearing.py,
how the steps of a procedure are carried out in performing.py. A call that is cancelled does not
close the connection.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import ConnectionLost, ReplyTimedOut
from ..events import CLIENT, SERVER, TRIED, Cause, Connected, Disconnected, Note
from ..net.dial import Attempt, DialError, dial, shown_address
from ..protocol.conversation import Conversation
from ..protocol.states import State
from ..record.transcript import Transcript
from ..target import Target, target_of
from ..timeouts import Timeouts
from .hearing import Hearing
from .reply_waiters import Exchange, ReplyWaiters

if TYPE_CHECKING:
    import ssl

    from ..tls.handshake import HandshakeRecord, TlsSettings

WRITTEN_AT_ONCE = 256 * 1024  # bytes of a message that are handed to the transport at once
READ = 64 * 1024  # bytes that are written or read at once
# Bytes that are read at first: asyncio's 256 KiB are new memory for each read, which the C library
# fetches from the system and gives back. A read that filled it all is followed by longer ones.
FIRST_READ = 16 * 1024

_TLS_NEXT = State.TLS  # looked up in its Enum it costs as much as a row


class Connection(Hearing, asyncio.Protocol):
    """One connection to an SMTP or LMTP server, in the clear or in TLS; `Session` leads it."""

    def __init__(
        self,
        host: str | Target = "",
        port: int = 0,
        *,
        timeout: float | None = None,
        timeouts: Timeouts | None = None,
        local_hostname: str | None = None,
        source_address: tuple[str, int] | None = None,
        tls: TlsSettings | Callable[[], TlsSettings] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if timeouts is None:
            timeouts = Timeouts() if timeout is None else Timeouts.all(timeout)
        super().__init__(timeouts, clock)
        self.local_hostname = local_hostname
        self.source_address = source_address
        self._tls_settings = tls
        self.target = target_of(host, port) if host else None
        self._began = self._ended = 0.0
        self._closing: Cause | None = None
        self._why = ""  # the detail of why TLS failed
        # The handshake, and the name that the certificate is checked for.
        self._shown: tuple[HandshakeRecord | None, str] = (None, "")
        self._handshaking, self._handshake_began = False, 0.0
        self._stage = ""  # what is waited for before the connection stands
        self._closed: asyncio.Future[None] | None = None

    @property
    def tls_settings(self) -> TlsSettings | None:
        """How TLS is to be done; what was given as a function is called at the first look."""
        if callable(self._tls_settings):
            self._tls_settings = self._tls_settings()
        return self._tls_settings

    @tls_settings.setter
    def tls_settings(self, settings: TlsSettings | None) -> None:
        self._tls_settings = settings

    @property
    def elapsed(self) -> float:
        """Seconds since the connection stood; it stops when the connection is over."""
        if not self._began:
            return 0.0
        return (self._ended or self.clock()) - self._began

    @property
    def stage(self) -> str:
        """What is being waited for before a word can be said, in words; "" when nothing is."""
        return "the TLS handshake" if self._handshaking else self._stage

    @property
    def handshake_left(self) -> float | None:
        """Seconds left for the TLS handshake that is under way; None when none is."""
        if not self._handshaking:
            return None
        return self._handshake_began + self.timeouts.tls - self.clock()

    # Connecting

    async def open(self) -> None:
        """Connect, without waiting for the greeting; with implicit TLS the handshake is part of it.

        Raises DialError, TlsSettingsError, and what the handshake raises.
        """
        if self._transport is not None:
            raise RuntimeError("this session is connected; close it first")
        if self.target is None:
            raise ValueError("no host to connect to")
        if self.transcript.sequence:
            self.conversation = Conversation(Transcript(heard_by=self.transcript))
        self._seen = 0
        self._closing = self._lost = self._timed_out = None
        self._waiting = ReplyWaiters()
        self._waiting.for_greeting()
        try:
            await dial(
                self.target,
                lambda: self,
                timeout=self.timeouts.connect,
                source_address=self.source_address,
                stage=self._at_stage,
                tried=self._tried,
            )
        except DialError as error:
            self.note(Disconnected(self.clock(), error.cause, error.detail))
            raise
        except asyncio.CancelledError:
            self._give_up()
            raise
        finally:
            self._stage = ""
        if self.target.implicit:
            await self.handshake()

    def _tried(self, attempt: Attempt) -> None:
        self.note(Note(self.clock(), TRIED, f"tried {attempt}"))

    def _at_stage(self, stage: str) -> None:
        self._stage = stage

    def _give_up(self) -> None:
        """Connecting was cancelled."""
        self._closing = Cause.CANCELLED
        if self._transport is None:
            self.note(Disconnected(self.clock(), Cause.CANCELLED, "given up"))
        else:
            self._transport.abort()

    async def handshake(self, context: ssl.SSLContext | None = None) -> None:
        """Do the TLS handshake now: after a 220 to STARTTLS, or at once.

        `context` is used as it is; without one it is made from `tls_settings`. Raises ssl.SSLError
        or another OSError, TlsSettingsError; then the connection is over.
        """
        from ..tls.handshake import (
            HandshakeRecord,
            TlsSettings,
            check_pinned,
            failed,
            make_context,
            name_of,
            started,
        )

        transport = self._transport
        if transport is None:
            raise self._lost or ConnectionLost(Cause.OTHER, "not connected")
        host = self.target.host if self.target is not None else ""
        seen, settings = None, TlsSettings()
        self._handshaking, self._handshake_began = True, self.clock()
        try:
            settings = await asyncio.to_thread(lambda: self.tls_settings) or settings
            if context is None:
                host = name_of(settings, host)
                seen = HandshakeRecord()
                context = await asyncio.to_thread(make_context, settings, seen)
            elif context.check_hostname or host:
                host = name_of(settings, host)
            fresh = await asyncio.get_running_loop().start_tls(
                transport,
                self,
                context,
                server_hostname=host or None,
                ssl_handshake_timeout=self.timeouts.tls,
            )
            assert fresh is not None
            tls = fresh.get_extra_info("ssl_object")
            if seen is None:
                check_pinned(tls, settings.pinned)
        except (OSError, ValueError) as error:
            fact = failed(error, seen, host, self.clock())
            if isinstance(error, OSError):
                self.note(fact)
            self._closing, self._why = Cause.TLS_FAILED, fact.detail
            transport.abort()
            self.connection_lost(None)
            raise
        except asyncio.CancelledError:
            self._closing = Cause.CANCELLED
            transport.abort()
            self.connection_lost(None)
            raise
        finally:
            self._handshaking = False
        self._transport = fresh
        self._shown = seen, host
        self.note(started(tls, seen, settings, host, self.clock()))
        self._since = self.clock()

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
                await asyncio.shield(self._closed)
            except asyncio.CancelledError:
                transport.abort()
                raise

    # Sending

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
            end = start + WRITTEN_AT_ONCE
            if end < size:  # cut at a line end, so that the rows are whole lines
                end = data.rfind(b"\n", start, end) + 1 or end
            self._write(data[start:end])
            start = min(end, size)
            if progress is not None:
                progress(start, size)
        await self._drained()
        if not data.endswith(b"\n"):
            self.conversation.flush(CLIENT, self.clock())

    def _write(
        self, data: bytes, commands: list[bytes] | None = None, exchange: Exchange | None = None
    ) -> None:
        """Write `data` at once, and feed it, or the commands that it consists of one by one."""
        transport = self._transport
        if transport is None or transport.is_closing():
            raise self._lost or ConnectionLost(Cause.OTHER, "not connected")
        now = self.clock()
        conversation = self.conversation
        if conversation.due is True or (conversation.oldest is None and conversation.greeting_seen):
            self._since = now
        elif self._timed_out == self._since:
            self._since = now  # what comes behind a reply that never came has a time of its own
        transport.write(data)
        if exchange is None or commands is None:
            conversation.feed(CLIENT, data, now)
        else:
            self._feed(commands, exchange, now)
        if self._watchdog is None:
            self._watch()
        if self._listeners:
            self._tell()

    def _feed(self, commands: list[bytes], exchange: Exchange, now: float) -> None:
        """Feed what was written, and wait for the reply to each command in it."""
        conversation = self.conversation
        for command in commands:
            before = conversation.newest
            conversation.feed(CLIENT, command, now)
            row = conversation.newest
            if row is not None and row != before:
                exchange.waiting.append((row, self._waiting.for_row(row)))

    async def _drained(self, exchange: Exchange | None = None) -> None:
        """Wait until the transport takes more, or, for an exchange, until it was answered.

        A server that is slow has its time as long as it goes on reading; one that reads nothing
        for too long times out.
        """
        while self._paused and self._transport is not None:
            if exchange is not None and self._answered(exchange):
                return
            self._wake.clear()
            left = self._transport.get_write_buffer_size()
            try:
                await asyncio.wait_for(self._wake.wait(), self.timeouts.block)
            except TimeoutError:
                transport = self._transport
                if transport is not None and transport.get_write_buffer_size() >= left:
                    raise ReplyTimedOut("a block of the message", self.timeouts.block) from None
        if self._transport is None:
            raise self._lost or ConnectionLost(Cause.OTHER, "not connected")

    def _answered(self, exchange: Exchange) -> bool:
        """Whether the server has said something to what is still being sent."""
        if self._waiting.early is not None:
            return True
        return bool(exchange.waiting) and exchange.waiting[0][1].done()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if hasattr(transport, "max_size"):  # not of TLS, which reads into a buffer
            transport.max_size = FIRST_READ  # pyright: ignore[reportAttributeAccessIssue]
        self._closed = asyncio.get_running_loop().create_future()
        self._paused = False
        now = self._since = self._began = self.clock()
        self._ended = 0.0
        peer = self.target.shown if self.target is not None else ""
        address = shown_address(transport.get_extra_info("peername"))
        local = shown_address(transport.get_extra_info("sockname"))
        if self.target is not None and self.target.implicit:
            transport.pause_reading()
        self.note(Connected(now, peer, address, local))
        self._watch()

    def data_received(self, data: bytes) -> None:
        now = self.clock()
        reply = self.conversation.feed(SERVER, data, now)
        if reply is not None:  # that, and nothing else
            self._come(reply, data[4:].strip(b" \t\r\n"), now)
            return
        transport = self._transport
        if transport is not None:
            if self.conversation.state is _TLS_NEXT:
                transport.pause_reading()  # what comes now belongs to the handshake
            if len(data) >= FIRST_READ and getattr(transport, "max_size", READ) < READ:
                transport.max_size = READ  # pyright: ignore[reportAttributeAccessIssue]
        self._look(now)

    def eof_received(self) -> bool:
        if self._closing is None:
            self._closing = Cause.CLOSED_BY_SERVER
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is None:
            return
        if isinstance(exc, ConnectionError) and self._closing is None:
            self._last_words(self._transport)
        if self._closing is None and self.conversation.tls and _is_tls(exc):
            from ..tls.handshake import failed

            assert exc is not None
            fact = failed(exc, *self._shown, self.clock())
            self.note(fact)
            self._closing, self._why = Cause.TLS_FAILED, fact.detail
        cause, detail = _why(exc, self._closing)
        if cause is Cause.TLS_FAILED:
            detail = self._why
        self._transport = None
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None
        self._lost = ConnectionLost(cause, detail)
        self._ended = self.clock()
        self.note(Disconnected(self._ended, cause, detail))
        self._waiting.end(self._lost)
        self._paused = False
        self._wake.set()
        if self._closed is not None and not self._closed.done():
            self._closed.set_result(None)
        self._tell()

    def _last_words(self, transport: asyncio.Transport) -> None:
        """Read what had come when writing failed: asyncio does not.

        A server that refuses a message half way and hangs up has said why.
        """
        sock = transport.get_extra_info("socket")
        if sock is None or transport.get_extra_info("ssl_object") is not None:
            return
        try:
            while data := os.read(sock.fileno(), READ):
                self.data_received(data)
        except OSError:
            pass  # there is no more

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._wake.set()


def _why(exc: Exception | None, closing: Cause | None) -> tuple[Cause, str]:
    """Why a connection that stood is over."""
    if closing is Cause.CLOSED_BY_CLIENT:
        return closing, "closed by us"
    if closing is Cause.CANCELLED:
        return closing, "given up"
    if closing is Cause.TLS_FAILED:
        return closing, ""
    if exc is None:
        return Cause.CLOSED_BY_SERVER, "the server closed the connection"
    if isinstance(exc, ConnectionError):
        return Cause.RESET, "the server reset the connection: it closed it without reading on"
    if isinstance(exc, TimeoutError):
        return Cause.TIMED_OUT, "the network gave up: no answer from the other side"
    return Cause.OTHER, str(exc) or type(exc).__name__


def _is_tls(exc: Exception | None) -> bool:
    """In TLS 1.3 a server says only now that it does not like the client's certificate."""
    import ssl

    return isinstance(exc, ssl.SSLError)
