"""Checks whether a request comes from our own page.

A browser lets every page open a websocket to every address. So a websocket is accepted only from a
page of the same host and port; and a server that listens on loopback answers only to loopback
names, because an attacker's name may point there (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether a host, given to listen on or in a URL, is only this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def answers_to(host_header: str, *, loopback: bool) -> bool:
    """Whether to answer a request for this host; `loopback` is whether the server listens there."""
    if not loopback:
        return True
    asked = _split(f"//{host_header}")
    return asked is not None and is_loopback(asked[0])


def same_origin(origin: str | None, host_header: str) -> bool:
    """Whether a page of this server opened a websocket.

    `origin` is None for a program other than a browser, which could claim any origin and is
    admitted.
    """
    if origin is None:
        return True
    theirs = _split(origin)
    return theirs is not None and theirs == _split(f"//{host_header}")


def _split(url: str) -> tuple[str, int | None] | None:
    """The host of a URL, in lower case, and its port (None: the default). None without a host."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return None
    return parts.hostname, None if port in (80, 443) else port
