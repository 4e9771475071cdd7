"""One connection to the practice server: DATA and BDAT, on top of the other commands.

Each of these files has one subject and builds on the previous one: `wire` (lines in, replies out,
TLS), `greeting` (dispatching commands; EHLO, STARTTLS), `login` (AUTH), `information` (HELP, VRFY,
EXPN), `envelope` (MAIL, RCPT), and this one. `delivery` delivers the messages.
"""

from __future__ import annotations

import re
from typing import Any

from aiosmtpd.smtp import syntax  # pyright: ignore[reportUnknownVariableType]: see wire

from ..protocol.lines import count_longer
from ..protocol.message_syntax import BARE_LF
from . import lax_reader, limits, message_reader
from .delivery import Delivery, Letter
from .envelope import EnvelopeSMTP
from .environment import Environment, Memory
from .events import MessageArrived, ReportDelivered
from .limits import TEXT_LINE
from .replies import MIXED, refusal, wrong_syntax

_SEVEN_BITS = bytes(octet & 0x7F for octet in range(256))
_REFUSED_LF = "521 5.5.2 bare <LF> received; closing the connection"


class PracticeSMTP(EnvelopeSMTP):
    """A connection to the practice server."""

    def __init__(
        self,
        environment: Environment,
        memory: Memory,
        *,
        number: int = 0,
        implicit: bool = False,
        lmtp: bool = False,
    ) -> None:
        self._chunks: bytearray | None = None  # the message so far; None outside BDAT
        self._chunk_lines = 0  # of it
        self._failed_chunk = False
        self._recipients, self._faults = [], {}
        super().__init__(environment, memory, number=number, implicit=implicit, lmtp=lmtp)

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
        if not (self._may_begin_anyway() or await self._has_recipients()):
            return
        if arg:
            await self._say("501 5.5.4 DATA takes no argument")
            return
        if self._scenario.refuse_pipelining and self._early:
            await self._say("503 5.5.0 Improper use of SMTP command pipelining")
            return
        asked = self._faults.pop("DATA", None)
        if asked is not None:
            await self._say_asked(asked)
            return
        if not await self._apply_rule("DATA", checked=True):
            return
        await self._say("354 Send the message; end it with a line that contains only a dot")
        await self._deliver(await self._read_text())

    def _may_begin_anyway(self) -> bool:
        """Return whether DATA is accepted without a recipient (RFC 2920 section 3.1)."""
        return self._scenario.data_anyway and bool(self.envelope and self.envelope.mail_from)

    async def _read_text(self) -> message_reader.Received:
        """Read the message as the scenario requires. Raises Left if a rule disconnects."""
        if self._memory.book.has("text"):
            situation = self._situation("text", "", "", "")
            rule = self._memory.book.find(situation)
            if rule is not None:
                await message_reader.read_chunk(self._reader, rule.octets, None)
                await self._wait(rule.delay)
                if rule.close or rule.reset:
                    self.leave(reset=rule.reset)
        ends = self._scenario.ends
        if ends:
            return await lax_reader.read_data(self._reader, ends, self._largest, self._take_octets)
        return await message_reader.read_data(self._reader, self._largest, self._take_octets)

    @syntax("BDAT size [LAST]")
    async def smtp_BDAT(self, arg: str | None) -> None:
        """Receive a chunk (RFC 3030 section 2). Its octets are read whatever the reply is."""
        match = re.fullmatch(r"(?i)(\d{1,20})( +LAST)?", arg or "")
        if match is None:
            await self._say(wrong_syntax("BDAT"))
            return
        size, last = int(match[1]), bool(match[2])
        before = len(self._chunks or b"")
        in_order = bool(self.envelope and self.envelope.rcpt_tos) and not self._failed_chunk
        fits = before + size <= self._largest
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
            dropped = message_reader.Received(None, before + size, lines)
            await self._say(refusal(dropped, self._largest))
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

    async def _has_recipients(self) -> bool:
        envelope = self.envelope
        assert envelope is not None
        if not envelope.rcpt_tos:
            first = "RCPT" if envelope.mail_from else "MAIL"
            await self._say(f"503 5.5.1 Send {first} first")
        return bool(envelope.rcpt_tos)

    async def _deliver(self, received: message_reader.Received) -> None:
        """Deliver a message unless it was discarded or is refused, and end the transaction."""
        envelope, session = self.envelope, self.session
        assert envelope is not None and session is not None
        asked, letter, count = self._faults.get("."), None, len(self._recipients)
        refused = self._refused(received)
        if received.content is not None and not refused:
            content = received.content
            if self._scenario.clear_high_bit:
                content = content.translate(_SEVEN_BITS)
            letter = Letter(
                at=self._environment.clock(),
                helo=str(session.host_name),
                peer=_host_of(session.peer),
                protocol=self._protocol(),
                sender=str(envelope.mail_from).removeprefix("<").removesuffix(">"),
                mail_parameters=tuple(envelope.mail_options),
                recipients=tuple(self._recipients),
                content=content,
                spf=self._spf,
            )
        self._heard(f"(message, {received.size:,} octets)")
        self._set_post_data_state()
        due = count if self.lmtp else 1  # replies
        if not await self._apply_rule("."):
            for _ in range(due - 1):
                if await self._apply_rule("."):  # too late to deliver anything
                    await self._say("451 4.3.0 The message was not delivered")
            return
        if asked is not None:
            for _ in range(due):
                await self._say_asked(asked)
        elif letter is None:
            for _ in range(due):
                await self._say(refused)
            if refused == _REFUSED_LF:
                self.leave()
        else:
            await self._accept(letter)
        await self._settle()

    def _refused(self, received: message_reader.Received) -> str:
        """Return the reply to a message that is not accepted, or "" if it is accepted."""
        content = received.content
        if content is None or received.lines > limits.LINES:
            return refusal(received, self._largest)
        if count_longer(content, TEXT_LINE):
            return f"500 5.6.0 A message line exceeds {TEXT_LINE} octets"
        if self._scenario.bare_lf == "refuse" and BARE_LF.search(content):
            return _REFUSED_LF
        return ""

    async def _accept(self, letter: Letter) -> None:
        """Deliver a letter, and send the replies: one, or one per recipient in LMTP."""
        delivery = Delivery(letter, self._environment, self._scenario, self._is_late)
        replies = await delivery.carry_out(lmtp=self.lmtp)
        for reply in replies:
            await self._say(reply)
        now, message = self._environment.clock(), delivery.message
        if message is not None:
            self._environment.tell(
                MessageArrived(now, self.number, message, delivery.recipients, delivery.failed)
            )
        if delivery.report is not None:
            about = 0 if message is None else message.number
            self._environment.tell(ReportDelivered(now, self.number, delivery.report, about))

    def _protocol(self) -> str:
        """Return the protocol name for the Received field (RFC 3848, RFC 6531 section 4.3)."""
        assert self.session is not None and self.envelope is not None
        if not (self.session.extended_smtp or self.lmtp):
            return "SMTP"
        name = "LMTP" if self.lmtp else "SMTP"
        name = f"UTF8{name}" if self.envelope.smtp_utf8 else name if self.lmtp else "ESMTP"
        return name + "S" * self.encrypted + "A" * bool(self.session.authenticated)


def _host_of(peer: object) -> str:
    return str(peer[0]) if isinstance(peer, tuple) else "127.0.0.1"  # pyright: ignore[reportUnknownArgumentType]: of the transport
