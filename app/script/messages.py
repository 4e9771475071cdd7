"""Reads the message files that a script sends."""

from __future__ import annotations

import os

from ...session.private_file import open_regular, reason
from ...session.procedures.header import envelope_in, without_bcc
from ...session.protocol.transparency import normalise_line_ends
from .orders import LARGEST_MESSAGE, MessageFile, SendFile


class MessageUnreadable(Exception):
    """Raised for a message that cannot be sent; the reason is a sentence without a full stop."""


def message_content(order: MessageFile) -> bytes:
    """Return what to send after 354, before its dots are doubled. Raises MessageUnreadable."""
    data = _read(order.file)
    return data if order.as_is else normalise_line_ends(data)


def delivery(order: SendFile) -> tuple[str, list[str], bytes]:
    """Return the sender, the recipients and the message of a delivery. Raises MessageUnreadable.

    If the order does not give the sender and recipients, they are taken from the header, and Bcc is
    removed.
    """
    data = _read(order.file)
    if not order.as_is:
        data = normalise_line_ends(data)
    if order.sender is not None:
        return order.sender, list(order.recipients), data
    try:
        sender, recipients = envelope_in(data, None, None)
    except ValueError as error:
        raise MessageUnreadable(str(error).rstrip(".")) from None
    return sender, list(recipients), without_bcc(data)


def _read(file: str) -> bytes:
    try:
        with os.fdopen(open_regular(file), "rb") as opened:
            return opened.read(LARGEST_MESSAGE)
    except OSError as error:
        raise MessageUnreadable(f"cannot read the message: {reason(error, file)}") from None
