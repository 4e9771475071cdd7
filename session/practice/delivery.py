"""Delivers accepted messages, with trace fields, to mailboxes or to the next server.

It also delivers reports to senders. See RFC 5321 section 4.4 (Return-Path, Received) and RFC 2033
section 4.2 (one reply per recipient).
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate

import msgspec

from ..plural import plural
from ..protocol.transparency import normalise_line_ends
from ..visible import visible_text
from . import relay
from .environment import Environment
from .faults import FULL, is_special
from .mailboxes import DOMAIN, Message, has_mailbox, local_part
from .replies import FULL_MAILBOX
from .reports import Outcome, report
from .scenarios.model import Scenario
from .sender_policy import Verdict


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A message with its envelope. `recipients` pairs each address with its RCPT parameters.

    `at` is the time of arrival in seconds since the epoch, `helo` the argument of EHLO or HELO, and
    `peer` the client's address. `protocol` is the protocol name for the Received field.
    """

    at: float
    helo: str
    peer: str
    protocol: str
    sender: str
    mail_parameters: tuple[str, ...]
    recipients: tuple[tuple[str, tuple[str, ...]], ...]
    content: bytes
    spf: Verdict | None = None

    def trace(self, number: int) -> bytes:
        """Return the fields that delivery adds at the top of the message."""
        helo = _atom(self.helo)
        to = f"\r\n for <{_atom(self.recipients[0][0])}>" if len(self.recipients) == 1 else ""
        date = formatdate(self.at).removesuffix("-0000") + "+0000"
        fields = f"Return-Path: <{_atom(self.sender)}>\r\n".encode()
        if self.spf is not None:
            fields += self.spf.header(_atom(self.sender), helo)
        received = (
            f"Received: from {helo} ([{self.peer}])\r\n by {DOMAIN} with {self.protocol}"
            f" id {number}{to};\r\n {date}\r\n"
        )
        return fields + received.encode("utf-8", "replace")


class Delivery:
    """Delivers one letter, and records the outcome."""

    def __init__(
        self,
        letter: Letter,
        environment: Environment,
        scenario: Scenario,
        is_late: Callable[[str], bool],
    ) -> None:
        self._letter = letter
        self._environment = environment
        self._scenario = scenario
        self._is_late = is_late
        self.message: Message | None = None
        """The message as stored in the mailboxes, or None if it was passed on or refused."""
        self.recipients: tuple[str, ...] = ()
        """The recipients for whom the message was accepted, even if it could not be delivered."""
        self.failed: tuple[str, ...] = ()
        """The recipients to whom the message could not be delivered."""
        self.report: Message | None = None
        """The report delivered to the sender, or None."""

    async def carry_out(self, *, lmtp: bool) -> list[str]:
        """Deliver the letter, and return the replies: one, or one per recipient in LMTP."""
        letter = self._letter
        if self._scenario.next_hop:
            return [await self._pass_on()]
        if not letter.recipients:
            return ["250 2.0.0 Accepted for nobody: no recipient was accepted"]
        outcomes = [self._outcome(address, typed) for address, typed in letter.recipients]
        refused = [lmtp and is_special(outcome.address, FULL) for outcome in outcomes]
        taken = [outcome for outcome, no in zip(outcomes, refused, strict=True) if not no]
        number = self._deliver(taken) if taken else 0
        self._report([outcome for outcome in taken if outcome.is_reported])
        elsewhere = any(local_part(address) is None for address in self.recipients)
        # a 250 only accepts responsibility
        done = "accepted" if self.failed or elsewhere else "delivered"
        said = f"250 2.0.0 Message {number} {done}"
        if not lmtp:
            return [said]
        return [FULL_MAILBOX if no else said for no in refused]

    def _outcome(self, address: str, typed: tuple[str, ...]) -> Outcome:
        unknown = self._scenario.accept_all and not has_mailbox(address)
        late = self._is_late(address)
        why = "5.1.1" if unknown else "5.4.7" if late else ""
        return Outcome(address, typed, why)

    def _deliver(self, outcomes: list[Outcome]) -> int:
        """Store the message in the mailboxes, and return its number."""
        letter, mailboxes = self._letter, self._environment.mailboxes
        self.recipients = tuple(o.address for o in outcomes)
        self.failed = tuple(o.address for o in outcomes if o.failed)
        addresses = tuple(o.address for o in outcomes if not o.failed)
        parameters = [*letter.mail_parameters, *(word for o in outcomes for word in o.typed)]
        self.message = mailboxes.deliver(
            letter.at,
            letter.helo,
            letter.sender,
            addresses,
            tuple(parameters),
            letter.content,
            letter.trace(mailboxes.next_number),
        )
        return self.message.number

    def _report(self, outcomes: list[Outcome]) -> None:
        """Deliver a report to the sender if the sender has a mailbox on this server."""
        letter, mailboxes = self._letter, self._environment.mailboxes
        if not outcomes or not has_mailbox(letter.sender) or local_part(letter.sender) is None:
            return
        content = report(outcomes, letter.sender, letter.mail_parameters, letter.at, letter.content)
        if not mailboxes.take_room(len(content)):
            return
        mailboxes.give_back(len(content))
        own = Letter(
            at=letter.at, helo=DOMAIN, peer="127.0.0.1", protocol="ESMTP", sender="",
            mail_parameters=(), recipients=((letter.sender, ()),), content=content,
        )  # fmt: skip
        trace = own.trace(mailboxes.next_number)
        self.report = mailboxes.deliver(letter.at, DOMAIN, "", (letter.sender,), (), content, trace)

    async def _pass_on(self) -> str:
        """Pass the letter to the next server, and return the reply to the client."""
        letter = self._letter
        host, port = self._environment.second_port()
        content = letter.content
        if self._scenario.line_ends == "mend":
            content = normalise_line_ends(content)
        recipients = [address for address, _ in letter.recipients]
        try:
            answers = await relay.pass_on(host, port, letter.sender, recipients, content)
        except (OSError, relay.RelayError) as error:
            return f"451 4.4.1 The next server could not be reached: {visible_text(str(error))}"
        failed = [
            Outcome(address, typed, "5.0.0", answers.refused[address])
            for address, typed in letter.recipients
            if address in answers.refused
        ]
        self._report([outcome for outcome in failed if outcome.is_reported])
        extra = plural(
            answers.unasked, "; 1 more reply than expected", "; {} more replies than expected"
        )
        return f"250 2.0.0 Passed on{extra if answers.unasked else ''}"


def _atom(text: str) -> str:
    """Return `text` as a single printable word of at most 300 characters, for a trace field."""
    return visible_text(text).replace(" ", "_")[:300]
