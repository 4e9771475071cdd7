"""Handles MAIL and RCPT at the practice server; aiosmtpd parses them and calls these handlers."""

from __future__ import annotations

import math
import re
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from aiosmtpd.smtp import syntax  # pyright: ignore[reportUnknownVariableType]: see wire

from . import mail_parameters as parameters
from .faults import FULL, LATE, asked_in, is_special
from .information import InformationSMTP
from .mailboxes import DOMAIN, envelope_cost, has_mailbox, local_part
from .replies import (
    FULL_MAILBOX,
    MALFORMED,
    MIXED,
    NO_ROOM,
    PARAMETERS_NEED_EHLO,
    reworded,
    too_large,
)
from .scenarios.rules import matches
from .sender_policy import Verdict, verdict_on

_PARAMETERS = re.compile(r"> +\S")
_UNKNOWN_PARAMETER = "555 5.5.4 Parameter not recognised; the EHLO reply lists the extensions"


class EnvelopeSMTP(InformationSMTP):
    """The part of a connection that handles the envelope: MAIL and RCPT.

    It uses these private names of aiosmtpd: `_getaddr` and `_getparams` (the syntax of MAIL and
    RCPT), `_set_post_data_state` (the end of a transaction).
    """

    _typed: tuple[str, ...] = ()  # the parameters of the current MAIL or RCPT
    _reserved = 0  # octets reserved in the mailboxes for the transaction
    _spf: Verdict | None = None  # on the sender
    _recipients: list[tuple[str, tuple[str, ...]]]  # accepted, with their parameters

    def _worded(self, status: str) -> str:
        if status == MALFORMED:
            return f"501 5.1.{self._which()} Malformed address"
        if status.startswith("552 Error: message size"):
            return too_large(self._largest)
        return reworded(status)

    @property
    @abstractmethod
    def _in_chunks(self) -> bool:
        """Whether a message is being sent with BDAT."""

    def _which(self) -> int:
        """Return the last digit of X.1.7 (malformed sender) or X.1.3 (malformed recipient)."""
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
        """Return the refusal of a non-ASCII address that must be ASCII (RFC 6531 3.5), or None."""
        assert self.envelope is not None
        if address.isascii():
            return None
        if not self.envelope.smtp_utf8:
            code = 553 if self.envelope.mail_from else 550  # for a recipient, and for the sender
            if "SMTPUTF8" in self._withheld:
                return f"{code} 5.6.7 Addresses must be ASCII: SMTPUTF8 is not offered"
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
        elif self._has_withheld():
            await self._say(_UNKNOWN_PARAMETER)
        elif found.wrong:
            await self._say(f"501 5.5.4 {found.wrong}")
        else:
            self.data_size_limit = self._largest
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
        elif self._has_withheld():
            await self._say(_UNKNOWN_PARAMETER)
        elif found.wrong:
            await self._say(f"501 5.5.4 {found.wrong}")
        else:
            await super().smtp_RCPT(found.rest or None)

    def _has_withheld(self) -> bool:
        """Return whether a parameter belongs to an extension not offered (RFC 5321 4.1.1.11)."""
        withheld = self._withheld
        names = (word.partition("=")[0].upper() for word in self._typed)
        return any(parameters.EXTENSION.get(name) in withheld for name in names)

    def _not_extended(self, arg: str | None) -> bool:
        """Return whether parameters were sent after HELO, which allows none (RFC 5321 4.1.1.11)."""
        assert self.session is not None
        greeted = self.session.host_name and not self.session.extended_smtp
        return bool(greeted) and arg is not None and _PARAMETERS.search(arg) is not None

    def _parameters(
        self, arg: str | None, known: dict[str, parameters.ParameterSyntax]
    ) -> parameters.CommandArgument:
        """Check the parameters that aiosmtpd does not support, and remove them from the argument.

        After HELO, the argument is left unchanged.
        """
        assert self.session is not None
        self._typed = ()
        if arg is None or not self.session.extended_smtp:
            return parameters.CommandArgument(arg or "", ())
        found = parameters.split_parameters(arg, known)
        self._typed = found.typed
        return found

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str | None:
        """Return the reply to MAIL, or None if it has already been sent."""
        refused = self._not_ascii(address)
        if refused is not None:
            return refused
        if not await self._apply_rule("MAIL", " ".join(self._typed), address=address, checked=True):
            return None
        asked = asked_in(address, "MAIL")
        if asked is not None and asked.verb == "MAIL":
            if asked.code[0] != "2":
                await self._say_asked(asked)
                return None
            reply = asked.reply(misleading=self._scenario.misleading)
        else:
            reply = "250 2.1.0 Sender accepted"
        spf = verdict_on(address, self._scenario.spf)
        if spf is not None and spf.result == "fail":
            return spf.refusal
        if not self._take_room((address, *self._typed)):
            return NO_ROOM
        self._spf = spf
        if asked is not None and asked.verb != "MAIL":
            self._faults[asked.verb] = asked
        envelope.mail_from = address
        envelope.mail_options.extend(self._typed)
        return reply

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str | None:
        """Return the reply to RCPT, or None if it has already been sent."""
        if address == "<>":
            return "501 5.1.3 Recipient missing"
        refused = self._not_ascii(address)
        if refused is not None:
            return refused
        if not await self._apply_rule("RCPT", " ".join(self._typed), address=address, checked=True):
            return None
        asked = asked_in(address, "RCPT") or self._faults.get("RCPT")
        if asked is not None and asked.code[0] != "2":
            await self._say_asked(asked)
            return None
        reply = asked.reply(misleading=self._scenario.misleading) if asked else ""
        refused = "" if asked is not None else self._refused_recipient(address)
        if refused:
            return refused
        if len(envelope.rcpt_tos) >= self._scenario.recipients:
            return "452 4.5.3 Too many recipients; send to the rest in another transaction"
        if not self._take_room((address, *self._typed)):
            return NO_ROOM
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(self._typed)
        self._recipients.append((address, self._typed))
        return reply or "250 2.1.5 Recipient accepted"

    def _refused_recipient(self, address: str) -> str:
        """Return the refusal of a recipient, or "" if mail for the recipient is accepted."""
        if local_part(address) is None:
            if self._scenario.open_relay:
                return ""
            return f"550 5.7.1 Relaying denied: this server accepts mail for {DOMAIN} only"
        if is_special(address, FULL):
            return "" if self.lmtp else FULL_MAILBOX  # LMTP says so after the message
        if not (self._scenario.accept_all or has_mailbox(address) or self._is_late(address)):
            return "550 5.1.1 No such mailbox"
        assert self.envelope is not None
        wait = self._greylisted(address)
        if wait:
            return f"451 4.7.1 Greylisted: try again in {wait} seconds"
        return ""

    def _greylisted(self, address: str) -> int:
        """Return how many lesson seconds the transaction must still wait, or 0.

        The first call for a sender that is new to the recipient starts the wait.
        """
        assert self.envelope is not None and self.session is not None
        if not self._scenario.greylist or self.envelope.rcpt_tos:
            return 0
        peer = self.session.peer
        client = str(peer[0]) if isinstance(peer, tuple) else ""
        left = self._memory.greylist.waits(client, str(self.envelope.mail_from), address)
        return math.ceil(left * self._scenario.clock)

    def _is_late(self, address: str) -> bool:
        """Return whether mail for an address is accepted but cannot be delivered."""
        return is_special(address, LATE) or any(
            matches(pattern, address) for pattern in self._scenario.bounces
        )

    # Room

    def _take_octets(self, octets: int) -> bool:
        """Reserve room for part of the message, and return whether there is room."""
        if not self._environment.mailboxes.take_room(octets):
            return False
        self._reserved += octets
        return True

    def _take_room(self, texts: Sequence[str]) -> bool:
        """Reserve room for part of the envelope, and return whether there is room."""
        return self._take_octets(envelope_cost(texts))

    def _release(self) -> None:
        self._environment.mailboxes.give_back(self._reserved)
        self._reserved = 0

    def _set_post_data_state(self) -> None:
        """Discard the transaction, and release the room reserved for it."""
        super()._set_post_data_state()
        self._spf = None
        self._recipients, self._faults = [], {}
        self._early = False
        self._release()
