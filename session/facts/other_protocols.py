"""Recognises servers of other protocols by the first octets that they send, or by their silence."""

from __future__ import annotations

import re
from typing import NamedTuple

OCTETS = 40  # of a server's first octets, shown at most
_EXAMINED = 512  # octets: those of the longest reply line, RFC 5321 4.5.3.1.5


class OtherProtocol(NamedTuple):
    """A server that does not speak SMTP or LMTP: what it is, and what to try (`hint`)."""

    what: str
    hint: str


_IMPLICIT_TLS = (
    "That is implicit TLS, as on port 465. Connect with TLS from the first byte: smtps:// with "
    "this port."
)
_CHECK_PORT = "Check the host and port: mail servers listen on 25, 587 and 465."
_SUBMIT = "To send mail, use port 587, 465 or 25."
_TLS = re.compile(rb"[\x15\x16]\x03[\x00-\x04]")  # an alert or a handshake, RFC 8446 5.1
_KNOWN: tuple[tuple[re.Pattern[bytes], OtherProtocol], ...] = tuple(
    (re.compile(pattern, re.DOTALL | re.IGNORECASE), OtherProtocol(what, hint))
    for pattern, what, hint in (
        (_TLS.pattern,
         "This server speaks TLS from the first byte",
         _IMPLICIT_TLS),
        (rb"SSH-\d", "This is an SSH server, not a mail server", _CHECK_PORT),
        (rb"HTTP/\d|<!doctype html|<html", "This is a web server, not a mail server",
         _CHECK_PORT),
        (rb"\+OK", "This is a POP3 server: clients fetch mail from it but cannot send any",
         _SUBMIT),
        (rb"\* (OK|PREAUTH|BYE)|[A-Za-z][\w.]* (?:BAD|NO) ",
         "This is an IMAP server: clients read mail on it but cannot send any", _SUBMIT),
        (rb"220[ -](?![^\r\n]*(?:smtp|lmtp|mail))[^\r\n]*ftp",
         "This looks like an FTP server, not a mail server", _CHECK_PORT),
        (rb"RFB \d{3}\.", "This is a VNC server, not a mail server", _CHECK_PORT),
        (rb"-ERR (?:unknown command ['`\"]|wrong number of arg)|-(?:NOAUTH|WRONGPASS|DENIED R)",
         "This is a Redis server, not a mail server", _CHECK_PORT),
        (rb"-ERR", "This is a POP3 server: clients fetch mail from it but cannot send any",
         _SUBMIT),
        (rb"200[ -][^\r\n]*(?:nntp|innd|internetnews|news)|201[ -][^\r\n]*(?:nntp|news)",
         "This is a news server (NNTP), not a mail server", _CHECK_PORT),
        (rb'"IMPLEMENTATION"|"SIEVE"',
         "This is a ManageSieve server: clients manage mail filters on it but cannot send mail",
         _SUBMIT),
        (rb".\x00\x00\x00\x0a\d+\.\d+\.\d+|.\x00\x00[\x00\x01]\xff",
         "This is a MySQL or MariaDB database, not a mail server", _CHECK_PORT),
        (rb"AMQP", "This is a message queue (AMQP), not a mail server", _CHECK_PORT),
        (rb"<\?xml|<stream:", "This is a chat server (XMPP), not a mail server", _CHECK_PORT),
        (rb":[\w.-]+ (?:NOTICE|ERROR|\d{3}) |NOTICE AUTH",
         "This is a chat server (IRC), not a mail server", _CHECK_PORT),
        (rb"@RSYNCD:", "This is an rsync server, not a mail server", _CHECK_PORT),
        (rb"It looks like you are trying to access MongoDB",
         "This is a MongoDB database, not a mail server", _CHECK_PORT),
        (rb"\xff[\xfb-\xfe]", "This is a Telnet server, not a mail server", _CHECK_PORT),
    )
)  # fmt: skip


SILENT = OtherProtocol(
    "The server has sent nothing so far; a mail server speaks first",
    "Wait in case it is slow. It may also be waiting for the client, which speaks first with "
    "implicit TLS (port 465) and in HTTP.",
)
CLOSED = OtherProtocol(
    "The server closed the connection without sending anything; a mail server speaks first",
    "With implicit TLS (port 465) the client speaks first, and some servers close the connection "
    "if it does not start TLS: try smtps:// with this port. A firewall may also be blocking the "
    "client.",
)
NOT_SMTP = OtherProtocol(
    "This server does not speak SMTP: an SMTP greeting begins with three digits",
    "Check the host and port.",
)


def first_octets(first: bytes) -> str:
    """Return a server's first octets as text if they are printable ASCII, else in hexadecimal."""
    start = first[:OCTETS].rstrip(b"\r\n")
    more = "…" if len(first.rstrip(b"\r\n")) > OCTETS else ""
    if start and all(octet < 0x80 and chr(octet).isprintable() for octet in start):
        return f"{start.decode('ascii')}{more}"
    return f"{start.hex(' ')}{more} (hexadecimal)"


def speaks_tls(first: bytes) -> bool:
    """Return whether the first octets from a server are the beginning of a TLS record."""
    return _TLS.match(first) is not None


def recognise(first: bytes) -> OtherProtocol | None:
    """Return the other protocol that a server speaks, or None if it may speak SMTP or LMTP.

    `first` is the first data from the server and need not be complete. Only its first 512 octets
    are examined.
    """
    for pattern, protocol in _KNOWN:
        if pattern.match(first, 0, _EXAMINED):
            return protocol
    if first and not first[:1].isdigit() and len(first) >= 4:
        return NOT_SMTP
    return None
