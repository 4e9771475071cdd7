"""Derives the envelope from a message's header (RFC 5322 section 3.6, RFC 5321 section 7.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email import message_from_bytes
from email.errors import InvalidHeaderDefect
from email.message import Message
from typing import Any

from ..protocol.message_syntax import HEADER_END
from .commands import header_addresses

NO_RECIPIENTS = "no recipients given"
_BCC = re.compile(
    rb"^(?:Resent-)?Bcc[ \t]*:[^\n]*(?:\n|\Z)(?:[ \t][^\n]*(?:\n|\Z))*",
    re.IGNORECASE | re.MULTILINE,
)


def sender_field(message: Message) -> str:
    """Return the name of the field with the sender: Sender if there is one, else From.

    If the message was resent, the name is that of the field in the Resent block. Raises ValueError
    if there are several Resent blocks.
    """
    prefix = resent_prefix(message)
    return f"{prefix}Sender" if f"{prefix}Sender" in message else f"{prefix}From"


def sender_in(message: Message) -> str:
    """Return the sender's address. Raises ValueError if there is no valid address."""
    field = message[sender_field(message)]
    found = _addresses([field]) if field is not None else []
    if not found:
        raise ValueError("the message has no sender: From and Sender contain no address")
    return found[0]


def recipients_in(message: Message) -> list[str]:
    """Return the recipients' addresses. Raises ValueError if one is not valid."""
    prefix = resent_prefix(message)
    fields: list[Any] = []
    for name in ("To", "Bcc", "Cc"):  # a field may occur twice
        fields += message.get_all(f"{prefix}{name}", [])
    found = _addresses(fields)
    if fields and not found:
        raise ValueError("the message header contains no address")
    return found


def _addresses(fields: Sequence[Any]) -> list[str]:
    """Return the addresses in the given header fields.

    Raises ValueError if the parser discarded any of a field's text. (A Message with the older
    policy keeps the raw field, but an EmailMessage keeps only the part that was parsed.)
    """
    for field in fields:
        for defect in getattr(field, "defects", ()):
            if isinstance(defect, InvalidHeaderDefect):
                raise ValueError(f"{field.name} is not a list of addresses: {defect}")
    return header_addresses(map(str, fields))


def recipient_fields(message: Message) -> list[Any]:
    """Return the first To, Bcc and Cc fields, or those of the Resent block, as smtplib does."""
    prefix = resent_prefix(message)
    fields = (message[f"{prefix}{name}"] for name in ("To", "Bcc", "Cc"))
    return [field for field in fields if field is not None]


def resent_prefix(message: Message) -> str:
    """Return "Resent-" if the message was resent, else "". Raises ValueError for several blocks."""
    resent = message.get_all("Resent-Date")
    if resent is not None and len(resent) > 1:
        raise ValueError("message has more than one 'Resent-' header block")
    return "" if resent is None else "Resent-"


def envelope_in(
    message: Message | bytes, sender: str | None, recipients: str | Sequence[str] | None
) -> tuple[str, str | Sequence[str]]:
    """Return the sender and recipients, taking those that are None from the header.

    Raises ValueError if the header has no valid sender or recipients to take.
    """
    if isinstance(message, bytes):
        message = message_from_bytes(message[: _header_end(message)])
    if recipients is not None and not recipients:
        raise ValueError(NO_RECIPIENTS)
    if sender is None:
        sender = sender_in(message)
    if recipients is None:
        recipients = recipients_in(message)
    if not recipients:
        raise ValueError("the message has no recipients: To, Cc and Bcc contain no address")
    return sender, recipients


def without_bcc(octets: bytes) -> bytes:
    """Return a message without the Bcc fields of its header, otherwise unchanged.

    Only LF and CRLF end a line here.
    """
    end = _header_end(octets)
    return _BCC.sub(b"", octets[:end]) + octets[end:]


def _header_end(octets: bytes) -> int:
    """Return the end of the header, including the empty line. A message may have no header."""
    if octets.startswith((b"\n", b"\r\n")):
        return 0
    end = re.search(HEADER_END, octets)
    return len(octets) if end is None else end.end()
