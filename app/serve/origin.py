"""Checks that a request comes from a page of this server.

A browser lets every page open a WebSocket to any address, so a WebSocket is accepted only from a
page with the same host and port. A server that listens on loopback answers only to loopback names,
because an attacker can make a name point there (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Return whether `host` is localhost or a loopback address, which may be in brackets."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def answers_to(host_header: str, *, loopback: bool) -> bool:
    """Return whether to answer a request for this host.

    `loopback` is true if the server listens only on a loopback address.
    """
    if not loopback:
        return True
    asked = _split(f"//{host_header}")
    return asked is not None and is_loopback(asked[0])


def same_origin(origin: str | None, host_header: str) -> bool:
    """Return whether a WebSocket was opened by a page from this server.

    `origin` is None for a program that is not a browser. Such a program is let in, since it could
    claim any origin anyway.
    """
    if origin is None:
        return True
    theirs = _split(origin)
    return theirs is not None and theirs == _split(f"//{host_header}")


def _split(url: str) -> tuple[str, int | None] | None:
    """Return the host of a URL in lower case and its port, which is None for a default port.

    Return None if the URL has no host.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return None
    return parts.hostname, None if port in (80, 443) else port
