"""The header of HAProxy's PROXY protocol, which a load balancer sends before anything else.

It tells the server who the client is. Version 1 is a line of text, version 2 is binary (HAProxy
proxy-protocol.txt, sections 2.1 and 2.2).
"""

from __future__ import annotations

import ipaddress
import struct
from typing import cast

from ..protocol.command_reader import PROXY_HEADER
from ..visible import visible_text

LONGEST_LINE = 107  # octets of a header of version 1, with its CRLF
_PROXY, _LOCAL = 0x21, 0x20  # version 2, with the command
_TCP4, _TCP6 = 0x11, 0x21


class ProxyHeaderError(ValueError):
    """Raised when a header cannot be made; the message is one sentence."""


def proxy_header(text: str, version: int = 1) -> bytes:
    """Return the PROXY protocol header that `text` describes, as bytes.

    `text` is "TCP4 SOURCE DESTINATION SOURCE-PORT DESTINATION-PORT", the same with TCP6, or
    "UNKNOWN" for a connection that the proxy makes for itself (LOCAL in version 2). `version` is 1
    or 2. Raises ProxyHeaderError for an invalid description, TypeError if `text` is not a string.
    """
    if not isinstance(cast(object, text), str):
        raise TypeError(
            "a PROXY header must be text such as 'TCP4 192.0.2.1 192.0.2.2 50000 25', "
            f"not {type(text).__name__}"
        )
    if version not in (1, 2):
        raise ProxyHeaderError(f"the version of a PROXY header must be 1 or 2, not {version!r}.")
    words = text.split()
    family = words[0].upper() if words else ""
    if family in ("UNKNOWN", "LOCAL") and len(words) == 1:
        if version == 2:
            return PROXY_HEADER + struct.pack("!BBH", _LOCAL, 0, 0)
        return b"PROXY UNKNOWN\r\n"
    if family not in ("TCP4", "TCP6") or len(words) != 5:
        raise ProxyHeaderError(
            f"a PROXY header must be 'TCP4 SOURCE DESTINATION SOURCE-PORT DESTINATION-PORT', the "
            f"same with TCP6, or UNKNOWN, not {visible_text(text[:80])!r}."
        )
    source, destination = (_address(word, family) for word in words[1:3])
    source_port, destination_port = (_port(word) for word in words[3:])
    if version == 1:
        line = f"PROXY {family} {source} {destination} {source_port} {destination_port}\r\n"
        return line.encode("ascii")
    addresses = source.packed + destination.packed + struct.pack(
        "!HH", source_port, destination_port
    )  # fmt: skip
    kind = _TCP4 if family == "TCP4" else _TCP6
    return PROXY_HEADER + struct.pack("!BBH", _PROXY, kind, len(addresses)) + addresses


def _address(word: str, family: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    kind = ipaddress.IPv4Address if family == "TCP4" else ipaddress.IPv6Address
    try:
        return kind(word)
    except ValueError:
        shown = visible_text(word[:60])
        raise ProxyHeaderError(
            f"{shown} is not an {'IPv4' if family == 'TCP4' else 'IPv6'} address, which {family} "
            "requires."
        ) from None


def _port(word: str) -> int:
    if not word.isascii() or not word.isdigit() or int(word[:6]) > 65535:
        raise ProxyHeaderError(
            f"a port must be a number up to 65535, not {visible_text(word[:20])!r}."
        )
    return int(word)
