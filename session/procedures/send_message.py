"""The procedure that sends a message of Python's `email` package: its envelope and its octets."""

from __future__ import annotations

import copy
import email.utils
import io
from collections.abc import Sequence
from email.generator import BytesGenerator
from email.message import Message
from typing import Any, cast

from .. import raised
from .envelope import RcptOptions
from .steps import Call, Peer, Procedure


def send_message(
    peer: Peer,
    msg: Message,
    from_addr: str | None = None,
    to_addrs: str | Sequence[str] | None = None,
    mail_options: Sequence[str] = (),
    rcpt_options: RcptOptions = (),
    **how: Any,
) -> Procedure:
    """Send an email.message.Message with `sendmail`; addresses default to those in its header.

    Bcc is removed before sending. Raises ValueError for several Resent blocks, a message without a
    sender, or an invalid address. Raises SMTPNotSupportedError if an address needs SMTPUTF8 and the
    server does not offer it.
    """
    from .header import recipient_fields, recipients_in, sender_field, sender_in

    yield Call("ehlo_or_helo_if_needed")
    as_smtplib = peer.manner.smtplib
    sender = sender_field(msg)
    if from_addr is None:
        from_addr = _smtplib_addresses([msg[sender]])[0] if as_smtplib else sender_in(msg)
    if to_addrs is None:
        fields = recipient_fields(msg)
        to_addrs = _smtplib_addresses(fields) if as_smtplib else recipients_in(msg)
    copied = copy.copy(msg)
    del copied["Bcc"]
    del copied["Resent-Bcc"]
    policy: Any = None
    if not "".join([from_addr, *to_addrs]).isascii():
        if not peer.has_extn("smtputf8"):
            raise raised.SMTPNotSupportedError(
                "One or more source or delivery addresses require internationalized email "
                "support, but the server does not advertise the required SMTPUTF8 capability"
            )
        from email.policy import Compat32  # slow to import

        if not as_smtplib and isinstance(msg.policy, Compat32):
            raise ValueError(
                "a message with the policy compat32 cannot represent a non-ASCII address: "
                "use EmailMessage, or parse it with policy=email.policy.default"
            )
        # The policy of a Message is generic, so the type checker does not know its fields.
        policy = cast(Any, msg.policy).clone(utf8=True)
        mail_options = (*mail_options, "SMTPUTF8", "BODY=8BITMIME")
    out = io.BytesIO()
    BytesGenerator(out, policy=policy).flatten(copied, linesep="\r\n")
    octets = out.getvalue()
    return (yield Call("sendmail", (from_addr, to_addrs, octets, mail_options, rcpt_options), how))


def _smtplib_addresses(fields: Sequence[Any]) -> list[str]:
    """Return the addresses that smtplib finds in header fields.

    Raises ValueError if a line ending within a field would change these addresses.
    """
    pairs = email.utils.getaddresses(fields)
    texts = [str(field) for field in fields]
    unfolded = [text.replace("\r", "").replace("\n", "") for text in texts]
    if unfolded != texts and email.utils.getaddresses(unfolded) != pairs:
        raise ValueError("a header field contains prohibited newline characters in an address")
    return [address for _, address in pairs]
