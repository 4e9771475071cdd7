"""Servers that are no SMTP servers: known by the first thing that they say, or do not say."""

from __future__ import annotations

import re
from typing import NamedTuple

OCTETS = 40  # of what was said first, that are shown


class OtherProtocol(NamedTuple):
    """`what` names the server, `hint` says what to try."""

    what: str
    hint: str


_KNOWN: tuple[tuple[re.Pattern[bytes], OtherProtocol], ...] = tuple(
    (re.compile(pattern, re.DOTALL | re.IGNORECASE), OtherProtocol(what, hint))
    for pattern, what, hint in (
        (rb"\x15\x03[\x00-\x04]|\x16\x03[\x00-\x04]",
         "This server speaks TLS from the first byte",
         "Port 465 is such a port. Use port 587 or 25 here: they begin in clear."),
        (rb"SSH-\d", "This is an SSH server, not a mail server", "Check the port."),
        (rb"HTTP/\d|<!doctype html|<html", "This is a web server, not a mail server",
         "Check host and port: mail servers listen on 25, 587 and 465."),
        (rb"\+OK", "This is a POP3 server: it gives mail out and takes none in",
         "Mail is sent to port 587, 465 or 25."),
        (rb"\* (OK|PREAUTH|BYE)", "This is an IMAP server: it gives mail out and takes none in",
         "Mail is sent to port 587, 465 or 25."),
        (rb"220[ -](?![^\r\n]*(?:smtp|lmtp|mail))[^\r\n]*ftp",
         "This looks like an FTP server, not a mail server", "Check the port."),
        (rb"RFB \d{3}\.", "This is a VNC server, not a mail server", "Check the port."),
        (rb"-ERR|-NOAUTH", "This is a Redis server, not a mail server", "Check the port."),
    )
)  # fmt: skip


SILENT = OtherProtocol(
    "Nothing has come so far, and a mail server speaks first",
    "It may be slow: wait. Or it is no mail server: on a port for TLS (465) and for HTTP the "
    "client speaks first. Ctrl+O connects elsewhere.",
)


def first_octets(first: bytes) -> str:
    """The first words of a server for people: as text where they are text, else in hexadecimal."""
    start = first[:OCTETS].rstrip(b"\r\n")
    more = "…" if len(first.rstrip(b"\r\n")) > OCTETS else ""
    if start and all(octet < 0x80 and chr(octet).isprintable() for octet in start):
        return f"{start.decode('ascii')}{more}"
    return f"{start.hex(' ')}{more} (hexadecimal)"


def recognise(first: bytes) -> OtherProtocol | None:
    """Who speaks like that; None for whoever may be a mail server.

    `first` is what the server said first, complete or not.
    """
    for pattern, stranger in _KNOWN:
        if pattern.match(first):
            return stranger
    if first and not first[:1].isdigit() and len(first) >= 4:
        return OtherProtocol(
            "This does not speak SMTP: a mail server begins with three digits",
            "Check host and port.",
        )
    return None
