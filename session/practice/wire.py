"""The wire of one connection: lines in, replies out, TLS, closing. A subclass of aiosmtpd's SMTP.

Every octet from the client arrives in `data_received`, and every octet to the client leaves through
`_write`. The scenario decides how a reply is sent (late, in pieces, without codes).

It uses these private names of aiosmtpd: `_smtp_methods` (the commands), `_reader` and `_writer`,
`_handle_client` (the conversation), `_create_session` and `_set_rset_state` (the state after
STARTTLS). Like aiosmtpd itself, it also uses private names of asyncio: `_transport` of the reader
and writer (for STARTTLS), and `_buffer` of the reader (for STARTTLS, and data read ahead).

The handlers (`handle_MAIL` …) receive aiosmtpd's own objects as `Any`. Where a method overrides one
of aiosmtpd's with other types, a comment points this out.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import struct
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable
from typing import Any, cast

from aiosmtpd.smtp import SMTP, TLSSetupException

from ..closing import close_once
from ..visible import visible_text
from . import limits
from .clients import ConnectedClients, Watch
from .diagnosis import Diagnosis
from .environment import Environment, Memory
from .events import ClientConnected, ClientGone, ClientSaid, ServerSaid
from .failed_handshake import HIDDEN
from .mailboxes import DOMAIN
from .replies import shaped
from .scenarios.model import Rule
from .scenarios.rules import Situation, filled

log = logging.getLogger("heloscope.practice")

HELD = 64 * 1024  # octets of replies held back until the end of a pipelined group
_LINGER_NOT = struct.pack("ii", 1, 0)


class Left(Exception):
    """Raised after the server has closed the connection, to end the conversation."""


class WireSMTP(SMTP, ABC):
    """A connection to the practice server. It starts with TLS if `implicit` is true.

    All connections share `environment`; those of one port and scenario share `memory`.
    """

    line_length_limit = limits.BUFFER  # the commands check their own limits

    def __init__(
        self,
        environment: Environment,
        memory: Memory,
        *,
        number: int = 0,
        implicit: bool = False,
        lmtp: bool = False,
    ) -> None:
        super().__init__(
            self,
            data_size_limit=limits.SIZE,
            enable_SMTPUTF8=True,
            hostname=DOMAIN,
            ident="ESMTP heloscope practice server",
            timeout=limits.IDLE_TIMEOUT,
            loop=asyncio.get_running_loop(),
        )
        self.number = number
        """The number of the connection, counted from 1."""
        self.clients: ConnectedClients | None = None
        """The ConnectedClients that observes the client, or None. Set before `connection_made`."""
        self._watch: Watch | None = None
        self._octets = 0  # received, except the beginning of the TLS handshake
        self._unreported: deque[tuple[Diagnosis, int]] = deque()  # with the octets up to their line
        self._environment = environment
        self._memory = memory
        self._scenario = memory.scenario
        self._implicit = implicit
        self.lmtp = lmtp or memory.scenario.lmtp
        """Whether the protocol is LMTP."""
        self._in_chunk = False  # the octets of a chunk are not lines
        self._line = 0  # octets since the last line end
        self._held = bytearray()  # replies to a pipelined group
        self._early = False  # a command arrived before the reply to the previous one
        self._tls_next = False  # data after the reply being sent belongs to the handshake
        self._decrypted: bytearray | None = (
            None  # what came before the end of the handshake was told
        )
        self._pending: tuple[Rule, Situation] | None = None  # of the command being carried out
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """A future that is done when the connection has been closed."""

    @property
    def encrypted(self) -> bool:
        """Whether TLS is active."""
        return self.transport is not None and bool(self.transport.get_extra_info("ssl_object"))

    @property
    def _ahead(self) -> bytearray:
        """The octets that have been read but not yet examined."""
        return cast(Any, self._reader)._buffer

    # Replies

    async def push(self, status: str | bytes) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]: see the module
        """Send a reply from aiosmtpd; `status` is None if the handler has already sent one."""
        if cast(object, status) is not None:
            text = status.decode("utf-8", "replace") if isinstance(status, bytes) else status
            await self._say(self._worded(text))

    def _worded(self, status: str) -> str:
        """Return the reply to send instead of one from aiosmtpd."""
        return status

    async def _say(self, *lines: str) -> None:
        """Send a reply of lines such as "250 2.0.0 text", unless a rule replaces it."""
        pending, self._pending = self._pending, None
        if pending is not None and pending[0].reply:
            rule, situation = pending
            await self._send([filled(line, situation) for line in rule.reply], rule)
        else:
            await self._send(shaped(lines, self._scenario), pending[0] if pending else None)
        if pending is not None:
            await self._afterwards(*pending)

    async def _send(self, lines: list[str], rule: Rule | None = None) -> None:
        """Send the complete lines of a reply in the way that the scenario requires."""
        data = _octets(lines)
        more = bool(self._ahead)
        if more:
            self._early = self._early or not self._in_chunk
            # Other tasks get a turn first: thousands of commands may have been read ahead, and the
            # practising program runs in the same thread.
            await asyncio.sleep(0)  # not afterwards: a handshake follows its 220 at once
        self._report_reply(lines)
        if self._tls_next and self._scenario.inject:  # one write, as an attacker sends one segment
            self._report_reply(self._scenario.inject)
            data += _octets(self._scenario.inject)
        last = data[:3] in (b"221", b"421")  # after which the connection is closed
        held = len(self._held) + len(data) <= HELD and not last
        if self._scenario.batch and b"\n" in self._ahead and held:
            self._held += data
        else:
            await self._wait(self._scenario.delay)
            data = bytes(self._held) + data
            self._held.clear()
            if self._tls_next and self.transport is not None:
                cast(asyncio.Transport, self.transport).pause_reading()  # start_tls resumes it
            await self._write_paced(data, rule)
        if self._scenario.forgetful and data[:1] == b"5":
            self._ahead.clear()

    def _report_reply(self, lines: Iterable[str]) -> None:
        """Notify subscribers of any mistakes in the command, and then of the reply."""
        self._report_diagnoses()
        if self._environment.subscribers:
            shown = tuple(visible_text(self._masked(line, sent=False)) for line in lines)
            self._environment.tell(ServerSaid(self._environment.clock(), self.number, shown))

    async def _write_paced(self, data: bytes, rule: Rule | None) -> None:
        """Write a reply at once, in pieces, or octet by octet, as `rule` or the scenario says."""
        if rule is not None and rule.pieces:
            at = 0
            for size in rule.pieces:
                await self._write(data[at : at + size])
                at += size
                if at < len(data):
                    await self._wait(rule.gap)
            data = data[at:]
        if self._scenario.gap:
            for at, octet in enumerate(data, 1):
                await self._write(bytes((octet,)))
                if at < len(data):
                    await self._wait(self._scenario.gap)
        elif data:
            await self._write(data)

    async def _write(self, data: bytes) -> None:
        """Write to the client. On timeout, abort the connection and raise ConnectionResetError."""
        if self._watch is not None:
            self._watch.sent(data)
        try:
            async with asyncio.timeout(limits.UNREAD_TIMEOUT):
                self._writer.write(data)
                await self._writer.drain()
        except TimeoutError:
            self.end(at_once=True)
            raise ConnectionResetError("the client does not read") from None

    async def _wait(self, lesson_seconds: float) -> None:
        if lesson_seconds:
            await asyncio.sleep(self._scenario.seconds(lesson_seconds))

    # Rules

    async def _follow(self, rule: Rule, situation: Situation) -> bool:
        """Apply a rule, and return whether to execute the command as well."""
        await self._wait(rule.delay)
        if rule.carry_out or not (rule.reply or rule.silent or rule.close or rule.reset):
            self._pending = (rule, situation)
            return True
        if rule.reply:
            await self._send([filled(line, situation) for line in rule.reply], rule)
        await self._afterwards(rule, situation)
        return False

    async def _afterwards(self, rule: Rule, situation: Situation) -> None:
        """Apply the part of a rule that follows the reply. Raises Left if it disconnects."""
        if rule.also:
            await self._send([filled(line, situation) for line in rule.also])
        if rule.close or rule.reset:
            self.leave(reset=rule.reset)

    def leave(self, *, reset: bool = False) -> None:
        """Close or reset the connection. Raises Left."""
        if self._held:
            self._writer.write(bytes(self._held))
            self._held.clear()
        if reset and self.transport is not None:
            raw = self.transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self.end(at_once=reset)
        raise Left

    # The conversation

    async def _handle_client(self) -> None:
        try:
            if self._implicit:
                await self._begin_tls(await self._context())
            await self._greet()
            while self.transport is not None:
                try:
                    await self._next_command()
                except asyncio.CancelledError:
                    close_once(self._writer.transport)
                    raise
                except (ConnectionError, TLSSetupException, Left):
                    raise
                except Exception as error:
                    await self.push(await self.handle_exception(error) or "")
        except TLSSetupException as error:
            if self.transport is not None:
                close_once(self.transport)
            self.connection_lost(error)
        except (ConnectionError, Left) as error:
            close_once(self._writer.transport)
            # The reader holds the error, whose frames hold the reader: a reference cycle.
            error.__traceback__ = None

    @abstractmethod
    async def _greet(self) -> None:
        """Send the greeting. Raises Left if the connection is closed."""

    @abstractmethod
    async def _next_command(self) -> None:
        """Read and execute a command."""

    async def handle_exception(self, error: Exception) -> str | None:  # pyright: ignore[reportIncompatibleMethodOverride]: see the module
        """Return the reply to a command that failed. Raises Left if the client has left."""
        if isinstance(error, TimeoutError):
            await self._say("421 4.4.2 Nothing was received for too long; closing the connection")
            raise Left from error
        if isinstance(error, asyncio.IncompleteReadError):
            raise Left from error
        log.error("internal error in the practice server", exc_info=error)
        return "451 4.3.0 Internal error in the practice server; the command was not executed"

    def _masked(self, line: str, *, sent: bool) -> str:
        return line if self._watch is None else self._watch.masked(line, sent=sent)

    def _heard(self, text: str) -> None:
        """Notify subscribers of a line from the client."""
        if self._environment.subscribers:
            shown = visible_text(self._masked(text[:1000], sent=True))
            self._environment.tell(ClientSaid(self._environment.clock(), self.number, shown))
        self._report_diagnoses()

    def _diagnosed(self, diagnosis: Diagnosis, octets: int | None) -> None:
        """Notify subscribers of a diagnosis, after the line to which it applies.

        The observer sees lines as they arrive, possibly long before they are executed. `octets` is
        the number that `ConnectedClients.watch` passes to `on_diagnosis`.
        """
        if octets:
            self._unreported.append((diagnosis, octets))
        else:
            self._report_diagnoses(all_of_them=octets is None)
            self._environment.tell(diagnosis)

    def _report_diagnoses(self, *, all_of_them: bool = False) -> None:
        """Notify subscribers of the diagnoses of lines already read, or of all diagnoses."""
        read = self._octets - len(self._ahead)
        while self._unreported and (all_of_them or self._unreported[0][1] <= read):
            self._environment.tell(self._unreported.popleft()[0])

    # The transport

    def end(self, *, at_once: bool = False) -> None:
        """Close the connection. If `at_once`, discard data that the client has not received."""
        if self._watch is not None:
            self._watch.server_closes()
        transport = self._writer.transport
        if at_once:
            transport.abort()
        else:
            close_once(transport)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._implicit:  # data that arrives belongs to the handshake
            # uvloop's transport has the methods of an asyncio.Transport, but is not one.
            self._pause_at_first(cast(asyncio.Transport, transport))
        peer: Any = transport.get_extra_info("peername")
        own: Any = transport.get_extra_info("sockname")
        by_ip = bool(peer) and not isinstance(peer, str | bytes)  # a unix socket has a path
        self._environment.tell(
            ClientConnected(
                self._environment.clock(),
                self.number,
                f"{peer[0]}:{peer[1]}" if by_ip else "",
                own[1] if by_ip else 0,
                self._scenario.name,
            )
        )
        super().connection_made(transport)
        if self.clients is not None:
            self._watch = self.clients.watch(
                transport,
                number=self.number,
                implicit_tls=self._implicit,
                certificate=HIDDEN if self._scenario.puzzle else self._scenario.certificate,
                on_diagnosis=self._diagnosed,
            )

    def _pause_at_first(self, transport: asyncio.Transport) -> None:
        """Keep a new transport from reading.

        In Python 3.11.2, asyncio starts to read after `connection_made` even if that method has
        paused reading, and ignores a second pause.
        """

        def pause_again() -> None:
            if not transport.is_closing():
                transport.resume_reading()
                transport.pause_reading()

        transport.pause_reading()
        self.loop.call_soon(pause_again)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.gone.done():
            self._release()
            self._report_diagnoses(all_of_them=True)
            if self._watch is not None:
                self._watch.closed(error)
            super().connection_lost(error)
            self.gone.set_result(None)
            self._environment.tell(ClientGone(self._environment.clock(), self.number))

    @abstractmethod
    def _release(self) -> None:
        """Release the room reserved for an unfinished transaction."""

    def eof_received(self) -> bool | None:
        """Keep the connection open to answer what arrived before EOF; aiosmtpd would discard it."""
        if self._watch is not None:
            self._watch.eof()
        kept = asyncio.StreamReaderProtocol.eof_received(self)
        if self.transport is None or self.transport.is_closing():
            return False  # a TLS transport must not be closed twice
        return False if self.encrypted else kept

    def data_received(self, data: bytes) -> None:
        """Process data from the client. Disconnects a client that sends an endless line."""
        if self._decrypted is not None:
            self._decrypted += data
        elif self._watch is not None:
            self._watch.received(data)
        end = data.rfind(b"\n")
        self._line = len(data) - end - 1 if end >= 0 else self._line + len(data)
        if self._line <= limits.ENDLESS or self._in_chunk:
            self._octets += len(data)
            super().data_received(data)
        elif self.transport is not None and not self.transport.is_closing():
            self._writer.write(b"500 5.5.2 Line too long; closing the connection\r\n")
            close_once(self._writer.transport)

    # TLS

    async def _context(self) -> ssl.SSLContext:
        """Return the server's TLS context. Its certificate is generated on first use."""
        certificate = self._environment.certificate
        return await asyncio.to_thread(certificate.context_of, self._scenario.certificate)

    async def _begin_tls(self, context: ssl.SSLContext) -> None:
        """Perform the handshake, after discarding earlier plaintext (RFC 3207 section 5).

        A scenario may keep the plaintext instead. Raises TLSSetupException if the handshake fails.
        """
        plain = cast("asyncio.Transport | None", self.transport)
        if plain is None:
            raise TLSSetupException
        if not self._scenario.keep_plaintext:
            self._ahead.clear()
        # A client's first lines within TLS may arrive together with the end of its handshake,
        # before this coroutine continues; its observer must be notified of TLS first.
        self._decrypted = bytearray()
        try:
            secure = await self.loop.start_tls(
                plain,
                self,
                context,
                server_side=True,
                ssl_handshake_timeout=limits.HANDSHAKE_TIMEOUT,
            )
        except OSError as error:
            if self._watch is not None:
                self._watch.tls_failed(error)
            raise TLSSetupException from error
        if secure is None:  # the client disconnected
            raise TLSSetupException
        decrypted, self._decrypted = bytes(self._decrypted), None
        if self._watch is not None:
            self._watch.tls_began(secure.get_extra_info("ssl_object"))
            if decrypted:
                self._watch.received(decrypted)
        plain.resume_reading()  # the reader may have paused it when its buffer was full
        self.transport = secure
        for end in (self._reader, self._writer):
            end._transport = secure  # pyright: ignore[reportAttributeAccessIssue]: see the module


def _octets(lines: Iterable[str]) -> bytes:
    """Encode lines as octets, with CRLF line endings."""
    return b"".join(line.encode("utf-8", "surrogateescape") + b"\r\n" for line in lines)
