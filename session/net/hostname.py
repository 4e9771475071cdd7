"""The client's name in EHLO: this machine's name, or an address literal.

RFC 5321 sections 2.3.5, 4.1.3 and 4.1.4: a client whose name cannot be sent uses the address of the
connection, such as [192.0.2.1] or [IPv6:::1].
"""

from __future__ import annotations

import re
import socket

from ..events import Connected
from ..record.transcript import Transcript

LOOKUP_TIMEOUT = 2.0  # seconds; a resolver that gets no answer may take 20
LONGEST = 255  # octets of a domain (RFC 5321 section 4.5.3.1.2)
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z"  # compiled when it is first used


def sendable(name: str) -> bool:
    """Return whether `name` can be the argument of EHLO: visible ASCII, and not too long."""
    return 0 < len(name) <= LONGEST and name.isascii() and name.isprintable() and " " not in name


def is_domain(name: str) -> bool:
    """Return whether `name` is a fully qualified domain as defined in RFC 5321 section 4.1.2."""
    labels = name.removesuffix(".").split(".")
    if len(name) > LONGEST or len(labels) < 2:
        return False
    return all(re.match(_LABEL, label) for label in labels)


def said_as(name: str, transcript: Transcript) -> str:
    """Return `name` as the argument of EHLO, or the connection's address if it cannot be sent.

    A name that contains a line ending is returned unchanged, so that the command is refused.
    """
    if sendable(name) or "\r" in name or "\n" in name:
        return name
    return literal_here(transcript)


def literal_here(transcript: Transcript) -> str:
    """Return the address literal of the local end of the connection.

    Return the loopback address if that end has no address.
    """
    for event in reversed(transcript.marks_after(0)):
        if isinstance(event, Connected):
            return address_literal(event.local)
    return address_literal("")


def address_literal(local: str) -> str:
    """Return the address literal for an address with a port (RFC 5321 section 4.1.3).

    `local` has the form "192.0.2.1:25" or "[2001:db8::1]:25".
    """
    host = local.rpartition(":")[0].removeprefix("[").removesuffix("]").partition("%")[0]
    try:
        socket.inet_pton(socket.AF_INET, host)
        return f"[{host}]"
    except (OSError, ValueError):
        pass
    import ipaddress

    try:
        address = ipaddress.ip_address(host)
    except ValueError:  # a unix socket
        return "[127.0.0.1]"
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return f"[IPv6:{address}]" if mapped is None else f"[{mapped}]"
    return f"[{address}]"


def own_name() -> str:
    """Return the name of this machine as smtplib determines it, or an address literal.

    This may block for a long time.
    """
    address = "127.0.0.1"
    try:
        name = socket.getfqdn()
        if "." in name:
            return name
        address = socket.gethostbyname(socket.gethostname())
    except (OSError, UnicodeError):  # the name does not exist or is not a valid host name
        pass
    return f"[{address}]"


def qualified_name() -> str:
    """Return the fully qualified name of this machine, or "" if it has none.

    This may block for a long time.
    """
    try:
        name = full_name()
    except (OSError, UnicodeError):  # the name does not exist or is not a valid host name
        return ""
    return name if is_domain(name) else ""


def full_name() -> str:
    """Return the result of `socket.getfqdn`, without importing the codec for IDNA.

    Raises OSError.
    """
    name = socket.gethostname()
    try:
        found, aliases, _ = socket.gethostbyaddr(name.encode())  # pyright: ignore[reportArgumentType]: octets go as they are
    except OSError:
        return name
    return next((each for each in (found, *aliases) if "." in each), found)
