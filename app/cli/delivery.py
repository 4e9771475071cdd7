"""Carries out `heloscope send`: connects, sends one or more messages, and sends QUIT."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

from ...session import raised
from ...session.private_file import reason
from ..exit_status import BAD_INPUT, DONE, REFUSED
from .ending import leave
from .options import IMPLICIT, NONE, ClientOptions
from .send_options import SendOptions
from .status import report_accepted, status_of

if TYPE_CHECKING:
    from ...session.procedures.content import Content
    from ...session.procedures.send_result import SendResult
    from .client import AnySession
    from .message import Draft


def deliver(
    target: str, file: str | None, sending: SendOptions, options: ClientOptions
) -> NoReturn:
    """Send the message that the arguments describe, then exit with the resulting status."""
    from .client import Client
    from .configured import configured

    steps = sending.steps
    try:
        place, options = configured(options, target)
        sending.check(
            file,
            tls=options.tls not in (NONE, IMPLICIT) and not place.implicit,
            logs_in=options.logs_in,
            secures=place.implicit,
        )
        delivery = Delivery(file, sending, needed=not steps.before_mail)
        client = Client(place, options, steps, alone=True)
    except OSError as error:
        leave(f"send: the recording cannot be created: {reason(error, options.record)}.", BAD_INPUT)
    except ValueError as error:
        leave(f"send: {error}", status_of(error))
    sys.exit(client.carry_out(delivery))


class Delivery:
    """The transaction: its envelope, message and parameters. Calling it sends the message.

    If `needed` is false, the envelope and the message may be missing. Raises ValueError for a
    message that cannot be sent.
    """

    def __init__(self, file: str | None, sending: SendOptions, *, needed: bool = True) -> None:
        from .message import Draft, attachment_of, header_field

        self._sending = sending
        to, cc, bcc = (_addresses(given) for given in (sending.to, sending.cc, sending.bcc))
        self._recipients = [*to, *cc, *bcc]
        self._sender = sending.sender
        self._draft: Draft | None = None
        self._message = b""
        self._replaced = [header_field(each) for each in sending.header]
        self._added = [header_field(each) for each in sending.add_header]
        if file is None:
            if needed and (self._sender is None or not self._recipients):
                raise ValueError("without FILE, --from and --to are needed.")
            attached = [attachment_of(each) for each in sending.attach]
            self._draft = Draft(
                self._sender or "", to, cc,
                "A test" if sending.subject is None else sending.subject,
                "Hello." if sending.body is None else sending.body,
                sending.sample or "", attached,
            )  # fmt: skip
            self._draft.octets()  # mistakes are reported before connecting
        else:
            self._read(file)

    def _read(self, file: str) -> None:
        from ...session.procedures.header import envelope_in, without_bcc
        from ...session.protocol.transparency import normalise_line_ends
        from .message import read_message, with_fields

        message = read_message(file)
        if not self._sent_unchanged:
            message = normalise_line_ends(message)
        if self._sender is None or not self._recipients:
            sender, found = envelope_in(message, self._sender, self._recipients or None)
            self._sender, self._recipients = sender, list(found)
            message = without_bcc(message)
        self._message = with_fields(message, self._replaced, self._added)

    @property
    def _sent_unchanged(self) -> bool:
        return self._sending.as_is or self._sending.body_type == "BINARYMIME"

    def _content(self) -> Content:
        from ...session.procedures.content import Content
        from .message import with_fields

        message = self._message
        if self._draft is not None:
            message = with_fields(self._draft.octets(), self._replaced, self._added)
        return Content(message, as_is=self._sent_unchanged)

    async def __call__(self, session: AnySession) -> int:
        """Send the message as often as requested, and return the exit status."""
        status = DONE
        for number in range(self._sending.times):
            if number and not session.connected:
                print(
                    f"heloscope: the connection ended after {number} of {self._sending.times} "
                    "messages.",
                    file=sys.stderr,
                )
                return REFUSED
            status = max(status, await self._send(session))
        return status

    async def _send(self, session: AnySession) -> int:
        sending, content = self._sending, self._content()
        mail = sending.mail_parameters()
        try:
            result: SendResult = await session.run(
                "sendmail",
                self._sender or "",
                self._recipients,
                content,
                mail,
                {each: sending.rcpt_parameters(each) for each in self._recipients},
                pipelining=sending.pipelining,
                chunking=sending.bdat,
                declares=sending.body_type is None,
                until=sending.steps.transaction,
            )
        except raised.SMTPRecipientsRefused:
            return report_accepted(0, len(self._recipients))
        taken = len(result.accepted)
        if not result or (sending.one_is_enough and taken):
            return DONE
        return report_accepted(taken, taken + len(result))


def _addresses(given: tuple[str, ...]) -> list[str]:
    """Return the addresses in an option's values, which may be lists separated by commas."""
    return [word.strip() for each in given for word in each.split(",") if word.strip()]
