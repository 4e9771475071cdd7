"""The envelope derived from a message's header (RFC 5322 section 3.6, RFC 5321 section 7.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email import message_from_bytes
from email.errors import InvalidHeaderDefect
from email.message import Message
from typing import Any

from ..protocol.message_syntax import HEADER_END
from .commands import header_addresses

NO_RECIPIENTS = "no recipients are given"
_BCC = re.compile(
    rb"^(?:Resent-)?Bcc[ \t]*:[^\n]*(?:\n|\Z)(?:[ \t][^\n]*(?:\n|\Z))*",
    re.IGNORECASE | re.MULTILINE,
)


def sender_field(message: Message) -> str:
    """The name of the field with the sender: Sender, else From; in a Resent block if there is one.

    Raises ValueError for several Resent blocks.
    """
    prefix = resent_prefix(message)
    return f"{prefix}Sender" if f"{prefix}Sender" in message else f"{prefix}From"


def sender_in(message: Message) -> str:
    """The sender's address. Raises ValueError if there is none or it is not a valid address."""
    field = message[sender_field(message)]
    found = _addresses([field]) if field is not None else []
    if not found:
        raise ValueError("the message has no sender: there is no address in From or Sender")
    return found[0]


def recipients_in(message: Message) -> list[str]:
    """The recipients' addresses. Raises ValueError for one that is not valid."""
    prefix = resent_prefix(message)
    fields: list[Any] = []
    for name in ("To", "Bcc", "Cc"):  # a field may occur twice
        fields += message.get_all(f"{prefix}{name}", [])
    found = _addresses(fields)
    if fields and not found:
        raise ValueError("the header of the message contains no address")
    return found


def _addresses(fields: Sequence[Any]) -> list[str]:
    """The addresses in fields of a message. Raises ValueError if its parser dropped anything.

    A Message with the older policy keeps the raw field, an EmailMessage only the parsed part.
    """
    for field in fields:
        for defect in getattr(field, "defects", ()):
            if isinstance(defect, InvalidHeaderDefect):
                raise ValueError(f"{field.name} is not a list of addresses: {defect}")
    return header_addresses(map(str, fields))


def recipient_fields(message: Message) -> list[Any]:
    """The first To, Bcc and Cc fields, or those of the Resent block: the ones smtplib uses."""
    prefix = resent_prefix(message)
    fields = (message[f"{prefix}{name}"] for name in ("To", "Bcc", "Cc"))
    return [field for field in fields if field is not None]


def resent_prefix(message: Message) -> str:
    """ "Resent-" if the message was resent, else "". Raises ValueError for several blocks."""
    resent = message.get_all("Resent-Date")
    if resent is not None and len(resent) > 1:
        raise ValueError("message has more than one 'Resent-' header block")
    return "" if resent is None else "Resent-"


def envelope_in(
    message: Message | bytes, sender: str | None, recipients: str | Sequence[str] | None
) -> tuple[str, str | Sequence[str]]:
    """(sender, recipients); None is replaced from the header. Raises ValueError if it has none."""
    if isinstance(message, bytes):
        message = message_from_bytes(message[: _header_end(message)])
    if recipients is not None and not recipients:
        raise ValueError(NO_RECIPIENTS)
    if sender is None:
        sender = sender_in(message)
    if recipients is None:
        recipients = recipients_in(message)
    if not recipients:
        raise ValueError("the message has no recipients: there is none in To, Cc or Bcc")
    return sender, recipients


def without_bcc(octets: bytes) -> bytes:
    """A message without the Bcc fields of its header, otherwise unchanged.

    Only LF and CRLF end a line here.
    """
    end = _header_end(octets)
    return _BCC.sub(b"", octets[:end]) + octets[end:]


def _header_end(octets: bytes) -> int:
    """The end of the header, including the empty line; a message may have no header."""
    if octets.startswith((b"\n", b"\r\n")):
        return 0
    end = re.search(HEADER_END, octets)
    return len(octets) if end is None else end.end()
