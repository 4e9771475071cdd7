"""The envelope that the header of a message suggests: its sender and recipients."""

from __future__ import annotations

import os
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import NamedTuple

from ...session.private_file import open_regular
from ...session.procedures.commands import header_addresses
from ...session.procedures.header import resent_prefix

HEADER = 256 * 1024  # octets of a message searched for its header


class HeaderError(ValueError):
    """Raised when a header field cannot be parsed. The message is one sentence for the user."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"The message's {name} field cannot be used: {why}.")
        self.name = name


class Envelope(NamedTuple):
    """The sender and recipients of a message; `sender` is None if the header names none."""

    sender: str | None
    recipients: list[str]


def envelope_of(file: Path) -> Envelope:
    """Return the envelope that the header of the message in `file` suggests.

    Raises OSError or HeaderError.
    """
    with os.fdopen(open_regular(file), "rb") as opened:
        return envelope_in(opened.read(HEADER))


def envelope_in(message: bytes) -> Envelope:
    """Return the envelope that the header of a message suggests.

    The beginning of the message is sufficient. If the message was resent, its Resent fields count
    (RFC 5322 section 3.6.6). No recipient is omitted: one that is not an address is included, so
    that it can be refused by name. Raises HeaderError.
    """
    header = BytesHeaderParser().parsebytes(message[:HEADER])
    try:
        prefix = resent_prefix(header)
    except ValueError:
        raise HeaderError("Resent-Date", "the header has several Resent blocks") from None

    def addresses(*names: str) -> list[str]:
        found: list[str] = []
        for name in names:
            try:
                fields = header.get_all(prefix + name, [])
                found += header_addresses(str(field) for field in fields)
            except ValueError as error:
                raise HeaderError(prefix + name, str(error)) from None
        return found

    senders = addresses("Sender") or addresses("From")
    recipients = list(dict.fromkeys(addresses("To", "Cc", "Bcc")))
    return Envelope(senders[0] if senders else None, recipients)
