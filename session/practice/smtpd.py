"""One connection of the practice server: a subclass of aiosmtpd's SMTP.

It replies as a real server does (enhanced codes, VRFY, EXPN, HELP, limits), and it disconnects
neither idle clients nor clients that send unknown commands.

It uses these private names of aiosmtpd: `_smtp_methods` (unknown commands), `_set_rset_state` and
`_set_post_data_state` (the end of a transaction), `_getaddr` and `_getparams` (the syntax of MAIL
and RCPT), `_reader` (the message), `_writer` (closing), `_create_session` (the state after
STARTTLS), `_handle_client` (implicit TLS); and, as aiosmtpd does itself, of asyncio: `_transport`
of reader and writer (for STARTTLS), `_buffer` of the reader (for STARTTLS, and what is read ahead).

The handlers (`handle_MAIL` …) receive aiosmtpd's own objects as `Any`; where a method overrides
one of aiosmtpd's with other types, a comment says so.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import re
import ssl
from collections.abc import Sequence
from typing import Any, cast

from aiosmtpd.smtp import (
    SMTP,
    TLSSetupException,
    syntax,  # pyright: ignore[reportUnknownVariableType]: aiosmtpd does not type it
)

from ..facts.commands import COMMANDS, nearest
from ..protocol.lines import count_longer
from ..visible import visible_text
from . import limits, message_reader, sasl_server
from . import mail_parameters as parameters
from .certificate import ServerCertificate
from .clients import ConnectedClients, Watch
from .limits import RECIPIENTS, SIZE, TEXT_LINE
from .mailboxes import (
    DOMAIN,
    LISTS,
    PEOPLE,
    Mailboxes,
    envelope_cost,
    local_part,
    look_up,
    mailboxes_of,
)
from .replies import (
    MALFORMED,
    MIXED,
    NO_ROOM,
    PARAMETERS_NEED_EHLO,
    refusal,
    reworded,
    wrong_syntax,
)

log = logging.getLogger("heloscope.practice")

_PARAMETERS = re.compile(r"> +\S")


class PracticeSMTP(SMTP):
    """A connection to the practice server, with `implicit` TLS or without TLS at first.

    All connections share `mailboxes`, `certificate` and `clients`, which observes them.
    """

    line_length_limit = limits.BUFFER  # the commands check their own limits

    def __init__(
        self,
        mailboxes: Mailboxes,
        clock: Any,
        certificate: ServerCertificate,
        clients: ConnectedClients,
        *,
        implicit: bool = False,
    ) -> None:
        super().__init__(
            self,
            data_size_limit=SIZE,
            enable_SMTPUTF8=True,
            hostname=DOMAIN,
            ident="ESMTP heloscope practice server",
            timeout=limits.IDLE_TIMEOUT,
            loop=asyncio.get_running_loop(),
        )
        self._mailboxes = mailboxes
        self._clock = clock
        self._certificate = certificate
        self._implicit = implicit
        self._clients = clients
        self._watch: Watch | None = None  # observes the client, from connection_made on
        self._smtp_methods = _Methods(self._smtp_methods)
        # The class attribute is shared by all connections, and grows with every EHLO and verb.
        self.command_size_limits = _LineLimits(
            MAIL=limits.MAIL_LINE, RCPT=limits.RCPT_LINE, AUTH=limits.AUTH_LINE
        )
        self._typed: tuple[str, ...] = ()  # the parameters of the current MAIL or RCPT
        self._chunks: bytearray | None = None  # the message so far; None outside BDAT
        self._chunk_lines = 0  # of it
        self._failed_chunk = False
        self._in_chunk = False  # the octets of a chunk are not lines
        self._line = 0  # octets since the last line end
        self._reserved = 0  # octets of the mailboxes' room that the transaction takes
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when the connection has closed."""

    @property
    def encrypted(self) -> bool:
        return self.transport is not None and bool(self.transport.get_extra_info("ssl_object"))

    async def push(self, status: str | bytes) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]: see the module
        """Send a reply of aiosmtpd's, with an enhanced code added."""
        if cast(object, status) is None:  # the client is gone: handle_exception returned no reply
            return
        if status == MALFORMED:
            status = f"501 5.1.{self._which()} Malformed address"
        if isinstance(status, str):
            status = reworded(status)
        await self._send(status)

    async def _say(self, *lines: str) -> None:
        """Send a reply of one or more lines as given, such as "250 2.0.0 text"."""
        for line in lines[:-1]:
            await self._send(f"{line[:3]}-{line[4:]}")
        await self._send(lines[-1])

    async def _send(self, line: str | bytes) -> None:
        """Send a line of a reply; a client that does not read is left.

        Others have their turn first if more commands have been read ahead: they may be thousands,
        and the program that practises runs in the same thread.
        """
        if line[3:4] != "-" and cast(Any, self._reader)._buffer:
            await asyncio.sleep(0)  # not afterwards: a handshake follows its 220 at once
        try:
            if self._watch is not None:
                self._watch.sent((line.encode() if isinstance(line, str) else line) + b"\r\n")
            async with asyncio.timeout(limits.UNREAD_TIMEOUT):
                await super().push(line)  # pyright: ignore[reportArgumentType]: bytes or str
        except TimeoutError:
            self.end(at_once=True)
            raise ConnectionResetError("the client does not read") from None

    def end(self, *, at_once: bool = False) -> None:
        """Close the connection; `at_once` discards data that the client has not received."""
        transport = self._writer.transport
        if at_once:
            transport.abort()
        else:
            transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if (
            self._implicit
        ):  # uvloop's transport has the methods of an asyncio.Transport, and is none
            cast(asyncio.Transport, transport).pause_reading()  # what arrives is the handshake's
        super().connection_made(transport)
        self._watch = self._clients.watch(transport, implicit_tls=self._implicit)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.gone.done():
            self._give_back()
            if self._watch is not None:
                self._watch.closed(error)
            super().connection_lost(error)
            self.gone.set_result(None)

    def eof_received(self) -> bool | None:
        """Keep the connection open to answer what arrived before EOF; aiosmtpd would discard it."""
        if self._watch is not None:
            self._watch.eof()
        kept = asyncio.StreamReaderProtocol.eof_received(self)
        if self.transport is None or self.transport.is_closing():
            return False  # a TLS transport must not be closed twice
        return False if self.encrypted else kept

    async def handle_exception(self, error: Exception) -> str | None:  # pyright: ignore[reportIncompatibleMethodOverride]: see the module
        if isinstance(error, TLSSetupException):
            return None  # the client has the TLS error
        if isinstance(error, TimeoutError):
            await self._say("421 4.4.2 Nothing came for too long; closing the connection")
            self._writer.close()
            raise asyncio.CancelledError from error
        if isinstance(error, asyncio.IncompleteReadError | ConnectionError):
            self._writer.close()
            raise asyncio.CancelledError from error  # the client is gone: end this task
        log.error("internal error in the practice server", exc_info=error)
        return "451 4.3.0 Internal error in the practice server; the command was not executed"

    def data_received(self, data: bytes) -> None:
        """Receive from the client; one that sends a line without an end is left."""
        if self._watch is not None:
            self._watch.received(data)
        end = data.rfind(b"\n")
        self._line = len(data) - end - 1 if end >= 0 else self._line + len(data)
        if self._line <= limits.ENDLESS or self._in_chunk:
            super().data_received(data)
        elif self.transport is not None and not self.transport.is_closing():
            self._writer.write(b"500 5.5.2 Line too long; closing the connection\r\n")
            self._writer.close()

    async def unknown(self, verb: str) -> None:
        """Reply 502 to a command of a standard, 500 to any other (RFC 5321 section 4.2.4)."""
        meant = nearest(verb)
        hint = f"; did you mean {meant}?" if meant else "; HELP lists the commands"
        if not verb:
            await self._say("500 5.5.2 Command not recognised")
        elif verb in COMMANDS and verb[0].isalpha():  # not the dot that ends a message, nor *
            await self._say(f"502 5.5.1 {verb} is not available here; HELP lists the commands")
        else:
            await self._say(f"500 5.5.1 Command not recognised: {visible_text(verb)[:40]}{hint}")

    # Greetings

    @syntax("EHLO hostname")
    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._greeted(hostname, "EHLO", extended=True):
            return
        await self._say(
            f"250 {DOMAIN} greets {visible_text(hostname)}",
            f"250 SIZE {SIZE}",
            "250 8BITMIME",
            "250 SMTPUTF8",
            "250 PIPELINING",
            "250 CHUNKING",
            "250 DSN",
            *(() if self.encrypted else ("250 STARTTLS",)),
            f"250 AUTH {' '.join(sasl_server.offered(encrypted=self.encrypted))}",
            "250 ENHANCEDSTATUSCODES",
            "250 EXPN",
            "250 HELP",
        )

    @syntax("HELO hostname")
    async def smtp_HELO(self, hostname: str) -> None:
        if await self._greeted(hostname, "HELO", extended=False):
            await self._say(f"250 {DOMAIN} greets {visible_text(hostname)}")

    async def _greeted(self, hostname: str | None, verb: str, *, extended: bool) -> bool:
        if not hostname:
            await self._say(f"501 5.5.4 Host name missing: {verb} your.host.name")
            return False
        assert self.session is not None
        self._set_rset_state()
        self.session.extended_smtp = extended
        self.session.host_name = hostname
        return True

    # TLS

    async def _handle_client(self) -> None:
        if self._implicit:
            try:
                await self._begin_tls(await self._context())
            except TLSSetupException as error:
                self.connection_lost(error)
                return
        await super()._handle_client()

    @syntax("STARTTLS")
    async def smtp_STARTTLS(self, arg: str | None) -> None:
        if self.encrypted:
            await self._say("503 5.5.1 TLS is already active")
        elif arg:
            await self._say("501 5.5.4 STARTTLS takes no argument")
        else:
            context = await self._context()  # before the 220, which the handshake follows at once
            await self._say("220 2.0.0 Ready to start TLS")
            await self._begin_tls(context)
            self._set_rset_state()  # RFC 3207 section 4.2: the state is discarded
            peer = self.session.peer if self.session is not None else None
            self.session = self._create_session()
            self.session.peer = peer

    async def _context(self) -> ssl.SSLContext:
        """The server's TLS context; its certificate is generated at the first use."""
        return await asyncio.to_thread(lambda: self._certificate.context)

    async def _begin_tls(self, context: ssl.SSLContext) -> None:
        """Do the handshake; discard plaintext received before it (RFC 3207 section 5)."""
        plain = cast("asyncio.Transport | None", self.transport)
        if plain is None:
            raise TLSSetupException
        cast(Any, self._reader)._buffer.clear()
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
        if self._watch is not None:
            self._watch.tls_began(secure.get_extra_info("ssl_object"))
        plain.resume_reading()  # the reader may have paused it when its buffer was full
        self.transport = secure
        for end in (self._reader, self._writer):
            end._transport = secure  # pyright: ignore[reportAttributeAccessIssue]: see the module

    # AUTH

    @syntax("AUTH mechanism [initial-response]")
    async def smtp_AUTH(self, arg: str | None) -> None:
        session, envelope = self.session, self.envelope
        assert session is not None and envelope is not None
        words = (arg or "").split()
        mechanism = words[0].upper() if words else ""
        if not session.host_name or not session.extended_smtp:
            await self._say("503 5.5.1 Send EHLO first")
        elif session.authenticated:
            await self._say("503 5.5.1 Already authenticated")
        elif envelope.mail_from:
            await self._say("503 5.5.1 Not allowed in a transaction; RSET aborts it")
        elif not 1 <= len(words) <= 2:
            await self._say(wrong_syntax("AUTH"))
        elif mechanism not in sasl_server.MECHANISMS:
            names = " ".join(sasl_server.offered(encrypted=self.encrypted))
            await self._say(f"504 5.5.4 Mechanism not offered; choose from {names}")
        elif sasl_server.MECHANISMS[mechanism] and not self.encrypted:
            await self._say(f"504 5.5.4 {mechanism} exposes the password: send STARTTLS first")
        elif len(words) == 2 and mechanism not in sasl_server.CLIENT_FIRST:
            await self._say(f"501 5.7.0 In {mechanism} the server speaks first")
        else:
            try:
                user = await self._exchange(mechanism, words[1:])
            except _Refused as refused:
                await self._say(str(refused))
            else:
                session.authenticated = True
                await self._say(f"235 2.7.0 Welcome, {PEOPLE[user].full_name}")

    async def _exchange(self, mechanism: str, initial: list[str]) -> str:
        """The user who logged in. Raises _Refused."""
        exchange = sasl_server.exchange(mechanism)
        try:
            challenge = next(exchange)
            while True:
                if initial:  # answers the first challenge, which is empty or asks for the user
                    response = b"" if initial[0] == "=" else _decoded(initial.pop().encode())
                    initial = []
                else:
                    await self._say(f"334 {base64.b64encode(challenge).decode()}")
                    response = await self._response()
                challenge = exchange.send(response)
        except StopIteration as over:
            return over.value
        except sasl_server.Malformed as error:
            raise _Refused(f"501 5.5.2 {visible_text(str(error))}") from None
        except sasl_server.Denied:
            raise _Refused("535 5.7.8 Wrong user or password") from None
        finally:
            exchange.close()

    async def _response(self) -> bytes:
        said = await message_reader.read_line(self._reader)
        if said is None or len(said) > limits.AUTH_LINE:
            raise _Refused("500 5.5.6 Line too long")
        if said == b"*":
            raise _Refused("501 5.7.0 Authentication cancelled")
        return _decoded(said)

    # Information

    @syntax("HELP [command]")
    async def smtp_HELP(self, arg: str | None) -> None:
        known = sorted(set(self._smtp_methods) & set(COMMANDS))
        if not arg:
            await self._say(
                "214 2.0.0 The practice server of heloscope. Commands:",
                f"214 2.0.0 {' '.join(known)}",
                "214 2.0.0 HELP with a command gives details",
            )
            return
        verb = arg.split()[0].upper()
        if verb not in known:
            await self._say(f"504 5.5.4 No help on {visible_text(verb)[:40]}")
            return
        command = COMMANDS[verb]
        await self._say(
            f"214 2.0.0 {command.syntax}",
            f"214 2.0.0 {command.summary}",
            f"214 2.0.0 {command.rfc}",
        )

    @syntax("VRFY user or mailbox")
    async def smtp_VRFY(self, arg: str | None) -> None:
        if not arg:
            await self._say(wrong_syntax("VRFY"))
            return
        asked = _without_parameter(arg)
        found = look_up(asked)
        if local_part(asked) in LISTS:
            await self._say("550 5.2.0 This is a mailing list, not a user; EXPN lists its members")
        elif len(found) == 1:
            await self._say(f"250 2.1.5 {found[0].shown}")
        elif found:
            await self._say(
                "553 5.1.4 Ambiguous; possible users are",
                *(f"553 5.1.4 {person.shown}" for person in found),
            )
        else:
            await self._say(f"550 5.1.1 No such user: {visible_text(asked)[:200]}")

    @syntax("EXPN list")
    async def smtp_EXPN(self, arg: str) -> None:
        if not arg:
            await self._say(wrong_syntax("EXPN"))
            return
        asked = _without_parameter(arg)
        members = LISTS.get(local_part(asked) or "")
        if members is not None:
            await self._say(*(f"250 2.1.5 {PEOPLE[name].shown}" for name in members))
        elif look_up(asked):
            await self._say("550 5.2.4 This is a user, not a mailing list; try VRFY")
        else:
            await self._say(f"550 5.1.1 No such list: {visible_text(asked)[:200]}")

    # Transactions: aiosmtpd parses the commands and calls these handlers

    def _which(self) -> int:
        """The detail of X.1.x for a malformed address: 7 for the sender, 3 for a recipient."""
        return 3 if self.envelope is not None and self.envelope.mail_from else 7

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        if arg.startswith("<") and ">" not in arg:
            return None, None
        try:
            return super()._getaddr(arg)
        except (RecursionError, IndexError, ValueError):  # of email's parser, at its limits
            return None, None

    def _getparams(self, params: Sequence[str]) -> dict[str, str | bool] | None:
        return parameters.parsed(params)

    def _not_ascii(self, address: str) -> str | None:
        """The refusal of a non-ASCII address; None if it is allowed (RFC 6531 section 3.5)."""
        assert self.envelope is not None
        if address.isascii():
            return None
        if not self.envelope.smtp_utf8:
            code = 553 if self.envelope.mail_from else 550  # for a recipient, and for the sender
            return f"{code} 5.6.7 A non-ASCII address requires the SMTPUTF8 parameter of MAIL"
        try:
            address.encode()
        except UnicodeEncodeError:
            return f"501 5.1.{self._which()} The address is not valid UTF-8"
        return None

    @syntax("MAIL FROM: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_MAIL(self, arg: str | None) -> None:
        found = self._parameters(arg, parameters.MAIL)
        if self._not_extended(arg):
            await self._say(PARAMETERS_NEED_EHLO)
        elif found.wrong:
            await self._say(f"501 5.5.4 {found.wrong}")
        else:
            await super().smtp_MAIL(found.rest or None)

    @syntax("RCPT TO: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_RCPT(self, arg: str | None) -> None:
        if arg is not None:  # RFC 5321 4.5.1: postmaster without a domain is valid
            arg = re.sub(r"(?i)\A(TO:\s*)<?(postmaster)>?(?=\s|\Z)", rf"\1<\2@{DOMAIN}>", arg)
        found = self._parameters(arg, parameters.RCPT)
        if self._in_chunks:
            await self._say(MIXED)
        elif self._not_extended(arg):
            await self._say(PARAMETERS_NEED_EHLO)
        elif found.wrong:
            await self._say(f"501 5.5.4 {found.wrong}")
        else:
            await super().smtp_RCPT(found.rest or None)

    def _not_extended(self, arg: str | None) -> bool:
        """Whether there are parameters although HELO offered none (RFC 5321 section 4.1.1.11)."""
        assert self.session is not None
        greeted = self.session.host_name and not self.session.extended_smtp
        return bool(greeted) and arg is not None and _PARAMETERS.search(arg) is not None

    def _parameters(
        self, arg: str | None, known: dict[str, parameters.ParameterSyntax]
    ) -> parameters.CommandArgument:
        """The argument without the parameters that aiosmtpd does not know; unchanged after HELO."""
        assert self.session is not None
        self._typed = ()
        if arg is None or not self.session.extended_smtp:
            return parameters.CommandArgument(arg or "", ())
        found = parameters.split_parameters(arg, known)
        self._typed = found.typed
        return found

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        refused = self._not_ascii(address)
        if refused is not None:
            return refused
        if not self._take_room((address, *self._typed)):
            return NO_ROOM
        envelope.mail_from = address
        envelope.mail_options.extend(self._typed)
        return "250 2.1.0 Sender accepted"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address == "<>":
            return "501 5.1.3 Recipient missing"
        refused = self._not_ascii(address)
        if refused is not None:
            return refused
        if local_part(address) is None:
            return f"550 5.7.1 Relaying denied: this server accepts mail for {DOMAIN} only"
        if not mailboxes_of(address):
            return "550 5.1.1 No such mailbox"
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return "452 4.5.3 Too many recipients; send to the rest in another transaction"
        if not self._take_room((address, *self._typed)):
            return NO_ROOM
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(self._typed)
        return "250 2.1.5 Recipient accepted"

    async def handle_RSET(self, server: Any, session: Any, envelope: Any) -> str:
        return "250 2.0.0 Transaction aborted"

    async def handle_NOOP(self, server: Any, session: Any, envelope: Any, arg: str) -> str:
        return "250 2.0.0 OK"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        return "221 2.0.0 Goodbye"

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:
        if await self.check_helo_needed():
            return
        if self._in_chunks:
            await self._say(MIXED)
            return
        if not await self._has_recipients():
            return
        if arg:
            await self._say("501 5.5.4 DATA takes no argument")
            return
        await self._say("354 Send the message; end it with a line that contains only a dot")
        await self._deliver(await message_reader.read_data(self._reader, SIZE, self._take_octets))

    @syntax("BDAT size [LAST]")
    async def smtp_BDAT(self, arg: str | None) -> None:
        """Receive a chunk (RFC 3030 section 2), whose octets are read whatever the reply."""
        match = re.fullmatch(r"(?i)(\d{1,20})( +LAST)?", arg or "")
        if match is None:
            await self._say(wrong_syntax("BDAT"))
            return
        size, last = int(match[1]), bool(match[2])
        before = len(self._chunks or b"")
        in_order = bool(self.envelope and self.envelope.rcpt_tos) and not self._failed_chunk
        fits = before + size <= SIZE
        keep = self._take_octets if in_order and fits else None
        self._in_chunk = True
        try:
            chunk = await message_reader.read_chunk(self._reader, size, keep)
        finally:
            self._in_chunk, self._line = False, 0
        lines = self._chunk_lines + (chunk or b"").count(b"\n")
        if self._failed_chunk:
            await self._say("503 5.5.1 An earlier chunk was refused; send RSET first")
        elif await self.check_helo_needed() or not await self._has_recipients():
            pass
        elif last:
            content = b"".join((self._chunks or b"", chunk)) if chunk is not None else None
            await self._deliver(message_reader.Received(content, before + size, lines))
        elif chunk is None or lines > limits.LINES:
            self._chunks, self._chunk_lines, self._failed_chunk = None, 0, True
            await self._say(refusal(message_reader.Received(None, before + size, lines)))
        else:
            self._chunks = self._chunks or bytearray()
            self._chunks += chunk
            self._chunk_lines = lines
            await self._say(f"250 2.0.0 {size} octets received")

    @property
    def _in_chunks(self) -> bool:
        return self._chunks is not None or self._failed_chunk

    def _set_post_data_state(self) -> None:
        super()._set_post_data_state()
        self._chunks, self._chunk_lines, self._failed_chunk = None, 0, False
        self._give_back()

    def _take_octets(self, octets: int) -> bool:
        """Reserve room for a part of the message. Returns whether there is room."""
        if not self._mailboxes.take_room(octets):
            return False
        self._reserved += octets
        return True

    def _take_room(self, texts: Sequence[str]) -> bool:
        """Reserve room for a part of the envelope. Returns whether there is room."""
        return self._take_octets(envelope_cost(texts))

    def _give_back(self) -> None:
        self._mailboxes.give_back(self._reserved)
        self._reserved = 0

    async def _has_recipients(self) -> bool:
        envelope = self.envelope
        assert envelope is not None
        if not envelope.rcpt_tos:
            first = "RCPT" if envelope.mail_from else "MAIL"
            await self._say(f"503 5.5.1 Send {first} first")
        return bool(envelope.rcpt_tos)

    async def _deliver(self, received: message_reader.Received) -> None:
        """Deliver a message, if it was kept, and end the transaction."""
        envelope, session = self.envelope, self.session
        assert envelope is not None and session is not None
        self._set_post_data_state()
        content = received.content
        if content is None or received.lines > limits.LINES:
            await self._say(refusal(received))
        elif count_longer(content, TEXT_LINE):
            await self._say(f"500 5.6.0 A line of the message is longer than {TEXT_LINE} octets")
        else:
            message = self._mailboxes.deliver(
                self._clock(),
                str(session.host_name),
                str(envelope.mail_from).removeprefix("<").removesuffix(">"),
                tuple(envelope.rcpt_tos),
                (*envelope.mail_options, *envelope.rcpt_options),
                content,
            )
            await self._say(f"250 2.0.0 Message {message.number} delivered")


class _LineLimits(dict[str, int]):
    """The longest line of each command; unlike a defaultdict, it does not grow when asked."""

    def __missing__(self, verb: str) -> int:
        return limits.COMMAND_LINE


class _Refused(Exception):
    """The login ends with this reply."""


class _Methods(dict[str, Any]):
    """The commands; an unknown one gets a reply, and the fifth does not end the connection."""

    def get(self, verb: str, default: Any = None) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]: see the module
        method = super().get(verb)
        server = self["HELP"].__self__

        async def answer(arg: str | None) -> None:
            if method is None:
                await server.unknown(verb)
            elif arg is not None and "\0" in arg:
                await server._say("501 5.5.2 Commands must not contain NUL")
            else:
                await method(arg)

        return answer


def _decoded(said: bytes) -> bytes:
    """The decoded response. Raises _Refused if it is not base64."""
    try:
        return base64.b64decode(said, validate=True)
    except binascii.Error:
        raise _Refused("501 5.5.2 Invalid base64") from None


def _without_parameter(arg: str) -> str:
    """The argument of VRFY or EXPN without a final SMTPUTF8 (RFC 6531 section 3.7.4.2)."""
    return re.sub(r"(?i)\s+SMTPUTF8\Z", "", arg)
