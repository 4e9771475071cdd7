"""Reads the message files that a script sends."""

from __future__ import annotations

import os

from ...session.private_file import open_regular, reason
from ...session.procedures.header import envelope_in, without_bcc
from ...session.protocol.transparency import normalise_line_ends
from .orders import LARGEST_MESSAGE, MessageFile, SendFile


class MessageUnreadable(Exception):
    """Raised for a message that cannot be sent; a sentence that says why, without a full stop."""


def message_content(order: MessageFile) -> bytes:
    """The content to send after 354, its dots not doubled yet. Raises MessageUnreadable."""
    data = _read(order.file)
    return data if order.as_is else normalise_line_ends(data)


def delivery(order: SendFile) -> tuple[str, list[str], bytes]:
    """(sender, recipients, message) of a delivery; a value not given comes from the header.

    Then Bcc is left out. Raises MessageUnreadable.
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
        raise MessageUnreadable(f"the message cannot be read: {reason(error, file)}") from None
